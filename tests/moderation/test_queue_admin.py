"""The queue in the admin: what a moderator sees of a case, and what they can do about it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commons.moderation.models import Appeal, Case, Decision, Flag
from commons.moderation.steps import STEPS
from profiles.models import Member
from tests.factories import make_administrator, make_member, make_moderator, make_post

pytestmark = pytest.mark.django_db
LIST = "/admin/moderation/case/"


@pytest.fixture
def moderator(db):
    return make_moderator("Mo One")


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


@pytest.fixture
def post(member):
    return make_post(member, title="A <post>", body="Some **bold** words <script>alert(1)</script>")


def report(thing, **more):
    return Flag.objects.report(thing, **{"reason": "spam", "words": "Look at this.", **more})


def held(author, **values):
    post = make_post(author, publish=False, **values)
    post.submit(author, held_because="It has links.")
    return post


def case_of(thing):
    return Case.objects.about(thing).latest("pk")


def page_of(case):
    return f"{LIST}{case.pk}/change/"


def step_of(case, code):
    return f"{LIST}{case.pk}/step/{code}/"


def take(client, case, code, *, seen_open="1", **values):
    return client.post(step_of(case, code), {"seen_open": seen_open, **values}, follow=True)


def titles(response):
    return [case.title for case in response.context["cl"].result_list]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def offered(client, case):
    page = client.get(page_of(case)).content.decode()
    return [step.code for step in STEPS if f'href="{step_of(case, step.code)}"' in page]


class TestList:
    def test_what_waits_the_longest_first(self, desk, member):
        for number, title in enumerate(["Youngest", "Middle", "Oldest"]):
            held(member, title=title)
            since = timezone.now() - timedelta(days=number)
            Case.objects.filter(target_label=title).update(opened_at=since)
        case_of(report(make_post(member, title="Kept")).case.target()).keep(make_moderator())
        assert titles(desk.get(LIST)) == ["Oldest", "Middle", "Youngest"]
        assert titles(desk.get(f"{LIST}?state=all")) == ["Oldest", "Middle", "Youngest", "Kept"]
        assert titles(desk.get(f"{LIST}?state=closed")) == ["Kept"]

    def test_what_stands_in_a_row(self, desk, member):
        post = make_post(member, title="A title", summary="In short.")
        for number in range(3):
            report(post, words=str(number))
        row = desk.get(LIST).content.decode()
        for words in (
            "A title",
            "Reported (3 reports)",
            "Blog post",
            "Ann Lee",
            "In short.",
            page_of(case_of(post)),
        ):
            assert words in row

    def test_an_empty_queue_says_so(self, desk, member):
        words = "Nothing waits for you."
        assert words in desk.get(LIST).content.decode()
        assert words not in desk.get(f"{LIST}?why=spam").content.decode()
        report(make_post(member))
        assert words not in desk.get(LIST).content.decode()

    def test_filters_and_search(self, desk, member, moderator):
        held(member, title="Held")
        flag = report(make_post(member, title="Reported"))
        report(make_member("Zoë Ånn"))
        for query, found in {
            "why=awaiting": {"Held"},
            "why=reported": {"Reported", "Zoë Ånn"},
            "kind=member": {"Zoë Ånn"},
            "kind=contribution": {"Held", "Reported"},
            "q=Zo%C3%AB": {"Zoë Ånn"},
            f"q={flag.reference}": {"Reported"},
        }.items():
            assert set(titles(desk.get(f"{LIST}?{query}"))) == found, query

    def test_the_same_queries_however_many(self, desk, queries, other_member):
        for more in (1, 2, 47):
            for _one in range(more):
                post = held(make_member())
                report(post, by=other_member)
                report(post.author)
            desk.get(LIST)
            # session, member, permissions (2), count, rows, contributions, members
            with queries(8):
                assert desk.get(f"{LIST}?all=").status_code == 200

    def test_approving_and_keeping_several_at_once(self, desk, member, moderator):
        waiting = [held(member, title=f"W{number}") for number in range(2)]
        fine = make_post(member, title="F")
        report(fine)
        chosen = list(Case.objects.values_list("pk", flat=True))
        approved = desk.post(LIST, {"action": "approve_selected", "_selected_action": chosen}, follow=True)
        assert messages_of(approved) == [
            "Nothing was done about “F”: as things stand, this step is not for you to take.",
            "Approved: “W0” and “W1”.",
        ]
        kept = desk.post(LIST, {"action": "keep_selected", "_selected_action": chosen}, follow=True)
        assert messages_of(kept) == ["Kept: “F”."]
        assert {type(p).objects.get(pk=p.pk).status for p in [*waiting, fine]} == {"published"}
        assert Case.objects.waiting().count() == 0
        assert set(Decision.objects.filter(action__in=["approve", "keep"]).values_list("by", flat=True)) == {
            moderator.pk
        }

    @pytest.mark.parametrize(
        "query",
        ["state=x", "why=%00", "kind=%C2%B2", "p=abc", "p=99999999999999999999", "o=1", "o=abc", "q=%00", "e=1",
         "about__email__startswith=a", "flags__email__startswith=a", "flags__by=1", "about=99999999999999999999",
         "_to_field=password", "outcome__reference__startswith=A"],
    )  # fmt: skip
    def test_strange_queries(self, desk, post, query):
        report(post, email="vi@example.org")
        response = desk.get(f"{LIST}?{query}", follow=True)
        assert response.status_code < 500
        assert "vi@example.org" not in response.content.decode()


class TestCase:
    def test_everything_about_it_stands_on_one_page(self, desk, post, moderator, other_member):
        report(post, by=other_member, words="It is <b>wrong</b>.", reason="harm")
        flag = report(post, email="vi@example.org", words="Spam!")
        post.remove(make_moderator("Mo Two"), "It names a neighbour.")
        post.author.hide(moderator, reason="A picture of somebody else.")
        Appeal.objects.make(Decision.objects.about(post).first(), post.author, "She <i>agreed</i>.")
        shown = desk.get(page_of(case_of(post))).content.decode()
        for words in (
            "<strong>bold</strong>", "A &lt;post&gt;", "Blog post (Removed)", "Ann Lee", "Member since",
            "Profile hidden", "It names a neighbour.", "A picture of somebody else.", "She &lt;i&gt;agreed&lt;/i&gt;.",
            "Mo Two",
        ):  # fmt: skip
            assert words in shown, words
        reports = desk.get(page_of(flag.case)).content.decode()
        for words in (
            "2 reports",
            "It is &lt;b&gt;wrong&lt;/b&gt;.",
            "Harm to a person",
            "Bola Ade",
            "Spam!",
            flag.reference,
        ):
            assert words in reports, words
        for page in (shown, reports):
            assert "<script>alert" not in page
            for secret in ("vi@example.org", other_member.email, post.author.email, *references()):
                assert secret not in page, secret

    def test_why_it_was_held(self, desk, member):
        assert "It has links." in desk.get(page_of(case_of(held(member)))).content.decode()

    def test_a_member_with_what_they_wrote_and_no_draft(self, desk):
        someone = make_member("Zoë Ånn", about="I write **much**.")
        someone.write_profile()
        make_post(someone, title="Listed")
        make_post(someone, title="zqdraft", publish=False)
        held(someone, title="Waits")
        report(someone)
        page = desk.get(page_of(case_of(someone))).content.decode()
        for words in ("<strong>much</strong>", "Listed", "Waits"):
            assert words in page
        assert "zqdraft" not in page
        assert someone.email not in page

    def test_what_its_author_took_back_unread_is_not_shown(self, desk, member):
        post = held(member, body="zqsecret words")
        post.withdraw(member)
        page = desk.get(page_of(case_of(post)))
        assert page.status_code == 200
        assert "zqsecret" not in page.content.decode()
        assert "has taken it back" in page.content.decode()

    def test_the_same_queries_however_much_was_said(self, desk, post, moderator, queries):
        other = make_moderator("Mo Two")
        for more in (1, 2, 22):
            for number in range(more):
                report(post, by=make_member())
                report(post, words=f"{more} {number}", email="vi@example.org")
                post.remove(other, "Why.")
                post.restore(other)
                post.author.hide(other)
                post.author.hide(other, hidden=False)
            report(post, words=f"open {more}")
            case = case_of(post)
            desk.get(page_of(case))
            with queries(18):
                assert desk.get(page_of(case)).status_code == 200

    @pytest.mark.parametrize("pk", ["0", "abc", "99999999999999999999", "²", "-1", "1_"])
    def test_a_case_that_is_not_there(self, desk, pk):
        for path in (
            f"{LIST}{pk}/change/",
            f"{LIST}{pk}/step/keep/",
            f"{LIST}{pk}/delete/",
            f"{LIST}{pk}/history/",
        ):
            assert desk.get(path).status_code in {302, 400, 403, 404}

    def test_nothing_is_changed_by_looking(self, desk, post):
        report(post)
        case = case_of(post)
        before = Decision.objects.count()
        for step in STEPS:
            assert desk.get(step_of(case, step.code)).status_code in {200, 302}
        assert desk.post(page_of(case), {"why": "awaiting"}).status_code == 403
        assert desk.put(step_of(case, "keep")).status_code == 403
        assert Decision.objects.count() == before
        assert case_of(post).is_open


def references():
    return Decision.objects.values_list("reference", flat=True)


class TestSteps:
    def test_which_are_offered(self, desk, member, moderator, post):
        about_author = ["suspend", "hide", "hide-written", "spammer"]
        waiting = held(member)
        assert offered(desk, case_of(waiting)) == ["approve", "remove", *about_author]
        report(post)
        assert offered(desk, case_of(post)) == ["keep", "remove", *about_author]
        post.remove(moderator, "Why.")
        assert offered(desk, case_of(post)) == ["restore", *about_author]
        report(member)
        assert offered(desk, case_of(member)) == ["keep", *about_author]
        member.mark_spammer(moderator)
        assert offered(desk, case_of(member)) == ["keep", "clear"]

    def test_words_are_prefilled_and_can_be_edited(self, desk, post):
        report(post, reason="personal_data")
        case = case_of(post)
        page = desk.get(step_of(case, "remove")).content.decode()
        assert "It tells something about a person who has not agreed to that." in page
        take(desk, case, "remove", words="It names your neighbour, who has not agreed.")
        assert "It names your neighbour" in post.author.notices.first().text
        assert Decision.objects.about(post).first().reason == "It names your neighbour, who has not agreed."

    @pytest.mark.parametrize(
        ("code", "status", "words"),
        [("approve", "published", "Thank you for this!"), ("remove", "removed", "It is not about our work.")],
    )
    def test_deciding_about_what_waits(self, desk, moderator, member, code, status, words):
        post = held(member, title="Held")
        mail.outbox.clear()
        response = take(desk, case_of(post), code, words=words)
        assert response.redirect_chain[-1][0] == LIST
        assert "“Held”: " in messages_of(response)[0]
        post.refresh_from_db()
        assert post.status == status
        assert (case_of(post).closed_by, case_of(post).outcome.reason) == (moderator, words)
        (message,) = mail.outbox
        assert (message.to, words in message.body, "Mo One" in message.body) == ([member.email], True, False)

    def test_restoring_from_a_closed_case(self, desk, moderator, post):
        post.remove(moderator, "Why.")
        case = case_of(post)
        page = desk.get(step_of(case, "restore")).content.decode()
        assert "A moderator has put it back: others can read it again." in page
        take(desk, case, "restore", seen_open="", words="")
        post.refresh_from_db()
        assert post.status == "published"

    def test_a_reason_is_asked_for(self, desk, post):
        report(post)
        for words in ("", "   ", "\x00", "x" * 2001):
            response = take(desk, case_of(post), "remove", words=words)
            assert response.context["form"].errors
            page = response.content.decode()
            assert page.index("<title>Error: ") < page.index("</title>")
        assert case_of(post).is_open

    def test_suspending_the_author(self, desk, post, moderator):
        report(post)
        case = case_of(post)
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        wrong = take(desk, case, "suspend", words="", last_day="2001-01-01")
        assert {
            n: [e.code for e in found] for n, found in wrong.context["form"].errors.as_data().items()
        } == {
            "words": ["required"],
            "last_day": ["day_over"],
        }
        take(desk, case, "suspend", words="Advertisements.", last_day=day)
        author = Member.objects.get(pk=post.author_id)
        assert timezone.localtime(author.suspended_until).date().isoformat() == day
        assert (author.hidden, author.contributions_hidden) == (False, False)
        notice = author.notices.first()
        assert "Advertisements." in notice.text
        assert "You can’t sign in until the end of" in notice.text
        assert case_of(post).is_open

    def test_hiding_is_a_choice_of_its_own(self, desk, post):
        report(post)
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        take(desk, case_of(post), "suspend", words="Why.", last_day=day, hide_written="on")
        author = Member.objects.get(pk=post.author_id)
        assert (author.is_suspended, author.hidden, author.contributions_hidden) == (True, False, True)

    @pytest.mark.parametrize("day", ["abc", "9999-12-31", "9000-01-01", "99999-01-01", "\x00", "²", ""])
    def test_silly_days(self, desk, post, day):
        report(post)
        response = take(desk, case_of(post), "suspend", words="Why.", last_day=day)
        assert response.status_code in {200, 400}
        assert Member.objects.get(pk=post.author_id).suspended_until is None

    def test_a_spammer(self, desk, post, member):
        report(post)
        report(make_post(member))
        take(desk, case_of(post), "spammer", words="")
        assert Member.objects.get(pk=member.pk).is_spammer
        assert titles(desk.get(LIST)) == [member.display_name]

    def test_two_moderators_the_second_is_told(self, desk, post):
        report(post)
        case = case_of(post)
        case.keep(make_moderator("Mo Two"))
        for code in ("keep", "remove", "suspend"):
            response = take(desk, case, code, words="Why.", last_day="2998-12-31")
            assert messages_of(response) == [
                "Nothing was done about “A <post>”: Mo Two has decided meanwhile (Kept as it is)."
            ]
        post.refresh_from_db()
        assert (post.status, Member.objects.get(pk=post.author_id).is_suspended) == ("published", False)
        assert Decision.objects.about(post).first().action == "keep"

    def test_nobody_decides_about_their_own(self, desk, moderator):
        own = make_post(moderator, title="Mine")
        report(own)
        report(moderator)
        for thing in (own, moderator):
            case = case_of(thing)
            assert offered(desk, case) == []
            assert "somebody else decides" in desk.get(page_of(case)).content.decode()
            for step in STEPS:
                take(desk, case, step.code, words="Why.", last_day="2998-12-31")
            for action in ("approve_selected", "keep_selected"):
                desk.post(LIST, {"action": action, "_selected_action": case.pk})
            assert case_of(thing).is_open
        assert set(Decision.objects.values_list("action", flat=True)) == {"submit", "report"}

    @pytest.mark.parametrize("make", [make_moderator, make_administrator])
    def test_nobody_learns_who_reported_them(self, client, make):
        """Who moderates is an author like others: what readers said of theirs is for the other moderators."""
        reader, accused = make_member("Quiet Reader"), make()
        own = make_post(accused, title="Mine")
        for thing in (own, accused):
            report(thing, by=reader, words="It is about my mother.")
            report(thing, email="vi@example.org", words="And about me.")
        client.force_login(accused)
        references = list(Flag.objects.values_list("reference", flat=True))
        for thing in (own, accused):
            for path in (page_of(case_of(thing)), LIST):
                shown = client.get(path).content.decode()
                for word in ("Quiet Reader", "my mother", "about me", "vi@example.org", *references):
                    assert word not in shown, (path, word)
        client.force_login(make_moderator("Mo Two"))
        assert "Quiet Reader" in client.get(page_of(case_of(own))).content.decode()

    def test_an_answer_to_ones_own_decision_waits_for_another(self, desk, post, moderator):
        make_moderator("Mo Two")
        post.remove(moderator, "Why.")
        Appeal.objects.make(Decision.objects.about(post).first(), post.author, "No.")
        case = case_of(post)
        assert "another moderator decides" in desk.get(page_of(case)).content.decode()
        assert not {"restore", "uphold"} & set(offered(desk, case))
        for code in ("restore", "uphold"):
            take(desk, case, code, words="No.")
        post.refresh_from_db()
        assert (post.status, case_of(post).is_open) == ("removed", True)

    def test_an_administrator_is_for_administrators_to_decide_about(self, desk):
        boss = make_administrator("Boss")
        report(boss)
        assert offered(desk, case_of(boss)) == ["keep"]
        take(desk, case_of(boss), "suspend", words="Why.", last_day="2998-12-31")
        assert not Member.objects.get(pk=boss.pk).is_suspended

    def test_not_without_a_token_and_not_for_others(self, post, moderator, member):
        report(post)
        case = case_of(post)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(moderator)
        assert strict.post(step_of(case, "remove"), {"words": "Why."}).status_code == 403
        for reader in (None, member, make_member(is_staff=True)):
            client = Client()
            if reader:
                client.force_login(reader)
            for path in (LIST, page_of(case), step_of(case, "remove")):
                assert client.get(path).status_code in {302, 403}
                assert client.post(path, {"words": "Why."}).status_code in {302, 403}
        post.refresh_from_db()
        assert post.status == "published"

    def test_no_page_holds_what_the_policy_blocks(self, desk, post, queries):
        report(post)
        for path in (
            page_of(case_of(post)),
            *[step_of(case_of(post), code) for code in ("remove", "suspend")],
        ):
            page = desk.get(path).content.decode()
            assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page) == [], path
            assert page.count("<h1") == 1


def test_the_first_page_says_how_much_waits(desk, member, moderator):
    assert "await" not in desk.get("/admin/").content.decode()
    held(member)
    report(make_post(moderator))
    page = desk.get("/admin/").content.decode()
    assert "1 thing awaits you" in page
    assert f'href="{reverse("admin:moderation_case_changelist")}"' in page
    held(member)
    assert "2 things await you" in desk.get("/admin/").content.decode()
