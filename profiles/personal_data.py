"""What a membership itself holds on a member: profile, address, signing in. allauth's tables are declared here too."""

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

from . import photos
from .data_copy import DataCopy

COPIED = (
    "email", "display_name", "username", "about", "roles", "organisation", "place", "region", "links", "language",
    "show_about", "show_roles", "show_organisation", "show_place", "show_links", "show_help", "show_following",
    "open_to_contact", "in_directory", "indexable", "badges_hidden", "steps_put_away", "joined_at",
    "confirmed_at", "approved_at", "terms_agreed_at", "old_enough_at", "last_login", "is_staff", "suspended_until",
    "hidden", "contributions_hidden", "profile_held_because",
)  # fmt: skip
TERMS = ("principles", "sectors", "groups")


def profile(member):
    """Yield the one dict of a member's own row, with what they chose."""
    yield {
        **{name: getattr(member, name) for name in COPIED},
        **{name: [str(term) for term in getattr(member, name).all()] for name in TERMS},
        "terms_version": member.terms_version and member.terms_version.number,
    }


def photo(member):
    """Yield the member's photo as they see it on their page, if there is one."""
    if member.photo.name and default_storage.exists(member.photo.name):
        name = photos.file_name(member.photo.name, photos.PORTRAIT)
        yield f"photo/{name}", lambda: default_storage.open(member.photo.name)


def erase_copies(leaving):
    """Copies of what is held on them, with their files."""
    with leaving.step():
        DataCopy.objects.of(leaving.member).forget()
    yield


def erase_profile(leaving):
    """Leave a row without a name, to which what they keep and the record of decisions go on pointing."""
    with leaving.step():
        leaving.member.become_former()
    yield


HELD = [
    Held(
        "profiles.Member",
        what=_(
            "Your name, e-mail address and password (unreadable even to us), what you say of yourself and who may see "
            "it, your photo, what you work on, and when you joined and agreed to the terms."
        ),
        why=_(
            "To let you in and nobody else in your name, and to show others who you are, as far as you wish."
        ),
        closing=Closing.BLANK,
        fields=("principles", "sectors", "groups", "user_permissions"),
        rows=profile,
        files=photo,
        erase=erase_profile,
        last=True,
    ),
    Held(
        "profiles.FormerUsername",
        what=_("The names you had in addresses before."),
        why=_("So that old links still lead to you."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("username", "until"),
        last=True,
    ),
    Held(
        "profiles.HelpLine",
        what=_("What you said that you can offer, and what you would like help with."),
        why=_("So that others find you, or you them."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("sort", "text", "principle__name", "sector__name"),
    ),
    Held(
        "profiles.PersonalMessage",
        what=_("What you wrote to other members through the site, and they to you."),
        why=_("To bring it to whom it is for, without telling either your address."),
        closing=Closing.DELETE,
        fields=("sender", "recipient"),
        columns=("sender__username", "recipient__username", "words", "sent_at"),
    ),
    Held(
        "profiles.Block",
        what=_("From whom you want to hear nothing. They are not told."),
        why=_("So that neither of you can write to the other or hear what the other does."),
        closing=Closing.DELETE,
        fields=("member", "blocked"),
        of=("member",),
        columns=("blocked__username", "since"),
    ),
    Held(
        "profiles.DataCopy",
        what=_("When you asked for a copy of your data, and the copy itself for seven days."),
        why=_("So that you can download it."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("asked_at", "ready_at", "expires_at", "size"),
        erase=erase_copies,
    ),
    Held(
        "account.EmailAddress",
        what=_("The e-mail addresses you confirmed or have yet to confirm."),
        why=_("To be sure that an address is yours before we write to it."),
        closing=Closing.DELETE,
        fields=("user",),
        columns=("email", "verified", "primary"),
        last=True,
    ),
    Held(
        "mfa.Authenticator",
        what=_("Your second step for signing in, if you set one up."),
        why=_("To check the codes you enter."),
        closing=Closing.DELETE,
        fields=("user",),
        columns=("type", "created_at", "last_used_at"),
    ),
    Held(
        "usersessions.UserSession",
        what=_("Where you are signed in: the network address, the browser and since when."),
        why=_("So that you can see it and sign out elsewhere."),
        closing=Closing.DELETE,
        fields=("user",),
        columns=("created_at", "ip", "user_agent"),
    ),
]
