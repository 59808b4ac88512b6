"""The form with which anybody can report an issue to the people who run the site."""

import uuid
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from .models import PAGE_LENGTH, IssueKind, SiteIssue


class SiteIssueForm(forms.ModelForm):
    """What happened, where, and how to answer.

    The page has one more field, `leave_empty`, which people don't see and robots fill in.
    """

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=IssueKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose one of the kinds listed."),
        },
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SiteIssue
        fields = ["kind", "text", "page", "email"]
        labels = {
            "text": _("What happened, or what is wrong?"),
            "page": _("Which page is it about?"),
            "email": _("Your e-mail address"),
        }
        help_texts = {
            "text": _("In your own words. If something did not work: what did you do and expect?"),
            "page": _("Its address, or how you got there."),
            "email": _("Only for our answer. Without it we can put things right, but cannot reply."),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "page": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {
            "text": {
                "required": _("Say what happened."),
                "max_length": _("Use %(limit_value)d characters or fewer (there are %(show_value)d)."),
            },
            "page": {
                "max_length": _("Shorten the page’s address to %(limit_value)d characters or fewer."),
            },
            "email": {
                "invalid": _("Enter an e-mail address like name@example.org, or leave it empty."),
                "max_length": _("Enter an e-mail address of %(limit_value)d characters or fewer."),
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The browser would count line ends differently and cut what was typed without a word.
        for name in {"text", "page"} & self.fields.keys():
            self.fields[name].widget.attrs.pop("maxlength", None)
        if not self.is_bound:
            self.initial.setdefault("form_key", uuid.uuid4())

    def clean_text(self):
        text = clean_text(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text

    def clean_page(self):
        return " ".join(clean_text(self.cleaned_data["page"]).split())

    def clean_form_key(self):
        return self.cleaned_data["form_key"] or uuid.uuid4()

    def clean(self):
        values = super().clean()
        if self.data.get("leave_empty"):
            raise forms.ValidationError(
                _("This looked like a message from a robot. If you are a person, please send it once more."),
                code="robot",
            )
        return values

    def values(self):
        """Return the cleaned values as SiteIssue.receive takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ComplaintForm(SiteIssueForm):
    """A complaint about personal data: what it is about, and where the answer goes, for it must be answered."""

    kind = None

    class Meta(SiteIssueForm.Meta):
        fields = ["text", "email"]
        labels = {"text": _("What is wrong?"), "email": _("Your e-mail address")}
        help_texts = {
            "text": _(
                "Say what we hold or did, and what should be put right. Leave out what we need not know."
            ),
            "email": _("We send the reference number there, and our answer."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].error_messages["required"] = _("Enter an address for our answer.")

    def values(self):
        return {**super().values(), "kind": IssueKind.PERSONAL_DATA}


def page_of(request):
    """Return the page it is about: ?page=, else the path on this site the reader comes from, else ""."""
    named = request.GET.get("page", "")
    if named:
        return clean_text(named)[:PAGE_LENGTH]
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return referer.path[:PAGE_LENGTH] if referer.netloc == request.get_host() else ""
