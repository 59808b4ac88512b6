"""Moderators and Editors: what each group can open in the admin, exactly, and that it can open nothing else."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from commons.contributions.models import Contribution, KeptText
from commons.moderation.models import Decision, Flag
from commons.tagging.models import Keyword
from commons.texts.models import Text
from profiles.models import Member
from tests.factories import (
    make_administrator,
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_link,
    make_member,
    make_moderator,
    make_post,
    make_report,
    make_thread,
    make_video,
)

pytestmark = pytest.mark.django_db

PERMISSIONS = {
    "Moderators": {
        "contributions.moderate_contribution", "moderation.view_case", "moderation.view_decision",
        "profiles.moderate_member",
    },
    "Editors": {
        "library.add_report", "library.change_report", "library.view_report",
        "library.change_link", "library.view_link",
        "tagging.add_principle", "tagging.change_principle", "tagging.view_principle",
        "tagging.add_servicesector", "tagging.change_servicesector", "tagging.view_servicesector",
        "tagging.add_keyword", "tagging.change_keyword", "tagging.delete_keyword", "tagging.view_keyword",
        "tagging.delete_formerkeyword", "tagging.view_formerkeyword",
        "profiles.add_editorsbadge", "profiles.change_editorsbadge", "profiles.view_editorsbadge",
        "profiles.add_held", "profiles.delete_held", "profiles.view_held",
        "texts.change_text", "texts.view_text", "texts.view_textversion",
    },
}  # fmt: skip
# By model: the pages that open. All others are refused.
OPEN = {
    "Moderators": {
        "moderation.case": {"changelist", "change", "history"},
        "moderation.decision": {"changelist", "change", "history"},
        "contributions.contribution": {"changelist", "change", "history"},
        "contributions.revision": {"changelist", "change", "history"},
        "contributions.comment": {"changelist", "change", "history"},
        "blog.post": {"changelist", "change", "history"},
        "forum.thread": {"changelist", "change", "history"},
        "events.event": {"changelist", "change", "history"},
        "casestudies.casestudy": {"changelist", "change", "history"},
        "library.report": {"changelist", "change", "history"},
        "library.link": {"changelist", "change", "history"},
        "library.document": {"changelist", "change", "history"},
        "library.video": {"changelist", "change", "history"},
        "profiles.member": {"changelist", "change", "history"},
    },
    "Editors": {
        "library.report": {"changelist", "add", "change", "history"},
        "library.link": {"changelist", "change", "history"},
        "tagging.principle": {"changelist", "add", "change", "history"},
        "tagging.servicesector": {"changelist", "add", "change", "history"},
        "tagging.keyword": {"changelist", "add", "change", "delete", "history"},
        "tagging.formerkeyword": {"changelist", "change", "delete", "history"},
        "profiles.editorsbadge": {"changelist", "add", "change", "history"},
        "profiles.held": {"changelist", "add", "change", "delete", "history"},
        "texts.text": {"changelist", "change", "history"},
        "texts.textversion": {"changelist", "change", "history"},
    },
}


def editor():
    made = make_member("Edi Tor", is_staff=True)
    made.groups.add(Group.objects.get(name="Editors"))
    return made


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def pages():
    """Yield (model, page, path) for every page of every model in the admin."""
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        for page in ("changelist", "add", "change", "delete", "history"):
            if page in {"changelist", "add"}:
                yield model._meta.label_lower, page, reverse(f"{name}_{page}")
            elif row is not None:
                yield model._meta.label_lower, page, reverse(f"{name}_{page}", args=[row.pk])


@pytest.mark.parametrize("name", PERMISSIONS)
def test_what_a_group_may(name):
    permissions = Group.objects.get(name=name).permissions.select_related("content_type")
    assert {f"{p.content_type.app_label}.{p.codename}" for p in permissions} == PERMISSIONS[name]


@pytest.mark.parametrize(("name", "make"), [("Moderators", make_moderator), ("Editors", editor)])
def test_what_a_group_can_open(name, make, member, administrator):
    post = make_post(member, keywords=["gardens"])
    make_report()
    make_link(member)
    make_document(member)
    make_video(member)
    make_comment(make_thread(member))
    make_event(member)
    make_case_study(member)
    Flag.objects.report(post, reason="spam", email="vi@example.org")
    mail.outbox.clear()
    client = signed_in(make())
    opened, wrong = {}, []
    for model, page, path in pages():
        status = client.get(path).status_code
        if status == 200:
            opened.setdefault(model, set()).add(page)
        elif status not in {302, 403, 404}:
            wrong.append((path, status))
        if client.post(path, {}).status_code >= 500:
            wrong.append((path, "POST"))
    assert wrong == []
    expected = {
        model: {page for page in seen if page not in {"change", "delete", "history"} or _has_row(model)}
        for model, seen in OPEN[name].items()
    }
    assert opened == expected


def _has_row(label):
    return apps.get_model(label)._default_manager.exists()


@pytest.mark.parametrize("make", [make_moderator, editor])
def test_what_else_there_is_in_the_admin(make, member):
    client = signed_in(make())
    for path in ("/admin/", "/admin/jsi18n/"):
        assert client.get(path).status_code == 200
    for path in (f"/admin/profiles/member/{member.pk}/password/", "/admin/auth/", "/admin/notifications/"):
        assert client.get(path).status_code in {403, 404}


@pytest.mark.parametrize("make", [make_moderator, editor, make_administrator])
def test_no_address_of_the_admin_leads_to_what_it_does_not_show(make, member):
    """The address of a draft tells its title, and an account that is not confirmed is for few to know of."""
    client = signed_in(make())
    draft = make_post(member, publish=False, title="Secret plans")
    listed = make_post(member, title="Listed")
    for model in (Contribution, Post):
        kind = ContentType.objects.get_for_model(model).pk
        for number in (draft.pk, "9" * 25, "x"):
            assert client.get(f"/admin/r/{kind}/{number}/").status_code in {400, 404}
        shown = client.get(f"/admin/r/{kind}/{listed.pk}/")
        assert (shown.status_code, shown.headers.get("Location", "")) == (
            (404, "") if make is editor else (302, listed.get_absolute_url())
        )
    for kind in (0, "9" * 12, ContentType.objects.get_for_model(KeptText).pk):
        assert client.get(f"/admin/r/{kind}/1/").status_code == 404


def test_what_administrators_made_of_a_group_stays():
    """The migration that seeds them does nothing to a group that is there."""
    group = Group.objects.get(name="Moderators")
    group.permissions.clear()
    migration = importlib.import_module("network.migrations.0004_groups")
    migration.seed(MigrationLoader(connection).project_state().apps, SimpleNamespace(connection=connection))
    assert group.permissions.count() == 0
    assert Group.objects.count() == 2


class TestAModeratorAndMembers:
    @pytest.fixture
    def moderator(self):
        return make_moderator()

    @pytest.fixture
    def desk(self, moderator):
        return signed_in(moderator)

    def do(self, desk, action, *members, **more):
        chosen = [member.pk for member in members]
        values = {"action": action, "_selected_action": chosen, **more}
        return desk.post("/admin/profiles/member/", values, follow=True)

    def test_see_no_address_and_no_rights(self, desk, member):
        page = f"/admin/profiles/member/{member.pk}/change/"
        for path in ("/admin/profiles/member/", page, f"{page}?_popup=1"):
            shown = desk.get(path).content.decode()
            assert member.display_name in shown
            for secret in (
                member.email,
                "example.org",
                "is_superuser",
                member.password[:12],
                "user_permissions",
            ):
                assert secret not in shown, (path, secret)

    @pytest.mark.parametrize(
        "query",
        ["email__startswith=member", "email=x", "password__startswith=a", "is_superuser__exact=1",
         "groups__id__exact=1", "last_login__isnull=1"],
    )  # fmt: skip
    def test_cannot_guess_addresses_by_narrowing_the_list(self, desk, member, query):
        assert desk.get(f"/admin/profiles/member/?{query}").status_code == 400

    @pytest.mark.parametrize(
        "query",
        ["about__email__startswith=m", "flags__email__startswith=v", "flags__by__exact=1", "flags__by__display_name=Vi",
         "closed_by__password__startswith=a"],
    )  # fmt: skip
    def test_cannot_guess_addresses_or_reporters_by_narrowing_the_queue(self, desk, query):
        assert desk.get(f"/admin/moderation/case/?{query}").status_code == 400

    def test_cannot_search_for_addresses(self, desk, member):
        found = desk.get("/admin/profiles/member/", {"q": member.email.partition("@")[0]})
        assert found.context["cl"].result_count == 0
        assert desk.get("/admin/profiles/member/", {"q": "Ann"}).context["cl"].result_count == 1

    def test_cannot_change_or_add(self, desk, member):
        path = f"/admin/profiles/member/{member.pk}/change/"
        values = {"display_name": "Changed", "email": "x@example.org", "is_staff": "on"}
        assert desk.post(path, values).status_code == 403
        assert desk.post("/admin/profiles/member/add/", values).status_code == 403
        for action in ("confirm_selected", "send_confirmation_again", "download_members", "delete_selected"):
            response = self.do(desk, action, member, post="yes")
            assert member.email not in response.content.decode()
        member.refresh_from_db()
        assert (member.display_name, member.is_staff) == ("Ann Lee", False)
        assert mail.outbox == []

    def test_let_in_suspend_hide_and_give_back(self, desk, member, moderator):
        waiting = make_member("New", confirmed=False, confirmed_at=timezone.now())
        self.do(desk, "approve_selected", waiting)
        self.do(desk, "suspend_selected", member, last_day="2998-12-31", reason="Why.")
        self.do(desk, "hide_selected", member)
        self.do(desk, "hide_written_selected", member)
        fresh = Member.objects.get(pk=member.pk)
        assert (fresh.is_suspended, fresh.hidden, fresh.contributions_hidden) == (True, True, True)
        for action in ("lift_selected", "show_selected", "show_written_selected"):
            self.do(desk, action, member)
        fresh = Member.objects.get(pk=member.pk)
        assert (fresh.is_suspended, fresh.hidden, fresh.contributions_hidden) == (False, False, False)
        assert Member.objects.get(pk=waiting.pk).may_act
        assert set(Decision.objects.exclude(by=moderator).values_list("action", flat=True)) == set()

    def test_stop_spammers(self, desk, member, other_member):
        page = self.do(desk, "spammer_selected", member, other_member)
        assert "Ann Lee" in page.content.decode()
        assert not Member.objects.get(pk=member.pk).is_spammer
        page = self.do(desk, "spammer_selected", member, other_member, reason="You sell pills.")
        assert "2 spammers stopped." in page.content.decode()
        for stopped in (member, other_member):
            assert Member.objects.get(pk=stopped.pk).is_spammer
            assert "You sell pills." in stopped.notices.first().text
        self.do(desk, "lift_selected", member)
        assert (Member.objects.get(pk=member.pk).may_act, Member.objects.get(pk=member.pk).hidden) == (
            True,
            False,
        )

    def test_not_about_themselves_nor_about_an_administrator(self, desk, moderator):
        boss = make_administrator("Boss")
        for action in ("hide_selected", "suspend_selected", "spammer_selected", "hide_written_selected"):
            page = self.do(desk, action, boss, moderator, last_day="2998-12-31", reason="Why.")
            assert "You can’t decide about yourself." in page.content.decode()
        for member in Member.objects.all():
            assert (member.hidden, member.contributions_hidden, member.is_suspended) == (False, False, False)
        assert Decision.objects.count() == 0


def test_an_editor_keeps_texts_and_vocabularies(administrator):
    client = signed_in(editor())
    text = Text.objects.get(key="about")
    response = client.post(
        f"/admin/texts/text/{text.pk}/change/",
        {"language": "en-gb", "title": "About us", "summary": "", "body": "New words.", "number": 1},
    )
    assert response.status_code == 302
    assert Text.objects.current("about", "en-gb").body == "New words."
    assert client.post("/admin/tagging/keyword/add/", {"name": "gardens"}).status_code == 302
    assert Keyword.objects.filter(name="gardens").exists()
