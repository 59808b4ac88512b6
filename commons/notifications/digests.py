"""Digests: what a member hears of once a day or once a week, together in one e-mail.

They are due at AT by the clock on the wall, whatever that is in UTC. Whoever comes late, a worker that was down for a
week or the command of a test, sees to the last period alone, and what was missed before it is told in it. That a
period is seen to is a row of its own, written with the e-mail in one transaction: nobody gets two.
"""

import logging
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from . import sources
from .grouping import grouped
from .models import Digest, EmailChoice, Notice
from .notify import send
from .sources import Choice
from .unsubscribing import headers_for, stop_path
from .when import DIGESTS, When

log = logging.getLogger(__name__)

AT = time(7)
MONDAY = 0
LENGTH = {When.DAILY: timedelta(days=1), When.WEEKLY: timedelta(days=7)}
LONGEST = timedelta(days=28)  # what is older is no news, however long nothing could be sent
MOST_NOTICES = 40
WORDS = 200  # characters of each thing: what it is about, and no more
AT_A_TIME = 100
# What their links to end them say: see unsubscribing.stop_path.
DIGEST_KINDS = {
    "digest.daily": Choice(
        When.DAILY,
        gettext_lazy("what comes once a day"),
        gettext_lazy("You get this e-mail because you chose to hear of some news once a day, all together."),
        default=When.DAILY,
    ),
    "digest.weekly": Choice(
        When.WEEKLY,
        gettext_lazy("what comes once a week"),
        gettext_lazy(
            "You get this e-mail because you are a member, and hear of some news once a week, all together."
        ),
        default=When.WEEKLY,
    ),
}


def last_due(when, now):
    """Return (local day, moment) at which digests of a sort were last due, by the clock on the wall."""
    day = timezone.localdate(now)
    if when == When.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    moment = _on_the_wall(day)
    if moment > now:
        day -= LENGTH[when]
        moment = _on_the_wall(day)
    return day, moment


def _on_the_wall(day):
    return timezone.make_aware(datetime.combine(day, AT))


def write_due(now=None, limit=None, go_on=lambda: True):
    """Queue the digests that are due, of up to `limit` members; return how many members were seen to.

    A fixed number of queries for each member and a few for each hundred, and no more than a hundred in memory.
    """
    now = now or timezone.now()
    seen_to = 0
    for when in DIGESTS:
        day, until = last_due(when, now)
        after = 0
        while members := list(_due(when, day, until).filter(pk__gt=after).order_by("pk")[:AT_A_TIME]):
            told_until = _told_until(members)
            chosen = [EmailChoice.of_each(members, part.choice) for part in sources.parts()]
            for member in members:
                if not go_on() or seen_to == limit:
                    return seen_to
                wanted = [
                    part
                    for part, others in zip(sources.parts(), chosen, strict=True)
                    if others.get(member.pk, part.choice.default) == when
                ]
                since = max(told_until.get(member.pk) or until - LENGTH[when], until - LONGEST)
                seen_to += _see_to(Digest(member=member, when=when, day=day), wanted, since, until, now)
            after = members[-1].pk
    return seen_to


def _due(when, day, until):
    """Return the members for whom there may be something in the digest of `day`, and who have not had it."""
    had = Digest.objects.filter(member=OuterRef("pk"), when=when, day__gte=day)
    something = Q(Exists(_waiting(when, until).filter(member=OuterRef("pk"))))
    for part in sources.parts():
        chosen = EmailChoice.objects.filter(member=OuterRef("pk"), choice=part.choice.code)
        wanted = Q(Exists(chosen.filter(when=when)))
        if part.choice.default == when:
            wanted |= ~Q(Exists(chosen))
        something |= wanted & Q(part.has(until))
    members = get_user_model()._base_manager.filter(is_active=True, confirmed_at__isnull=False)
    return members.filter(something, ~Exists(had))


def _waiting(when, until):
    return Notice.objects.filter(digest=when, created_at__lte=until)


def _told_until(members):
    """Return {member id: until when a digest has told them what is new in what they follow}."""
    rows = Digest.objects.filter(member__in=members).values_list("member")
    return dict(rows.annotate(latest=Max("news_until")).order_by())


def _see_to(digest, wanted, since, until, now):
    """Queue one digest, or note that there was nothing to tell; return 1, or 0 where that can't be done now."""
    try:
        with transaction.atomic():
            _write(digest, wanted, since, until, now)
    except IntegrityError:
        if not Digest.objects.filter(member=digest.member, when=digest.when, day=digest.day).exists():
            raise
        return 0  # another worker was quicker
    except DatabaseError:
        raise
    except Exception as error:  # whatever is wrong with one, the others get theirs
        log.warning("digest for member %s not written: %s", digest.member_id, type(error).__name__)
        return 0
    return 1


def _write(digest, wanted, since, until, now):
    member = digest.member
    if wanted:
        digest.news_until = until
    waiting = _waiting(digest.when, until).of(member)
    with override(member.language):
        sections, notices, told = [], [], []
        if member.may_act:
            sections = [section for part in wanted for section in part.load(member, since, until)]
            notices = sources.tell(list(waiting[: MOST_NOTICES + 1]), member)
            told = [group.told for group in grouped(notices[:MOST_NOTICES]) if group.told]
        waiting.order_by().update(digest="")
        if sections or told:
            digest.sent_at = now
            _send(digest, sections, told, has_more=len(notices) > MOST_NOTICES)
    digest.save(force_insert=True)


def _send(digest, sections, told, has_more):
    member, kind = digest.member, f"digest.{digest.when}"
    stop_url = f"{settings.SITE_URL}{stop_path(member.pk, kind)}"
    context = {
        "notice": {"subject": _subject(digest.when, sections, told)},
        "sections": [replace(section, lines=_short(section.lines)) for section in sections],
        "told": _short(told),
        "has_more": has_more,
        "member": member,
        "why": DIGEST_KINDS[kind].why,
        "stop_url": stop_url,
    }
    headers = headers_for(f"digest-{digest.when}-{digest.day}-{member.pk}", stop_url)
    send(member.email, "email/digest", context, headers)


def _short(lines):
    """Return each Told with no more than its first words, in one line."""
    return [replace(one, text=Truncator(" ".join(one.text.split())).chars(WORDS)) for one in lines]


def _subject(when, sections, told):
    number = len(told) + sum(len(section.lines) for section in sections)
    beginning = _("Your day") if when == When.DAILY else _("Your week")
    things = ngettext("%(number)d thing is new", "%(number)d things are new", number) % {"number": number}
    return _("%(beginning)s in %(network)s: %(things)s") % {
        "beginning": beginning, "network": settings.NETWORK_NAME, "things": things,
    }  # fmt: skip
