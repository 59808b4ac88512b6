"""A newer version of a document: the older one stays readable and leads to the newest that its reader may see."""

import pytest
from django.db import IntegrityError, transaction

from commons.contributions.models import Contribution
from library.editions import join, others_listed, replaceable
from library.models import Document
from tests.factories import make_document, make_member, make_moderator

pytestmark = pytest.mark.django_db

LIST = "/library/documents/"
NEW = f"{LIST}new/"


def newer_than(document, by=None, publish=True, **values):
    return make_document(by or document.author, replaces=document, publish=publish, **values)


def titles(response):
    return [card.title for card in response.context["cards"]]


def led_to(client, document):
    """Return the title of the newer version that a document's page names, or ""."""
    response = client.get(document.get_absolute_url())
    newest = response.context["newest"]
    assert ("There is a newer version" in response.content.decode()) == (newest is not None)
    return newest.title if newest else ""


@pytest.fixture
def old(member):
    return make_document(member, title="Old")


def test_until_it_is_published_nothing_changes(client, member, old):
    draft = newer_than(old, title="New", publish=False)
    assert (led_to(client, old), titles(client.get(LIST))) == ("", ["Old"])
    draft.submit(member)
    assert (led_to(client, old), titles(client.get(LIST))) == ("New", ["New"])


def test_the_old_one_stays_readable_and_each_leads_to_the_other(client, old):
    new = newer_than(old, title="New")
    response = client.get(old.get_absolute_url())
    assert response.status_code == 200
    assert f'<a href="{new.get_absolute_url()}">New (2019)</a>' in response.content.decode()
    assert [other.title for other in client.get(new.get_absolute_url()).context["older"]] == ["Old"]


def test_every_older_one_leads_to_the_newest_whichever_was_replaced(client, old):
    second = newer_than(old, title="Second")
    third = newer_than(second, title="Third")
    fourth = newer_than(old, title="Fourth")  # of the first: somebody's page was open for long
    assert [led_to(client, each) for each in (old, second, third, fourth)] == ["Fourth"] * 3 + [""]
    assert list(Document.objects.order_by("edition").values_list("title", "edition", "work")) == [
        (title, number, old.pk) for number, title in enumerate(("Old", "Second", "Third", "Fourth"), start=1)
    ]


@pytest.mark.parametrize("how", ["withdrawn", "removed", "hidden"])
def test_a_newer_one_that_is_gone_is_not_named_and_the_older_stands_again(client, old, administrator, how):
    second = newer_than(old, title="Second")
    author = make_member()
    third = newer_than(second, by=author, title="Third")
    if how == "withdrawn":
        third.withdraw(author)
    elif how == "removed":
        third.remove(administrator, "Wrong file.")
    else:
        author.hide_contributions()
    assert [led_to(client, each) for each in (old, second)] == ["Second", ""]
    assert titles(client.get(LIST)) == ["Second"]
    assert "Third" not in client.get(old.get_absolute_url()).content.decode()


def test_one_in_the_middle_that_is_gone_brings_nothing_older_back(client, old):
    second = newer_than(old, title="Second")
    newer_than(second, title="Third")
    second.withdraw(second.author)
    assert led_to(client, old) == "Third"
    assert titles(client.get(LIST)) == ["Third"]


def test_a_newer_one_for_members_supersedes_for_members_alone(client, old):
    newer_than(old, title="For members", audience="members")
    visitor = client.get(old.get_absolute_url())
    assert "For members" not in visitor.content.decode()
    assert (visitor.context["newest"], titles(client.get(LIST))) == (None, ["Old"])
    client.force_login(make_member())
    assert (led_to(client, old), titles(client.get(LIST))) == ("For members", ["For members"])


def test_a_browser_is_sent_the_page_again_once_it_is_superseded_and_once_it_is_not(client, old):
    url = old.get_absolute_url()
    tags = [client.get(url)["ETag"]]
    new = newer_than(old)
    tags.append(client.get(url)["ETag"])
    new.withdraw(new.author)
    tags.append(client.get(url)["ETag"])
    assert len(set(tags)) == 3


def test_search_and_the_archive_go_on_finding_it_and_say_that_it_is_superseded(client, old):
    new = newer_than(old, title="New")
    for path in ("/search/?q=words", f"{LIST}archive/{old.published_at:%Y/%m}/", "/browse/?kind=document"):
        page = client.get(path).content.decode()
        assert page.count('<span class="tag warn">Superseded</span>') == 1, path
        assert old.get_absolute_url() in page, path
    new.withdraw(new.author)
    assert "Superseded" not in client.get("/browse/?kind=document").content.decode()


@pytest.mark.parametrize("audience", ["everyone", "members"])
def test_cards_tell_nobody_of_what_is_for_members(client, old, audience):
    newer_than(old, audience=audience)
    page = client.get("/browse/?kind=document").content.decode()
    assert ("Superseded" in page) == (audience == "everyone")


def test_hiding_its_author_mends_the_cards_too(client, old):
    author = make_member()
    newer_than(old, by=author)
    author.hide_contributions()
    assert "superseded" not in Contribution.objects.get(pk=old.pk).card
    author.hide_contributions(False)
    assert Contribution.objects.get(pk=old.pk).card["superseded"] == 2


def test_saving_an_old_version_keeps_its_place(old, member):
    shown = Document.objects.get(pk=old.pk)  # as a form had it, before there was a newer one
    newer_than(old)
    shown.revise(member, {"title": "Old, put right"}, version=1)
    old.refresh_from_db()
    assert (old.title, old.work_id, old.edition, old.card["superseded"]) == ("Old, put right", old.pk, 1, 2)


def test_publishing_it_a_second_time_keeps_its_number(old):
    new = newer_than(old)
    new.withdraw(new.author)
    third = newer_than(old)
    new.submit(new.author)
    assert [Document.objects.get(pk=each.pk).edition for each in (old, new, third)] == [1, 2, 3]


def test_two_that_are_published_at_once_get_two_numbers(old):
    """Each is joined on what it read before the other was: the database and the lock keep them apart."""
    one, two = (newer_than(old, publish=False) for _number in range(2))
    for each in (one, two):
        with transaction.atomic():
            join(each)
    assert (one.edition, two.edition) == (2, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document._base_manager.filter(pk=two.pk).update(edition=2)


def test_nothing_replaces_itself(old):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document._base_manager.filter(pk=old.pk).update(replaces=old.pk)


@pytest.mark.parametrize("number", [1, 3])
def test_finding_the_others_costs_one_query_and_none_for_a_single_version(queries, old, member, number):
    with queries(0):
        assert others_listed(old, member) == (None, [])
    for _number in range(number):
        newer_than(old)
    old.refresh_from_db()
    with queries(1):
        others_listed(old, member)


# --- who may, and how -----------------------------------------------------------------------------


def test_only_its_author_and_moderators_may_replace_it(client, old, member, other_member):
    moderator = make_moderator()
    for reader, may in ((None, False), (other_member, False), (member, True), (moderator, True)):
        client.logout()
        if reader:
            client.force_login(reader)
        page = client.get(old.get_absolute_url()).content.decode()
        assert ("Share a newer version" in page) == may, reader
        if reader:
            assert (replaceable(reader, old.pk) is not None) == may, reader


@pytest.mark.parametrize("state", ["draft", "withdrawn", "removed"])
def test_what_is_not_published_is_not_replaced(member, administrator, state):
    document = make_document(member, publish=state != "draft")
    if state == "withdrawn":
        document.withdraw(member)
    elif state == "removed":
        document.remove(administrator, "Wrong.")
    assert replaceable(member, document.pk) is None


@pytest.mark.parametrize("named", ["", "x", "²", "-1", "0", "9" * 40, "1e3", "\x00"])
def test_a_strange_number_is_no_document(member, named):
    assert replaceable(member, named) is None


def test_the_form_begins_with_what_the_old_one_says(client, member):
    old = make_document(
        member, title="How to begin", organisation="Test council", licence="ogl", subtype="evaluation",
        evidence_level=0, method="Asking.", keywords=["beginning"], body="At length.",
    )  # fmt: skip
    client.force_login(member)
    response = client.get(f"{NEW}?supersedes={old.pk}")
    form = response.context["form"]
    begun = {
        name: form[name].value() for name in ("title", "organisation", "licence", "subtype", "method", "body")
    }
    assert begun == {
        "title": "How to begin", "organisation": "Test council", "licence": "ogl", "subtype": "evaluation",
        "method": "Asking.", "body": "At length.",
    }  # fmt: skip
    assert (form["evidence_level"].value(), form["year"].value(), form["keywords"].value()) == (
        0, None, "beginning",
    )  # fmt: skip
    assert form["principles"].value() == old.card["principles"]
    assert (
        'type="radio" name="evidence_level" value="0" id="id_evidence_level_0" checked'
        in response.content.decode()
    )
    assert "A newer version of" in response.content.decode()


def sent(old, **values):
    return {
        "title": "Newer", "subtype": "guidance", "summary": "In short.", "audience": "everyone", "do": "draft",
        "supersedes": old.pk, **values,
    }  # fmt: skip


def test_the_form_keeps_which_one_it_replaces(client, member, old):
    client.force_login(member)
    wrong = client.post(NEW, sent(old, title=""))
    assert wrong.context["replaced"] == old
    assert wrong.context["form"]["supersedes"].value() == str(old.pk)
    client.post(NEW, sent(old))
    draft = Document.objects.get(title="Newer")
    assert (draft.replaces, draft.work) == (old, None)
    assert client.get(draft.url_below("edit/")).context["replaced"] == old
    client.post(draft.url_below("edit/"), sent(old, title="Newer yet", version=1))
    assert Document.objects.get(title="Newer yet").replaces == old


def test_a_form_that_names_anothers_document_replaces_nothing(client, other_member, old):
    client.force_login(other_member)
    response = client.post(NEW, sent(old))
    assert response.status_code == 302
    assert Document.objects.get(title="Newer").replaces is None
    assert "A newer version of" not in client.get(f"{NEW}?supersedes={old.pk}").content.decode()


# --- two at once ----------------------------------------------------------------------------------

PREPARE = """
from tests.factories import make_document
old = make_document()
print(old.pk, *(make_document(old.author, replaces=old, publish=False).pk for _number in range(2)))
"""
PUBLISH = """
from django.db import transaction
from library.models import Document
document = Document.objects.get(pk={pk})
print("trying", flush=True)
with transaction.atomic():
    document.submit(document.author)
    {then}
print(Document.objects.get(pk={pk}).edition)
"""
WAIT = """print("taken", flush=True)
    input()"""


def test_two_newer_versions_that_are_published_at_once_get_two_numbers(other_site):
    _old, one, two = other_site.python(PREPARE).split()
    slow = other_site.start("-c", PUBLISH.format(pk=one, then=WAIT))
    assert [slow.stdout.readline() for _line in range(2)] == ["trying\n", "taken\n"]
    quick = other_site.start("-c", PUBLISH.format(pk=two, then="pass"))
    assert quick.stdout.readline() == "trying\n"
    said = [
        process.communicate(words)[0].split()[-1] for process, words in ((slow, "go on\n"), (quick, None))
    ]
    assert (said, slow.returncode, quick.returncode) == (["2", "3"], 0, 0)
