"""Two people at once, in two processes: the second sees what the first did, on either database."""

import time

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

PREPARE = """
from uuid import uuid4
from tests.factories import make_member, make_post
author, first, second = (make_member(email=f"{uuid4()}@example.org") for _number in range(3))
for _number in range(5):
    print(make_post(author).pk, author.pk, first.pk, second.pk)
"""
# Begins, says so, and keeps its transaction open until it is told to go on.
SLOW = """
from django.db import transaction
from blog.models import Post
from profiles.models import Member
post, by = Post.objects.get(pk={post}), Member.objects.get(pk={by})
with transaction.atomic():
    {step}
    print("taken", flush=True)
    input()
print("done")
"""
QUICK = """
from blog.models import Post
from commons.moderation.models import TransitionRefused
from profiles.models import Member
from tests.factories import values_for
post, by = Post.objects.get(pk={post}), Member.objects.get(pk={by})
print("trying", flush=True)
try:
    {step}
    print("done")
except TransitionRefused as refused:
    print("refused", refused.status)
"""
STATE = """
from blog.models import Post
from commons.moderation.models import Decision
from commons.notifications.models import Notice
post = Post.objects.get(pk={post})
print(post.status, post.reach, post.title, sep="|")
print(*(d.action for d in Decision.objects.about(post).reverse()))
print(Notice.objects.filter(member=post.author, url=post.get_absolute_url()).count())
"""
REVISE = 'post.revise(post.author, values_for(title="Revised"), version=1)'


@pytest.fixture(scope="module")
def prepared(other_site):
    return iter(other_site.python(PREPARE).splitlines())


@pytest.fixture
def people(prepared):
    """A post that was not yet touched, its author and two moderators, by id."""
    return dict(zip(("post", "author", "first", "second"), next(prepared).split(), strict=True))


def meet(site, slow, quick):
    """Let `quick` start while `slow` has its transaction open; return the last words of both."""
    one = site.start("-c", slow)
    assert one.stdout.readline() == "taken\n"
    two = site.start("-c", quick)
    assert two.stdout.readline() == "trying\n"
    while connection.vendor == "postgresql" and two.poll() is None and not _somebody_waits(site):
        time.sleep(0.05)
    said_one, _none = one.communicate("go on\n")
    said_two, _none = two.communicate()
    assert (one.returncode, two.returncode) == (0, 0), (said_one, said_two)
    return said_one.splitlines()[-1], said_two.splitlines()[-1]


def _somebody_waits(site):
    """Whether a process of `site` waits for a lock. (On SQLite nobody can look, and nothing can slip in between.)"""
    name = site.environment["DATABASE_URL"].rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw before
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", [name]
        )
        return cursor.fetchone()[0] > 0


def test_two_moderators_remove(other_site, people):
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["first"], step='post.remove(by, "Off topic.")'),
        QUICK.format(post=people["post"], by=people["second"], step='post.remove(by, "Spam.")'),
    )
    assert said == ("done", "refused removed")
    state, actions, notices = other_site.python(STATE.format(post=people["post"])).splitlines()
    assert state.startswith("removed|0|")
    assert (actions, notices) == ("submit remove", "1")


def test_a_moderator_removes_while_its_author_withdraws(other_site, people):
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["author"], step="post.withdraw(by)"),
        QUICK.format(post=people["post"], by=people["first"], step='post.remove(by, "Spam.")'),
    )
    assert said == ("done", "refused withdrawn")


def test_a_removal_is_not_undone_by_an_author_who_saves_meanwhile(other_site, people):
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["first"], step='post.remove(by, "Off topic.")'),
        QUICK.format(post=people["post"], by=people["author"], step=REVISE),
    )
    assert said == ("done", "done")
    assert other_site.python(STATE.format(post=people["post"])).splitlines()[0] == "removed|0|Revised"


def test_a_removal_waits_for_an_author_who_is_saving(other_site, people):
    save = "from tests.factories import values_for; " + REVISE
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["author"], step=save),
        QUICK.format(post=people["post"], by=people["first"], step='post.remove(by, "Off topic.")'),
    )
    assert said == ("done", "done")
    assert other_site.python(STATE.format(post=people["post"])).splitlines()[0] == "removed|0|Revised"


REPORT = 'from commons.moderation.models import Flag; Flag.objects.report(post, reason="spam", by=by)'
KEEP = "from commons.moderation.models import Case; Case.objects.about(post).waiting().get().keep(by)"
CASES = """
from blog.models import Post
from commons.moderation.models import Case
cases = Case.objects.about(Post.objects.get(pk={post})).order_by("pk")
print(*(f"{{case.state}} {{case.flags.count()}}" for case in cases), sep="|")
"""


def test_two_readers_report_and_it_is_one_case(other_site, people):
    """And one who reports while a moderator closes it opens another."""
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["first"], step=REPORT),
        QUICK.format(post=people["post"], by=people["second"], step=REPORT),
    )
    assert said == ("done", "done")
    assert other_site.python(CASES.format(post=people["post"])).splitlines()[-1] == "open 2"
    said = meet(
        other_site,
        SLOW.format(post=people["post"], by=people["first"], step=KEEP),
        QUICK.format(post=people["post"], by=people["second"], step=REPORT),
    )
    assert said == ("done", "done")
    assert other_site.python(CASES.format(post=people["post"])).splitlines()[-1] == "closed 2|open 1"


AT_ONCE = """
import uuid
from blog.models import Post
from commons.contributions.sending import PastPostRate
from profiles.models import Member
from tests.factories import values_for
member = Member.objects.get(email="ann@example.org")
print("ready", flush=True)
input()
for _number in range(3):
    try:
        Post.begin(member, values_for(), form_key=uuid.uuid4(), publish=True)
    except PastPostRate:
        pass
"""


def test_posts_from_several_processes_are_counted_together(other_site):
    other_site.python('from tests.factories import make_member; make_member(email="ann@example.org")')
    rate = {"NETWORK_POST_RATE": "4/h", "NETWORK_FIRST_DAY_POSTS": "2"}
    together = [other_site.start("-c", AT_ONCE, **rate) for _number in range(2)]
    for process in together:
        assert process.stdout.readline() == "ready\n"
    for process in together:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in together]
    assert [process.returncode for process in together] == [0, 0], said
    counted = other_site.python(
        "from blog.models import Post; found = Post.objects.filter(author__email='ann@example.org'); "
        "print(*sorted(found.values_list('status', flat=True)))"
    )
    assert counted.splitlines()[-1].split() == ["awaiting"] * 2 + ["published"] * 2
