"""Looking once a week whether links can still be reached: what is called gone, who is told, what does not count."""

import socket
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.notifications.models import EmailChoice, Notice, OutgoingMail
from commons.notifications.news_mail import write_due
from commons.notifications.notify import notify
from commons.notifications.sources import tell
from library.fetching import Fetcher
from library.link_checking import EVERY, SPREAD, TAKEN_FOR, check_one, keep, look, take
from library.models import Link
from library.models.link import Problem
from network.worker import Worker
from tests.factories import make_link, make_member
from tests.library.servers import OK, Server, redirect

pytestmark = pytest.mark.django_db
START = timezone.make_aware(timezone.datetime(2026, 3, 2, 12))
WEEK = timedelta(days=7)


def see(link, problem, weeks=0.0):
    """Keep what came of looking at the link, so many weeks after START."""
    return keep(Link.objects.get(pk=link.pk), problem, START + weeks * WEEK)


def state(link):
    link = Link.objects.get(pk=link.pk)
    return link.failures, bool(link.dead_since), link.problem


def others(problem, number=10, at=START):
    """Links that were looked at before, all with one outcome."""
    author = make_member()
    for _number in range(number):
        Link.objects.filter(pk=make_link(author).pk).update(checked_at=at, problem=problem)


# --- what counts as gone ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "problem"),
    [(200, ""), (204, ""), (206, ""), (302, ""), (400, ""), (401, ""), (403, ""), (405, ""), (404, "not-found"),
     (410, "gone"), (416, ""), (418, ""), (429, ""), (451, ""), (500, "server-error"), (502, "server-error"), (503, ""),
     (520, "server-error"), (999, "")],
)  # fmt: skip
def test_what_an_answer_means(status, problem):
    with Server(f"HTTP/1.1 {status} Whatever\r\n\r\n".encode()) as server:
        fetching = Fetcher(resolve=lambda *_: ["127.0.0.1"], may_ask=lambda _: True, ports={server.port})
        assert look(f"http://site.example.org:{server.port}/", fetching) == problem


def test_every_trouble_has_words():
    def refuse(host, port):
        raise socket.gaierror

    assert look("http://site.example.org/", Fetcher(resolve=refuse)) == Problem.NO_NAME
    assert look("http://site.example.org/", Fetcher(resolve=lambda *_: ["10.0.0.1"])) == Problem.NOT_PUBLIC
    with Server(redirect("/")) as server:
        fetching = Fetcher(resolve=lambda *_: ["127.0.0.1"], may_ask=lambda _: True, ports={server.port})
        assert look(f"http://site.example.org:{server.port}/", fetching) == Problem.REDIRECTS


def test_three_failures_over_two_weeks_and_not_one_less():
    link = make_link()
    seen = []
    for week in (0, 1, 2):
        see(link, Problem.NOT_FOUND, week)
        seen.append(state(link))
    assert seen == [(1, False, "not-found"), (2, False, "not-found"), (3, True, "not-found")]
    assert Link.objects.get().dead_since == START


def test_many_failures_in_a_few_days_are_not_enough():
    link = make_link()
    for day in range(14):
        see(link, Problem.SERVER, day / 7)
    assert state(link) == (14, False, "server-error")
    see(link, Problem.SERVER, 2)
    assert state(link) == (15, True, "server-error")


def test_what_says_itself_that_it_is_gone_is_believed_the_second_time():
    link = make_link()
    see(link, Problem.GONE)
    see(link, Problem.GONE, 0.9)
    assert state(link) == (2, False, "gone")
    see(link, Problem.GONE, 1)
    assert state(link) == (3, True, "gone")


def test_one_success_in_between_begins_anew():
    link = make_link()
    for week, problem in enumerate(
        [Problem.NOT_FOUND, Problem.NOT_FOUND, "", Problem.NOT_FOUND, Problem.NOT_FOUND]
    ):
        see(link, problem, week)
    assert state(link) == (2, False, "not-found")


def dead(author=None):
    link = make_link(author, title="A garden", body="Why it inspires.")
    for week in (0, 1, 2):
        see(link, Problem.NOT_FOUND, week)
    return Link.objects.get(pk=link.pk)


# --- what is said -----------------------------------------------------------------------------------


def test_the_page_and_the_card_say_so_and_no_more_once_it_is_back(client):
    link = dead()
    page = client.get(link.get_absolute_url()).content.decode()
    assert (
        "We could not reach this address since 2 March 2026: the site says that there is no such page."
        in page
    )
    assert "give it its new address" not in page
    (card,) = client.get("/library/links/").context["cards"]
    assert "May be gone" in card.facts
    assert "May be gone" in card.html(2)
    client.force_login(link.author)
    assert (
        f'{link.get_absolute_url()}edit/">Edit</a></p>'
        in client.get(link.get_absolute_url()).content.decode()
    )
    see(link, "", 3)
    assert state(link) == (0, False, "")
    client.logout()
    assert "could not reach" not in client.get(link.get_absolute_url()).content.decode()
    (card,) = client.get("/library/links/").context["cards"]
    assert "May be gone" not in card.facts


def told_to(member):
    return [
        notice.told and (notice.told.subject, notice.told.url)
        for notice in tell(list(Notice.objects.of(member)), member)
    ]


def test_who_added_it_is_told_once_in_the_inbox_and_by_e_mail(member, settings):
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    EmailChoice.set(member, {"link": "at-once"})
    link = dead(member)
    for week in (3, 4, 5):
        see(link, Problem.NOT_FOUND, week)
    assert told_to(member) == [("Your link “A garden” may be gone", link.get_absolute_url())]
    (notice,) = Notice.objects.all()
    assert (notice.subject, notice.text) == ("", "")  # it keeps no words
    assert write_due() == 1
    message = bytes(OutgoingMail.objects.get().message).decode()
    assert "Your link" in message
    see(link, "", 6)
    assert Notice.objects.count() == 0


def test_when_it_is_gone_again_they_are_told_again(member):
    link = dead(member)
    see(link, "", 3)
    for week in (10, 11, 12):
        see(link, Problem.NOT_FOUND, week)
    assert len(told_to(member)) == 1


def test_a_notice_of_a_link_that_can_not_be_seen_says_nothing_of_it(member, administrator):
    link = dead(member)
    link.remove(administrator, "Off topic.")
    assert None in told_to(member)


def test_nobody_is_told_of_a_link_that_nobody_added():
    link = make_link()
    Contribution.objects.filter(pk=link.pk).update(author=None, byline="KIVA")
    for week in (0, 1, 2):
        see(link, Problem.NOT_FOUND, week)
    assert (state(link), Notice.objects.count()) == ((3, True, "not-found"), 0)


def test_a_suspended_member_is_not_told(member, administrator):
    link = make_link(member)
    member.suspend(timezone.now() + timedelta(days=1_000), administrator, "Advertising.")
    Notice.objects.all().delete()
    for week in (0, 1, 2):
        see(link, Problem.NOT_FOUND, week)
    assert Notice.objects.count() == 0


def test_looking_is_no_edit(queries):
    link = make_link()
    before = Contribution.objects.values("version", "changed_at", "edited_at", "card").get(pk=link.pk)
    see(link, Problem.NOT_FOUND)
    see(link, "", 1)
    assert Contribution.objects.values("version", "changed_at", "edited_at", "card").get(pk=link.pk) == before
    assert link.revisions.count() == 1


def test_an_edit_meanwhile_is_kept_and_another_address_is_looked_at_anew(member):
    link = dead(member)
    asked = Link.objects.get(pk=link.pk)
    link.revise(member, {"title": "Another title"}, version=link.version)
    assert state(link) == (3, True, "not-found")
    link.revise(member, {"url": "https://example.org/moved"}, version=link.version)
    keep(asked, Problem.NOT_FOUND, START + 3 * WEEK)  # of the old address
    link = Link.objects.get(pk=link.pk)
    assert (link.title, link.failures, link.dead_since, link.checked_at) == ("Another title", 0, None, None)
    assert not link.card["gone"]


# --- trouble of our own -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "counted"),
    [("no-name", 0), ("refused", 0), ("unreachable", 0), ("timeout", 0), ("not-secure", 0), ("not-public", 0),
     ("not-found", 1), ("gone", 1), ("server-error", 1), ("redirects", 1), ("no-web-server", 1)],
)  # fmt: skip
def test_when_nothing_answers_us_it_is_not_the_link(problem, counted):
    others(Problem.TIMEOUT)
    link = make_link()
    see(link, problem)
    assert state(link) == (counted, False, problem)


@pytest.mark.parametrize("answered", ["", Problem.NOT_FOUND, Problem.SERVER])
def test_when_one_of_the_last_ten_answered_it_counts(answered):
    others(Problem.TIMEOUT, 9)
    others(answered, 1)
    link = make_link()
    see(link, Problem.TIMEOUT)
    assert state(link) == (1, False, "timeout")


def test_an_answer_before_the_last_ten_tells_nothing():
    others("", 5, at=START - WEEK)
    others(Problem.TIMEOUT)
    link = make_link()
    see(link, Problem.TIMEOUT)
    assert state(link) == (0, False, "timeout")


def test_with_next_to_nothing_to_compare_with_it_counts():
    others(Problem.TIMEOUT, 2)
    link = make_link()
    see(link, Problem.TIMEOUT)
    assert state(link) == (1, False, "timeout")


def test_a_long_time_without_a_line_buries_no_link():
    author = make_member()
    links = [make_link(author) for _number in range(12)]
    for link in links:
        see(link, "", -1)
    for week in range(6):
        for number, link in enumerate(links):
            see(link, Problem.NO_NAME, week + number / 1_000)
    assert {state(link)[1] for link in links} == {False}
    assert max(state(link)[0] for link in links) == 1


# --- when each is due -------------------------------------------------------------------------------


def make_due(*links):
    Link.objects.filter(pk__in=[link.pk for link in links]).update(check_due_at=timezone.now() - WEEK)


def test_a_new_link_is_due_within_a_day_and_then_a_week_later():
    now = timezone.now()
    link = make_link()
    assert now <= link.check_due_at <= timezone.now() + timedelta(days=1)
    assert take(now) is None
    see(link, "")
    assert START + EVERY <= Link.objects.get().check_due_at <= START + EVERY + SPREAD


def test_what_did_not_count_is_looked_at_again_sooner():
    others(Problem.TIMEOUT)
    link = make_link()
    see(link, Problem.TIMEOUT)
    assert Link.objects.get(pk=link.pk).check_due_at < START + timedelta(days=1)


def test_whoever_takes_one_has_it_alone_and_a_killed_worker_gives_it_back():
    link = make_link()
    make_due(link)
    now = timezone.now()
    assert take(now) == link
    assert take(now) is None
    assert take(now + TAKEN_FOR) == link  # killed in the middle: nothing was kept, nothing is stuck
    assert state(link) == (0, False, "")


def test_the_longest_waiting_comes_first_and_what_is_not_listed_never(member, administrator):
    first, second, removed, hidden, draft = (
        make_link(),
        make_link(),
        make_link(),
        make_link(member),
        make_link(publish=False),
    )
    removed.remove(administrator, "Off topic.")
    member.hide_contributions()
    now = timezone.now()
    for number, link in enumerate((removed, hidden, draft, first, second)):
        Link.objects.filter(pk=link.pk).update(check_due_at=now - WEEK + timedelta(hours=number))
    assert [take(now), take(now), take(now)] == [first, second, None]


def test_what_was_taken_down_while_it_was_asked_for_is_left_alone(administrator):
    link = make_link()
    asked = Link.objects.get(pk=link.pk)
    link.remove(administrator, "Off topic.")
    keep(asked, Problem.NOT_FOUND, START)
    assert state(link) == (0, False, "")


def served(server):
    return Fetcher(resolve=lambda *_: ["127.0.0.1"], may_ask=lambda _: True, ports={server.port})


def point_at(server, *links):
    for link in links:
        Link.objects.filter(pk=link.pk).update(url=f"http://site.example.org:{server.port}/{link.pk}")
    make_due(*links)


def test_one_look_from_end_to_end():
    links = [make_link(), make_link()]
    with Server(lambda connection, head: connection.sendall(OK)) as server:
        point_at(server, *links)
        assert [check_one(served(server)).problem for _ in links] == ["", ""]
        assert check_one(served(server)) is None
    assert [head.split(" ")[:2] for head in server.asked] == [["HEAD", f"/{link.pk}"] for link in links]


def test_off_by_a_setting(settings):
    settings.NETWORK_CHECK_LINKS = False
    make_due(make_link())
    with Server() as server:
        assert check_one(served(server)) is None
    assert Link.objects.get().checked_at is None
    out = StringIO()
    call_command("check_links", stdout=out)
    assert out.getvalue() == "Links are not looked at: NETWORK_CHECK_LINKS is off.\n"


def test_the_command_looks_at_all_that_are_due_and_the_second_time_at_none():
    """Without a resolver of the test's: a name under .invalid is known to nobody, and 127.0.0.1 is not public."""
    links = [make_link(), make_link(), make_link()]
    with Server() as server:
        for link, url in zip(
            links,
            ["http://nobody.invalid/", f"http://127.0.0.1:{server.port}/", "http://127.0.0.1/"],
            strict=True,
        ):
            Link.objects.filter(pk=link.pk).update(url=url)
        make_due(*links)
        said = []
        for _time in range(2):
            out = StringIO()
            call_command("check_links", stdout=out)
            said.append(out.getvalue())
    assert said == ["3 looked at, 3 of them not reached.\n", "0 looked at, 0 of them not reached.\n"]
    assert [state(link)[2] for link in links] == ["no-name", "not-public", "not-public"]
    assert server.asked == []


def test_the_worker_looks_at_one_at_a_time_and_not_while_mail_waits(member, settings, tmp_path):
    settings.NETWORK_DATA = tmp_path
    links = [make_link(), make_link()]
    Link.objects.update(url="http://127.0.0.1/")
    make_due(*links)

    def looked_at():
        return Link.objects.filter(checked_at__isnull=False).count()

    worker = Worker()
    settings.EMAIL_BACKEND = "commons.notifications.mail.QueueBackend"
    settings.DELIVERY_BACKEND = "commons.notifications.mail.FolderBackend"
    notify(member, "test", "Hello")
    seen = []
    for next_link in (0.0, 0.0, None, 0.0):
        if next_link is not None:
            worker.next_link = next_link
        worker.work()
        seen.append(looked_at())
    assert seen == [0, 1, 1, 2]


def test_what_is_due_is_found_in_an_index(queries):
    make_due(make_link())
    with queries(1):
        list(Link.objects.to_check(timezone.now())[:1])
    assert Link.objects.listed_to(AnonymousUser()).count() == 1
