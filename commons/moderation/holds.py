"""When what a member sends in waits for a moderator first.

A sign holds; it never drops and never refuses. New members are held for links, for more than a handful of items on
their first day, and for the wording of scams; everybody for filling in a field that people can't see. Knows no kind:
the caller says how the member stands and passes the words.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .signs import ENOUGH, Sign, ways_off_this_site, wording

# Two fields of every form that members write in: see components/form_signs.html.
TRAP = "leave_empty"
OPENED = "opened"
SALT = "moderation.opened"

_TRAPPED = Sign("trap", _("A field that people don’t see was filled in, as robots do."), ENOUGH)
_ALTERED = Sign("altered", _("The form’s own mark of time was altered."), ENOUGH)
# Each alone says little: people send what they wrote elsewhere and pasted, and tools leave hidden fields out.
_NO_STAMP = Sign("no_stamp", _("The form’s own mark of time was missing."), 1)
_QUICK = Sign("quick", _("The form was sent within seconds."), 1)
_MANY = Sign("many", _("It is one of many on a new member’s first day."), ENOUGH)
BY_NEW_MEMBER = _("By a new member.")


@dataclass(frozen=True)
class Standing:
    """What is asked about a member: whether they are new, and how much they sent in on a first day not yet over."""

    is_new: bool
    sent_on_first_day: int = 0


ESTABLISHED = Standing(is_new=False)


def opened_stamp(posted=None):
    """Return the value of the field that says when a form was opened: as `posted`, if ours, else new."""
    stamp = (posted or {}).get(OPENED, "")
    return stamp if _opened_at(stamp) is not None else signing.dumps(round(time.time(), 1), salt=SALT)


def form_signs(posted):
    """Return the Signs in how a form was sent. `posted` is the request's QueryDict."""
    signs = []
    if posted.get(TRAP, "").strip():
        signs.append(_TRAPPED)
    stamp = posted.get(OPENED, "")
    opened = _opened_at(stamp)
    if opened is None:
        signs.append(_ALTERED if stamp else _NO_STAMP)
    elif time.time() - opened < settings.NETWORK_FORM_SECONDS:
        signs.append(_QUICK)
    return signs


def why_held(text, standing, form_signs=(), shown=None):
    """Return why a text must wait, in words for moderators, or "" when it may be shown at once.

    `shown` is the text as others read it so far, when something published is changed: then only what is new in it
    counts, so that mending a word does not ask for another approval.
    """
    if not standing.is_new:
        signs = [sign for sign in form_signs if sign is _TRAPPED]
    else:
        signs = [*form_signs, *_in_text(text, shown)]
        if shown is None and standing.sent_on_first_day >= settings.NETWORK_FIRST_DAY_POSTS:
            signs.append(_MANY)
        if shown is not None and not any(sign.weight >= ENOUGH or sign.found for sign in signs):
            return ""
    if sum(sign.weight for sign in signs) < ENOUGH:
        return ""
    # What would have held it in any case is the reason; haste is one only where it tipped the balance.
    signs = [sign for sign in signs if sign.weight >= ENOUGH] or signs
    with override(settings.LANGUAGE_CODE):
        words = [BY_NEW_MEMBER] if standing.is_new else []
        words += [sign.words for sign in signs]
        return " ".join(dict.fromkeys(str(sentence) for sentence in words))


def _in_text(text, shown):
    signs = {(sign.code, sign.found): sign for sign in (*ways_off_this_site(text), *wording(text))}
    known = {(s.code, s.found) for s in (*ways_off_this_site(shown), *wording(shown))} if shown else set()
    return [sign for key, sign in signs.items() if key not in known]


def _opened_at(stamp):
    """Return when a form was opened, in seconds since 1970, or None if the stamp isn't ours. It may be old."""
    try:
        opened = signing.loads(stamp, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return opened if isinstance(opened, float) else None
