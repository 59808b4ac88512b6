"""Closing one's account: asked for with the password, taken back within fourteen days, then carried out for good."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.utils import timezone

from commons.contributions.models import Bookmark, Comment, Contribution, Follow, Helpful, Revision
from commons.files.models import StoredFile
from commons.moderation.models import Decision
from commons.notifications.models import Notice, OutgoingMail
from commons.search.models import SearchEntry
from events.models import Answer, Rsvp
from events.rsvps import answer
from network.worker import Worker
from profiles import closing
from profiles.models import FormerUsername, Member
from tests.factories import PASSWORD, make_administrator, make_comment, make_event, make_member, make_post
from tests.profiles.joining import INACTIVE, sign_in, signed_in

pytestmark = pytest.mark.django_db

URL = "/members/me/close/"
UNDO = f"{URL}undo/"
KEEPING = {"written": "keep", "password": PASSWORD}
REMOVING = {"written": "remove", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.NETWORK_DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ann():
    return make_member("Ann Lee", email="ann@example.org")


@pytest.fixture
def member():
    return make_member("Cy Dole")


@pytest.fixture
def signed(client, ann):
    sign_in(client, "ann@example.org")
    return client


def past(member):
    """Let the fourteen days be over."""
    Member.objects.filter(pk=member.pk).update(closes_at=timezone.now() - timedelta(seconds=1))


def carried_out(member, *, keeps):
    """Close an account and let all that follows be done; return the member."""
    member.close(keeps=keeps)
    past(member)
    while closing.carry_out_due():
        pass
    return Member.objects.get(pk=member.pk)


# --- asking for it ---------------------------------------------------------------------------------


def test_the_password_is_asked_again(signed, ann):
    for password in ("", "quite another pass phrase"):
        answered = signed.post(URL, {"written": "keep", "password": password})
        assert (answered.status_code, list(answered.context["form"].errors)) == (200, ["password"])
    ann.refresh_from_db()
    assert ann.closes_at is None


def test_passwords_can_be_guessed_ten_times_an_hour(signed, ann):
    for _number in range(10):
        signed.post(URL, {"written": "keep", "password": "a guess"})
    answered = signed.post(URL, KEEPING)
    assert answered.context["form"].errors.as_data()["password"][0].code == "too_many"


def test_one_has_to_choose(signed, ann):
    answered = signed.post(URL, {"password": PASSWORD})
    assert list(answered.context["form"].errors) == ["written"]
    assert "checked" not in signed.get(URL).content.decode()


def test_looking_closes_nothing_and_a_token_is_needed(client, signed, ann):
    assert signed.get(URL).status_code == 200
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(ann)
    assert strict.post(URL, KEEPING).status_code == 403
    ann.refresh_from_db()
    assert ann.closes_at is None


def test_a_visitor_signs_in_first(client):
    assert client.post(URL, KEEPING).url == f"/accounts/login/?next={URL}"


def test_who_has_no_password_is_told_to_choose_one(client, ann):
    ann.set_unusable_password()
    ann.save()
    client.force_login(ann)
    page = client.get(URL)
    assert (page.context["has_password"], b'name="password"' in page.content) == (False, False)
    assert client.post(URL, KEEPING).status_code == 200
    ann.refresh_from_db()
    assert ann.closes_at is None


def test_the_last_administrator_stays(client):
    administrator = make_administrator()
    client.force_login(administrator)
    answered = client.post(URL, KEEPING)
    assert answered.context["form"].errors.as_data()["__all__"][0].code == "last_administrator"
    make_administrator()
    assert client.post(URL, KEEPING).url == INACTIVE


@pytest.mark.parametrize(("values", "keeps"), [(KEEPING, True), (REMOVING, False)])
def test_it_closes_in_fourteen_days(signed, ann, values, keeps):
    before = timezone.now()
    assert signed.post(URL, values).url == INACTIVE
    ann.refresh_from_db()
    assert before + timedelta(days=14) <= ann.closes_at <= timezone.now() + timedelta(days=14)
    assert (ann.keeps_written, ann.is_active, ann.may_act, ann.is_listed) == (keeps, True, False, False)
    assert (signed_in(signed), UserSession.objects.filter(user=ann).count()) == (False, 0)


def test_every_session_ends(client, signed, ann):
    elsewhere = type(client)()
    sign_in(elsewhere, "ann@example.org")
    signed.post(URL, KEEPING)
    assert signed_in(elsewhere) is False


def test_the_profile_is_gone_and_what_was_written_stays_for_now(signed, ann, member):
    post = make_post(ann, title="Who pays?")
    signed.post(URL, REMOVING)
    assert list(Member.objects.listed_to(member).filter(pk=ann.pk)) == []
    assert signed.get("/members/ann-lee/").status_code == 404
    assert list(SearchEntry.objects.filter(kind="member", title="Ann Lee")) == []
    post.refresh_from_db()
    assert (post.status, post.card["byline"]["name"], post.card["byline"]["username"]) == (
        "published", "Ann Lee", "",
    )  # fmt: skip
    assert ">Ann Lee<" not in signed.get("/members/").content.decode()


def test_a_mail_says_so(signed, ann):
    signed.post(URL, REMOVING)
    (message,) = mail.outbox
    day = f"{timezone.localtime(Member.objects.get(pk=ann.pk).closes_at):%-d %B %Y}"
    assert (message.to, message.subject) == (
        ["ann@example.org"],
        f"Your account will be closed on {day}",
    )
    assert "its words are taken out for good" in message.body
    assert len(message.alternatives) == 1


def test_said_twice_it_is_said_once(ann):
    ann.close(keeps=True)
    first = ann.closes_at
    ann.close(keeps=False)
    ann.refresh_from_db()
    assert (ann.closes_at, ann.keeps_written, len(mail.outbox)) == (first, True, 1)


# --- taking it back --------------------------------------------------------------------------------


def test_signing_in_offers_to_open_it_again(client, ann):
    post = make_post(ann)
    ann.close(keeps=False)
    assert sign_in(client, "ann@example.org").url == INACTIVE
    assert b"Open my account again" in client.get(INACTIVE).content
    assert client.post(UNDO).url == "/accounts/login/"
    ann.refresh_from_db()
    assert (ann.closes_at, ann.may_act, ann.is_listed) == (None, True, True)
    post.refresh_from_db()
    assert post.card["byline"]["username"] == "ann-lee"
    assert [message.subject.partition(" on ")[0] for message in mail.outbox] == [
        "Your account will be closed",
        "Your account is open again",
    ]
    sign_in(client, "ann@example.org")
    assert signed_in(client)


def test_only_who_has_signed_in_can_open_it(client, ann):
    ann.close(keeps=True)
    client.post(UNDO)
    sign_in(client, "ann@example.org", "quite another pass phrase")
    client.post(UNDO)
    ann.refresh_from_db()
    assert ann.closes_at is not None


def test_looking_at_the_button_opens_nothing(client, ann):
    ann.close(keeps=True)
    sign_in(client, "ann@example.org")
    assert client.get(UNDO).url == INACTIVE
    ann.refresh_from_db()
    assert ann.closes_at is not None


def test_after_an_hour_one_signs_in_once_more(client, ann):
    ann.close(keeps=True)
    sign_in(client, "ann@example.org")
    session = client.session
    session["standing"] = {
        **session["standing"],
        "noted": (timezone.now() - timedelta(hours=1)).isoformat(),
    }
    session.save()
    client.post(UNDO)
    ann.refresh_from_db()
    assert ann.closes_at is not None


def test_after_fourteen_days_it_is_too_late(client, ann):
    ann.close(keeps=True)
    sign_in(client, "ann@example.org")
    past(ann)
    client.post(UNDO)
    ann.refresh_from_db()
    assert ann.closes_at is not None


# --- carrying it out --------------------------------------------------------------------------------


def test_not_before_its_time(ann):
    ann.close(keeps=True)
    assert closing.carry_out_due() == 0
    assert closing.carry_out_due(now=ann.closes_at - timedelta(microseconds=1)) == 0
    ann.refresh_from_db()
    assert ann.closed_at is None


def test_nothing_of_who_they_were_is_left(ann):
    ann.write_profile({"about": "I am Ann.", "organisation": "Lee and Co", "links": ["https://ann.example"]})
    ann.rename("annie")
    former = carried_out(ann, keeps=True)
    assert (former.display_name, former.username, former.email) == (
        "A former member", f"former-member-{ann.pk}", f"{ann.pk}@closed.invalid",
    )  # fmt: skip
    blank = [former.about, former.about_html, former.organisation, former.links, former.photo.name]
    assert blank == ["", "", "", [], ""]
    assert (former.is_active, former.has_usable_password(), former.closed_at is None) == (False, False, False)
    assert (FormerUsername.objects.count(), EmailAddress.objects.filter(user=ann).count()) == (0, 0)


def test_the_address_and_the_name_are_free_again(ann):
    carried_out(ann, keeps=True)
    again = make_member("Ann Lee", email="ann@example.org")
    assert (again.username, again.pk != ann.pk) == ("ann-lee", True)


def test_what_is_kept_stands_under_a_former_member(client, ann, member):
    post = make_post(ann, title="Who pays?", body="Some words.")
    make_post(ann, publish=False, title="Not yet")
    comment = make_comment(make_post(member), ann, "My reply.")
    carried_out(ann, keeps=True)
    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.status, post.body, post.card["byline"]["name"]) == (
        "published",
        "Some words.",
        "A former member",
    )
    assert (comment.body, comment.byline["name"], comment.byline["username"]) == (
        "My reply.",
        "A former member",
        "",
    )
    page = client.get(post.get_absolute_url()).content.decode()
    assert ("A former member" in page, "Ann Lee" in page) == (True, False)
    assert list(Contribution.objects.by(ann)) == [post.contribution_ptr]


def test_what_is_removed_leaves_a_number_and_no_word(client, ann, member):
    post = make_post(ann, title="Who pays?", summary="In short.", body="Some words.", keywords=["budget"])
    post.revise(ann, {"body": "Better words."}, version=1)
    others = make_post(member)
    comment = make_comment(others, ann, "My reply.")
    answered = make_comment(others, member, "An answer.", answers=comment)
    carried_out(ann, keeps=False)
    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.status, post.title, post.summary, post.body, post.body_html, post.author) == (
        "withdrawn", "No longer here", "", "", "", None,
    )  # fmt: skip
    assert (list(post.keywords.all()), Revision.objects.filter(contribution=post.pk).count()) == ([], 0)
    assert (comment.status, comment.body, comment.body_html, comment.byline, comment.author) == (
        "withdrawn", "", "", {}, None,
    )  # fmt: skip
    assert comment.revisions.count() == 0
    page = client.get(others.get_absolute_url()).content.decode()
    assert ("An answer." in page, "My reply." in page) == (True, False)
    answered.refresh_from_db()
    assert answered.body == "An answer."
    others.refresh_from_db()
    assert others.comment_count == 1


def test_mentions_and_attributions_are_scrubbed_and_other_words_left_alone(ann, member):
    said = make_comment(make_post(member), ann, "My words.")
    body = (
        f"> [Ann Lee wrote]({said.get_absolute_url()}):\n>\n> My words.\n\n"
        "I agree with @ann-lee, as Ann Lee knows; ask @ann-leeds or x@ann-lee.org."
    )
    reply = make_comment(said.contribution, member, body)
    post = make_post(member, body="Thanks, @Ann-Lee.")
    carried_out(ann, keeps=True)
    reply.refresh_from_db()
    post.refresh_from_db()
    assert reply.body == (
        f"> [A former member wrote]({said.get_absolute_url()}):\n>\n> My words.\n\n"
        "I agree with a former member, as Ann Lee knows; ask @ann-leeds or x@ann-lee.org."
    )
    assert ("/members/ann-lee/" in reply.body_html, "A former member wrote" in reply.body_html) == (
        False,
        True,
    )
    assert post.body == "Thanks, a former member."
    assert [version.text for version in (*reply.revisions.all(), *post.revisions.all())] == [
        reply.body,
        post.body,
    ]
    assert (list(reply.mentioned.all()), list(post.mentioned.all()), reply.version) == ([], [], 1)


def test_others_attributions_stay(ann, member, other_member):
    said = make_comment(make_post(member), other_member, "My words.")
    body = f"> [Bola Ade wrote]({said.get_absolute_url()}):\n>\n> My words.\n"
    make_comment(said.contribution, ann, "Mine.")
    reply = make_comment(said.contribution, member, body)
    carried_out(ann, keeps=True)
    reply.refresh_from_db()
    assert reply.body.strip() == body.strip()


def test_marks_follows_and_answers_go_and_counts_stay_right(ann, member):
    post, event = make_post(member), make_event(member)
    Helpful.objects.set(ann, post, True)
    Bookmark.objects.set(ann, post, True)
    Follow.objects.create(member=ann, contribution_id=post.pk)
    Follow.objects.create(member=member, person=ann)
    answer(event.occurrences.get(), ann, Answer.GOING, "A quiet room.")
    carried_out(ann, keeps=True)
    left = [model.objects.count() for model in (Helpful, Bookmark, Rsvp)]
    # A member follows what they share: that one is the other's own.
    assert (left, list(Follow.objects.filter(person=ann)), list(Follow.objects.filter(member=ann))) == (
        [0, 0, 0], [], [],
    )  # fmt: skip
    post.refresh_from_db()
    assert (post.helpful_count, event.occurrences.get().going_count) == (0, 0)


def test_whoever_waited_gets_the_place(ann, member, other_member):
    event = make_event(member, capacity=1)
    date = event.occurrences.get()
    answer(date, ann, Answer.GOING)
    assert answer(date, other_member, Answer.GOING).waiting_since is not None
    carried_out(ann, keeps=True)
    assert Rsvp.objects.get().member == other_member
    assert Rsvp.objects.get().waiting_since is None


def test_the_trail_keeps_numbers_alone(ann, administrator):
    post = make_post(ann, title="Who pays?")
    post.remove(administrator, "Ann Lee was rude.")
    carried_out(ann, keeps=False)
    trail = Decision.objects.filter(about=ann).order_by("pk")
    assert [(step.action, step.target_label, step.reason) for step in trail] == [
        ("submit", "", ""),
        ("remove", "", ""),
        ("erase", f"member {ann.pk}", ""),
    ]


# --- the last e-mail, and workers that are killed ------------------------------------------------------


def test_the_last_mail_is_sent_before_the_address_goes(ann, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ann.close(keeps=True)
    past(ann)
    assert closing.carry_out_due() == 1
    emptied = Member.objects.get(pk=ann.pk)
    assert (emptied.email, emptied.is_active, emptied.closed_at) == ("ann@example.org", False, None)
    (waiting,) = OutgoingMail.objects.all()
    assert (waiting.recipient, waiting.subject) == (
        "ann@example.org",
        "Your account on Co-production Practitioners’ Network has been closed",
    )
    assert closing.carry_out_due() == 0
    Worker().work()
    while closing.carry_out_due():
        pass
    assert (len(mail.outbox), OutgoingMail.objects.count()) == (1, 0)
    assert Member.objects.get(pk=ann.pk).email == f"{ann.pk}@closed.invalid"


def test_a_mail_server_that_is_away_holds_it_up_two_days_at_most(ann, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    ann.close(keeps=True)
    past(ann)
    closing.carry_out_due()
    late = timezone.now() + timedelta(days=2)
    assert closing.carry_out_due(now=late) == 1
    assert (OutgoingMail.objects.count(), Member.objects.get(pk=ann.pk).email) == (
        0,
        f"{ann.pk}@closed.invalid",
    )


@pytest.mark.parametrize("keeps", [True, False])
def test_stopped_after_any_step_it_is_gone_on_with(ann, member, keeps):
    """However often a worker is stopped, and wherever, the end is the same, and one mail says so."""
    posts = [make_post(ann, title=f"Post {number}") for number in range(2)]
    reply = make_comment(make_post(member), ann, "My reply.")
    make_comment(reply.contribution, member, "Thanks, @ann-lee.")
    ann.close(keeps=keeps)
    past(ann)
    mail.outbox.clear()
    for turns in range(1, 60):
        steps = iter(range(turns))
        closing.carry_out_due(go_on=lambda steps=steps: next(steps, None) is not None)
    former = Member.objects.get(pk=ann.pk)
    assert former.display_name == "A former member"
    bylines = {Contribution.objects.get(pk=post.pk).card["byline"]["name"] for post in posts}
    assert bylines == ({"A former member"} if keeps else {""})
    assert Comment.objects.get(body__contains="Thanks").body == "Thanks, a former member."
    assert Decision.objects.filter(action="erase").count() == 1


def test_one_that_breaks_does_not_hold_up_the_next(ann, member):
    """A file of a kind that nobody knows can't be deleted."""
    StoredFile.objects.create(owner=ann, type="unheard-of", name="x", size=1)
    for leaving in (ann, member):
        leaving.close(keeps=True)
        past(leaving)
    assert (closing.carry_out_due(), closing.carry_out_due(), closing.carry_out_due()) == (1, 1, 0)
    assert set(Member.objects.filter(closed_at=None, closes_at__isnull=False)) == {ann}


def test_the_worker_does_it(ann):
    ann.close(keeps=False)
    past(ann)
    worker = Worker()
    worker.work()
    worker.work()
    assert Member.objects.get(pk=ann.pk).display_name == "A former member"


def test_others_are_left_alone(ann, member):
    post, comment = make_post(member, title="Mine", body="As Ann Lee said."), None
    comment = make_comment(post, member, "Ann Lee is right.")
    carried_out(ann, keeps=False)
    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.body, comment.body, post.author) == ("As Ann Lee said.", "Ann Lee is right.", member)
    assert Member.objects.visible_to(AnonymousUser()).filter(pk=member.pk).exists()


def test_notices_of_others_name_nobody_who_left(ann, member):
    Notice.objects.create(
        member=member, kind="x", subject="Ann Lee wrote", text="See ann@example.org.", url="/members/ann-lee/"
    )
    carried_out(ann, keeps=True)
    notice = Notice.objects.get(member=member, kind="x")
    assert (notice.subject, notice.text, notice.url) == ("a former member wrote", "See a former member.", "")
