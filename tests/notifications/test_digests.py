"""Digests: by the clock on the wall, once for each member and period, of what they may see and have not been told."""

import itertools
import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from commons.contributions import followed_news
from commons.contributions.models import Contribution, Follow
from commons.notifications import digests
from commons.notifications.models import Digest, EmailChoice, Notice, OutgoingMail
from commons.notifications.when import When
from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.places import Pair, RegionPlace
from network.worker import Worker
from tests.factories import make_comment, make_member, make_thread
from tests.notifications.digesting import (
    DAY,
    HOUR,
    LONDON,
    MONDAY,
    WEEK,
    digest_of_the_week,
    publish,
    text_of,
    written,
)
from tests.world import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"


@pytest.fixture
def principles(db):
    return list(Principle.objects.order_by("order"))


@pytest.fixture
def sectors(db):
    return list(ServiceSector.objects.order_by("order"))


@pytest.fixture
def follower(member, principles):
    """A member who follows the first principle."""
    Follow.objects.set(member, principles[0], follows=True)
    return member


def lines_of(row):
    """Return the headings and the titles of a digest, in their order."""
    return [
        line.removeprefix("* ")
        for line in text_of(row).splitlines()
        if line.startswith("* ") or (line.endswith(":") and not line.startswith(("You get", "Choose")))
    ]


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "now", "day", "due"),
    [
        ("daily", "2026-03-28T07:00", "2026-03-28", "2026-03-28T07:00"),
        ("daily", "2026-03-28T06:59", "2026-03-27", "2026-03-27T07:00"),
        # Clocks go forward on 29 March: seven in the morning is an hour earlier from then on.
        ("daily", "2026-03-29T06:00", "2026-03-29", "2026-03-29T06:00"),
        ("daily", "2026-03-29T05:59", "2026-03-28", "2026-03-28T07:00"),
        ("weekly", "2026-03-30T06:00", "2026-03-30", "2026-03-30T06:00"),
        ("weekly", "2026-03-30T05:59", "2026-03-23", "2026-03-23T07:00"),
        # And back on 25 October.
        ("daily", "2026-10-25T06:59", "2026-10-24", "2026-10-24T06:00"),
        ("weekly", "2026-10-26T07:00", "2026-10-26", "2026-10-26T07:00"),
        ("weekly", "2026-10-26T06:59", "2026-10-19", "2026-10-19T06:00"),
        # Late on Sunday in UTC it is Monday by summer time, but not yet seven.
        ("weekly", "2026-07-05T23:30", "2026-06-29", "2026-06-29T06:00"),
    ],
)
def test_they_are_due_at_seven_by_the_clock_on_the_wall(when, now, day, due):
    """Moments are in UTC."""
    now, due = (datetime.fromisoformat(f"{moment}+00:00") for moment in (now, due))
    assert digests.last_due(When(when), now) == (date.fromisoformat(day), due)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_a_year_of_hours_has_each_day_and_each_week_once(settings, zone):
    settings.TIME_ZONE = zone
    timezone.get_default_timezone.cache_clear()
    try:
        begun = datetime(2026, 1, 5, 12, tzinfo=UTC)
        hours = [begun + number * HOUR for number in range(24 * 7 * 52)]
        for when, number in ((When.DAILY, 364), (When.WEEKLY, 52)):
            days = list(dict.fromkeys(digests.last_due(when, hour)[0] for hour in hours))
            assert days == sorted(days)
            assert abs(len(days) - number) <= 1
            assert {(later - earlier).days for earlier, later in itertools.pairwise(days)} == {
                digests.LENGTH[when].days
            }
    finally:
        timezone.get_default_timezone.cache_clear()


def test_once_for_each_member_and_period_however_often_it_is_asked(follower):
    publish("One")
    assert [digest_of_the_week(), digest_of_the_week(), digest_of_the_week(MONDAY + DAY)] == [1, 0, 0]
    assert list(Digest.objects.values_list("member", "when", "day")) == [
        (follower.pk, "weekly", date(2035, 1, 8))
    ]
    assert written().count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(member=follower, when="weekly", day=date(2035, 1, 8))


def test_another_worker_that_was_quicker_leaves_nothing_behind(follower):
    """Both have found the member; the second writes nothing, and no e-mail of it is left."""
    publish("One")
    (part,) = digests.sources.parts()
    for _worker in range(2):
        digest = Digest(member=follower, when=When.WEEKLY, day=date(2035, 1, 8))
        digests._see_to(digest, [part], MONDAY - WEEK, MONDAY, MONDAY)
    assert (Digest.objects.count(), written().count()) == (1, 1)


def test_missed_runs_are_made_up_for_once_in_one_e_mail(follower):
    publish("Told", before=WEEK + DAY)
    digest_of_the_week(MONDAY - WEEK)
    publish("First week")
    publish("Second week", before=-WEEK + DAY)
    publish("Third week", before=-2 * WEEK + DAY)
    publish("Not yet", before=-2 * WEEK - HOUR)
    late = MONDAY + 2 * WEEK + 3 * DAY
    assert [digest_of_the_week(late), digest_of_the_week(late + HOUR)] == [1, 0]
    assert lines_of(written()[1])[1:] == ["Third week", "Second week", "First week"]
    digest_of_the_week(MONDAY + 3 * WEEK)
    assert lines_of(written()[2])[1:] == ["Not yet"]


def test_after_a_long_while_it_is_four_weeks_at_most(follower):
    digest_of_the_week(MONDAY - 20 * WEEK)
    publish("Long past", before=4 * WEEK + HOUR)
    publish("In time", before=4 * WEEK - HOUR)
    digest_of_the_week()
    assert lines_of(written().get())[1:] == ["In time"]


def test_changing_from_weekly_to_daily_loses_nothing(follower):
    digest_of_the_week()
    publish("On Tuesday", before=-DAY)
    EmailChoice.set(follower, {"followed": "daily"})
    digest_of_the_week(MONDAY + 3 * DAY)
    assert lines_of(written().get())[1:] == ["On Tuesday"]
    digest_of_the_week(MONDAY + WEEK)
    assert written().count() == 1


def test_the_worker_writes_them(follower, tmp_path, settings):
    settings.NETWORK_DATA = tmp_path
    settings.DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"
    post = publish("One")
    _day, until = digests.last_due(When.WEEKLY, timezone.now())
    Contribution.objects.filter(pk=post.pk).update(published_at=until - HOUR)
    Follow.objects.update(since=until - DAY)
    worker = Worker()
    worker.work()
    assert Digest.objects.get().sent_at is not None
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


# --- what -----------------------------------------------------------------------------------------


def test_grouped_by_what_is_followed_and_newest_first(member, other_member, principles, sectors):
    first, second, third = principles[:3]
    for thing in (other_member, RegionPlace("wales"), Keyword.objects.for_names(["rota"])[0], Pair(third, sectors[1]),
                  sectors[0], second, first):  # fmt: skip
        Follow.objects.set(member, thing, follows=True)
    publish("Old of first", before=3 * DAY, principles=[first, second], sectors=sectors[:1])
    publish("New of first", before=2 * DAY, principles=[first], sectors=sectors[2:3])
    publish("Of second", principles=[second], sectors=sectors[2:3])
    publish("Of sector", principles=[third], sectors=sectors[:1])
    publish("Of pair", principles=[third], sectors=sectors[1:2])
    publish("Of keyword", principles=[third], sectors=sectors[2:3], keywords=["rota"])
    publish("Of person", author=other_member, principles=[third], sectors=sectors[2:3])
    region = publish("Of region", principles=[third], sectors=sectors[2:3])
    Contribution.objects.filter(pk=region.pk).update(region="wales")
    publish("Elsewhere", principles=[third], sectors=sectors[2:3])
    publish("Own", author=member, principles=[first])
    publish("Before", before=WEEK, principles=[first])
    publish("After", before=-HOUR, principles=[first])
    digest_of_the_week()
    assert lines_of(written().get()) == [
        f"{first}:", "New of first", "Old of first", f"{second}:", "Of second", f"{sectors[0]}:", "Of sector",
        f"{Pair(third, sectors[1])}:", "Of pair", "rota:", "Of keyword", "Wales:", "Of region",
        "Bola Ade:", "Of person",
    ]  # fmt: skip


def test_nothing_new_is_no_e_mail_and_is_seen_to_all_the_same(follower):
    publish("Elsewhere", principles=list(Principle.objects.order_by("order")[1:2]))
    assert digest_of_the_week() == 1
    assert (written().count(), Digest.objects.get().sent_at) == (0, None)
    assert digest_of_the_week() == 0


def test_whoever_follows_nothing_and_waits_for_nothing_is_not_looked_at(member, other_member):
    Follow.objects.set(other_member, make_thread(), follows=True)  # a conversation has notices of its own
    publish("One")
    assert digest_of_the_week() == 0
    assert Digest.objects.count() == 0


@pytest.mark.parametrize(
    "out", [{"is_active": False}, {"confirmed_at": None}, {"approved_at": None}, {"suspended_until": MONDAY + WEEK}]
)  # fmt: skip
def test_who_may_not_act_gets_none(follower, out):
    publish("One")
    for name, value in out.items():
        setattr(follower, name, value)
    follower.save()
    digest_of_the_week()
    assert OutgoingMail.objects.count() == 0


def test_news_waits_for_the_digest_that_was_chosen_and_is_told_once(member):
    EmailChoice.set(member, {"reply": "daily"})
    thread = make_thread(member, title="Who pays?")
    Follow.objects.set(member, thread, follows=True)
    make_comment(thread, make_member("Cai Rees"))
    read = make_comment(thread, make_member("Dee Low"))
    Notice.objects.of(member).filter(target_id=read.pk).mark_read()
    assert [digest_of_the_week(), digest_of_the_week(MONDAY + DAY)] == [1, 0]
    (mail,) = written()
    assert lines_of(mail) == ["For you:", "Cai Rees answered in “Who pays?”"]
    assert f"/comments/{thread.comments.first().pk}/" in text_of(mail)
    assert (Digest.objects.get().when, Digest.objects.get().news_until) == ("daily", None)


def test_one_who_has_weekly_and_daily_news_gets_each_in_its_own(follower):
    EmailChoice.set(follower, {"reply": "daily"})
    thread = make_thread(follower)
    Follow.objects.set(follower, thread, follows=True)
    make_comment(thread)
    publish("One")
    assert digest_of_the_week() == 2
    assert [row.message_id.split(".")[0] for row in written()] == [
        f"<digest-daily-2035-01-08-{follower.pk}",
        f"<digest-weekly-2035-01-08-{follower.pk}",
    ]


def test_nothing_that_its_reader_may_not_see_is_in_it(principles, sectors, monkeypatch):
    """Everybody follows everything, and what is in the digests is what lists may show."""
    monkeypatch.setattr(followed_news, "MOST_IN_A_SECTION", 100)
    world = build_world()
    Contribution.objects.filter(published_at__isnull=False).update(published_at=MONDAY - DAY)
    readers = {"stranger": world.stranger, "author": world.author, "administrator": world.administrator}
    for reader in readers.values():
        for thing in (*principles, *sectors):
            Follow.objects.set(reader, thing, follows=True)
    digest_of_the_week()
    for name, reader in readers.items():
        own = {marker for marker, item in world.items.items() if item.author_id == reader.pk}
        (row,) = written().filter(recipient=reader.email)
        shown = set(re.findall(r"zq[a-z]+", text_of(row).lower())) & world.items.keys()
        listed = world.listed_to(name)
        assert shown - own == listed - own, name
        assert shown <= listed, (
            name
        )  # an organiser hears who comes to their own events, while those are listed


def test_what_is_taken_down_before_it_is_written_is_not_in_it(follower, administrator):
    publish("Kept")
    publish("Gone").remove(administrator, "Spam")
    digest_of_the_week()
    assert lines_of(written().get())[1:] == ["Kept"]


def test_a_section_shows_ten_and_leads_to_the_rest(follower, principles):
    for number in range(12):
        publish(f"Number {number:02}", before=number * HOUR)
    digest_of_the_week()
    lines = lines_of(written().get())
    assert lines[1:11] == [f"Number {number:02}" for number in range(10)]
    assert len(lines) == 11
    text = text_of(written().get())
    assert text.count("There is more at the address above.") == 1
    assert text.count(principles[0].get_absolute_url()) == 1


def test_text_and_html_say_the_same_and_escape_it(follower, settings):
    publish("<b>Bold</b> & plain", summary="First <i>line</i>\nsecond & last")
    digest_of_the_week()
    message = message_from_bytes(bytes(written().get().message), policy=policy.default)
    text, html = (message.get_body((kind,)).get_content().replace("\r", "") for kind in ("plain", "html"))
    assert message["Subject"].strip() == f"Your week in {settings.NETWORK_NAME}: 1 thing is new"
    assert "* <b>Bold</b> & plain\n" in text
    assert "  First <i>line</i> second & last\n" in text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; plain" in html
    assert "First &lt;i&gt;line&lt;/i&gt; second &amp; last" in html
    for part in (text, html):
        assert "You get this e-mail because you are a member" in part
        assert f"{settings.SITE_URL}/members/me/notifications/" in part


# --- ending them ------------------------------------------------------------------------------------


def stop_path(row):
    message = message_from_bytes(bytes(row.message), policy=policy.default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return "/unsubscribe/" + message["List-Unsubscribe"].partition("/unsubscribe/")[2].strip(">")


@pytest.mark.parametrize(
    ("posted", "left"),
    [
        ({"stop": "sort"}, {"at-once", "never"}),
        ({"stop": "all"}, {"never"}),
        ({"List-Unsubscribe": "One-Click"}, {"never"}),
    ],
)
def test_its_link_ends_it_without_signing_in(follower, posted, left):
    publish("One")
    digest_of_the_week()
    path = stop_path(written().get())
    mail_program = Client(enforce_csrf_checks=True)
    page = mail_program.get(path).content.decode()
    assert "Stop all e-mails about: what comes once a week" in page
    assert set(EmailChoice.of(follower).values()) == {"at-once", "weekly"}
    assert mail_program.post(path, posted).status_code == 200
    assert set(EmailChoice.of(follower).values()) == left
    publish("Two", before=-DAY)
    digest_of_the_week(MONDAY + WEEK)
    assert written().count() == 1


# --- the command and what it costs ----------------------------------------------------------------


def test_the_command_acts_as_at_a_moment(follower, capsys):
    publish("One")
    call_command("send_digests", "--now", "2035-01-08T07:00")
    assert capsys.readouterr().out == "1 members seen to.\n"
    assert Digest.objects.get().sent_at == datetime(2035, 1, 8, 7, tzinfo=LONDON)
    call_command("send_digests", "--now", "2035-01-08T07:30:00+00:00")
    assert written().count() == 1


def test_the_command_refuses_what_is_no_moment():
    with pytest.raises(CommandError, match="--now must be a moment"):
        call_command("send_digests", "--now", "next Monday")


@pytest.mark.parametrize("number", [1, 3, 50])
def test_a_digest_costs_the_same_for_any_number_of_news(follower, queries, number):
    EmailChoice.set(follower, {"reply": "weekly"})
    thread = make_thread(follower)
    Follow.objects.set(follower, thread, follows=True)
    for _number in range(number):
        make_comment(thread)
        publish("New")
    with queries(14):
        digest_of_the_week()
    assert written().count() == 1


@pytest.mark.parametrize("number", [1, 3, 50])
def test_each_member_costs_the_same(principles, queries, number):
    publish("New")
    for _number in range(number):
        Follow.objects.set(make_member(), principles[0], follows=True)
    with queries(5 + 8 * number):
        digest_of_the_week()
    assert written().count() == number


def test_one_that_fails_does_not_hold_up_the_others(follower, principles):
    other = make_member()
    Follow.objects.set(other, principles[0], follows=True)
    publish("One")
    follower.language = "no such language"
    follower.email = "not\nan address"
    type(follower).objects.filter(pk=follower.pk).update(email="two\nlines@example.org")
    assert digest_of_the_week() == 1
    assert [row.recipient for row in written()] == [other.email]
    assert [digest.member for digest in Digest.objects.all()] == [other]


def test_a_limit_leaves_the_others_for_the_next_time(principles):
    publish("One")
    for _number in range(3):
        Follow.objects.set(make_member(), principles[0], follows=True)
    assert [digest_of_the_week(limit=2), digest_of_the_week(limit=2), digest_of_the_week(limit=2)] == [
        2,
        1,
        0,
    ]


def test_old_rows_are_forgotten_and_the_last_ones_kept(follower):
    for day in (date(2035, 1, 1), date(2034, 6, 1)):
        Digest.objects.create(member=follower, when="weekly", day=day)
    assert Digest.objects.forget_old(MONDAY) == 1
    assert Digest.objects.get().day == date(2035, 1, 1)
