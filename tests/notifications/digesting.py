"""What tests of digests share: a week far ahead, and what is published in it."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

from commons.contributions.models import Contribution
from commons.notifications import digests
from commons.notifications.models import OutgoingMail
from tests.factories import make_post

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2035, 1, 8, 7, tzinfo=LONDON)  # when the digest of the week before it is due
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def publish(title, before=DAY, author=None, **values):
    """A post that was published so long before MONDAY."""
    post = make_post(author, title=title, **values)
    Contribution.objects.filter(pk=post.pk).update(published_at=MONDAY - before)
    return post


def digest_of_the_week(now=MONDAY, **more):
    return digests.write_due(now, **more)


def written():
    """Return the queued digests."""
    return OutgoingMail.objects.filter(message_id__startswith="<digest-").order_by("pk")


def text_of(row):
    message = message_from_bytes(bytes(row.message), policy=policy.default)
    return message.get_body(("plain",)).get_content()
