"""Contributions in the admin: read, found, decided about; members' words are not touched."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from commons.contributions.models import Contribution, Revision
from commons.moderation.models import Decision
from commons.tagging.models import Principle
from tests.factories import make_member, make_post, make_report, values_for

pytestmark = pytest.mark.django_db

LIST = "/admin/contributions/contribution/"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def moderator(client):
    member = make_member("Mo Derator", is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="moderate_contribution"))
    client.force_login(member)
    return client


def act(client, action, *items, path=LIST, **more):
    values = {"action": action, "_selected_action": [item.pk for item in items], **more}
    return client.post(path, values, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def titles(response):
    return [item.title for item in response.context["cl"].result_list]


def state_of(item):
    return Contribution.objects.get(pk=item.pk).status


class TestList:
    def test_title_kind_author_status_date_and_reach(self, admin, member):
        make_post(member, title="A members’ post", audience="members")
        page = admin.get(LIST).content.decode()
        for words in ("A members’ post", "Blog post", "Ann Lee", "Published", "Members"):
            assert words in page

    def test_nobody_reads_a_members_draft(self, admin, moderator, member):
        draft = make_post(member, title="zqdraft", publish=False)
        withdrawn = make_post(member, title="zqnever", publish=False)
        withdrawn.withdraw(member)
        for client in (admin, moderator):
            assert titles(client.get(LIST)) == []
            assert client.get(f"{LIST}{draft.pk}/change/").status_code == 302
            assert client.get("/admin/contributions/revision/").context["cl"].result_count == 0
            assert "zq" not in client.get("/admin/moderation/decision/").content.decode()

    def test_search_by_title_summary_and_author(self, admin, member):
        make_post(member, title="Gardens", summary="About allotments")
        make_post(make_member("Zoë Ånn"), title="Kitchens")
        for words, found in {
            "garden": ["Gardens"],
            "allotment": ["Gardens"],
            "Zoë": ["Kitchens"],
            "q": [],
        }.items():
            assert titles(admin.get(LIST, {"q": words})) == found

    def test_filters(self, admin, member, administrator):
        principles = list(_principles(2))
        make_post(member, title="One", principles=principles[:1])
        removed = make_post(member, title="Two", principles=principles, audience="members")
        removed.remove(administrator, "Off topic.")
        make_report(title="Three", year=2009)
        make_post(member, title="Four", publish=False).submit(member, held_because="First post.")
        for query, found in {
            "status__exact=removed": {"Two"},
            "status__exact=awaiting": {"Four"},
            "kind=report": {"Three"},
            "kind=blog": {"One", "Two", "Four"},
            "audience__exact=members": {"Two"},
            f"principles__id__exact={principles[1].pk}": {"Two"},
            "year=2009": {"Three"},
        }.items():
            assert set(titles(admin.get(f"{LIST}?{query}"))) == found, query
        by_sector = admin.get(f"{LIST}?sectors__id__exact={removed.sectors.get().pk}")
        assert set(titles(by_sector)) == {"One", "Two", "Three", "Four"}

    def test_blog_posts_alone(self, admin, member):
        make_post(member, title="A post")
        make_report(title="A report")
        response = admin.get("/admin/blog/post/")
        assert titles(response) == ["A post"]
        assert "By kind" not in response.content.decode()

    @pytest.mark.parametrize("path", [LIST, "/admin/blog/post/"])
    def test_the_same_queries_however_many(self, admin, queries, path):
        for more in (1, 2, 47):
            for _one in range(more):
                make_post()
            admin.get(path)
            with queries(7):  # session, member, count, rows, and the filters: principles, sectors, years
                assert admin.get(path).status_code == 200

    @pytest.mark.parametrize(
        "query",
        ["year=abc", "year=99999999999999999999", "principles__id__exact=abc", "p=abc", "p=99999999999999999999",
         "o=abc", "o=99999999999999999999.-1", "q=%00", "status__exact=%ED%A0%80", "kind=%C2%B2", "all=", "e=1",
         "sectors__id__exact=99999999999999999999", "nothing=1", "_popup=1", "_to_field=password",
         "author__password__startswith=a"],
    )  # fmt: skip
    def test_strange_queries(self, admin, member, query):
        make_post(member)
        assert admin.get(f"{LIST}?{query}", follow=True).status_code < 500


class TestPage:
    def test_the_text_is_shown_as_readers_see_it_and_cannot_be_changed(self, admin, member):
        post = make_post(member, title="A <b>title</b>", body="Some **bold** words <script>alert(1)</script>")
        page = admin.get(f"{LIST}{post.pk}/change/").content.decode()
        assert "<strong>bold</strong>" in page
        assert "A &lt;b&gt;title&lt;/b&gt;" in page
        assert "<script>alert" not in page
        for name in ("title", "body", "summary", "status", "audience"):
            assert f'name="{name}"' not in page
        changed = {"title": "Mine", "body": "Mine", "status": "removed", "audience": "members"}
        assert admin.post(f"{LIST}{post.pk}/change/", changed).status_code == 403
        assert Contribution.objects.get(pk=post.pk).title == "A <b>title</b>"

    def test_status_cannot_be_changed_on_a_report_either(self, admin):
        report = make_report()
        path = f"/admin/library/report/{report.pk}/change/"
        assert 'name="status"' not in admin.get(path).content.decode()
        admin.post(path, {"title": "New", "status": "removed", "reach": "0"})
        assert state_of(report) == "published"

    def test_who_decided_what_when_and_why(self, admin, administrator, member, queries):
        post = make_post(member)
        post.remove(administrator, "It names <a> patient.")
        post.restore(administrator)
        page = admin.get(f"{LIST}{post.pk}/change/").content.decode()
        table = page[page.index('id="decisions"') : page.index('id="versions"')]
        for words in (
            "Sent in by its author",
            "Ann Lee",
            "Removed",
            "Admin Istrator",
            "It names &lt;a&gt; patient.",
        ):
            assert words in table
        assert table.index("Restored") < table.index("Removed") < table.index("Sent in by its author")

    def test_every_saved_version_can_be_read(self, admin, member):
        post = make_post(member, title="First <words>", keywords=["gardens"])
        post.revise(member, values_for(title="Second words"), version=1)
        page = admin.get(f"{LIST}{post.pk}/change/").content.decode()
        first = Revision.objects.get(contribution_id=post.pk, number=1)
        address = f"/admin/contributions/revision/{first.pk}/change/"
        assert f'href="{address}"' in page
        shown = admin.get(address).content.decode()
        assert "First &lt;words&gt;" in shown
        assert "gardens" in shown
        assert post.principles.get().name in shown
        assert admin.post(address, {"number": "9"}).status_code == 403

    def test_the_same_queries_however_long_the_history(self, admin, administrator, member, queries):
        post = make_post(member)
        for more in (1, 2, 22):
            for _time in range(more):
                post.remove(administrator, "Off topic.")
                post.restore(administrator)
            admin.get(f"{LIST}{post.pk}/change/")
            with queries(6):  # session, member, item, its author, decisions, versions
                admin.get(f"{LIST}{post.pk}/change/")

    def test_what_can_be_done_stands_on_the_page(self, admin, administrator, member):
        post = make_post(member)
        buttons = ("approve_selected", "remove_selected", "restore_selected")

        def offered():
            page = admin.get(f"{LIST}{post.pk}/change/").content.decode()
            return [name for name in buttons if f'value="{name}"' in page]

        assert offered() == ["remove_selected"]
        post.remove(administrator, "Off topic.")
        assert offered() == ["restore_selected"]
        response = act(admin, "restore_selected", post, from_item="1")
        assert response.redirect_chain[-1][0] == f"{LIST}{post.pk}/change/"

    @pytest.mark.parametrize("pk", ["0", "abc", "99999999999999999999", "1_", "²", "-1"])
    def test_an_item_that_is_not_there(self, admin, pk):
        assert admin.get(f"{LIST}{pk}/change/").status_code in {302, 400, 404}


class TestDeciding:
    def test_remove_asks_why_first(self, admin, member):
        post = make_post(member, title="A <title>")
        response = act(admin, "remove_selected", post)
        assert response.templates[0].name == "admin/contributions/remove.html"
        assert "A &lt;title&gt;" in response.content.decode()
        assert state_of(post) == "published"

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "\x00"])
    def test_a_removal_without_a_good_reason_is_asked_for_again(self, admin, member, reason):
        post = make_post(member)
        response = act(admin, "remove_selected", post, reason=reason)
        assert response.context["form"].errors
        page = response.content.decode()
        assert page.index("<title>Error: ") < page.index("</title>")
        assert reason.strip("\x00 ") in page
        assert state_of(post) == "published"

    def test_removed_with_a_reason_and_put_back(self, admin, administrator, member):
        post, other = make_post(member, title="One"), make_post(member, title="Two")
        mail.outbox.clear()
        response = act(admin, "remove_selected", post, other, reason="  Off topic.\n\nSorry.  ")
        assert messages_of(response) == ["Removed: “One” and “Two”."]
        assert (state_of(post), state_of(other)) == ("removed", "removed")
        decision = Decision.objects.about(post).first()
        assert (decision.by, decision.reason) == (administrator, "Off topic.\n\nSorry.")
        assert [message.to for message in mail.outbox] == [[member.email]] * 2
        assert "Off topic.\n\nSorry." in mail.outbox[0].body
        assert member.notices.count() == 2
        response = act(admin, "restore_selected", post)
        assert messages_of(response) == ["Restored: “One”."]
        assert (state_of(post), state_of(other)) == ("published", "removed")
        assert mail.outbox[-1].subject == "“One” is back"

    def test_approve(self, admin, administrator, member):
        post = make_post(member, title="One", publish=False)
        post.submit(member, held_because="First post.")
        assert messages_of(act(admin, "approve_selected", post)) == ["Approved: “One”."]
        assert state_of(post) == "published"
        assert Decision.objects.about(post).first().by == administrator
        assert member.notices.get().subject == "“One” is now published"

    def test_each_that_was_refused_is_named_with_its_state(self, admin, administrator, member):
        there, gone = make_post(member, title="There"), make_post(member, title="Gone")
        gone.withdraw(member)
        response = act(admin, "remove_selected", there, gone, reason="Off topic.")
        assert messages_of(response) == [
            "Nothing was done about “Gone”: it is in the state “Withdrawn”.",
            "Removed: “There”.",
        ]

    def test_two_moderators_the_second_is_told(self, admin, administrator, member):
        post = make_post(member, title="One")
        act(admin, "remove_selected", post)
        post.remove(administrator, "Spam.")
        response = act(admin, "remove_selected", post, reason="Off topic.")
        assert messages_of(response) == ["Nothing was done about “One”: it is in the state “Removed”."]
        assert member.notices.count() == 1

    def test_a_reports_card_keeps_what_is_its_kinds_own(self, admin):
        report = make_report(title="R")
        before = Contribution.objects.get(pk=report.pk).card
        act(admin, "remove_selected", report, reason="Wrong.")
        act(admin, "restore_selected", report)
        assert Contribution.objects.get(pk=report.pk).card == before
        assert "dated" in before

    def test_too_many_at_once(self, admin, member, monkeypatch):
        monkeypatch.setattr("commons.contributions.deciding_admin.MOST_AT_ONCE", 2)
        posts = [make_post(member) for _number in range(3)]
        for action in ("remove_selected", "restore_selected"):
            response = act(admin, action, *posts, reason="Spam.")
            assert messages_of(response) == ["Choose at most 2 at once."]
        assert {state_of(post) for post in posts} == {"published"}

    @pytest.mark.parametrize("chosen", ["abc", "\x00", "99999999999999999999", "²", ""])
    def test_strange_choices(self, admin, member, chosen):
        make_post(member)
        for action in ("remove_selected", "approve_selected", "nothing"):
            values = {"action": action, "_selected_action": chosen, "index": "abc", "reason": "Why"}
            assert admin.post(LIST, values).status_code < 500


class TestWhoMay:
    def test_a_moderator_needs_no_other_permission(self, moderator, member):
        post = make_post(member)
        assert moderator.get("/admin/").status_code == 200
        assert titles(moderator.get(LIST)) == [post.title]
        act(moderator, "remove_selected", post, reason="Off topic.")
        assert state_of(post) == "removed"

    def test_staff_without_it_see_but_do_not_decide(self, client, member):
        staff = make_member("St Aff", is_staff=True)
        staff.user_permissions.add(Permission.objects.get(codename="view_contribution"))
        client.force_login(staff)
        post = make_post(member)
        response = client.get(LIST)
        assert titles(response) == [post.title]
        assert "remove_selected" not in response.content.decode()
        act(client, "remove_selected", post, reason="Off topic.")
        assert state_of(post) == "published"
        assert "remove_selected" not in client.get(f"{LIST}{post.pk}/change/").content.decode()

    def test_members_and_visitors_are_sent_away(self, client, member):
        post = make_post(member)
        for _who in ("visitor", "member"):
            for path in (LIST, f"{LIST}{post.pk}/change/"):
                assert client.get(path).status_code == 302
            client.post(LIST, {"action": "remove_selected", "_selected_action": post.pk, "reason": "Why"})
            client.force_login(member)
        assert state_of(post) == "published"

    def test_nobody_adds_or_deletes(self, admin, member):
        post = make_post(member)
        for path in (f"{LIST}add/", f"{LIST}{post.pk}/delete/", "/admin/blog/post/add/"):
            assert admin.get(path).status_code == 403
        act(admin, "delete_selected", post, post="yes")
        assert Contribution.objects.count() == 1

    def test_not_without_a_token(self, administrator, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator)
        post = make_post(member)
        values = {"action": "remove_selected", "_selected_action": post.pk, "reason": "Why"}
        assert client.post(LIST, values).status_code == 403
        assert state_of(post) == "published"


def _principles(number):
    return Principle.objects.order_by("order")[:number]
