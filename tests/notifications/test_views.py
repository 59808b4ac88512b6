"""The inbox: one's own notices and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commons.notifications.models import Notice
from commons.notifications.notify import notify

pytestmark = pytest.mark.django_db

INBOX = "/inbox/"


def tell(member, number=1, **more):
    return [notify(member, "test", f"Notice {n}", email=False, **more) for n in range(number)]


@pytest.fixture
def inbox(client, member):
    client.force_login(member)
    return lambda path=INBOX: client.get(path)


def subjects(response):
    return [notice.subject for notice in response.context["notices"]]


class TestInbox:
    def test_visitors_are_asked_to_sign_in(self, client):
        response = client.get(INBOX)
        assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/inbox/")

    def test_own_notices_newest_first(self, inbox, member, other_member):
        tell(member, 3)
        notify(other_member, "test", "zqsecret", "zqsecret", email=False)
        response = inbox()
        assert subjects(response) == ["Notice 2", "Notice 1", "Notice 0"]
        assert "zqsecret" not in response.content.decode()

    def test_words_and_link(self, inbox, member):
        notify(member, "test", "A <b>subject</b>", "Two &\n\nparagraphs", url="/blog/1-a/", email=False)
        page = inbox().content.decode()
        assert '<a href="/blog/1-a/">A &lt;b&gt;subject&lt;/b&gt;</a>' in page
        assert "<p>Two &amp;</p>\n\n<p>paragraphs</p>" in page

    def test_twenty_a_page(self, inbox, member):
        tell(member, 41)
        assert len(subjects(inbox())) == 20
        assert subjects(inbox("/inbox/?page=3")) == ["Notice 0"]
        page = inbox("/inbox/?page=2").content.decode()
        assert "page 2 – " in page[page.index("<title>") : page.index("</title>")]
        assert 'href="/inbox/"' in page
        assert 'href="?page=3"' in page

    @pytest.mark.parametrize(
        "asked", ["abc", "0", "-1", "99", "99999999999999999999", "²", "%00", "1" * 5000]
    )
    def test_a_page_that_is_not_there(self, inbox, member, asked):
        tell(member, 1)
        assert inbox(f"/inbox/?page={asked}").status_code in {400, 404}

    def test_empty(self, inbox):
        page = inbox().content.decode()
        assert "Nothing here yet" in page
        assert "Mark all as read" not in page

    @pytest.mark.parametrize("number", [1, 3, 50])
    def test_the_same_queries_however_many(self, inbox, member, queries, number):
        tell(member, number, url="/blog/1-a/")
        inbox()
        with queries(5):  # session, member, count of notices, their page, count of unread
            inbox()

    def test_it_is_nobody_elses_to_keep(self, inbox):
        assert inbox()["Cache-Control"] == "private, no-store"


class TestReading:
    def test_marks_one_as_read_and_goes_back_to_it(self, client, member):
        client.force_login(member)
        first, second = tell(member, 2)
        response = client.post(reverse("notifications:read", args=[first.pk]), {"page": "2"})
        assert (response.status_code, response["Location"]) == (302, f"/inbox/?page=2#notice-{first.pk}")
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.read_at is not None
        assert second.read_at is None

    def test_the_first_reading_counts(self, client, member):
        client.force_login(member)
        (notice,) = tell(member)
        then = timezone.now() - timedelta(days=3)
        Notice.objects.update(read_at=then)
        client.post(reverse("notifications:read", args=[notice.pk]))
        notice.refresh_from_db()
        assert notice.read_at == then

    @pytest.mark.parametrize("asked", ["", "1", "abc", "²", "//evil.example", "9" * 400, "\x00"])
    def test_a_strange_page_leads_to_the_first(self, client, member, asked):
        client.force_login(member)
        (notice,) = tell(member)
        response = client.post(reverse("notifications:read", args=[notice.pk]), {"page": asked})
        assert response["Location"] == f"/inbox/#notice-{notice.pk}"

    def test_all_at_once_but_only_ones_own(self, client, member, other_member):
        client.force_login(member)
        tell(member, 3)
        tell(other_member, 2)
        assert client.post(reverse("notifications:read_all"))["Location"] == INBOX
        assert (member.notices.unread().count(), other_member.notices.unread().count()) == (0, 2)

    def test_anothers_notice_is_not_there(self, client, member, other_member):
        client.force_login(member)
        (notice,) = tell(other_member)
        assert client.post(reverse("notifications:read", args=[notice.pk])).status_code == 404
        assert other_member.notices.unread().count() == 1

    @pytest.mark.parametrize("number", [10**18, 2**63, 10**30])
    def test_a_number_that_is_nobodys(self, client, member, number):
        client.force_login(member)
        assert client.post(f"/inbox/{number}/read/").status_code == 404

    def test_not_by_get_not_without_token_and_not_for_visitors(self, member):
        (notice,) = tell(member)
        paths = [reverse("notifications:read", args=[notice.pk]), reverse("notifications:read_all")]
        strict, visitor = Client(enforce_csrf_checks=True), Client()
        strict.force_login(member)
        for path in paths:
            assert strict.get(path).status_code == 405
            assert strict.post(path).status_code == 403
            assert visitor.post(path).status_code == 302
        assert member.notices.unread().count() == 1
