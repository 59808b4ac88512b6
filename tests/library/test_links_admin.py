"""Links in the admin: those that can't be reached are found, and what the starter library brought can be put right."""

import pytest
from django.contrib.auth.models import Group

from commons.contributions.models import Contribution
from library.link_checking import keep
from library.models import Link
from network.starter_library import load
from tests.factories import make_link, make_member
from tests.library.test_links_checking import START, WEEK

pytestmark = pytest.mark.django_db
LIST = "/admin/library/link/"


@pytest.fixture
def editor(client):
    member = make_member("Edi Tor", is_staff=True)
    member.groups.add(Group.objects.get(name="Editors"))
    client.force_login(member)
    return client


@pytest.fixture
def starter():
    load(["links"])
    return Link.objects.get(starter_key="link/kiva")


def looked_at(link, *problems):
    for week, problem in enumerate(problems):
        keep(link, problem, START + week * WEEK)
    return link


def test_what_can_not_be_reached_is_one_click_away(client, administrator):
    gone = looked_at(make_link(), *["not-found"] * 3)
    failing = looked_at(make_link(), "not-found")
    there = looked_at(make_link(), "")
    new = make_link()
    client.force_login(administrator)
    found = {
        chosen: set(client.get(LIST, {"gone": chosen} if chosen else {}).context["cl"].result_list)
        for chosen in ("yes", "failing", "no", "")
    }
    assert found == {"yes": {gone}, "failing": {failing}, "no": {there}, "": {gone, failing, there, new}}


def shown(form):
    """Return what a browser sends of a form that nobody has changed: of a file field that is empty, nothing."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def test_an_editor_puts_right_what_the_starter_library_brought(editor, starter):
    looked_at(starter, *["not-found"] * 3)
    page = editor.get(f"{LIST}{starter.pk}/change/")
    form = page.context["adminform"].form
    values = shown(form)
    sent = {**values, "keywords": "funding", "url": "https://www.kiva.example.org/", "byline": "Kiva"}
    answer = editor.post(f"{LIST}{starter.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    changed = Link.objects.get(pk=starter.pk)
    assert (changed.url, changed.byline, changed.version, changed.dead_since) == (
        "https://www.kiva.example.org/", "Kiva", 2, None,
    )  # fmt: skip
    assert changed.title == "KIVA"
    assert str(load(["links"])[0]) == "links: 8 unchanged, 1 left alone because an editor changed it"


def test_not_to_the_address_of_another_and_not_over_a_newer_version(editor, starter, administrator):
    other = make_link(url="https://example.org/other", title="Another")
    form = editor.get(f"{LIST}{starter.pk}/change/").context["adminform"].form
    values = {**shown(form), "keywords": ""}
    answer = editor.post(f"{LIST}{starter.pk}/change/", {**values, "url": other.url})
    assert list(answer.context["adminform"].form.errors) == ["url"]
    starter.revise(administrator, {"title": "Changed meanwhile"}, version=starter.version)
    answer = editor.post(f"{LIST}{starter.pk}/change/", values)
    assert [error.code for error in answer.context["adminform"].form.errors.as_data()["__all__"]] == ["stale"]
    assert Link.objects.get(pk=starter.pk).title == "Changed meanwhile"


def test_a_member_s_words_are_not_changed(editor):
    link = make_link(title="Theirs")
    page = editor.get(f"{LIST}{link.pk}/change/")
    assert b'name="title"' not in page.content
    assert editor.post(f"{LIST}{link.pk}/change/", {"title": "Ours"}).status_code == 403
    assert Contribution.objects.get(pk=link.pk).title == "Theirs"
