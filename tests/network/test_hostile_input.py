"""Input no person types: answered with a 4xx or an ordinary page, never with an error of ours."""

import pytest
from django.test import Client

from commons.contributions.kept import sign_writer
from commons.contributions.models import KeptText
from tests.factories import consume, make_post

pytestmark = pytest.mark.django_db

PATHS = ["/", "/blog/", "/blog/archive/2010/04/", "/search/", "/browse/", "/members/", "/library/", "/inbox/",
         "/blog/feed/", "/report-an-issue/", "/accounts/login/", "/terms/", "/admin/login/"]  # fmt: skip
QUERIES = [
    "q=%00",
    "page=%00",
    "next=%00",
    "q=%ED%A0%80&page=%ED%A0%80",
    "q=%FF%FE&kind=%FF",
    "page=abc",
    "page=99999999999999999999",
    "page=%C2%B2",
    "page=-1",
    "page=1e9",
    "q=" + "a" * 3900,
    "q=" + "%22" * 1000,
    "q=%22&q='&q=%28%2A",
    "principle=99999999999999999999&sector=%C2%B2&year=99999999999999999999&keyword=%ED%A0%80",
    "principle=" + "&principle=".join(str(n) for n in range(200)),
    "kind=nothing&year=abc&region=nowhere&audience=members&author=1",
    "&&&===&=&q",
    "version=99999999999999999999&kept=not-a-uuid",
]


@pytest.fixture(params=["visitor", "member"])
def reader(request, client, member):
    make_post(member)
    if request.param == "member":
        client.force_login(member)
    return client


@pytest.mark.parametrize("query", QUERIES)
def test_queries(reader, query):
    for path in PATHS:
        assert reader.get(f"{path}?{query}").status_code < 500, path


@pytest.mark.parametrize("path", ["/", "/blog/", "/search/", "/healthz"])
@pytest.mark.parametrize("query", ["q=" + "a" * 10_000, "a=1&" * 3000, "q=%00", "%00=1"])
def test_an_overlong_query_or_a_nul_is_bad_request(client, path, query):
    assert client.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/blog/%00/",
        "/blog/1%00/",
        "/%ED%A0%80/",
        "/members/%ED%A0%80/",
        "/%FF%FE/",
        "/blog/99999999999999999999/",
        "/blog/999999999999999999/",
        "/blog/%C2%B2/",
        "/blog/0/",
        "/blog/-1/",
        "/blog/1-%ED%A0%80/",
        "/blog/archive/9999/12/",
        "/blog/archive/0000/01/",
        "/blog/archive/2010/13/",
        "/inbox/99999999999999999999/read/",
        "/library/principles/%F0%9F%A7%B5/",
        "/keywords/%00/",
        "/keywords/" + "a" * 900 + "/",
        "/" + "a" * 5000,
        "/admin/contributions/contribution/99999999999999999999/change/",
        "//evil.example/",
        "/..%2f..%2fetc/passwd",
        "/static/..%2f..%2fmanage.py",
    ],
)
def test_paths(reader, path):
    assert reader.get(path).status_code < 500


COOKIES = [
    'sessionid="\\000aaaaaaaaaaaaaaaaaaa"',
    "sessionid=" + "é" * 32,
    "csrftoken=%00",
    "a=b; ;;;=;",
    "=" * 3000,
]


@pytest.mark.parametrize("cookie", COOKIES)
def test_cookies(client, cookie):
    for path in ("/", "/blog/", "/accounts/login/"):
        assert client.get(path, headers={"cookie": cookie}).status_code < 500


HEADERS = [
    {"host": "evil.example"},
    {"host": "127.0.0.1:abc"},
    {"host": "a" * 5000},
    {"accept-language": "xx-" + "a" * 5000},
    {"accept-language": "\x00,;q=abc"},
    {"if-modified-since": "Mon, 01 Jan 99999 00:00:00 GMT"},
    {"if-none-match": '"' * 1000},
    {"range": "bytes=abc-"},
    {"origin": "null"},
    {"referer": "http://[::1"},
    {"x-forwarded-for": "nonsense, \x01"},
    {"x-forwarded-proto": "nonsense"},
    {"accept": "\x00"},
]


@pytest.mark.parametrize("headers", HEADERS)
def test_headers(reader, headers):
    for path in ("/", "/blog/", "/search/?q=a", "/static/css/admin.css"):
        response = reader.get(path, headers=headers)
        consume(response)
        assert response.status_code < 500, path


BODIES = [
    (b"login=%00&password=%00&title=%00&q=%00", "application/x-www-form-urlencoded"),
    (b"login=%ED%A0%80&password=%FF%FE&title=%ED%A0%80", "application/x-www-form-urlencoded"),
    (b"\x00\xff\xfe", "application/x-www-form-urlencoded"),
    ("login=a".encode("utf-16"), "application/x-www-form-urlencoded; charset=utf-16"),
    ("login=a".encode("utf-16"), 'application/x-www-form-urlencoded; charset="UTF-16LE"'),
    (b"login=a", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"login=a", "application/x-www-form-urlencoded; charset=no-such-thing"),
    (b"login=a", "application/x-www-form-urlencoded; charset="),
    (b"login=a", "application/x-www-form-urlencoded; charset=\xff"),
    (b"&".join(b"a=1" for _number in range(2000)), "application/x-www-form-urlencoded"),
    (b"login=" + b"a" * 2_000_000, "application/x-www-form-urlencoded"),
    (b"nonsense", "multipart/form-data"),
    (b"nonsense", "multipart/form-data; boundary="),
    (b"nonsense", "multipart/form-data; boundary=é"),
    (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="login"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="\x00.png"\r\n\r\n\x00\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b"{", "application/json"),
    (b"x", "\x00"),
]
FORMS = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/report-an-issue/", "/blog/new/",
         "/inbox/read-all/", "/members/me/edit/", "/admin/login/", "/nothing-here/"]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies(reader, number):
    body, kind = BODIES[number]
    kind = kind if isinstance(kind, str) else kind.decode("latin-1")
    for path in FORMS:
        assert reader.generic("POST", path, body, kind).status_code < 500, path


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies_where_forms_are_asked_for_their_token(member, number):
    """As the real server asks, and the test client above does not: the token is read out of the body."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    body, kind = BODIES[number]
    kind = kind if isinstance(kind, str) else kind.decode("latin-1")
    for path in FORMS:
        for method in ("POST", "PUT"):
            assert 400 <= strict.generic(method, path, body, kind).status_code < 500, (method, path)


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", '"utf-16"', "utf-32", "utf-7", "cp037", "nothing"])
def test_another_charset_is_bad_request(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/accounts/login/", b"login=a", kind).status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_the_usual_charsets_are_read(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/accounts/login/", b"login=a", kind).status_code == 200


def test_text_kept_from_a_failed_form_may_hold_anything(member):
    client = Client(enforce_csrf_checks=True)
    typed = {"written_by": sign_writer(member), "title": "a\x00b", "body": "\ufffe\U0010ffff", "\x00": "x"}
    response = client.post("/blog/new/", typed)
    assert response.status_code == 403
    assert KeptText.objects.get().fields["title"] == ["ab"]


def test_a_form_that_is_too_large_gets_413_in_the_look(client):
    response = client.post(
        "/report-an-issue/", b"words=" + b"x" * 1_100_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "<h1>That was too large</h1>" in response.content.decode()


def test_pages_are_sent_compressed(client):
    response = client.get("/about/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
