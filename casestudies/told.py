"""Told together: inviting somebody from the other side, and what they make of it."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from commons.contributions import conversation
from commons.contributions.telling import conversation_name
from commons.notifications import sources
from commons.notifications.notify import notify
from commons.notifications.sources import AT_ONCE_OR_NEVER, Choice, Worded
from commons.notifications.when import When

from .models import Account, CaseStudy, Side

MOST_INVITED = 10
INVITED = "case-study.invited"
TOLD_TOGETHER = Choice(
    "told-together",
    gettext_lazy("somebody who asks you to tell your side of a case study"),
    gettext_lazy("You get this e-mail because a member asks you to tell your side of a case study."),
    default=When.AT_ONCE,
    offers=AT_ONCE_OR_NEVER,
)
REFUSALS = ("self", "already", "too_many", "not_listed", "no_side")


class NotInvited(Exception):
    """This member can't be invited; `reason` is one of REFUSALS."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def invite(case_study, member):
    """Invite `member` to tell a case study from the side that is not its author's; return the Account. They are told.

    Raises NotInvited: its author, somebody invited before, more than MOST_INVITED, or where nobody else can read it.
    """
    try:
        with transaction.atomic():
            talk = conversation.lock(case_study.pk)
            _check(talk, member)
            account = Account.objects.create(case_study=talk, member=member, side=Side(talk.side).other)
            _tell(talk, member)
            return account
    except IntegrityError as error:
        raise NotInvited("already") from error


def _check(talk, member):
    invited = Account.objects.filter(case_study=talk)
    if member.pk == talk.author_id:
        raise NotInvited("self")
    if not talk.side:
        raise NotInvited("no_side")
    if not CaseStudy.objects.listed_to(member).filter(pk=talk.pk).exists():
        raise NotInvited("not_listed")
    if invited.filter(member=member).exists():
        raise NotInvited("already")
    if invited.count() >= MOST_INVITED:
        raise NotInvited("too_many")


def _tell(talk, member):
    """Tell a member that they are invited, unless one has blocked the other: whoever invites does not learn of that."""
    if not get_user_model().objects.filter(pk=member.pk).on_terms_with(talk.author_id).exists():
        return
    with override(member.language):
        names = {"name": talk.author.display_name, "title": talk.title}
        notify(
            member,
            INVITED,
            _("%(name)s asks you to tell your side of “%(title)s”") % names,
            _(
                "It is a case study that you may know from the other side. You can say that you saw it the same way, "
                "add something, or tell how you saw it differently. Both stand side by side. You can also say no."
            ),
            talk.url_below("tell/"),
            conversation=conversation_name(talk.pk),
        )


def tell(account, comment, stance):
    """Keep what an invited member told: `comment`, which they have just written, and their Stance."""
    with transaction.atomic():
        talk = conversation.lock(account.case_study_id)
        row = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        row.comment, row.stance = comment, stance
        row.told_at, row.declined_at = row.told_at or timezone.now(), None
        row.save()
        talk.conversation_changed()
        conversation.announce(talk.pk)
    return row


def change_stance(account, stance):
    """Let an account that was told have another Stance; its words stay."""
    with transaction.atomic():
        conversation.lock(account.case_study_id)
        Account.objects.filter(pk=account.pk).exclude(told_at=None).update(stance=stance)
        conversation.announce(account.case_study_id)


def decline(account):
    """Note that an invited member would rather not."""
    Account.objects.filter(pk=account.pk, told_at=None).update(declined_at=timezone.now())


def accounts_of(case_study):
    """Return the Accounts of a case study whose words can be read, with their comments, the oldest first. One query."""
    return list(
        Account.objects.told().filter(case_study=case_study.pk).select_related("comment").order_by("told_at")
    )


def register():
    """Let members choose whether such a question comes by e-mail."""
    sources.register(Worded({INVITED: TOLD_TOGETHER}))
