"""How a member leaves: asked for, taken back within fourteen days, or carried out (see closing.py)."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from commons.contributions.models import refresh_written_by
from commons.contributions.sending import one_at_a_time
from commons.moderation.models import Action, Decision
from commons.notifications.notify import notify

from . import photos

REVERSIBLE_FOR = timedelta(days=14)
ABOUT_CLOSING = "own.closing"
NOBODYS_DOMAIN = "closed.invalid"  # RFC 2606: mail to it goes nowhere


class CanLeave(models.Model):
    """Whether a member is leaving or has left."""

    closes_at = models.DateTimeField(gettext_lazy("account closes"), null=True, blank=True, editable=False)
    keeps_written = models.BooleanField(gettext_lazy("what they shared stays"), default=True, editable=False)
    closed_at = models.DateTimeField(
        gettext_lazy("account was closed"), null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_closing(self):
        """Whether they have asked for their account to be closed, and can still take it back."""
        return self.is_active and self.closes_at is not None

    def is_last_administrator(self):
        """Whether nobody would be left who may do everything."""
        others = type(self).objects.filter(is_superuser=True, is_active=True, closes_at=None)
        return self.is_superuser and not others.exclude(pk=self.pk).exists()

    def close(self, *, keeps):
        """Let the account be closed in REVERSIBLE_FOR. Their profile is gone at once, and they are signed out.

        `keeps`: what they shared stays under "A former member"; else it is taken out as well. Said twice it is said
        once.
        """
        with transaction.atomic():
            if one_at_a_time(self).closes_at is not None:
                self.refresh_from_db()
                return
            self.closes_at, self.keeps_written = timezone.now() + REVERSIBLE_FOR, keeps
            self.touch("closes_at", "keeps_written")
            refresh_written_by(self)
            for session in UserSession.objects.filter(user=self):
                session.end()
            with override(self.language):
                day = date_format(timezone.localtime(self.closes_at), "j F Y")
                words = [
                    _("You have asked us to close your account. Your profile can’t be seen any more."),
                    _("What you shared stays, under “A former member”.")
                    if keeps
                    else _("What you shared can be read until then; then its words are taken out for good."),
                    _("If you have changed your mind, sign in before that day: you are asked whether it should be "
                      "opened again. If it wasn’t you who asked, do so now and choose a new password."),
                ]  # fmt: skip
                subject = _("Your account will be closed on %(day)s") % {"day": day}
                notify(self, ABOUT_CLOSING, subject, "\n\n".join(words), reverse("account_login"))

    def reopen(self):
        """Take it back; return whether it was not too late."""
        with transaction.atomic():
            leaving = type(self).objects.filter(
                pk=self.pk, is_active=True, closed_at=None, closes_at__gt=timezone.now()
            )
            if not leaving.update(closes_at=None):
                return False
            self.refresh_from_db()
            self.touch()
            refresh_written_by(self)
            with override(self.language):
                words = _("Nothing was lost: everything is as it was, and you can sign in again.")
                notify(self, ABOUT_CLOSING, _("Your account is open again"), words, reverse("account_login"))
            return True

    def become_former(self):
        """Leave nothing of who they were but the number that the record of decisions names them by."""
        with transaction.atomic():
            photos.forget_kept(self.pk)
            if self.photo.name:
                photos.delete_after_commit(self.photo.name)
            for terms in (self.principles, self.sectors, self.groups, self.user_permissions):
                terms.clear()
            with override(settings.LANGUAGE_CODE):
                name = _("A former member")
            columns = {
                "display_name": name,
                "username": f"former-member-{self.pk}",
                "email": f"{self.pk}@{NOBODYS_DOMAIN}",
                "is_active": False,
                "photo": "",
                "last_login": None,
                **dict.fromkeys(("about", "about_html", "organisation", "place", "region"), ""),
                **dict.fromkeys(
                    ("is_staff", "is_superuser", "in_directory", "indexable", "open_to_contact"), False
                ),
                "roles": [],
                **{name: [] for name in ("links", "steps_put_away", "badges_shown")},
                "profile_held_because": "",
            }
            for column, value in columns.items():
                setattr(self, column, value)
            self.set_unusable_password()
            self.touch("password", *columns)
            refresh_written_by(self)
            if not Decision.objects.about(self).filter(action=Action.ERASE).exists():
                Decision.objects.record(self, Action.ERASE, self)
