"""What the weekly digests of many members cost: queries for each, and memory.

    .venv/bin/python -m bench.digests [--members 10000]

On a site of its own in a temporary folder, on SQLite or on the empty database that DATABASE_URL names. Each member
follows two principles and a sector and has three answers waiting; sixty posts are new. Writes first the digests of a
tenth and then those of all. Prints the figures; exit status 1 when a member of all costs more than one of the tenth, in
queries or in the most memory that was ever held.
"""

import argparse
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from .servers import ROOT

MONDAY = datetime(2035, 1, 8, 7, tzinfo=UTC)
POSTS, ANSWERS, CONVERSATION = 60, 3, "What members waited for"
MEMORY_MAY_GROW = 16  # megabytes, from the tenth to all of them: what Python keeps of what it freed
AT_A_TIME = 1_000


def main(arguments):
    """Measure in a site of its own; return the exit status."""
    parser = argparse.ArgumentParser("python -m bench.digests")
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.inside:
        return _measure(wanted.members)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"NETWORK_DATA": folder, "DJANGO_SETTINGS_MODULE": "network.settings"}
        environment = {**os.environ, **settings}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
        again = [sys.executable, "-m", "bench.digests", "--inside", "--members", str(wanted.members)]
        return subprocess.run(again, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 -- our own


def _measure(number):
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    begun = time.monotonic()
    _fill(number)
    print(f"{number:,} members made in {time.monotonic() - begun:.0f} s")  # noqa: T201
    tenth = _write(number // 10)
    rest = _write(number - number // 10)
    return 1 if rest.queries > tenth.queries or rest.memory - tenth.memory > MEMORY_MAY_GROW else 0


class Cost:
    """What some digests cost: the most queries that any hundred of them took, and the most memory so far, in MB."""

    def __init__(self, hundreds):
        self.queries = max(hundreds.values())
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _write(number):
    """Write the digests of `number` members, print what that cost and return it as a Cost."""
    from django.db import connection

    from commons.notifications import digests
    from commons.notifications.models import Digest, OutgoingMail

    hundreds, seen_to = Counter(), itertools.count()
    current = [0]

    def go_on():
        current[0] = next(seen_to) // digests.AT_A_TIME
        return True

    def count(execute, sql, parameters, many, context):
        hundreds[current[0]] += 1
        return execute(sql, parameters, many, context)

    begun = time.monotonic()
    with connection.execute_wrapper(count):
        written = digests.write_due(MONDAY, limit=number, go_on=go_on)
    seconds = time.monotonic() - begun
    sent = Digest.objects.filter(sent_at__isnull=False).count()
    if not written == number or sent != OutgoingMail.objects.count():
        raise SystemExit(f"{written} of {number} were seen to, {sent} sent")
    cost = Cost(hundreds)
    each = sum(hundreds.values()) / number
    print(  # noqa: T201
        f"{number:,} digests: {each:.2f} queries each, {cost.queries:,} at most for a hundred; {seconds:.0f} s, "
        f"{number / seconds:.0f} a second; at most {cost.memory} MB held"
    )
    return cost


def _fill(number):
    """Make members, what they follow, what is new, and what waits for them."""
    from django.utils import timezone

    from blog.models import Post
    from commons.contributions.models import Comment, Contribution, Follow
    from commons.notifications.models import Notice
    from commons.tagging.models import Principle, ServiceSector
    from forum.models import Thread
    from profiles.models import Member

    now = timezone.now()

    def writer():
        """Each writes once: nobody may write much at a time."""
        name = f"Sample writer {next(numbers)}"
        address = f"{name.replace(' ', '').lower()}@example.org"
        return Member.objects.create_user(address, name, confirmed_at=now, approved_at=now)

    numbers = itertools.count()
    principles, sectors = Principle.objects.order_by("order"), ServiceSector.objects.order_by("order")
    principles, sectors = list(principles), list(sectors)

    def values(title, place):
        return {
            "title": title, "summary": "Sample words on what it is about.", "body": "Sample words. " * 200,
            "audience": "everyone", "keywords": [], "principles": principles[place % len(principles):][:1],
            "sectors": sectors[place % len(sectors):][:1],
        }  # fmt: skip

    def publish(model, values):
        item = model.begin(writer(), values, form_key=uuid.uuid4())
        item.submit(item.author)
        return item

    for place in range(POSTS):
        publish(Post, values(f"Sample post {place}", place))
    thread = publish(Thread, {**values(CONVERSATION, 0), "is_question": False})
    for _number in range(ANSWERS):
        comment = Comment.begin(writer(), thread, "Sample words in answer.", form_key=uuid.uuid4())
        if comment.is_awaiting:
            comment.approve(None)
    Contribution.objects.update(published_at=MONDAY - timedelta(days=1))
    answers = list(Comment.objects.values_list("pk", flat=True))
    for first in range(0, number, AT_A_TIME):
        made = Member.objects.bulk_create(
            Member(
                username=f"sample-{each}", email=f"sample{each}@example.org", display_name=f"Sample {each}",
                password="!", confirmed_at=now, approved_at=now,  # noqa: S106 -- nobody can sign in with it
            )
            for each in range(first, min(first + AT_A_TIME, number))
        )  # fmt: skip
        Follow.objects.bulk_create(
            Follow(member=member, **thing)
            for place, member in enumerate(made)
            for thing in (
                {"principle": principles[place % len(principles)]},
                {"principle": principles[(place + 1) % len(principles)]},
                {"sector": sectors[place % len(sectors)]},
            )
        )
        Notice.objects.bulk_create(
            Notice(member=member, kind="comment.reply", target_id=answer, digest="weekly")
            for member in made
            for answer in answers
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
