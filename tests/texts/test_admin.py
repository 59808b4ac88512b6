"""Standing texts in the admin: saving adds a version, and every version stays as it was."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from commons.texts.models import Text, TextVersion
from tests.factories import make_member

pytestmark = pytest.mark.django_db

LIST = "/admin/texts/text/"


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def text():
    return Text.write("house-rules", title="House rules", summary="Be kind.", body="Really.").text


def change(text):
    return reverse("admin:texts_text_change", args=[text.pk])


def values(**more):
    return {
        "language": "en-gb", "title": "House rules", "summary": "Be kind.", "body": "Really.", "number": 1, **more,
    }  # fmt: skip


def versions(text):
    return list(text.versions.order_by("number").values_list("number", "title", "body", "written_by"))


def errors(response):
    found = response.context["adminform"].form.errors.items()
    return {name: [error.code for error in listed.as_data()] for name, listed in found}


def test_the_form_shows_the_newest_words(staff, text):
    form = staff.get(change(text)).context["adminform"].form
    assert {
        name: form[name].value() for name in ("language", "title", "summary", "body", "number")
    } == values()


def test_saving_adds_a_version(staff, administrator, text):
    staff.post(change(text), values(title="New rules", body="Still.\r\n\r\nReally.\r\n"))
    assert versions(text) == [
        (1, "House rules", "Really.", None),
        (2, "New rules", "Still.\n\nReally.", administrator.pk),
    ]


def test_saving_without_a_change_adds_none(staff, text):
    staff.post(change(text), values())
    assert len(versions(text)) == 1


def test_the_second_of_two_editors_is_told(staff, administrator, text):
    Text.write("house-rules", title="House rules", body="Meanwhile.", by=administrator)
    response = staff.post(change(text), values(body="Mine."))
    assert errors(response) == {"__all__": ["stale"]}
    form = response.context["adminform"].form
    assert form["body"].value() == "Mine."
    staff.post(change(text), values(body="Mine.", number=form["number"].value()))
    assert [body for _n, _t, body, _by in versions(text)] == ["Really.", "Meanwhile.", "Mine."]


def test_another_language_begins_with_ours_and_is_a_text_of_its_own(
    staff, administrator, text, settings, monkeypatch
):
    languages = [("en-gb", "English"), ("cy", "Cymraeg")]
    settings.LANGUAGES = languages
    from commons.texts.admin import TextForm

    monkeypatch.setattr(TextForm.base_fields["language"], "choices", languages)
    form = staff.get(change(text), {"language": "cy"}).context["adminform"].form
    assert (form["language"].value(), form["body"].value(), form["number"].value()) == ("cy", "Really.", 0)
    staff.post(change(text) + "?language=cy", values(language="cy", body="Wir.", number=0))
    assert set(text.versions.values_list("language", "number", "body")) == {
        ("en-gb", 1, "Really."),
        ("cy", 1, "Wir."),
    }


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("title", "", "required"),
        ("title", "x" * 201, "max_length"),
        ("summary", "x" * 301, "max_length"),
        ("body", " ", "required"),
        ("body", "x" * 50_001, "max_length"),
        ("body", "a\x00b", "null_characters_not_allowed"),
        ("language", "tlh", "invalid_choice"),
        ("number", "²", "invalid"),
        ("number", "99999999999999999999", "max_value"),
    ],
)
def test_what_is_refused(staff, text, field, typed, code):
    assert errors(staff.post(change(text), values(**{field: typed}))) == {field: [code]}
    assert len(versions(text)) == 1


@pytest.mark.parametrize("language", ["xx", "²"])
def test_an_unknown_language_is_ours(staff, text, language):
    form = staff.get(change(text), {"language": language}).context["adminform"].form
    assert form["language"].value() == "en-gb"


def test_every_version_can_be_read_and_none_changed(staff, text):
    staff.post(change(text), values(body="Second."))
    for version in TextVersion.objects.filter(text=text):
        address = reverse("admin:texts_textversion_change", args=[version.pk])
        response = staff.get(address)
        assert response.status_code == 200
        assert version.body in response.content.decode()
        assert address in staff.get(change(text)).content.decode()
        assert staff.post(address, {"body": "Changed."}).status_code == 403
    assert [body for _n, _t, body, _by in versions(text)] == ["Really.", "Second."]


def test_nothing_is_added_or_deleted(staff, text):
    version = text.versions.get()
    answers = {
        staff.get(LIST + "add/").status_code,
        staff.get("/admin/texts/textversion/add/").status_code,
        staff.post(reverse("admin:texts_text_delete", args=[text.pk]), {"post": "yes"}).status_code,
        staff.post(reverse("admin:texts_textversion_delete", args=[version.pk]), {"post": "yes"}).status_code,
    }
    assert answers == {403}


def test_one_may_look_without_changing(client, text):
    reader = make_member(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_text", "view_textversion"]))
    client.force_login(reader)
    assert client.get(change(text)).status_code == 200
    assert client.post(change(text), values(body="Changed.")).status_code == 403
    assert len(versions(text)) == 1


def test_texts_are_found_by_their_words(staff, text):
    found = staff.get(LIST, {"q": "Really"}).context["cl"].queryset
    assert [row.key for row in found] == ["house-rules"]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(staff, administrator, queries, number):
    for count in range(number):
        Text.write(f"text-{count}", title="One", body="One.", by=administrator)
        Text.write(f"text-{count}", title="Two", body="Two.", by=administrator)
    with queries(5):
        staff.get(LIST)
    with queries(6):
        staff.get("/admin/texts/textversion/")
    text = Text.objects.get(key="text-0")
    for count in range(number):
        Text.write("text-0", title="One", body=f"Version {count}.", by=administrator)
    with queries(5):
        staff.get(change(text))
