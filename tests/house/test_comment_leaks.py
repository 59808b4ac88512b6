"""No comment leaks: each sort of them at every address, in every e-mail, to every sort of reader."""

import itertools

import pytest
from django.core import mail
from django.urls import URLPattern, get_resolver, reverse

from commons.contributions.models import Comment, Helpful
from commons.moderation.models import Case
from commons.notifications.news_mail import write_due
from tests import addresses
from tests.addresses import ROWS
from tests.conversations_world import ALL, EARLIER, INSIDE, PUBLIC, build_conversations, twin
from tests.world import READERS, STAFF, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks():
    return build_conversations(build_world())


def names_of(prefix):
    """Return the names of the addresses of one thing by its number, such as comment_edit."""
    return [name for name in addresses.names() if name == prefix or name.startswith(f"{prefix}_")]


def below_items():
    """Return what stands below the address of an item of each kind, such as "edit/", by namespace."""
    found = {}
    for pattern in get_resolver().url_patterns:
        for inner in getattr(pattern, "url_patterns", []):
            for one in (inner, *getattr(inner, "url_patterns", [])):
                route = str(one.pattern)
                if isinstance(one, URLPattern) and "<item:item>/" in route and route.count("<") == 1:
                    found.setdefault(one.lookup_str.partition(".")[0], set()).add(
                        route.partition("<item:item>/")[2]
                    )
    return found


def pages_of_comments(talks):
    """Every address of every comment, and of the lines that moved ones left behind."""
    for comment in (*talks.comments.values(), *talks.lines):
        for name in names_of("comment"):
            yield reverse(name, args=[comment.pk])
        yield f"{reverse('comment_history', args=[comment.pk])}?version=1"
        yield f"{reverse('comment_history', args=[comment.pk])}?version=2"


def pages_of_hosts(talks):
    """Every address of every item that was commented on, and the forms about what stands, or stood, there."""
    below = below_items()
    for host in talks.hosts.values():
        for name in names_of("contribution"):
            yield reverse(name, args=[host.pk])
        app = type(host)._meta.app_label
        for suffix in below[app]:
            yield host.url_below(suffix)
        for comment in Comment.objects.filter(contribution=host.pk):
            yield f"{reverse('contribution_comments', args=[host.pk])}?answers={comment.pk}&quote=1"
            if app == "forum":
                yield f"{host.url_below('move/')}?comment={comment.pk}"


def lists(talks):
    """Every other address there is, and a search for every comment."""
    for row in ROWS.values():
        yield from row.paths(talks.world)
    for marker in ALL:
        yield f"{reverse('discovery:search')}?q={twin(marker)}"
    for name in ("forum:list", "forum:feed", "forum:archive"):
        yield reverse(name)


def shown(talks, client, path):
    """Return (words of comments, markers of people) that a page shows, wherever it leads to but to signing in."""
    response = client.get(path)
    while response.status_code in {301, 302} and "/accounts/login/" not in response.url:
        response = client.get(response.url)
    assert response.status_code < 500 or path == "/readyz", path
    html = b"".join(response.streaming_content) if response.streaming else response.content
    html = html.decode(errors="replace")
    return talks.found_in(html), {marker for marker in talks.world.people if marker in html.lower()}


@pytest.mark.parametrize("reader", READERS)
def test_no_page_shows_a_comment_to_whom_it_is_not_for(talks, reader):
    """Lists show even to their author and to moderators only what all may read; what is private names nobody."""
    client = talks.world.client_for(reader)
    wrong = []
    for paths, may in (
        (lists(talks), talks.listed_to(reader)),
        (pages_of_hosts(talks), talks.readable_by(reader)),
        (pages_of_comments(talks), talks.readable_by(reader)),
    ):
        for path in paths:
            words, people = shown(talks, client, path)
            if words - may:
                wrong.append(f"{path} shows {words - may}")
            if "zqsecretfan" in people and "zqsecretfan" not in path:
                wrong.append(f"{path} names who marked or follows something")
            if "zqcovered" in people and "zqcovered" not in path and reader not in STAFF:
                wrong.append(f"{path} names whose words are hidden")
    assert wrong == []


def test_where_it_stands_each_shows_to_all_whom_it_is_for(talks):
    """Else a page that shows nothing would pass for one that keeps a secret."""
    for reader in READERS:
        client = talks.world.client_for(reader)
        for name, host in talks.hosts.items():
            if name == "merged":
                continue
            response = client.get(host.get_absolute_url())
            expected = talks.standing_on(host) & (talks.readable_by(reader) - EARLIER)
            where = f"{name} as {reader}"
            if response.status_code != 200:
                assert (name in {"inside", "taken", "back", "covered"}, reader in STAFF) == (True, False), (
                    where
                )
                expected = set()
            assert talks.found_in(response.content.decode()) == expected, where


def test_feeds_are_for_everybody_and_show_what_everybody_may_read(talks):
    for reader in READERS:
        client = talks.world.client_for(reader)
        feeds = [row.paths(talks.world) for name, row in ROWS.items() if name.endswith("feed")]
        feeds += [[host.url_below("feed/")] for host in talks.hosts.values() if host.kind == "forum"]
        found = set()
        for path in itertools.chain.from_iterable(feeds):
            found |= shown(talks, client, path)[0]
        assert found == PUBLIC - {"zqcpost", "zqcreport"}, reader


def test_e_mails_carry_what_their_reader_may_see_when_they_are_written(talks, settings):
    before = len(mail.outbox)
    while write_due():
        pass
    written = {}
    for message in mail.outbox:
        whole = message.subject + message.body + "".join(html for html, _kind in message.alternatives)
        for address in message.to:
            written.setdefault(address, set()).update(talks.found_in(whole))
    assert len(mail.outbox) > before
    news = written.pop(talks.world.stranger.email)
    assert news == (PUBLIC | INSIDE) - {"zqcmergedtext"}
    assert written.pop(talks.fan.email) == news
    assert written.pop(talks.world.author.email) == {"zqcbybanned"}  # who answered them
    assert {address: words for address, words in written.items() if words} == {}


def test_the_inbox_shows_what_is_still_there(talks):
    client = talks.world.client_for("stranger")
    words, _people = shown(talks, client, reverse("notifications:inbox"))
    assert words == (PUBLIC | INSIDE) - {"zqcmergedtext"}
    client.force_login(talks.fan)
    assert shown(talks, client, reverse("notifications:inbox"))[0] == words


def test_what_one_reads_one_can_report_and_nothing_else(talks):
    for reader in READERS:
        client = talks.world.client_for(reader)
        may = talks.readable_by(reader)
        for marker, comment in talks.comments.items():
            path = reverse("comment_report", args=[comment.pk])
            expected = 200 if marker in may else 404
            assert client.get(path).status_code == expected, f"{marker} as {reader}"
            if expected == 404:
                assert client.post(path, {"reason": "spam"}).status_code == 404, f"{marker} as {reader}"
    assert Case.objects.filter(flags__isnull=False).distinct().count() == 2


def test_only_what_is_listed_can_be_found_helpful(talks):
    made = Helpful.objects.count()
    for reader in READERS:
        client = talks.world.client_for(reader)
        for marker, comment in talks.comments.items():
            path = reverse("comment_helpful", args=[comment.pk])
            where = f"{marker} as {reader}"
            if reader == "visitor":
                expected = (302, 302)
            elif marker not in talks.listed_to(reader):
                expected = (404, 404)
            elif comment.author_id == getattr(talks.world, reader).pk:
                expected = (200, 403)
            else:
                expected = (200, 302)
            answers = client.get(path).status_code, client.post(path, {"want": "0"}).status_code
            assert answers == expected, where
    assert Helpful.objects.count() == made


def test_nobody_changes_or_takes_back_anothers(talks):
    for reader in READERS:
        client = talks.world.client_for(reader)
        for marker, comment in talks.comments.items():
            for name in ("comment_edit", "comment_withdraw"):
                path = reverse(name, args=[comment.pk])
                if reader == "visitor":
                    expected = {302}
                elif reader != "author" or comment.author_id != talks.world.author.pk:
                    expected = {404}
                else:
                    continue
                answers = {client.get(path).status_code, client.post(path, {"body": "Mine"}).status_code}
                assert answers == expected, f"{name} of {marker} as {reader}"


def test_the_administration_is_for_those_who_look_after_it(talks):
    paths = [reverse("admin:contributions_comment_changelist"), reverse("admin:moderation_case_changelist")]
    paths += [
        reverse("admin:contributions_comment_change", args=[comment.pk])
        for comment in talks.comments.values()
    ]
    paths += [reverse("admin:moderation_case_change", args=[case.pk]) for case in Case.objects.all()]
    for reader in READERS:
        client = talks.world.client_for(reader)
        found = set()
        for path in paths:
            words, people = shown(talks, client, path)
            found |= words
            assert "zqsecretfan" not in people, path
        expected = talks.readable_by(reader) - {"zqcbefore"} - EARLIER if reader in STAFF else set()
        assert found == expected, reader
