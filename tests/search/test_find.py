"""What is found, by whom, in which order, and how the passage is shown. The same on both databases."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions.models import Contribution, Helpful
from commons.contributions.querysets import Reach
from commons.search.find import Search
from commons.search.models import JoinedSpelling, SearchEntry
from tests.factories import make_event, make_member, make_post

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def search(text, user=VISITOR):
    return Search(text, SearchEntry.objects.listed_to(user))


def titles(text, user=VISITOR):
    """Return the titles found, best first."""
    ids = search(text, user).ranked()
    entries = SearchEntry.objects.in_bulk(ids)
    return [entries[pk].title for pk in ids]


def found(text, user=VISITOR):
    """Return the ids found."""
    return set(search(text, user).ranked())


@pytest.fixture
def author():
    return make_member("Zebedee Quill", in_directory=False)


@pytest.fixture
def write(author):
    """Publish a post with this text under a title; return the title."""

    def write(title, body="Nothing much.", **values):
        return make_post(author, title=title, body=body, **values).title

    return write


# --- words written in two ways ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spellings", "texts"),
    [
        (
            ["co-production", "coproduction", "co production", "Co-Production", "COPRODUCTION"],
            ["Our co-production work", "Our coproduction work", "Our co production work"],
        ),
        (
            ["time bank", "time-bank", "timebank", "time banks", "time-banking", "timebanking", "timebanks"],
            ["A time bank opens", "A time-bank opens", "A timebank opens", "On timebanking", "Of time-banks"],
        ),
        (
            ["co-ordination", "coordination", "co ordination", "co-ordinating", "coordinating"],
            ["Local co-ordination", "Local coordination", "They coordinate", "They are co-ordinating"],
        ),
        (
            ["co-design", "codesign", "co design", "co-designing", "codesigned"],
            ["A co-design day", "A codesign day", "We co-designed it", "It was codesigned", "Co design week"],
        ),
    ],
)
def test_joined_spellings_find_the_same(write, spellings, texts):
    written = {write(f"Numbered {n}", text) for n, text in enumerate(texts)}
    write("Decoy", "The bank had time. Production in Co. Down. An ordination, a design, a coal bank.")
    results = {spelling: frozenset(found(spelling)) for spelling in spellings}
    assert len(set(results.values())) == 1, results
    assert set(titles(spellings[0])) - {"Time-banking", "Co-design"} == written


def test_joined_spellings_find_the_same_with_other_words_beside_them(write):
    for n, text in enumerate(
        ["co-production and housing", "coproduction in housing", "housing, co production"]
    ):
        write(f"Numbered {n}", text)
    asked = ["co-production housing", "housing coproduction", "co production housing"]
    assert len({frozenset(found(text)) for text in asked}) == 1
    assert set(titles(asked[0])) == {"Numbered 0", "Numbered 1", "Numbered 2"}


def test_editors_can_add_a_spelling(write, django_capture_on_commit_callbacks):
    write("First", "All of our health-care.")
    write("Second", "All of our healthcare.")
    assert set(titles("healthcare")) == {"Second", "Healthcare"}
    with django_capture_on_commit_callbacks(execute=True):
        JoinedSpelling.objects.create(text="health-care")
    for text in ("health care", "healthcare", "health-care"):
        assert set(titles(text)) == {"First", "Second", "Healthcare"}


# --- all words, then any; phrases; stems; accents ------------------------------------------------------


def test_three_with_all_the_words_are_enough(write):
    for n in range(3):
        write(f"Both {n}", "gardens and sheds")
    write("One", "gardens only")
    assert set(titles("gardens sheds")) == {"Both 0", "Both 1", "Both 2"}


def test_where_all_the_words_find_too_little_any_will_do_and_all_come_first(write):
    write("Both", "Some other words. " * 200 + "gardens and sheds")
    write("Gardens, gardens", "gardens gardens gardens")
    write("Other", "sheds")
    assert titles("gardens sheds")[0] == "Both"
    assert set(titles("gardens sheds")) == {"Both", "Gardens, gardens", "Other"}


def test_that_any_word_is_enough_is_told_only_where_it_showed(write):
    write("Both", "gardens and sheds")
    asked = search("gardens sheds")
    assert asked.any_word
    assert asked.reached_further(asked.ranked()) == ""
    write("One", "gardens")
    again = search("gardens sheds")
    assert again.reached_further(again.ranked()) == "any"


def test_whether_any_word_is_enough_does_not_hang_on_the_facets(write):
    for n in range(3):
        write(f"Both {n}", "gardens and sheds")
    write("One", "gardens only", year=None)
    asked = search("gardens sheds")
    one = asked.ranked(lambda entries: entries.filter(title__in=["Both 1", "One"]))
    assert [entry.title for entry in SearchEntry.objects.filter(pk__in=one)] == ["Both 1"]


def test_a_phrase_in_quotes(write):
    write("Side by side", "the red shed door")
    write("Apart", "the shed has a red door")
    assert titles('"red shed"') == ["Side by side"]


def test_words_are_found_by_their_stem_whatever_case_and_accents(write):
    write("Stems", "They were VOLUNTEERING at the Café in Tŷ Hafan.")
    for text in ("volunteer", "Volunteered", "cafe", "café", "CAFÉS", "ty hafan", "Tŷ"):
        assert titles(text) == ["Stems"], text


def test_words_inside_addresses_and_slashes_are_words(write):
    write("Slashed", "See health/wellbeing at https://example.org/archive/paper.pdf or snake_case-name.")
    for text in ("wellbeing", "archive", "paper", "snake"):
        assert titles(text) == ["Slashed"], text


# --- words that are not finished ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("evaluat", "An evaluation of it"),
        ("Evaluatio", "An evaluation of it"),
        ("housin", "Better housing"),
        ("goosebe", "A gooseberry"),
        ("capabil", "Their capabilities"),
        ("reciproci", "On reciprocity"),
        ("volun", "They volunteered"),
        ("voluntee", "They volunteered"),
        ("plann", "They planned"),
        ("timeban", "Of time-banks"),
        ("co-productio", "On coproduction"),
        ("gooseb damso", "The damson and the gooseberry"),
        ("café gooseb", "In cafes with gooseberries"),
        ("日本", "About 日本語 words"),
    ],
)
def test_an_unfinished_word_finds_those_that_begin_so(write, typed, text):
    in_title = write(text)
    in_text = write("Numbered", f"Told at length: {text}.")
    write("Decoy", "Nothing of the kind, in a shed.")
    assert [title for title in titles(typed) if title in {in_title, in_text, "Decoy"}] == [in_title, in_text]


def test_an_unfinished_word_comes_after_the_same_word_whole(write):
    write("Damsonwood", "damsonwood")
    write("Numbered", "damso, " * 3 + "as it was called")
    asked = search("damso")
    assert titles("damso") == ["Numbered", "Damsonwood"]
    assert (asked.in_vain, asked.reached_further(asked.ranked())) == (False, "begun")


def test_where_enough_is_found_no_other_word_is_looked_for(write):
    for n in range(3):
        write(f"Numbered {n}", "volunt")
    write("Other", "voluntarily")
    asked = search("volunt")
    assert set(titles("volunt")) == {"Numbered 0", "Numbered 1", "Numbered 2"}
    assert asked.reached_further(asked.ranked()) == ""


def test_all_the_words_come_first_then_their_beginnings_then_any_of_them(write):
    write("Any", "damsons damsons damsons")
    write("Begun", "Some other words. " * 100 + "medlars and damsonwood")
    write("All", "Some other words. " * 200 + "a medlar or a damson")
    asked = search("medlar damson")
    assert titles("medlar damson") == ["All", "Begun", "Any"]
    assert asked.reached_further(asked.ranked()) == "any"


def test_three_by_their_beginnings_are_enough(write):
    for n in range(3):
        write(f"Begun {n}", "medlars and damsonwood")
    write("Any", "damsons")
    asked = search("medlar damson")
    assert set(titles("medlar damson")) == {"Begun 0", "Begun 1", "Begun 2"}
    assert asked.reached_further(asked.ranked()) == "begun"


def test_neither_a_phrase_nor_a_letter_or_two_is_a_beginning(write):
    write("Side by side", "the red sheds door")
    write("Longer", "the red shedding door")
    assert titles('"red shedd"') == []
    assert titles("go") == titles("g") == []
    write("Goose", "goose")
    assert titles("go") == []


def test_the_passage_marks_the_word_that_begins_so(write):
    write("Passage", "The damsonwood bush is here.")
    assert "The <mark>damsonwood</mark> bush" in passage("damso")


def test_twenty_unfinished_words_are_safe(write):
    write("Passage", "gooseberry")
    assert titles(" ".join(f"wor{n}ati" for n in range(19)) + " gooseb") == ["Passage"]


# --- order --------------------------------------------------------------------------------------------


def test_a_title_comes_before_a_summary_and_that_before_a_text(write):
    write("In the text", "One allotment among many other things that are told here.")
    write("In short", "Some words.", summary="An allotment")
    write("Allotment", "Some words.")
    write("Without", "Allotmentless")
    assert titles("allotment") == ["Allotment", "In short", "In the text"]


def test_a_title_with_the_word_comes_before_the_best_of_texts(write):
    write("All about our allotments and much else besides", "Some other words. " * 200)
    write("In the text", "allotment " * 40, summary="allotment, allotment, allotment")
    assert titles("allotment") == ["All about our allotments and much else besides", "In the text"]


def test_of_titles_what_lasts_comes_before_what_passes(write, author):
    write("Our allotments and all that came of them", "Some other words. " * 200)
    make_event(author, title="Allotment day")
    assert titles("allotments") == ["Our allotments and all that came of them", "Allotment day"]
    assert titles("allotment day")[0] == "Allotment day"


def test_a_title_that_is_what_was_typed_is_first(write):
    write("Allotment", "Some other words. " * 200)
    write("Allotment keeping", "allotment " * 40)
    write("An allotment", "allotment")
    assert titles("Allotment")[0] == "Allotment"


def test_a_title_with_the_words_side_by_side_comes_before_one_with_them_apart(write):
    write("Sheds by gardens", "garden sheds " * 30)
    write("On garden sheds", "Some other words. " * 200)
    assert titles("garden sheds")[:2] == ["On garden sheds", "Sheds by gardens"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("reciprocity", "Mutuality and reciprocity"),
        ("peer support", "Peer support networks"),
        ("blurring", "Blurring distinctions"),
        ("facilitate rather than deliver", "Facilitating rather than delivering"),
        ("time banking", "Time-banking"),
        ("codesign", "Co-design"),
        ("building on capabilities", "Building on existing capabilities"),
        ("older people", "Adult social care and older people"),
    ],
)
def test_principles_and_sectors_are_found_by_their_names(write, typed, first):
    write(
        "Long",
        "reciprocity peer support blurring facilitate deliver time banking codesign older people " * 20,
    )
    assert titles(typed)[0] == first


def test_a_member_is_found_by_name(write):
    make_member("Olwen Tŷ-Mawr").reindex()
    write("About her", "Olwen told me.")
    assert titles("olwen ty mawr")[0] == "Olwen Tŷ-Mawr"


def test_a_place_finds_what_is_of_it(write):
    write("Of Wales", region="wales")
    write("Of nowhere")
    assert titles("wales") == ["Of Wales"]


def test_an_author_s_name_finds_what_they_wrote(write):
    write("One of hers")
    assert titles("zebedee") == ["One of hers"]


def test_of_two_that_are_as_good_the_more_helpful_is_first_and_nothing_is_hidden(write, author):
    for title in ("Older", "Helpful", "Newer"):
        write(title, body="A word about gooseberries.")
    assert titles("gooseberries") == ["Newer", "Helpful", "Older"]
    helpful = Contribution.objects.get(title="Helpful")
    Helpful.objects.set(make_member(), helpful, helpful=True)
    assert titles("gooseberries") == ["Helpful", "Newer", "Older"]
    write("Gooseberries")
    assert titles("gooseberries") == ["Gooseberries", "Helpful", "Newer", "Older"]


def test_only_so_many_are_ranked_but_a_matching_title_always_is(write, monkeypatch):
    oldest = write("Gooseberry", "Some words.")
    for n in range(5):
        write(f"Numbered {n}", "gooseberry")
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 2)
    assert titles("gooseberry") == [oldest, "Numbered 4"]


def test_what_was_found_is_told_apart_and_whether_it_was_cut(write, monkeypatch):
    member = make_member("Gooseberry Person")
    member.reindex()
    write("One", "gooseberry")
    write("Two", "gooseberry")
    everything = search("gooseberry").best()
    assert [entry.split()[0] for entry in everything.counted] == ["kind=member", "kind=blog", "kind=blog"]
    assert (len(everything.ids), everything.cut) == (3, False)
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 2)
    # The title that has the word, however old it is, and the newest.
    assert (titles("gooseberry"), search("gooseberry").best().cut) == (["Gooseberry Person", "Two"], True)


def test_the_gate_is_asked_of_what_was_cut(write, member):
    """What may be reached by its own entry, and no more is listed, takes a place and shows nothing."""
    write("Older", "gooseberry")
    left_behind = make_post(make_member(in_directory=False), title="Left behind", body="gooseberry")
    type(left_behind).objects.filter(pk=left_behind.pk).update(reach=0)
    entries = SearchEntry.objects
    for reader in (VISITOR, member):
        asked = Search("gooseberry", entries.listed_to(reader), entries.reaching(reader))
        assert [entries.get(pk=pk).title for pk in asked.ranked()] == ["Older"]


# --- who ----------------------------------------------------------------------------------------------


def test_what_may_not_be_seen_is_not_found(write, author, administrator):
    write("Public", "gooseberry")
    write("Members", "gooseberry", audience="members")
    make_post(author, title="Draft", body="gooseberry", publish=False)
    removed = make_post(author, title="Removed", body="gooseberry")
    removed.remove(administrator, "Off topic.")
    assert set(titles("gooseberry")) == {"Public"}
    for user in (author, administrator):
        assert set(titles("gooseberry", user)) == {"Public", "Members"}


def test_an_entry_left_behind_shows_nothing(write):
    post = make_post(make_member(in_directory=False), title="Left behind", body="gooseberry")
    type(post).objects.filter(pk=post.pk).update(reach=0)
    assert titles("gooseberry") == []
    member = make_member("Gooseberry Person")
    member.reindex()
    type(member).objects.filter(pk=member.pk).update(hidden=True)
    assert titles("gooseberry") == []


def test_an_entry_for_members_is_found_by_members_only(author, member):
    SearchEntry.objects.put(author, kind="thing", title="Gooseberry thing", reach=Reach.MEMBERS, url="/x/")
    assert titles("gooseberry") == []
    assert titles("gooseberry", member) == ["Gooseberry thing"]


# --- the passage ----------------------------------------------------------------------------------------


def passage(text):
    asked = search(text)
    (snippet,) = asked.snippets(asked.ranked()).values()
    return snippet


def test_the_passage_found_is_marked(write):
    write("Passage", "Long before. " * 60 + "The gooseberry bush is here. " + "Long after. " * 60)
    snippet = passage("gooseberries")
    assert "The <mark>gooseberry</mark> bush" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) < 400


@pytest.mark.parametrize("typed", ["co-production", "coproduction"])
def test_a_joined_word_is_marked_as_it_was_written(write, typed):
    write("Passage", "About co-production, mostly.")
    assert "About <mark>co-production</mark>, mostly." in passage(typed)


def test_a_phrase_is_marked_as_one(write):
    write("Passage", "About the red shed, mostly.")
    assert passage('"red shed"') == "About the <mark>red shed</mark>, mostly."


def test_the_passage_is_escaped(write):
    write("Passage", "`<script>alert(1)</script>` & gooseberry/<b>bush</b>")
    snippet = passage("gooseberry")
    assert "<mark>gooseberry</mark>/" in snippet
    assert "<script" not in snippet
    assert "&lt;script&gt;" in snippet
    assert snippet.count("<") == 2


def test_a_text_can_not_bring_its_own_marks(write):
    write("Passage", "a \ue000b\ue001 gooseberry")
    assert passage("gooseberry").count("<mark>") == 1


# --- any input --------------------------------------------------------------------------------------------

HOSTILE = [
    "", " ", "\x00", "\x00gooseberry", "\ud800", "gooseberry\udfff", "²", "½ ¾", "'", '"', '""', '"""', "';--", "\\",
    "\\\\'",
    "gooseberry'); DROP TABLE x;--", "a AND", "OR OR", "NOT gooseberry", "NEAR(a b)", "title:gooseberry", "{title} : x",
    "goose*", "^goose", "(((", ")))", "a & b | !c <-> d", "gooseberry:*", ":A", "<->", "%s %d %(x)s", "{}", "{0}", "$1",
    "x" * 10_000, "x " * 5_000, '"' * 500, "日本語", "العربية", "हिन्दी", "🫐 gooseberry", "e\u0301", "\u202egooseberry",
    "1e308", "-1", "1.5.2", "a@b.example", "https://example.org/?q=1", "--", "/* */", "\n\t\r", "İ", "ﬁ",
]  # fmt: skip


def test_any_input_is_safe(write):
    write("Passage", "gooseberry")
    for typed in HOSTILE:
        asked = search(typed)
        if asked:
            asked.snippets(asked.ranked())
