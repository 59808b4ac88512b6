"""What members type about themselves: joining, and their profile."""

import unicodedata

from allauth.account import forms as account
from allauth.account.utils import complete_signup, get_next_redirect_url
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.files import pictures
from commons.markup.render import clean_text
from commons.moderation.signs import is_address
from commons.tagging.forms import TermsField
from commons.tagging.models import Principle, ServiceSector
from commons.tagging.regions import Region

from . import photos
from .account_forms import EMAIL, PASSWORD_HINT, PlainWords
from .help_forms import HelpRows
from .invitations.joining import note_arrival
from .models import Member, Role, Sight

MOST_LINKS = 5
LINK_LENGTH = 200
SIGHTS = (
    "show_roles",
    "show_organisation",
    "show_place",
    "show_links",
    "show_help",
    "show_about",
    "show_following",
)
# They change in which direction text runs, and so can make a name look like another's.
DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class NameField(forms.CharField):
    """A person's name: any script, no e-mail address, something to see."""

    default_error_messages = {
        "required": _("Enter your name, as others should see it."),
        "name_is_address": _(
            "Enter a name without “@”: it is shown to everyone, and your e-mail address never is."
        ),
        "name_unreadable": _("Enter a name with at least one letter or number."),
        "name_is_link": _("Enter a name, not the address of a page: links have their place on your profile."),
    }

    def __init__(self, **kwargs):
        super().__init__(max_length=80, **kwargs)
        self.widget.attrs.update({"autocomplete": "name", "spellcheck": "false"})

    def to_python(self, value):
        text = clean_text(super().to_python(value)).translate(DIRECTION_MARKS)
        return unicodedata.normalize("NFC", " ".join(text.split()))

    def validate(self, value):
        super().validate(value)
        if "@" in value:
            raise ValidationError(self.error_messages["name_is_address"], code="name_is_address")
        if value and not any(character.isalnum() for character in value):
            raise ValidationError(self.error_messages["name_unreadable"], code="name_unreadable")
        if is_address(value):
            raise ValidationError(self.error_messages["name_is_link"], code="name_is_link")


class JoinForm(PlainWords, account.SignupForm):
    """Joining: name, e-mail address, password, being old enough, agreeing to the terms. Nothing else is asked.

    Answers an address that is known in the same words as a new one, and with the same work: the password is
    hashed before the two ways part, and outside the transaction, so that nobody waits for it.
    """

    words = {"email": EMAIL, "password1": (_("Password"), _("Choose a password."))}
    hints = {
        "display_name": _("This is how others see you. It need not be the name in your passport."),
        "email": _("To confirm that you are you, and to sign in. It is never shown to anybody."),
        "password1": PASSWORD_HINT,
    }
    field_order = ["display_name", "email", "password1", "old_enough", "terms"]

    display_name = NameField(label=_("Your name"))
    old_enough = forms.BooleanField(
        error_messages={
            "required": _("Tick the box if you are old enough: this network is not for children.")
        }
    )
    terms = forms.BooleanField(error_messages={"required": _("To join, you need to agree to the terms.")})
    invitation = forms.CharField(required=False, widget=forms.HiddenInput)  # where one came by such a link

    hashed_password = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.data.get("invitation") or self.initial.get("invitation")):
            del self.fields["invitation"]
        age = settings.NETWORK_MINIMUM_AGE
        self.fields["old_enough"].label = gettext("I am %(age)d years old or older") % {"age": age}
        self.fields["terms"].label = format_html(
            gettext('I have read the <a href="{address}">terms</a> and agree to them'),
            address=reverse("terms"),
        )

    def clean(self):
        # Past SignupForm.clean, which would check the password without knowing the name.
        values = super(account.SignupForm, self).clean()
        password = values.get("password1")
        if password:
            someone = Member(email=values.get("email", ""), display_name=values.get("display_name", ""))
            try:
                validate_password(password, someone)
            except ValidationError as error:
                self.add_error("password1", error)
        if not self.errors:
            self.hashed_password = make_password(password)
        return values

    def try_save(self, request):
        """Create the member and queue the confirming e-mail, in one transaction; return (member or None, response)."""
        for _attempt in range(2):
            if self.account_already_exists:
                break
            try:
                with transaction.atomic():
                    member = self.save(request)
                    note_arrival(member, self.cleaned_data.get("invitation", ""))
                    return member, complete_signup(request, member, None, get_next_redirect_url(request))
            except IntegrityError:
                # Somebody else took the address, or the username, in this very moment.
                self.account_already_exists = Member.objects.filter(email=self.cleaned_data["email"]).exists()
        return super().try_save(request)


class LinksField(forms.CharField):
    """A few addresses of web pages, one a line; gives a list."""

    default_error_messages = {
        "link_invalid": _(
            "“%(line)s” is not the address of a web page. Write it like https://example.org/page."
        ),
        "too_many_links": _("Give %(limit)d links or fewer."),
    }
    _validate = URLValidator(schemes=["http", "https"])

    def to_python(self, value):
        lines = [line.strip() for line in clean_text(super().to_python(value)).split("\n")]
        links = [line if "://" in line else f"https://{line}" for line in lines if line]
        return list(dict.fromkeys(links))

    def validate(self, value):
        super().validate(value)
        if len(value) > MOST_LINKS:
            raise ValidationError(
                self.error_messages["too_many_links"], code="too_many_links", params={"limit": MOST_LINKS}
            )

    def run_validators(self, value):
        for link in value:
            try:
                if len(link) > LINK_LENGTH:
                    raise ValidationError("", code="link_invalid")
                self._validate(link)
            except ValidationError:
                raise ValidationError(
                    self.error_messages["link_invalid"], code="link_invalid", params={"line": link[:60]}
                ) from None

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, (list, tuple)) else value


def yes_or_no(label, yes, no, hint=""):
    """Return a field of two radio buttons. Left out of a post it is None, which a box left unticked could not say."""
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class ProfileForm(HelpRows, forms.ModelForm):
    """What a member shows of themselves, and to whom."""

    display_name = NameField(label=_("Your name"))
    roles = forms.MultipleChoiceField(
        label=_("How I take part"),
        help_text=_(
            "Choose as many as are true, or none. They stand beside what you write. Some may say something of your "
            "health or your family: choose below who sees them."
        ),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    links = LinksField(
        label=_("Links"),
        help_text=_("Pages about you or your work, one a line, five at most."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "url", "spellcheck": "false"}),
    )
    principles = TermsField(label=_("Principles I work on"), queryset=Principle.objects.all(), required=False)
    sectors = TermsField(label=_("Sectors I work in"), queryset=ServiceSector.objects.all(), required=False)
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, up to 10 MB. We cut a square from the middle."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
    )
    remove_photo = forms.BooleanField(label=_("Remove my photo"), required=False)
    in_directory = yes_or_no(
        _("The list of people, and search"), _("Show me there"), _("Don’t show me there")
    )
    open_to_contact = yes_or_no(
        _("Messages from other members"),
        _("They may write to me through the site"),
        _("No messages"),
        _("Neither of you sees the other’s e-mail address, and you can block anybody."),
    )
    indexable = yes_or_no(
        _("Search engines"),
        _("They may list my page"),
        _("Ask them not to list my page"),
        _("Most follow this wish."),
    )

    class Meta:
        model = Member
        fields = [
            "display_name", "username", "about", "roles", "organisation", "place", "region", "principles", "sectors",
            "links", "language", "show_roles", "show_organisation", "show_place", "show_links", "show_help",
            "show_about", "show_following", "open_to_contact", "in_directory", "indexable",
        ]  # fmt: skip
        error_messages = {
            "username": {"required": _("Enter a name for your page’s address, such as “ann-lee”.")}
        }
        labels = {
            "username": _("Your name in addresses"),
            "region": _("Nation or region"),
            "language": _("Language of our e-mails to you"),
        }
        help_texts = {
            "username": _(
                "The last part of your page’s address. If you change it, the old address leads to the new one."
            ),
            "about": _(
                "What you do, what you have tried, what you would like to talk about. You can use Markdown."
            ),
            "place": _("A town or an area, as exact as you like."),
        }
        widgets = {
            "about": forms.Textarea(attrs={"rows": 8}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "place": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "username": forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
            ),
        }

    # Left out of a post, these stay as they are.
    kept_when_missing = (
        "username",
        "language",
        "show_about",
        "show_following",
        "show_roles",
        "show_organisation",
        "show_place",
        "show_links",
        "show_help",
        "open_to_contact",
        "in_directory",
        "indexable",
    )

    def __init__(self, *args, kept_photo=None, **kwargs):
        """`kept_photo` is what photos.kept() gave back: the photo chosen when the form was sent before."""
        super().__init__(*args, **kwargs)
        self.kept_photo = kept_photo
        for name in self.kept_when_missing:
            self.fields[name].required = not self.is_bound or name in self.data
        for name in SIGHTS:
            self.fields[name].choices = Sight.choices
        self.fields["region"].choices = [("", _("Not said")), *Region.choices]
        for name in ("open_to_contact", "in_directory", "indexable"):
            if name not in (kwargs.get("initial") or {}):
                self.initial[name] = "yes" if getattr(self.instance, name) else "no"
        self.add_help_rows()
        photo = ["photo"]
        if self.instance.photo or kept_photo or self.files.get("photo"):
            photo.append("remove_photo")
        else:
            del self.fields["remove_photo"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            # Who sees them is asked where they are ticked: docs/decisions/0020.
            Fieldset(_("Who you are"), "display_name", *photo, "about", "roles", "show_roles"),
            Fieldset(_("Where you are"), "organisation", "place", "region", "links"),
            Fieldset(_("What you work on"), "principles", "sectors"),
            *self.help_fieldsets(),
            Fieldset(
                _("Who sees what"),
                "show_about", "show_help", "show_organisation", "show_place", "show_links", "show_following",
                "open_to_contact", "in_directory", "indexable",
            ),
            Fieldset(_("Address and language"), "username", "language"),
        )  # fmt: skip

    def clean_username(self):
        username = (self.cleaned_data["username"] or "").lower()
        if username and Member.username_taken(username, besides=self.instance.pk):
            raise ValidationError(
                _("Somebody has, or had, this name already. Choose another."), code="username_taken"
            )
        return username

    def clean_about(self):
        return clean_text(self.cleaned_data["about"])

    def clean_photo(self):
        upload = self.cleaned_data["photo"]
        return pictures.square_webps(upload, photos.SIZES) if upload else None

    def clean(self):
        values = super().clean()
        if values.get("photo", True) is None and not values.get("remove_photo"):
            values["photo"] = self.kept_photo
        self.clean_help_rows(values)
        return values

    def values(self):
        """Return the cleaned values as Member.write_profile takes them."""
        values = {**self.cleaned_data}
        photo, remove = values.pop("photo"), values.pop("remove_photo", False)
        if photo or remove:
            values["photo"] = photo
        for name in self.kept_when_missing:
            if values[name] in ("", None):
                del values[name]
        return values

    def photo_to_keep(self):
        """Return the pictures that need not be chosen again when the form is shown with errors, or None."""
        if self.cleaned_data.get("remove_photo"):
            return None
        return self.cleaned_data.get("photo") or self.kept_photo

    def save(self, commit=True, form_signs=()):
        """Write the profile. The row is read afresh: validating has already changed the form's own copy of it."""
        member = Member.objects.get(pk=self.instance.pk)
        member.write_profile(self.values(), form_signs=form_signs)
        return member
