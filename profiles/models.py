"""Members: who takes part, what they show of themselves, and what they agreed to."""

from dataclasses import replace
from functools import lru_cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import lock_written_by, refresh_written_by
from commons.contributions.sending import one_at_a_time, standing_of
from commons.markup.render import clean_text, render, stored
from commons.moderation import holds
from commons.moderation.models import Case, Why
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from commons.tagging.regions import Region
from commons.texts.models import TextVersion

from . import photos, search
from .badges.models import EditorsBadge, Held, Look  # noqa: F401 (where Django looks for models)
from .blocks import Block  # noqa: F401 -- a model of this app
from .choices import Role, Sight
from .data_copy import DataCopy  # noqa: F401 -- a table with a module of its own
from .help_lines import HelpLine, lines_of
from .invitations.models import Arrival, Invitation, InvitedAddress  # noqa: F401 (where Django looks for models)
from .leaving import CanLeave
from .personal_messages import PersonalMessage  # noqa: F401 -- a model of this app
from .querysets import PRESENT, MemberManager, looks_after_members
from .standing import Standing
from .usernames import USERNAME_LENGTH, username_from, validate_username
from .voices import describe


def display_name(member):
    """Return what allauth's pages and e-mails call a member."""
    return member.display_name


# What members write themselves. Only these are saved with a profile: what an administrator decided meanwhile stays.
PROFILE_FIELDS = (
    "display_name", "about", "about_html", "roles", "organisation", "place", "region", "links", "photo", "language",
    "show_about", "show_roles", "show_organisation", "show_place", "show_links", "show_help", "show_following",
    "open_to_contact", "in_directory", "indexable", "changed_at", "profile_held_because",
)  # fmt: skip


@lru_cache(maxsize=16)
def _directory_path(_language):
    return reverse("profiles:directory")


class Member(CanLeave, Standing, AbstractBaseUser, PermissionsMixin):
    """A person who takes part in the network."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=80)
    username = models.CharField(
        _("name in addresses"), max_length=USERNAME_LENGTH, unique=True, validators=[validate_username]
    )

    about = models.TextField(_("about me"), max_length=5000, blank=True)
    about_html = models.TextField(blank=True, editable=False)
    roles = models.JSONField(_("how I take part"), default=list, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    region = models.CharField(_("nation or region"), max_length=30, choices=Region, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    photo = models.ImageField(_("photo"), upload_to="photos/", blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en-gb")
    principles = models.ManyToManyField(
        Principle, verbose_name=_("principles I work on"), blank=True, related_name="members"
    )
    sectors = models.ManyToManyField(
        ServiceSector, verbose_name=_("sectors I work in"), blank=True, related_name="members"
    )

    show_about = models.CharField(
        _("who sees what I say about me"), max_length=10, choices=Sight, default=Sight.EVERYONE
    )
    show_roles = models.CharField(
        _("who sees how I take part"), max_length=10, choices=Sight, default=Sight.EVERYONE
    )
    show_organisation = models.CharField(
        _("who sees my organisation"), max_length=10, choices=Sight, default=Sight.EVERYONE
    )
    show_place = models.CharField(_("who sees my place"), max_length=10, choices=Sight, default=Sight.MEMBERS)
    show_links = models.CharField(_("who sees my links"), max_length=10, choices=Sight, default=Sight.MEMBERS)
    show_help = models.CharField(
        _("who sees what I offer and would like help with"),
        max_length=10,
        choices=Sight,
        default=Sight.MEMBERS,
    )
    show_following = models.CharField(
        _("who sees what I follow and who follows me"), max_length=10, choices=Sight, default=Sight.NOBODY
    )
    open_to_contact = models.BooleanField(_("other members may write to me"), default=False)
    in_directory = models.BooleanField(_("show me in the directory and in search"), default=True)
    indexable = models.BooleanField(_("let search engines list my profile"), default=False)

    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    terms_version = models.ForeignKey(
        TextVersion,
        verbose_name=_("terms agreed to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        editable=False,
    )
    terms_agreed_at = models.DateTimeField(_("terms agreed"), null=True, blank=True, editable=False)
    old_enough_at = models.DateTimeField(_("said to be old enough"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    # The keys of the first steps that they want suggested no more (network/first_steps.py); "all" for all of them.
    steps_put_away = models.JSONField(default=list, blank=True, editable=False)

    is_active = models.BooleanField(_("account is open"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
    # Why a new member's own words wait for approval; while they do, others see name, roles and terms only.
    profile_held_because = models.TextField(
        _("profile awaits approval"), blank=True, default="", editable=False
    )
    hidden = models.BooleanField(_("profile hidden"), default=False)
    contributions_hidden = models.BooleanField(_("contributions hidden"), default=False, editable=False)

    # What others see of their badges, kept by badges/showing.py: a profile asks for nothing more.
    badges_shown = models.JSONField(default=list, editable=False)
    badges_hidden = models.BooleanField(_("badges hidden"), default=False, editable=False)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["display_name", "pk"]
        permissions = [
            ("moderate_member", _("Can approve and suspend members, and hide what they show")),
            ("download_member", _("Can download the list of members, with their e-mail addresses")),
        ]
        indexes = [
            models.Index(
                Lower("display_name"),
                "id",
                condition=models.Q(**PRESENT, in_directory=True),
                name="member_directory",
            ),
            models.Index(fields=["changed_at"], name="member_changed"),
            models.Index(
                fields=["closes_at"],
                condition=models.Q(closes_at__isnull=False, closed_at=None),
                name="member_closing",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="member_email_lower_case"),
            models.CheckConstraint(condition=~models.Q(display_name=""), name="member_has_name"),
        ]

    def __str__(self):
        return self.display_name

    def clean(self):
        super().clean()
        self.email = Member.objects.normalize_email(self.email)

    def save(self, *args, **kwargs):
        self.email = Member.objects.normalize_email(self.email)
        if not self.username:
            self.username = username_from(self.display_name, Member.username_taken)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{_directory_path(get_language())}{self.username}/"

    @staticmethod
    def username_taken(username, besides=None):
        """Whether a username is, or once was, another member's (`besides` is a member's id)."""
        return (
            Member.objects.filter(username=username).exclude(pk=besides).exists()
            or FormerUsername.objects.filter(username=username).exclude(member_id=besides).exists()
        )

    # --- keeping it in step ---------------------------------------------------------------------

    def touch(self, *fields):
        """Save the named fields, note when the member last changed, and bring their search entry up to date."""
        self.changed_at = timezone.now()
        with transaction.atomic():
            self.save(update_fields=[*fields, "changed_at"])
            self.reindex()

    def trust_address(self):
        """Make the member's address their only one, and confirmed: an administrator vouches for it."""
        with transaction.atomic():
            EmailAddress.objects.filter(user=self).exclude(email=self.email).delete()
            EmailAddress.objects.update_or_create(
                user=self, email=self.email, defaults={"verified": True, "primary": True}
            )

    def put_step_away(self, key):
        """Suggest one of the first steps to them no more, or with "all" none of them."""
        with transaction.atomic():
            member = one_at_a_time(self)  # two buttons pressed at once must both be kept
            self.steps_put_away = sorted({*member.steps_put_away, key})
            self.save(update_fields=["steps_put_away"])

    # --- what they show -------------------------------------------------------------------------

    def write_profile(self, values=None, *, form_signs=None):
        """Save the profile, and carry name, role and organisation to what the member wrote.

        `values` are cleaned fields of the profile (see forms.ProfileForm); principles and sectors as terms,
        `help_lines` as unsaved HelpLines, `photo` as {size: WebP bytes}, or None to remove it. Without `values` the
        row is saved as it stands. With `form_signs` (see holds.form_signs) it was the member who wrote it, and a new
        one's words may have to wait.
        """
        values = dict(values or {})
        shown = "" if self.profile_held_because else self._own_words()
        terms = {name: values.pop(name) for name in ("principles", "sectors") if name in values}
        username = values.pop("username", self.username)
        help_lines = values.pop("help_lines", None)
        former = self.photo.name
        if "photo" in values:
            pictures = values.pop("photo")
            self.photo.name = photos.store(pictures) if pictures else ""
        for name, value in values.items():
            setattr(self, name, value)
        try:
            with transaction.atomic():
                if help_lines is not None:
                    HelpLine.set(self, help_lines)
                self.about = clean_text(self.about)
                self.about_html = render(self.about, document="about")
                self.changed_at = timezone.now()
                if form_signs is not None:
                    self._hold_or_show(shown, form_signs)
                self.save(update_fields=PROFILE_FIELDS)
                for name, chosen in terms.items():
                    getattr(self, name).set(chosen)
                self.rename(username)
                self.reindex()
                refresh_written_by(self)
                if former and former != self.photo.name:
                    photos.delete_after_commit(former)
        except Exception:
            if self.photo.name and self.photo.name != former:
                photos.delete(self.photo.name)
            raise

    def _own_words(self):
        """Return what they say of themselves in words of their own. Links have a field, and earn nothing."""
        lines = [line.text for line in lines_of(self)] if self.pk else []
        return "\n".join([self.about, self.organisation, self.place, *lines])

    def _hold_or_show(self, shown, form_signs):
        """Let a new member's words wait when there are signs that `shown`, what others saw so far, did not have."""
        one_at_a_time(self)  # before its case: the order that moderators' decisions keep
        standing = replace(standing_of(self), sent_on_first_day=0)
        why = holds.why_held(self._own_words(), standing, form_signs, shown=shown)
        if why and why != self.profile_held_because:
            Case.objects.open(self, Why.AWAITING, held_because=why)
        self.profile_held_because = why

    def rename(self, username):
        """Change the username; the old one goes on leading here."""
        if username == self.username:
            return
        with transaction.atomic():
            # What names the member can't be written while their username changes: nobody who holds a conversation
            # may be waiting for that while we wait for the conversation.
            lock_written_by(self)
            FormerUsername.objects.filter(username=username, member=self).delete()
            FormerUsername.objects.create(username=self.username, member=self)
            self.username = username
            self.touch("username")
            refresh_written_by(self)

    def reindex(self):
        """Bring the member's search entry up to date; one who is not listed has none."""
        SearchEntry.objects.put(self, **search.fields_for(self))

    def shows(self, field, reader):
        """Whether `reader` (a member or AnonymousUser) may see `field` (about, roles, organisation, place, links, help,
        following)."""
        if field not in ("roles", "following") and not self.words_shown_to(reader):
            return False
        sight = getattr(self, f"show_{field}")
        if reader.is_authenticated and (reader.pk == self.pk or sight == Sight.MEMBERS):
            return True
        return sight == Sight.EVERYONE

    def words_shown_to(self, reader):
        """Whether `reader` may see what they say of themselves: while it awaits approval, only who must."""
        if not self.profile_held_because or reader.pk == self.pk:
            return True
        return looks_after_members(reader)

    def role_labels(self):
        return [Role(role).label for role in self.roles if role in Role.values]

    def about_shown(self):
        """Return the stored HTML of what they say of themselves, safe to show."""
        return stored(self.about_html)

    def place_words(self):
        """Return place and region as one line, such as "Leeds, Yorkshire and the Humber", or ""."""
        # Django's get_region_display() translates every region there is, to find one.
        region = str(Region(self.region).label) if self.region in Region.values else self.region
        return ", ".join(filter(None, [self.place, region]))

    def link_words(self):
        """Return (address, words) for each link: the address without its scheme."""
        return [(link, link.partition("://")[2].removeprefix("www.").rstrip("/")) for link in self.links]

    def card_byline(self):
        """Return what cards and bylines show of the author, as JSON: only what everyone may see."""
        return {
            "name": self.display_name,
            "username": self.username if self.is_open and not self.hidden else "",
            "roles": [r for r in self.roles if r in Role.values] if self.show_roles == Sight.EVERYONE else [],
            "organisation": self.organisation if self._everyone_sees("organisation") else "",
        }

    def _everyone_sees(self, field):
        return getattr(self, f"show_{field}") == Sight.EVERYONE and not self.profile_held_because

    @staticmethod
    def describe_byline(byline):
        """Return (address of the profile or "", "roles, organisation") for what card_byline stored."""
        username = byline.get("username", "")
        words = [str(Role(role).label) for role in byline.get("roles", []) if role in Role.values]
        if byline.get("organisation"):
            words.append(byline["organisation"])
        return (f"{_directory_path(get_language())}{username}/" if username else ""), ", ".join(words)

    @staticmethod
    def describe_voices(counts):
        """Return the VoicesPanel for what MemberQuerySet.voices counted, or None where too few take part."""
        return describe(counts)

    @property
    def photo_url(self):
        """The address of the small photo (96 pixels), or ""."""
        return self._photo_address(photos.THUMBNAIL)

    @property
    def portrait_url(self):
        """The address of the large photo (512 pixels), or ""."""
        return self._photo_address(photos.PORTRAIT)

    def _photo_address(self, size):
        if not self.photo.name:
            return ""
        return f"{_directory_path(get_language())}{self.username}/photo/{photos.file_name(self.photo.name, size)}"

    @property
    def initials(self):
        return self.initials_of(self.display_name)

    @staticmethod
    def initials_of(name):
        """Return the first letters of the first and last word of a name that is not empty."""
        words = [word for word in name.split() if word[0].isalnum()] or [name]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class FormerUsername(models.Model):
    """A username somebody had before: its address leads to where they are now."""

    username = models.CharField(_("name in addresses"), max_length=USERNAME_LENGTH, unique=True)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="former_usernames", verbose_name=_("member")
    )
    until = models.DateTimeField(_("until"), default=timezone.now)

    class Meta:
        verbose_name = _("former username")
        verbose_name_plural = _("former usernames")
        ordering = ["-until"]

    def __str__(self):
        return self.username
