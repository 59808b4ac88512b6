"""Where a member stands: joined, let in, suspended, hidden; and the only ways to change it.

Each change leaves a Decision, settles what waited for it in the moderators' queue, and is told to the member.
"""

from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Comment, refresh_written_by
from commons.contributions.sending import one_at_a_time
from commons.moderation import told
from commons.moderation.models import Action, Case, Decision, Status, Why

from .invitations.joining import accept_for

# The end of a suspension that has none.
FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)
NEW_MEMBER = _("Every new member waits for an answer.")


class Standing(models.Model):
    """What is decided about a membership. The columns are the Member's own."""

    class Meta:
        abstract = True

    @property
    def is_suspended(self):
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def is_spammer(self):
        """Whether a moderator has marked them as one: suspended without an end."""
        return self.suspended_until == FOR_GOOD

    @property
    def is_open(self):
        """Whether their account is neither closed nor about to be."""
        return self.is_active and self.closes_at is None

    @property
    def may_act(self):
        """Whether they may sign in and post."""
        return self.is_open and not self.is_suspended and self.approved_at is not None

    @property
    def is_listed(self):
        """Whether the gate lists them (see querysets.listed_to)."""
        joined = self.confirmed_at is not None and self.approved_at is not None
        return joined and self.is_open and not self.hidden and self.in_directory

    @property
    def awaits_answer(self):
        """Whether they have confirmed their address and wait to be let in."""
        return self.confirmed_at is not None and self.approved_at is None

    @property
    def awaits_approval(self):
        """Whether they, or what they say of themselves, wait for a moderator."""
        return self.awaits_answer or bool(self.profile_held_because)

    def standing_words(self):
        """Return what those who look after members call where they stand."""
        if not self.is_active:
            return _("Account closed")
        if self.is_closing:
            return _("Leaves soon")
        if self.is_suspended:
            return _("Suspended")
        if self.confirmed_at is None:
            return _("Address not confirmed")
        if self.approved_at is None:
            return _("Waits for an answer")
        return _("Profile hidden") if self.hidden else _("Member")

    def confirm(self):
        """The address is theirs. They are a member from now on; with NETWORK_APPROVES_MEMBERS only if a member invited
        them, and else they wait.
        """
        if self.confirmed_at and (self.approved_at or settings.NETWORK_APPROVES_MEMBERS):
            return
        with transaction.atomic():
            # Whoever presses the button twice is confirmed once: the second sees what the first did.
            stands = one_at_a_time(self)
            self.confirmed_at, self.approved_at = stands.confirmed_at, stands.approved_at
            if self.confirmed_at and (self.approved_at or settings.NETWORK_APPROVES_MEMBERS):
                return
            now = timezone.now()
            self.confirmed_at = self.confirmed_at or now
            invited = accept_for(self)
            if invited or not settings.NETWORK_APPROVES_MEMBERS:
                self.approved_at = self.approved_at or now
            self.touch("confirmed_at", "approved_at")
            if self.approved_at is None:
                Case.objects.open(self, Why.AWAITING, held_because=str(NEW_MEMBER))

    def approve(self, by, words=""):
        """A moderator lets a new member in, or lets through their profile, and they are told.

        Returns whether anything of theirs was still waiting.
        """
        with transaction.atomic():
            if not type(self).objects.filter(pk=self.pk, approved_at=None).update(approved_at=timezone.now()):
                return self.approve_profile(by, words)
            self.refresh_from_db(fields=["approved_at"])
            self.touch()
            self.decide(Action.APPROVE, by, words)
        return True

    def approve_profile(self, by, words=""):
        """A moderator lets through what a new member says of themselves. Returns whether it was still waiting."""
        with transaction.atomic():
            waiting = type(self).objects.filter(pk=self.pk).exclude(profile_held_because="")
            if not waiting.update(profile_held_because=""):
                return False
            self.profile_held_because = ""
            self.touch()
            refresh_written_by(self)
            self.decide(Action.APPROVE_PROFILE, by, words)
        return True

    def vouch(self, by):
        """An administrator confirms the address by hand, where the confirming e-mail did not arrive."""
        with transaction.atomic():
            self.trust_address()
            self.confirm()
            self.decide(Action.CONFIRM, by)

    def suspend(self, until, by, reason):
        """Stop the member from signing in and acting until then, and end their sessions. They are told why."""
        with transaction.atomic():
            self._stop_until(until)
            self.decide(Action.SUSPEND, by, reason, until=until)

    def lift_suspension(self, by, words=""):
        """End a suspension before its time. They are told."""
        with transaction.atomic():
            self.suspended_until = None
            self.touch("suspended_until")
            self.decide(Action.LIFT, by, words)

    def mark_spammer(self, by, words=""):
        """Stop a spammer at once and for good: suspended, profile and contributions hidden, one case for all of theirs.

        What else waited about them is closed; its reports move into the one case, and who made them is told.
        """
        with transaction.atomic():
            self.hidden = self.contributions_hidden = True
            self._stop_until(FOR_GOOD)
            self.touch("hidden", "contributions_hidden")
            decision = self.decide(Action.SPAMMER, by, words)
            refresh_written_by(self)
            Case.objects.gather(self, decision)

    def clear_spammer(self, by, words=""):
        """It was a mistake: give everything back that mark_spammer took. They are told.

        What awaited approval waits again, each item and each comment by itself.
        """
        with transaction.atomic():
            self.hidden = self.contributions_hidden = False
            self.suspended_until = None
            self.touch("hidden", "contributions_hidden", "suspended_until")
            self.decide(Action.CLEAR, by, words)
            refresh_written_by(self)
            for written in (self.contributions.all(), Comment.objects.by(self)):
                for thing in written.filter(status=Status.AWAITING).order_by("pk"):
                    held_because = Case.objects.why_held(thing)
                    Case.objects.open(thing, Why.AWAITING, held_because=held_because, tell=False)

    def _stop_until(self, until):
        self.suspended_until = until
        self.touch("suspended_until")
        for session in UserSession.objects.filter(user=self):
            session.end()

    def decide(self, action, by, words="", *, until=None):
        """Record a decision about this membership, settle its case, tell the member; return the Decision.

        Raises OwnCase: nobody decides about themselves.
        """
        decision = Decision.objects.record(self, action, by, words)
        Case.objects.settle(self, decision)
        told.tell_member(self, decision, until=until)
        return decision

    def moderation_target(self):
        """Return (model, id) under which decisions about this member are kept."""
        return type(self), self.pk

    def moderation_label(self):
        """Return what the record calls them: the audit trail names members by id."""
        return f"member {self.pk}"

    def concerns(self):
        """Return the member whom decisions about this member concern."""
        return self

    def hide(self, by, hidden=True, reason=""):
        """Take the profile out of sight of everyone but themselves and administrators, or back. They are told."""
        with transaction.atomic():
            self.hidden = hidden
            self.touch("hidden")
            self.decide(Action.HIDE if hidden else Action.SHOW, by, reason)
            refresh_written_by(self)

    def hide_contributions(self, hidden=True, by=None, reason=""):
        """Take what they wrote out of sight of everyone but themselves and moderators, or back. They are told."""
        with transaction.atomic():
            self.contributions_hidden = hidden
            self.touch("contributions_hidden")
            if by:
                self.decide(Action.HIDE_WRITTEN if hidden else Action.SHOW_WRITTEN, by, reason)
            refresh_written_by(self)
