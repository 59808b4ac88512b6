"""What those whom it concerns are told: the member who was decided about, and the readers who reported.

Words are lazy, because they are wanted in the language of whoever reads them. Nobody is told who decided, or who
reported.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commons.notifications.notify import notify, send

from . import queued
from .decisions import Action


@dataclass(frozen=True)
class Telling:
    """What a member is told of a decision: `words` stand where the moderator gave none; `lead` always comes first.

    `subject` may name the item as {title}, which stands in quotes where it has a title of its own.
    """

    subject: object
    words: object = ""
    lead: object = ""


OF_ITEM = {
    Action.APPROVE: Telling(_("{title} is now published"), _("A moderator has read it and let it through.")),
    Action.REMOVE: Telling(
        _("{title} has been taken down"),
        _("It doesn’t keep to the terms of use."),
        lead=_("A moderator has taken it down and gives this reason:"),
    ),
    Action.RESTORE: Telling(
        _("{title} is back"), _("A moderator has put it back: others can read it again.")
    ),
    Action.CLOSE: Telling(
        _("{title} is closed"),
        _("It has run its course."),
        lead=_("Everything in it can still be read. A moderator has closed it and gives this reason:"),
    ),
    Action.REOPEN: Telling(_("{title} is open again"), _("Everybody can answer in it again.")),
    Action.MOVE: Telling(
        _("{title} has been moved"),
        _(
            "A moderator has moved it to a conversation of its own. Its address leads there, and nothing is lost."
        ),
    ),
    Action.MERGE: Telling(
        _("{title} is now part of another conversation"),
        _("A moderator has put the two together. Its address leads there, and nothing is lost."),
    ),
    Action.CALL_OFF: Telling(
        _("{title} is called off"),
        lead=_("A moderator has called off the event or one of its dates and gives this reason:"),
    ),
    Action.TAKE_PLACE: Telling(
        _("{title} takes place after all"),
        _("A moderator has put back the event or one of its dates: it is no longer called off."),
    ),
    Action.CHANGE_DATE: Telling(
        _("A date of {title} has changed"), lead=_("A moderator has changed a date of your event.")
    ),
    Action.BACK_TO_VERSION: Telling(
        _("An earlier version of {title} is back"),
        lead=_(
            "A moderator has put back an earlier version. What you wrote since is kept: you find it in the history."
        ),
    ),
    Action.KEEP: Telling(_("{title} stays as it is")),
    Action.UPHOLD: Telling(
        _("{title} stays taken down"),
        _("We have read your answer and looked again. The decision stays as it was."),
    ),
}
OF_MEMBER = {
    Action.APPROVE: Telling(
        _("Welcome: you can sign in now"),
        _("Your membership has been approved. Sign in, tell others about yourself, and take part."),
    ),
    Action.APPROVE_PROFILE: Telling(
        _("Your profile can be seen now"), _("A moderator has read it and let it through.")
    ),
    Action.SUSPEND: Telling(
        _("Your membership is suspended"), _("Something you wrote or did doesn’t keep to the terms of use.")
    ),
    Action.LIFT: Telling(
        _("Your membership is no longer suspended"), _("You can sign in and take part again.")
    ),
    Action.HIDE: Telling(
        _("Your profile has been hidden"),
        _("It doesn’t keep to the terms of use."),
        lead=_("Only you and the people who run the network can see it."),
    ),
    Action.SHOW: Telling(_("Your profile can be seen again"), _("A moderator has shown it again.")),
    Action.HIDE_WRITTEN: Telling(
        _("What you wrote has been hidden"),
        _("It doesn’t keep to the terms of use."),
        lead=_("Only you and the moderators can see it."),
    ),
    Action.SHOW_WRITTEN: Telling(
        _("What you wrote can be seen again"), _("A moderator has shown it again.")
    ),
    Action.SPAMMER: Telling(
        _("Your membership is suspended"),
        _("What you sent looks like advertising or fraud, so it has been hidden and you can’t sign in."),
    ),
    Action.CLEAR: Telling(
        _("Your membership is no longer suspended"),
        _("We took you for somebody who sends advertisements. That was a mistake, and we are sorry. You can sign in "
          "again, and what you wrote can be seen."),
    ),
    Action.KEEP: Telling(_("Your membership stays as it is")),
    Action.UPHOLD: Telling(
        _("The decision about your membership stays"),
        _("We have read your answer and looked again. The decision stays as it was."),
    ),
}  # fmt: skip
ONLY_YOU = _("Only you and the moderators can still see it.")
ANSWER = _(
    "If you think this is wrong, you can answer once, and somebody else looks at it again where there is another "
    "moderator. You needn’t sign in for that:"
)
# What whoever reported something is told of the decision, by what was done.
OUTCOMES = {
    Action.APPROVE: _("We have looked at it and let it stand."),
    Action.APPROVE_PROFILE: _("We have looked at it and let it stand."),
    Action.KEEP: _("We have looked at it and left it as it is."),
    Action.UPHOLD: _("We have looked at it, and an earlier decision about it stands."),
    Action.REMOVE: _("We have looked at it and taken it down. Thank you for telling us."),
    Action.RESTORE: _("We have looked at it, and it can be read again."),
    Action.SUSPEND: _(
        "We have looked at it. The member can’t sign in or post for some time. Thank you for telling us."
    ),
    Action.HIDE: _("We have looked at it and hidden the profile. Thank you for telling us."),
    Action.HIDE_WRITTEN: _(
        "We have looked at it and hidden what the member wrote. Thank you for telling us."
    ),
    Action.SPAMMER: _(
        "We have looked at it. The member can’t sign in any more, and what they wrote is hidden. Thank you for "
        "telling us."
    ),
}
SOMETHING_DONE = _("We have looked at it and dealt with it.")


def telling_of(thing, action):
    """Return the Telling of an action about `thing`, or None where nobody is told."""
    return (OF_MEMBER if _is_member(thing) else OF_ITEM).get(action)


def default_words(thing, action):
    """Return what a moderator's words begin with, in the language of whom they are for."""
    telling, member = telling_of(thing, action), thing.concerns()
    with override(member.language if member else settings.LANGUAGE_CODE):
        return str(telling.words) if telling else ""


def tell_member(thing, decision, *, until=None):
    """Tell the member concerned what was decided, in their language, and how to answer.

    Nobody is told of their own doing. `until` is the end of a suspension.
    """
    member, telling = decision.about, telling_of(thing, decision.action)
    if member is None or telling is None or decision.by_id == member.pk:
        return
    of_member = _is_member(thing)
    with override(member.language):
        parts = [telling.lead, decision.reason.strip() or telling.words]
        if until:
            parts.insert(0, _until_words(until))
        if decision.action == Action.REMOVE:
            parts.append(ONLY_YOU)
        if decision.can_be_answered:
            parts += [ANSWER, f"{settings.SITE_URL}{decision.appeal_path()}"]
        notify(
            member,
            f"{decision.target_type.model}.{decision.action}",
            telling.subject if of_member else format_lazy(telling.subject, title=thing.named_to_its_author()),
            "\n\n".join(str(part) for part in parts if part),
            url=_member_path(decision) if of_member else thing.get_absolute_url(),
            email=member.confirmed_at is not None,
        )


def _member_path(decision):
    """Return where a notice about a membership leads: to answering it, else to signing in."""
    return decision.appeal_path() if decision.can_be_answered else reverse("account_login")


def _until_words(until):
    day = formats.date_format(timezone.localtime(until), "j F Y")
    return format_lazy(_("You can’t sign in until the end of {day}."), day=day)


def acknowledge(flag, thing):
    """Tell whoever reported that their report is here, with its reference."""
    subject = _("We have your report: {reference}")
    words = _("Thank you for telling us. A moderator will look at it, and you will hear what was decided.")
    _tell_reporter(flag, "received", subject, words, thing)


def tell_reporter(flag, decision):
    """Tell whoever reported what was decided, in plain words: not by whom, nor what the author was told."""
    words = OUTCOMES.get(decision.action, SOMETHING_DONE)
    _tell_reporter(flag, "decided", _("What came of your report: {reference}"), words, None)


def _tell_reporter(flag, step, subject, words, thing):
    """By notice to a member; by e-mail to an address, and then without words that others wrote.

    Else somebody could have this site send their own words to any address, by reporting what they wrote themselves.
    """
    subject = format_lazy(subject, reference=flag.reference)
    if flag.by_id:
        about = format_lazy(_("You reported: {title}"), title=_name(flag, thing))
        with override(flag.by.language):
            notify(flag.by, f"report.{step}", subject, f"{about}\n\n{words}")
    elif flag.email:
        with override(flag.language):
            context = {
                "subject": str(subject),
                "words": words,
                "kind": queued.kind_label(flag.case.target_type),
            }
            send(flag.email, "email/report", {**context, "reference": flag.reference})


def _name(flag, thing):
    thing = thing or flag.case.target()
    return str(thing) if thing is not None else flag.case.target_label


def _is_member(thing):
    model, _pk = thing.moderation_target()
    return model._meta.label == settings.AUTH_USER_MODEL
