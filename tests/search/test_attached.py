"""What attached files say is found with what they are attached to, after all that it says itself. On both databases."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons.contributions.attaching import Chosen
from commons.contributions.models import Contribution
from commons.files.accepted import DOCUMENTS
from commons.files.checking import check
from commons.files.models import FileText, StoredFile
from commons.files.reading import read_due
from commons.files.storing import store
from commons.search import index
from commons.search.backends import backend
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.querysets import FILES_LENGTH
from commons.tagging.models import Principle, ServiceSector
from library.models import Document
from tests.factories import make_comment, make_member, make_post, values_for
from tests.files import made

pytestmark = pytest.mark.django_db
PHRASE = "the walrus and the carpenter"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def author():
    return make_member("Zebedee Quill", in_directory=False)


@pytest.fixture
def share(author):
    """Publish a document with these words in its files, as if they had been read; return it."""

    def share(*texts, **values):
        chosen = [Chosen(with_words(author, text)) for text in texts]
        document = Document(kind=Document.KIND, author=author)
        document.store(values_for(files=chosen, **values), by=author)
        document.submit(author)
        return document

    return share


def with_words(owner, text):
    """A file that has been read, with this text in it."""
    file = StoredFile.objects.create(
        owner=owner, type="pdf", name="a.pdf", size=1, state="read", has_text=True, pages=1
    )
    FileText.objects.create(file=file, text=text)
    return file


def search(text, user=None):
    return Search(text, SearchEntry.objects.listed_to(user or AnonymousUser()))


def titles(text, user=None):
    """Return the titles found, best first."""
    ids = search(text, user).ranked()
    entries = SearchEntry.objects.in_bulk(ids)
    return [entries[pk].title for pk in ids]


def passage(text):
    asked = search(text)
    (snippet,) = asked.snippets(asked.ranked()).values()
    return snippet


def test_a_phrase_of_page_three_is_found_with_filters_once_it_was_read(client, author):
    upload = SimpleUploadedFile("story.pdf", made.pdf(["Page one", "Page two", f"Then {PHRASE} wept."]))
    principle, other = Principle.objects.order_by("order")[:2]
    sector = ServiceSector.objects.first()
    file = store(upload, check(upload, DOCUMENTS, most_bytes=10**6), author)
    document = Document(kind=Document.KIND, author=author)
    document.store(
        values_for("Oysters", files=[Chosen(file)], principles=[principle], sectors=[sector]), by=author
    )
    document.submit(author)

    def found(**facets):
        page = client.get(reverse("discovery:search"), {"q": f'"{PHRASE}"', **facets})
        return [card.title for card in page.context["cards"]] if page.context["cards"] else []

    assert found() == []
    read_due()
    right = {"kind": "document", "principle": principle.slug, "sector": sector.slug}
    assert found(**right) == ["Oysters"]
    assert found(**{**right, "kind": "blog"}) == []
    assert found(**{**right, "principle": other.slug}) == []


# --- order --------------------------------------------------------------------------------------------


def test_what_an_item_says_itself_comes_before_what_its_files_say(share):
    long = "Some other words. " * 2_000
    for _number in range(10):
        share(long)
    share("gooseberry " * 40, title="In the file", body="x")
    share(long, title="In the text", body=f"One gooseberry. {'Other words. ' * 300}")
    share(long, title="In short", summary="A gooseberry")
    share(long, title="A gooseberry")
    assert titles("gooseberry") == ["A gooseberry", "In short", "In the text", "In the file"]
    assert titles("gooseberry one")[-1] == "In the file"


def test_a_file_makes_nothing_of_what_its_item_says_worth_less(share, author):
    make_post(author, title="In the text", body="A gooseberry. " + "Some other words. " * 50)
    share("Some other words. " * 20_000, title="In short", summary="A gooseberry")
    make_post(author, title="In another text", body="A gooseberry. " + "Some other words. " * 50)
    assert titles("gooseberry")[0] == "In short"


def test_words_may_stand_in_the_item_and_others_in_its_files(share, author):
    for number in range(3):
        make_post(author, title=f"Only one {number}", body="Of gooseberry.")
    share("Of damson.", "And of medlar.", title="Gooseberry")
    assert titles("gooseberry damson medlar")[0] == "Gooseberry"
    assert search("gooseberry damson medlar").any_word is True
    for number in range(2):
        share("Of damson and medlar.", title=f"Gooseberry {number}")
    assert set(titles("gooseberry damson medlar")) == {"Gooseberry", "Gooseberry 0", "Gooseberry 1"}


def test_only_so_many_are_ranked_of_those_found_by_their_files(share, author, monkeypatch):
    for number in range(4):
        share("Of gooseberry.", title=f"File {number}")
    old = make_post(author, title="Gooseberry").title
    make_post(author, title="Text", body="Of gooseberry.")
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 3)
    assert titles("gooseberry") == [old, "Text", "File 3"]
    assert search("gooseberry").best().cut is True


def test_an_older_title_that_is_found_by_its_files_too_is_found_once(share, author, monkeypatch):
    share("Of gooseberry.", title="Gooseberry")
    for number in range(3):
        make_post(author, title=f"Text {number}", body="Of gooseberry.")
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 2)
    assert titles("gooseberry") == ["Gooseberry", "Text 2"]


# --- the passage ----------------------------------------------------------------------------------------


def test_a_passage_of_a_file_says_so_and_is_escaped(share):
    share(
        f"Much of <b>this</b>. {'Some other words. ' * 5_000}"
        "Evaluating, they picked gooseberries & <i>more</i>. The end."
    )
    found = passage("gooseberry evaluation")
    assert found.startswith("In the attached file: …")
    assert (
        "<mark>Evaluating</mark>, they picked <mark>gooseberries</mark> &amp; &lt;i&gt;more&lt;/i&gt;. The end."
        in found
    )


def test_a_passage_of_the_item_s_own_is_shown_first(share):
    share("Of gooseberry in the file.", body="Of gooseberry in the text.")
    assert passage("gooseberry") == "Of <mark>gooseberry</mark> in the text."


def test_a_word_written_otherwise_than_typed_is_shown_all_the_same(share):
    share(f"{'Some other words. ' * 400} In the café of co-production.")
    assert "In the <mark>café</mark>" in passage("cafe")
    assert "<mark>co-production</mark>" in passage("coproduction")


# --- who, and when not any more ---------------------------------------------------------------------------


def test_what_is_not_listed_is_not_found_by_its_files(share, author, administrator, member):
    removed, withdrawn = share("gooseberry", title="Removed"), share("gooseberry", title="Withdrawn")
    share("gooseberry", title="Members", audience="members")
    share("gooseberry", title="Public")
    removed.remove(administrator, "Off topic.")
    withdrawn.withdraw(author)
    assert (titles("gooseberry"), set(titles("gooseberry", member))) == (["Public"], {"Members", "Public"})
    removed.restore(administrator)
    assert set(titles("gooseberry")) == {"Removed", "Public"}


def test_a_file_that_belongs_to_an_earlier_version_is_not_found(share, author):
    document = share("gooseberry", title="Fruit")
    document.revise(author, values_for("Fruit", files=[Chosen(with_words(author, "damson"))]), version=1)
    assert (titles("gooseberry"), titles("damson")) == ([], ["Fruit"])
    document.revise(author, values_for("Fruit", files=[]), version=2)
    assert (titles("gooseberry"), titles("damson")) == ([], [])
    assert SearchEntry.objects.get(contribution=document).files == ""


def test_pictures_in_a_text_have_no_words(author, share):
    document = share("gooseberry")
    document.attachments.update(role="picture", description="A bush")
    document.refresh()
    assert titles("gooseberry") == []


# --- keeping it ------------------------------------------------------------------------------------------


def test_a_comment_reads_and_writes_no_words_of_files(share):
    document = share("gooseberry", title="Fruit")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        make_comment(document, body="Of damson.")
    assert not [query for query in asked.captured_queries if "files_filetext" in query["sql"]]
    assert not [query for query in asked.captured_queries if '"files" = EXCLUDED' in query["sql"]]
    assert (titles("gooseberry"), titles("damson"), titles("gooseberry damson")) == (["Fruit"],) * 3


def test_files_cost_one_query_and_only_when_they_are_others(author, queries):
    post = make_post(author, files=[Chosen(with_words(author, "gooseberry"))])
    SearchEntry.objects.filter(contribution=post).update(files_from="", files="")
    with queries(4):  # the item, its entry, the words, the writing
        index.index_contributions([post.pk])
    SearchEntry.objects.filter(contribution=post).update(body="as it was")
    with queries(3):
        index.index_contributions([post.pk])
    with queries(2):
        index.index_contributions([post.pk])


def test_lists_of_what_was_found_read_no_words_of_files(client, share):
    for number in range(3):
        share("gooseberry", title=f"Fruit {number}")
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("discovery:search"), {"q": "gooseberry"})
    assert not [query for query in asked.captured_queries if '"search_searchentry"."files"' in query["sql"]]


def test_rebuilding_and_checking_know_of_files(share):
    document = share("gooseberry", title="Fruit")
    make_post()
    assert index.check() == []
    SearchEntry.objects.filter(contribution=document).update(files="damson")
    assert index.check() == [f"differs: document {document.pk} (files)"]
    SearchEntry.objects.filter(contribution=document).update(files="", files_from="")
    assert index.check() == [f"differs: document {document.pk} (files_from, files)"]
    index.rebuild()
    assert (index.check(), titles("gooseberry"), titles("damson")) == ([], ["Fruit"], [])


def test_lost_triggers_are_noticed_and_come_back_with_what_was_missed(share):
    document = share("gooseberry", title="Fruit")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER search_attached_{name}")
        else:
            cursor.execute("DROP TRIGGER search_document ON search_searchentry")
    SearchEntry.objects.filter(contribution=document).update(files="damson")
    assert titles("damson") == []
    assert backend().check(connection) != []
    backend().install(connection)
    assert (titles("damson"), titles("gooseberry"), backend().check(connection)) == (["Fruit"], [], [])


def test_an_index_of_files_that_lacks_an_entry_is_noticed(share):
    share("gooseberry")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM search_attached_docsize")
        else:
            cursor.execute("UPDATE search_searchentry SET attached = NULL")
    assert len(backend().check(connection)) == 1


# --- long ones ---------------------------------------------------------------------------------------------


def test_a_file_of_two_million_characters_of_different_words_is_indexed_as_far_as_it_fits(share):
    words = " ".join(f"gooseberry{number:x}" for number in range(125_000))
    assert len(words) > 1_900_000
    share("damson " + words, title="Fruit")
    assert len(SearchEntry.objects.get(kind="document").files) == FILES_LENGTH
    assert titles("damson") == titles("gooseberry1f") == titles('"gooseberry10 gooseberry11"') == ["Fruit"]
    assert backend().check(connection) == []


def test_words_side_by_side_are_found_however_far_behind_they_stand(share):
    filling = " ".join(f"w{number % 3_000:x}" for number in range(60_000))
    share(f"{filling} {PHRASE} {filling}", title="Fruit")
    assert titles(f'"{PHRASE}"') == ["Fruit"]
    assert f"<mark>{PHRASE}</mark>" in passage(f'"{PHRASE}"')


def test_a_contribution_without_files_has_none_in_its_entry(author):
    make_post(author, title="Fruit")
    entry = SearchEntry.objects.get(contribution=Contribution.objects.get())
    assert (entry.files, entry.files_from) == ("", "")
