"""What a request may do: change things from our own pages only, in the fields a form offers, and name no other host."""

import re
from hashlib import sha256

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from blog.models import Post
from profiles.models import Member
from tests.addresses import ROWS
from tests.factories import consume, make_member, make_post
from tests.profiles.joining import answers
from tests.world import build_world

pytestmark = pytest.mark.django_db
TOKEN = "a" * 32


class TestWhereAChangeComesFrom:
    @pytest.fixture
    def browser(self, member):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(member)
        browser.cookies["csrftoken"] = TOKEN
        return browser

    def post(self, browser, token=TOKEN, **headers):
        fields = {"title": "A draft", "audience": "everyone", "do": "draft", "csrfmiddlewaretoken": token}
        return browser.post("/blog/new/", fields, headers=headers).status_code

    def test_from_our_own_page(self, browser):
        assert self.post(browser) == 302
        assert self.post(browser, origin="http://testserver") == 302

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://testserver.evil.example", "https://testserver"]
    )
    def test_from_another_site(self, browser, origin):
        assert self.post(browser, origin=origin) == 403
        assert Post.objects.count() == 0

    @pytest.mark.parametrize("token", ["", "b" * 32, "a" * 31])
    def test_without_the_token(self, browser, token):
        assert self.post(browser, token) == 403
        del browser.cookies["csrftoken"]
        assert self.post(browser) == 403

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_by_no_other_method(self, client, member, method):
        post = make_post(member)
        client.force_login(member)
        for path in (
            post.get_absolute_url(),
            post.url_below("edit/"),
            "/members/me/edit/",
            "/blog/new/",
            "/",
        ):
            assert getattr(client, method)(path).status_code in {403, 405}, path


STATE_OF_THEIR_OWN = {"sessions.Session", "usersessions.UserSession"}  # that somebody is signed in


def everything():
    """A digest of each table."""
    return {
        model._meta.label: sha256(
            repr(list(model._default_manager.order_by("pk").values())).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.label not in STATE_OF_THEIR_OWN
    }


def test_reading_changes_nothing():
    world = build_world()
    readers = {reader: world.client_for(reader) for reader in {row.reader for row in ROWS.values()}}
    before = everything()  # after signing in, which notes when
    for row in ROWS.values():
        for path in row.paths(world)[:2]:
            for method in (readers[row.reader].get, readers[row.reader].head):
                consume(method(path))
    after = everything()
    assert {label for label in after if after[label] != before[label]} == set()


class TestForgedFields:
    """A form takes what it offers; all else in a post is nobody's business."""

    def test_a_post_written_and_edited(self, client, member, other_member):
        client.force_login(member)
        forged = {
            "status": "published", "reach": "2", "author": other_member.pk, "author_id": other_member.pk, "pk": "999",
            "id": "999", "kind": "report", "published_at": "2001-01-01", "created_at": "2001-01-01", "pinned": "1",
            "helpful_count": "99", "slug": "forged", "body_html": "<script>", "byline": "Somebody", "version": "0",
            "starter_key": "x", "card": "{}",
        }  # fmt: skip
        typed = {"title": "Mine", "body": "Words", "audience": "everyone", "do": "draft"}
        client.post("/blog/new/", {**typed, **forged})
        post = Post.objects.get()
        self.check(post, member)
        client.post(
            post.url_below("edit/"), {**typed, **forged, "title": "Mine still", "version": post.version}
        )
        post.refresh_from_db()
        assert post.title == "Mine still"
        self.check(post, member)

    def check(self, post, member):
        assert (post.status, post.reach, post.author, post.kind, post.published_at) == (
            "draft",
            0,
            member,
            "blog",
            None,
        )
        assert (post.helpful_count, post.byline, post.starter_key) == (0, "", None)
        assert post.pk != 999
        assert "forged" not in post.slug
        assert "script" not in post.body_html
        assert post.created_at.year == timezone.now().year

    RIGHTS = {
        "is_staff": "1", "is_superuser": "1", "is_active": "1", "confirmed_at": "2001-01-01", "groups": "1",
        "approved_at": "2001-01-01", "suspended_until": "", "hidden": "1", "user_permissions": "1", "password": "x",
        "joined_at": "2001-01-01", "about_html": "<script>", "terms_version": "",
    }  # fmt: skip

    def rights(self, member):
        member.refresh_from_db()
        return {
            name: getattr(member, name)
            for name in ("is_staff", "is_superuser", "hidden", "password", "email")
        } | {
            "groups": member.groups.count() + member.user_permissions.count(),
            "approved": member.approved_at,
            "html": member.about_html,
        }

    def test_a_profile(self, client, member):
        client.force_login(member)
        before = self.rights(member)
        response = client.post(
            "/members/me/edit/", {"display_name": "Ann", "email": "x@example.org", **self.RIGHTS}
        )
        assert response.status_code == 302
        assert self.rights(member) == before

    def test_joining(self, client):
        client.post("/accounts/signup/", {**answers(), **self.RIGHTS, "username": "admin", "language": "xx"})
        member = Member.objects.get(email="ann@example.org")
        assert self.rights(member) | {"password": ""} == {
            "is_staff": False, "is_superuser": False, "hidden": False, "password": "", "email": "ann@example.org",
            "groups": 0, "approved": None, "html": "",
        }  # fmt: skip
        assert (member.username, member.language, member.confirmed_at) == ("ann-lee", "en-gb", None)


class TestWhatARequestSaysOfItself:
    @pytest.mark.parametrize(
        "host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "", "a b"]
    )
    def test_another_host(self, client, host):
        assert client.get("/", headers={"host": host}).status_code == 400

    def test_forwarded_words_count_for_nothing_by_themselves(self, client):
        said = {
            "x-forwarded-host": "evil.example",
            "x-forwarded-proto": "https",
            "x-forwarded-for": "203.0.113.5",
        }
        response = client.get("/blog/", headers=said)
        assert (response.status_code, "evil.example" in response.content.decode()) == (200, False)
        assert response.wsgi_request.is_secure() is False
        assert response.wsgi_request.META["REMOTE_ADDR"] == "127.0.0.1"

    def tries(self, forwarded):
        """Ask for 21 resets, each forwarded as `forwarded` says; return the last status."""
        for number in range(21):
            status = (
                Client()
                .post(
                    "/accounts/password/reset/",
                    {"email": f"a{number}@example.org"},
                    headers={"x-forwarded-for": forwarded.format(number)},
                )
                .status_code
            )
        return status

    def test_limits_cannot_be_passed_by_claiming_to_be_somebody_else(self):
        assert self.tries("203.0.113.{}") == 429

    def test_nor_behind_a_proxy_by_claiming_more_than_it_adds(self, settings):
        settings.TRUST_PROXY, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
        assert self.tries("203.0.113.{}, 198.51.100.7") == 429

    def test_behind_a_proxy_each_visitor_has_their_own(self, settings):
        settings.TRUST_PROXY, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
        assert self.tries("203.0.113.{}") == 302

    def test_links_in_mails_name_the_configured_site(self, client, settings):
        settings.SITE_URL = "https://network.example.org"
        settings.ALLOWED_HOSTS = ["other.example"]
        make_member(email="ann@example.org")
        for path, typed in (
            ("/accounts/password/reset/", {"email": "ann@example.org"}),
            ("/accounts/password/reset/", {"email": "nobody@example.org"}),
            ("/accounts/signup/", answers(email="new@example.org")),
            ("/accounts/signup/", answers(email="ann@example.org")),
        ):
            client.post(path, typed, headers={"host": "other.example"})
        assert len(mail.outbox) == 4
        for message in mail.outbox:
            links = re.findall(r"https?://[^\s\"<>]+", f"{message.body} {message.alternatives}")
            assert links
            assert {link.split("/")[2] for link in links} == {"network.example.org"}
