"""Editors' work in the admin: reports as versions, the vocabularies with their texts."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from commons.contributions.models import Revision
from commons.moderation.models import Decision
from commons.search.models import SearchEntry
from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector
from commons.texts.models import Text
from library.models import Report
from tests.factories import make_member, make_report

pytestmark = pytest.mark.django_db

ADD = "/admin/library/report/add/"
LIST = "/admin/library/report/"


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


def editor(*permissions):
    """A member of staff with these permissions (codenames) alone."""
    made = make_member(is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return made


def values(**more):
    return {
        "title": "A report",
        "byline": "nef and NESTA",
        "authors": "Ann Lee\n\n  Bola   Ade \r\n",
        "publishers": "nef\r\nNESTA",
        "year": "2010",
        "month": "7",
        "identifier": "",
        "summary": "In short.",
        "body": "What it argues.",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "keywords": "Trust, time banking",
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        **more,
    }


def change(report):
    return reverse("admin:library_report_change", args=[report.pk])


def errors(response):
    form = response.context["adminform"].form
    return {name: [error.code for error in found.as_data()] for name, found in form.errors.items()}


def test_a_report_is_added_as_a_draft(staff, administrator):
    assert staff.post(ADD, values()).status_code == 302
    report = Report.objects.get()
    assert (report.status, report.reach, report.kind, report.author) == ("draft", 0, "report", None)
    assert (report.authors, report.publishers) == (["Ann Lee", "Bola Ade"], ["nef", "NESTA"])
    assert report.body_html == "<p>What it argues.</p>\n"
    assert set(report.keywords.names()) == {"trust", "time banking"}
    assert list(report.revisions.values_list("number", "by")) == [(1, administrator.pk)]


def test_a_report_is_published_with_its_first_saving(staff, administrator):
    staff.post(ADD, values(publish="on"))
    report = Report.objects.get()
    assert (report.status, report.reach) == ("published", 2)
    assert list(Decision.objects.about(report).values_list("action", "by")) == [("submit", administrator.pk)]
    assert SearchEntry.objects.get(contribution=report.pk).title == "A report"


def test_saving_again_is_a_new_version_and_search_follows(staff, administrator):
    report = make_report(title="Old")
    staff.post(change(report), values(title="New", version=report.version))
    report.refresh_from_db()
    assert (report.title, report.version, report.status) == ("New", 2, "published")
    assert report.edited_at is not None
    assert report.card["keywords"] == [["time banking", "time-banking"], ["trust", "trust"]]
    assert [revision.snapshot["title"] for revision in report.revisions.order_by("number")] == ["Old", "New"]
    assert SearchEntry.objects.get(contribution=report.pk).title == "New"


def test_the_form_shows_what_is_stored(staff):
    report = make_report(authors=["Ann Lee", "Bola Ade"], keywords=["trust"])
    form = staff.get(change(report)).context["adminform"].form
    assert (form["authors"].value(), form["keywords"].value()) == ("Ann Lee\nBola Ade", "trust")


def test_the_second_of_two_editors_is_told(staff, administrator):
    report = make_report()
    report.revise(administrator, {"title": "Meanwhile"}, version=1)
    stale = values(title="Mine", version=1)
    response = staff.post(change(report), stale)
    assert errors(response) == {"__all__": ["stale"]}
    form = response.context["adminform"].form
    assert form["title"].value() == "Mine"
    staff.post(change(report), {**stale, "version": form["version"].value()})
    report.refresh_from_db()
    assert (report.title, report.version) == ("Mine", 3)


def test_the_same_form_sent_twice_is_one_report(staff):
    sent = values()
    staff.post(ADD, sent)
    assert errors(staff.post(ADD, sent)) == {"__all__": ["already_sent"]}
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("title", "", "required"),
        ("title", "x" * 201, "max_length"),
        ("title", "a\x00b", "null_characters_not_allowed"),
        ("year", "", "required"),
        ("year", "10", "year_of_four_digits"),
        ("year", "99999999999999999999", "year_of_four_digits"),
        ("month", "13", "max_value"),
        ("month", "²", "invalid"),
        ("authors", "x" * 121, "max_length"),
        ("authors", "\n".join("x" * 51), "too_many_lines"),
        ("keywords", "x" * 61, "keyword_too_long"),
        ("body", "x" * 50_001, "max_length"),
        ("principles", ["99999999999999999999"], "invalid_pk_value"),
        ("principles", ["abc"], "invalid_pk_value"),
        ("audience", "nobody", "invalid_choice"),
        ("form_key", "x", "invalid"),
    ],
)
def test_what_is_refused(staff, field, typed, code):
    response = staff.post(ADD, values(**{field: typed}))
    assert errors(response)[field][0] == code
    assert Report.objects.count() == 0


@pytest.mark.parametrize("missing", ["body", "principles", "sectors"])
def test_a_draft_may_lack_what_publishing_needs(staff, missing):
    empty = "" if missing == "body" else []
    assert errors(staff.post(ADD, values(publish="on", **{missing: empty}))) == {missing: ["required"]}
    assert staff.post(ADD, values(**{missing: empty})).status_code == 302


def test_what_is_published_can_t_lose_what_publishing_needs(staff):
    report = make_report()
    response = staff.post(change(report), values(version=1, sectors=[]))
    assert errors(response) == {"sectors": ["required"]}


@pytest.mark.parametrize(
    "field", ["status", "author", "kind", "starter_key", "reach", "published_at", "slug"]
)
def test_other_fields_are_ignored(staff, administrator, field):
    staff.post(ADD, values(**{field: administrator.pk}))
    report = Report.objects.get()
    assert (report.status, report.author, report.kind, report.starter_key, report.reach, report.slug) == (
        "draft", None, "report", None, 0, "a-report",
    )  # fmt: skip


def test_drafts_are_published_from_the_list(staff):
    ready, published = make_report(publish=False), make_report()
    bare = make_report(publish=False, sectors=[])
    staff.post(LIST, {"action": "publish_selected", "_selected_action": [ready.pk, published.pk, bare.pk]})
    states = dict(Report.objects.values_list("pk", "status"))
    assert states == {ready.pk: "published", published.pk: "published", bare.pk: "draft"}
    assert Decision.objects.about(published).count() == 1


def test_a_report_is_removed_with_a_reason_and_restored(staff, client):
    report = make_report()
    staff.post(LIST, {"action": "remove_selected", "_selected_action": [report.pk], "reason": "Out of date."})
    report.refresh_from_db()
    assert (report.status, report.reach) == ("removed", 0)
    assert not SearchEntry.objects.filter(contribution=report.pk).exists()
    staff.post(LIST, {"action": "restore_selected", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert (report.status, report.reach) == ("published", 2)
    assert list(Decision.objects.about(report).values_list("action", "reason")) == [
        ("restore", ""), ("remove", "Out of date."), ("submit", ""),
    ]  # fmt: skip


def test_nothing_is_deleted(staff):
    report = make_report()
    for thing, name in ((report, "library_report"), (Principle.objects.first(), "tagging_principle")):
        address = reverse(f"admin:{name}_delete", args=[thing.pk])
        assert staff.post(address, {"post": "yes"}).status_code == 403
    assert Report.objects.count() == 1


def test_one_may_look_without_changing(client):
    report = make_report(title="To be read")
    client.force_login(editor("view_report", "view_principle"))
    for address in (
        change(report),
        reverse("admin:tagging_principle_change", args=[Principle.objects.first().pk]),
    ):
        assert client.get(address).status_code == 200
        assert client.post(address, values(title="Changed", version=1)).status_code == 403
    assert client.get(ADD).status_code == 403
    assert Report.objects.get().title == "To be read"


@pytest.mark.parametrize("address", [ADD, LIST, "/admin/tagging/principle/", "/admin/tagging/servicesector/"])
def test_members_are_not_let_in(client, member, address):
    client.force_login(member)
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(staff, queries, number):
    for _number in range(number):
        make_report()
    staff.get(LIST)
    with queries(7):
        staff.get(LIST)


# --- principles and sectors -------------------------------------------------------------------------


def term_values(term, **more):
    stored = {
        name: getattr(term, name)
        for name in ("name", "short_name", "order", "summary", "patch")
        if hasattr(term, name)
    }
    return {**stored, "body": term.text.body if term.text else "", **more}


def term_change(term):
    return reverse(f"admin:tagging_{term._meta.model_name}_change", args=[term.pk])


@pytest.mark.parametrize("model", [Principle, ServiceSector])
def test_a_term_s_text_is_kept_as_versions(staff, administrator, model):
    term = model.objects.first()
    Text.write(term.text_key, title=term.name, body="Old words.", starter_hash="x")
    response = staff.get(term_change(term))
    assert response.context["adminform"].form["body"].value() == "Old words."
    staff.post(term_change(term), term_values(term, summary="In short.", body="New words."))
    term.refresh_from_db()
    version = term.text
    assert (term.summary, version.body, version.summary, version.number) == (
        "In short.",
        "New words.",
        "In short.",
        2,
    )
    assert (version.written_by, version.starter_hash) == (administrator, "")


def test_what_is_saved_is_seen_and_found_at_once(staff, client, django_capture_on_commit_callbacks):
    term = Principle.objects.first()
    vocabulary.current()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(
            term_change(term), term_values(term, name="Another name", patch=8, body="A rare lanternfish.")
        )
    assert vocabulary.current().principles[term.pk].name == "Another name"
    assert vocabulary.current().principles[term.pk].patch == 8
    entry = SearchEntry.objects.get(kind="principle", target_id=term.pk)
    assert (entry.title, entry.body) == ("Another name", "A rare lanternfish.")


def test_saving_without_a_change_writes_no_version(staff):
    term = Principle.objects.first()
    Text.write(term.text_key, title=term.name, summary=term.summary, body="Same words.")
    staff.post(term_change(term), term_values(term, patch=7))
    term.refresh_from_db()
    assert (term.patch, term.text.number) == (7, 1)


def test_a_text_is_not_taken_away(staff):
    term = Principle.objects.first()
    Text.write(term.text_key, title=term.name, body="Words.")
    assert errors(staff.post(term_change(term), term_values(term, body=" "))) == {"body": ["text_taken_away"]}
    assert term.text.body == "Words."


def test_the_address_of_a_term_stays(staff):
    term = Principle.objects.first()
    staff.post(term_change(term), term_values(term, slug="elsewhere"))
    assert Principle.objects.get(pk=term.pk).slug == term.slug


@pytest.mark.parametrize(
    ("field", "typed"), [("patch", "9"), ("name", ""), ("name", "Blurring distinctions"), ("order", "-1")]
)
def test_what_a_term_can_t_be(staff, field, typed):
    term = Principle.objects.get(slug="peer-support-networks")
    assert set(errors(staff.post(term_change(term), term_values(term, **{field: typed})))) == {field}


def test_a_sector_is_added(staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(
            reverse("admin:tagging_servicesector_add"),
            {
                "name": "Transport",
                "short_name": "Transport",
                "slug": "transport",
                "order": 99,
                "summary": "",
                "body": "",
            },
        )
    assert vocabulary.current().sector_by_slug("transport").name == "Transport"
    assert SearchEntry.objects.filter(kind="sector", title="Transport").count() == 1
    assert Text.objects.filter(key="sector/transport").count() == 0


def test_the_order_is_changed_in_the_list(staff, django_capture_on_commit_callbacks):
    rows = list(Principle.objects.order_by("order"))
    sent = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "Save"}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-id": row.pk, f"form-{number}-order": 10 - number}
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(reverse("admin:tagging_principle_changelist"), sent)
    assert list(vocabulary.current().principles) == [row.pk for row in reversed(rows)]


def test_revisions_of_reports_are_counted(staff):
    make_report()
    assert Revision.objects.count() == 1
