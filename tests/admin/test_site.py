"""The admin as a whole: every model, the project's look, nothing its own policy would block."""

import re

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_member, make_post, make_report

pytestmark = pytest.mark.django_db

OURS = {"texts", "tagging", "files", "notifications", "moderation", "contributions", "search", "profiles", "blog",
        "casestudies", "events", "forum", "library", "network"}  # fmt: skip
# What members do for themselves, and what they typed and never sent: nobody else's business.
PRIVATE = {
    "contributions.Bookmark",
    "contributions.Follow",
    "contributions.Helpful",
    "contributions.KeptText",
    "contributions.ReadMark",
    "notifications.Digest",
    "notifications.EmailChoice",
    "profiles.Block",
    "profiles.PersonalMessage",
}
# Kept with what they belong to, private, or no more than an index.
NOT_BY_THEMSELVES = {
    *PRIVATE,
    "casestudies.Account",
    "casestudies.CostOrBenefit",
    "casestudies.Outcome",
    "casestudies.PrincipleShown",
    "casestudies.TakingPart",
    "contributions.Attachment",
    "contributions.CommentRevision",
    "contributions.TaggedContribution",
    "events.Occurrence",
    "events.Rsvp",
    "files.FileText",
    "files.StoredFile",
    "search.SearchEntry",
    "tagging.FormerKeyword",
    "profiles.Arrival",
    "profiles.DataCopy",
    "profiles.FormerUsername",
    "profiles.InvitedAddress",
    "profiles.Look",
    "profiles.HelpLine",
    "moderation.Flag",
    "moderation.Appeal",
    "moderation.ModeratorMail",
}


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def test_every_model_is_kept_there():
    models = {model for model in apps.get_models() if model._meta.app_label in OURS}
    registered = {model for model in models if django_admin.site.is_registered(model)}
    assert {model._meta.label for model in models - registered} <= NOT_BY_THEMSELVES
    assert not {model._meta.label for model in registered} & PRIVATE


def test_no_list_has_both_action_bars_off():
    """Django's template then writes an inline style, which the policy blocks."""
    for model, model_admin in django_admin.site._registry.items():
        assert model_admin.actions_on_top or model_admin.actions_on_bottom, model


def pages(client, member, administrator):
    post = make_post(member)
    make_report()
    post.remove(administrator, "Off topic.")
    yield reverse("admin:index")
    yield "/admin/nothing/"
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            yield reverse(f"{name}_change", args=[row.pk])


def test_no_page_holds_what_the_policy_blocks(admin, member, administrator):
    for path in pages(admin, member, administrator):
        response = admin.get(path)
        assert response.status_code < 500, path
        page = response.content.decode()
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == [], path
        assert set(re.findall(r'(?:src|href)="(https?:)?//', page)) == set(), path


def test_the_look_is_the_projects(admin, settings, administrator):
    page = admin.get("/admin/").content.decode()
    assert 'href="/static/css/admin.css"' in page
    assert settings.NETWORK_NAME in page
    assert "Django" not in page
    assert administrator.display_name in page
    assert administrator.email not in page


def test_signing_in_goes_through_the_sites_own_page(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_members_do_not_get_in(client, member):
    client.force_login(member)
    for path in ("/admin/", "/admin/login/"):
        response = client.get(path, follow=True)
        assert b"Recent actions" not in response.content
        assert response.status_code < 500


def test_staff_without_a_second_step_are_led_to_it(admin, settings):
    settings.NETWORK_STAFF_TWO_FACTOR = True
    assert admin.get("/admin/")["Location"] == reverse("mfa_activate_totp")


class TestWhatWaits:
    def test_mail_that_reaches_nobody(self, admin, settings):
        words = "E-mail reaches nobody yet"
        settings.MAIL_ONLY_TO_FOLDER = True
        assert words in admin.get("/admin/").content.decode()
        settings.MAIL_ONLY_TO_FOLDER = False
        assert words not in admin.get("/admin/").content.decode()

    def test_contributions(self, admin, member):
        assert "await" not in admin.get("/admin/").content.decode()
        for _number in range(2):
            make_post(member, publish=False).submit(member, held_because="First post.")
        page = admin.get("/admin/").content.decode()
        assert "2 contributions await approval" in page
        (address,) = re.findall(r'href="(/admin/contributions/contribution/\?[^"]+)"', page)
        assert len(admin.get(address.replace("&amp;", "&")).context["cl"].result_list) == 2

    def test_members_where_the_network_approves_them(self, admin, settings):
        for _number in range(2):
            make_member(confirmed=False, confirmed_at=timezone.now())
        assert "wait for your answer" not in admin.get("/admin/").content.decode()
        settings.NETWORK_APPROVES_MEMBERS = True
        page = admin.get("/admin/").content.decode()
        assert "2 new members wait for your answer" in page
        (address,) = re.findall(r'href="(/admin/profiles/member/\?[^"]+)"', page)
        assert len(admin.get(address).context["cl"].result_list) == 2


@pytest.mark.parametrize("number", ["9" * 25, "-" + "9" * 25])
def test_a_number_no_row_can_have_is_bad_input(admin, member, number):
    """Refused as a whole where the database can't be asked for it; else the form says that there is no such choice."""
    page = f"/admin/profiles/member/{member.pk}/change/"
    for field in ("groups", "user_permissions"):
        typed = {"display_name": "Ann", "email": member.email, field: number}
        answer = admin.post(page, typed)
        if connection.vendor == "sqlite":
            assert answer.status_code == 400
        else:
            assert (answer.status_code, field in answer.context["adminform"].form.errors) == (200, True)
