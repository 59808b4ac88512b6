"""What people type, or paste, or try: nothing that stands in an address makes a page of finding fail."""

import csv
import io
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest

from network.middleware import QUERY_LENGTH
from tests.factories import make_member, make_post
from tests.house.test_atom import ATOM, faults_of

pytestmark = pytest.mark.django_db

# Each holds a word that can be found, where it has room for one: what is around it must do no harm.
AWKWARD = {
    "AND": "gooseberry AND damson",
    "OR": "gooseberry OR damson",
    "NOT": "NOT gooseberry",
    "operators alone": "AND OR NOT NEAR",
    "operator at the end": "gooseberry AND",
    "NEAR": "NEAR(gooseberry damson, 5)",
    "NEAR unclosed": "NEAR(gooseberry",
    "star": "goose*",
    "star alone": "*",
    "stars": "** gooseberry **",
    "caret": "^gooseberry",
    "colon": "title:gooseberry",
    "colons": "::gooseberry:: :A :*",
    "column filter": "{title summary} : gooseberry",
    "minus": "-gooseberry - damson",
    "plus": "+gooseberry + damson",
    "opened": "((( gooseberry",
    "closed": "gooseberry )))",
    "square": "[gooseberry] {damson}",
    "angles": "<gooseberry> <script>alert(1)</script>",
    "quotes": '"gooseberry bush" "damson"',
    "quote unbalanced": '"gooseberry bush',
    "quotes unbalanced": '""gooseberry" bush"""',
    "quotes alone": '""',
    "curly quotes": "“gooseberry” ‘bush’ „damson‟ «x»",
    "apostrophe": "gooseberry's 'bush'",
    "apostrophes alone": "'''",
    "injection": "gooseberry'); DROP TABLE search_searchentry;--",
    "comment": "gooseberry -- /* damson */ #",
    "semicolons": ";;gooseberry;;",
    "backslash": "gooseberry\\",
    "backslashes": "\\\\'gooseberry\\n\\",
    "percent": "%gooseberry% 100%",
    "formats": "%s %d %(x)s {0} {} $1 gooseberry",
    "underscore": "_ goose_berry __",
    "ampersand": "gooseberry & damson &&",
    "pipe": "gooseberry | damson ||",
    "exclamation": "!gooseberry !!",
    "side by side": "gooseberry <-> damson <2> <->",
    "weights": "gooseberry:AB damson:*",
    "emoji": "🫐 gooseberry 👩🏽‍🌾👨‍👩‍👧",
    "flag": "🏴󠁧󠁢󠁷󠁬󠁳󠁿 gooseberry",
    "10 KB of one word": "x" * 10_240,
    "10 KB of words": "gooseberry " * 931,
    "10 KB of quotes": '"' * 10_240,
    "10 KB of brackets": "(" * 10_240,
    "Arabic": "مشاركة المجتمع gooseberry",
    "Chinese": "共同生产 与社区",
    "Hebrew": "שִׁתּוּף קהילה",
    "Hindi": "सह-उत्पादन",
    "Thai": "การผลิตร่วม",
    "Welsh": "cyd-gynhyrchu tŷ gŵydd ŵyn",
    "combining": "cafe\u0301 e\u0301\u0301\u0301 \u0301",
    "many accents": "g" + "\u0300" * 2_000 + "ooseberry",
    "right to left": "\u202egooseberry\u202c \u2066x\u2069",
    "no width": "goose\u200bberry\ufeff \u00ad",
    "controls": "goose\tberry\r\n\x0b\x1b[31m\x7f",
    "private": "\ue000gooseberry\ue001 \ue002placeholder 0",
    "unassigned": "gooseberry \U000e0fff \uffff",
    "digits of others": "٣ ² ½ Ⅷ ① ７",
    "letters that grow": "ﬁ İ ß ŉ ǆ",
    "numbers": "1e308 -1 0x10 1.5.2 999999999999999999999",
    "addresses": "https://example.org/?q=1&x=2#y a@b.example ../../etc/passwd",
    "as much as is read": "gooseberry " * 350,
    "as many quotes as are read": '"' * 1_300,
    "nothing": "",
    "spaces": " \u00a0\u3000 ",
}
# As bytes, for they are no text: halves of a character, and half of a pair.
BYTES = {
    "surrogate": "gooseberry%ED%A0%80",
    "low surrogate": "%ED%BF%BFgooseberry",
    "overlong": "gooseberry%C0%AF",
    "cut": "gooseberry%F0%9F",
    "latin-1": "caf%E9 gooseberry",
    "no escape": "100% gooseberry%",
}
PAGES = ("/search/", "/search/feed/", "/search/suggest/", "/browse/", "/browse/feed/", "/keywords/suggest/")
NAMES = (
    "kind",
    "principle",
    "sector",
    "keyword",
    "region",
    "year",
    "evidence",
    "language",
    "answered",
    "sort",
)


def test_there_are_more_than_fifty():
    assert len(AWKWARD) + len(BYTES) >= 50


@pytest.fixture
def shelf():
    make_member("Gooseberry Person").reindex()
    return make_post(title="Gooseberry bush", body="A damson.", keywords=["gooseberry"])


@pytest.mark.parametrize("name", [*AWKWARD, *BYTES])
def test_nothing_that_is_typed_makes_a_page_fail(client, shelf, name):
    """An address that is longer than any of ours is refused calmly, and every other one answered."""
    typed = BYTES[name] if name in BYTES else quote(AWKWARD[name], errors="surrogatepass")
    everywhere = "&".join(f"{each}={typed}" for each in NAMES)
    for page in PAGES:
        for query in (f"q={typed}", f"q=gooseberry&{everywhere}"):
            expected = 400 if len(query) > QUERY_LENGTH else 200
            assert client.get(f"{page}?{query}").status_code == expected, page


@pytest.mark.parametrize("name", [*AWKWARD, *BYTES])
def test_what_is_found_is_there_for_machines_whatever_was_typed(client, shelf, name):
    """A feed is valid Atom, and JSON and a table can be read; with the same in it as on the page."""
    typed = BYTES[name] if name in BYTES else quote(AWKWARD[name], errors="surrogatepass")
    if len(f"q={typed}&format=json") > QUERY_LENGTH:
        return
    page = client.get(f"/search/?q={typed}")
    found = {card.title for card in page.context["cards"]} if "cards" in page.context else set()
    told = client.get(f"/search/?q={typed}&format=json").json()
    assert {item["title"] for item in told["items"]} == found
    table = client.get(f"/search/?q={typed}&format=csv").content.decode("utf-8-sig")
    assert {row[3] for row in csv.reader(io.StringIO(table, newline=""))} == {"Title", *found}
    feed = ElementTree.fromstring(client.get(f"/search/feed/?q={typed}").content)  # noqa: S314 -- our own
    assert faults_of(feed) == []
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")}
    assert titles == found & {"Gooseberry bush"}  # members, principles and sectors are no news


@pytest.mark.parametrize(
    "name", ["AND", "column filter", "opened", "injection", "formats", "side by side", "emoji"]
)
def test_the_word_among_it_is_found(client, shelf, name):
    response = client.get(f"/search/?{urlencode({'q': AWKWARD[name]})}")
    assert "Gooseberry bush" in [card.title for card in response.context["cards"]]


def test_a_null_byte_is_refused_calmly(client, shelf):
    for page in PAGES:
        for query in ("q=%00", "q=goose%00berry", "kind=%00"):
            assert client.get(f"{page}?{query}").status_code == 400
