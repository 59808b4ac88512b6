"""What a member is told: notices in the inbox, when e-mails about them come, and the queue of those to be delivered."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import sources
from .when import DIGESTS, When

# Minutes from a failed try to the next. When the one after the last fails too, after two days, that was all.
RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440)
# How long a worker has a message to itself: longer than a slow mail server takes over it.
CLAIMED_FOR = timedelta(minutes=2)
# While the mail server can't be reached at all nothing counts as a try: one knock a minute for everyone.
SERVER_AWAY_FOR = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(minutes=sum(RETRY_AFTER_MINUTES))
KEPT_FOR = timedelta(days=90)
# Notices whose kind begins so are between the network and the member alone: who reported something, for one.
UNSEEN_KINDS = "report."


class NoticeQuerySet(models.QuerySet):
    def of(self, member):
        """The member's own notices, newest first: nobody sees another's."""
        return self.filter(member=member).order_by("-created_at", "-pk")

    def unread(self):
        return self.filter(read_at=None)

    def mark_read(self):
        """Note that those not yet read have been, and need no digest any more; return how many."""
        return self.unread().update(read_at=timezone.now(), digest="")

    def wait_for(self, when):
        """Let those whose e-mail is still to come wait for another digest, or come no more."""
        if when == When.AT_ONCE:  # they come with the digest that they wait for
            return
        waiting = self.filter(Q(mail_due=True) | ~Q(digest=""))
        waiting.update(mail_due=False, digest=when if when in DIGESTS else "")


class Notice(models.Model):
    """Something a member should know, kept in their inbox."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    # News keeps no words: what it is about is looked up when it is read (see sources.py).
    target_id = models.PositiveBigIntegerField(null=True, editable=False)
    mail_due = models.BooleanField(_("e-mail still to be written"), default=False, editable=False)
    digest = models.CharField(_("waits for a digest"), max_length=10, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["member", "-created_at"], name="notice_inbox"),
            # The header of every signed-in page counts these.
            models.Index(fields=["member"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(mail_due=True), name="notice_mail_due"),
            models.Index(fields=["member", "digest"], condition=~Q(digest=""), name="notice_digest"),
        ]
        constraints = [
            # Nobody is told the same twice, however often what leads to it is done.
            models.UniqueConstraint(
                fields=["member", "kind", "target_id"],
                condition=Q(target_id__isnull=False),
                name="notice_once_about_a_thing",
            ),
        ]

    def __str__(self):
        return self.subject


class EmailChoice(models.Model):
    """When a member wants e-mails about a sort of news. Their inbox has it all the same."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="email_choices",
    )
    choice = models.CharField(_("sort of news"), max_length=40)
    when = models.CharField(_("when"), max_length=10, choices=When)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("choice of e-mails")
        verbose_name_plural = _("choices of e-mails")
        constraints = [
            models.UniqueConstraint(fields=["member", "choice"], name="email_choice_once"),
            models.CheckConstraint(condition=Q(when__in=When.values), name="email_choice_known"),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.choice}, {self.when}"

    @classmethod
    def of(cls, member):
        """Return {code: When} of every choice there is, as chosen or else as it stands by itself. One query."""
        chosen = dict(cls.objects.filter(member=member).values_list("choice", "when"))
        return {choice.code: _offered(choice, chosen.get(choice.code)) for choice in sources.choices()}

    @classmethod
    def of_each(cls, members, choice):
        """Return {member id: When} of those of `members` who have chosen something about one Choice. One query."""
        chosen = cls.objects.filter(member__in=members, choice=choice.code).values_list("member", "when")
        return {member: _offered(choice, when) for member, when in chosen}

    @classmethod
    def set(cls, member, chosen):
        """Keep {code: When} for the member. What waits already comes when it is wanted now, or not at all."""
        rows = [cls(member=member, choice=code, when=when) for code, when in chosen.items()]
        with transaction.atomic():
            cls.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["member", "choice"],
                update_fields=["when", "since"],
            )
            for when in set(chosen.values()):
                kinds = sources.kinds_of([code for code, wanted in chosen.items() if wanted == when])
                Notice.objects.filter(member=member, kind__in=kinds).wait_for(when)

    @classmethod
    def stop(cls, member, when=None):
        """Let no news come by e-mail any more: none at all, or none of what comes with one digest."""
        now = cls.of(member)
        cls.set(member, {code: When.NEVER for code in now if when is None or now[code] == when})


def _offered(choice, when):
    return When(when) if when in choice.offers else choice.default


class DigestQuerySet(models.QuerySet):
    def forget_old(self, now=None):
        """Delete what no digest to come asks for any more; return how many."""
        return self.filter(day__lt=timezone.localdate(now) - KEPT_FOR).delete()[0]


class Digest(models.Model):
    """That a member has had the digest of a day or a week, or that there was nothing to tell (`sent_at` is empty).

    `day` is the local day on which it was due. What is new in what they follow has been told up to `news_until`.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        db_index=False,
        on_delete=models.CASCADE,
        related_name="digests",
    )
    when = models.CharField(_("when"), max_length=10, choices=[(when.value, when.label) for when in DIGESTS])
    day = models.DateField(_("day"))
    news_until = models.DateTimeField(_("news until"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(fields=["member", "when", "day"], name="digest_once_a_period"),
            models.CheckConstraint(condition=Q(when__in=DIGESTS), name="digest_known"),
        ]
        indexes = [models.Index(fields=["day"], name="digest_day")]

    def __str__(self):
        return f"{self.member_id}: {self.when}, {self.day}"


class OutgoingMailQuerySet(models.QuerySet):
    def waiting(self):
        """Messages neither delivered nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self, now=None):
        """Messages to be tried now, the longest waiting first."""
        return (
            self.waiting()
            .filter(next_attempt_at__lte=now or timezone.now())
            .order_by("next_attempt_at", "pk")
        )

    def postpone(self, error):
        """Let them wait until the mail server may be back; those that waited two days are given up."""
        now = timezone.now()
        self.filter(waiting_since__lte=now - GIVE_UP_AFTER).update(failed_at=now, last_error=error[:300])
        self.filter(failed_at=None).update(next_attempt_at=now + SERVER_AWAY_FOR, last_error=error[:300])

    def try_again(self):
        """Start anew with those not yet delivered, given up or not; return how many."""
        now = timezone.now()
        return self.filter(sent_at=None).update(
            attempts=0, failed_at=None, next_attempt_at=now, waiting_since=now
        )

    def forget_old(self, now=None):
        """Delete what was delivered or given up long ago; return how many."""
        before = (now or timezone.now()) - KEPT_FOR
        return self.filter(Q(sent_at__lt=before) | Q(failed_at__lt=before)).delete()[0]


class OutgoingMail(models.Model):
    """An e-mail on its way to one recipient. Its words are blanked once it has been handed over."""

    message_id = models.CharField(_("Message-ID"), max_length=255)
    sender = models.CharField(_("from"), max_length=320)
    recipient = models.CharField(_("to"), max_length=320)
    subject = models.CharField(_("subject"), max_length=300)
    message = models.BinaryField(_("message"), editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    waiting_since = models.DateTimeField(_("waiting since"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(sent_at=None, failed_at=None),
                name="outgoing_due",
            ),
            models.Index(fields=["-created_at", "-id"], name="outgoing_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["message_id", "recipient"], name="outgoing_once")]

    def __str__(self):
        return self.subject

    @classmethod
    def claim(cls, pk):
        """Take a due message for one try and return it, or None when another worker was quicker.

        The next try is fixed before the sending, so a worker killed in between repeats this one
        message at most, under the same Message-ID.
        """
        now = timezone.now()
        row = cls.objects.due(now).filter(pk=pk).first()
        if row is None:
            return None
        row.attempts += 1
        # Of two workers at once, the second finds it no longer due.
        taken = (
            cls.objects.due(now)
            .filter(pk=pk)
            .update(attempts=row.attempts, next_attempt_at=now + CLAIMED_FOR)
        )
        return row if taken else None

    def mark_sent(self):
        OutgoingMail.objects.filter(pk=self.pk).update(
            sent_at=timezone.now(), failed_at=None, message=b"", last_error=""
        )

    def mark_failed(self, error):
        """Note why a try failed and when the next is; past the last of RETRY_AFTER_MINUTES it is given up."""
        now = timezone.now()
        over = self.attempts > len(RETRY_AFTER_MINUTES)
        wait = timedelta(minutes=0 if over else RETRY_AFTER_MINUTES[self.attempts - 1])
        OutgoingMail.objects.filter(pk=self.pk, sent_at=None).update(
            last_error=str(error)[:300], failed_at=now if over else None, next_attempt_at=now + wait
        )
