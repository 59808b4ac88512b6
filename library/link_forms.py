"""The form in which a member shares a link."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import DRAFT, ContributionForm

from . import addresses
from .forms import refuse_stale_version
from .models import Link
from .models.link import LinkType


class LinkForm(ContributionForm):
    """An address and why it inspires. What somebody has added already leads to that entry."""

    subtype = forms.ChoiceField(
        label=_("What is it?"),
        choices=LinkType,
        initial=LinkType.WEBSITE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it is a website or a video.")},
    )
    needed_to_publish = {
        **ContributionForm.needed_to_publish,
        "body": _("Say why it inspires you before you publish. You can save a draft without it."),
    }
    field_order = ["url", "subtype"]
    by = None

    class Meta(ContributionForm.Meta):
        model = Link
        fields = ["url", *ContributionForm.Meta.fields]
        labels = {"body": _("Why it inspires")}
        widgets = {
            **ContributionForm.Meta.widgets,
            "url": forms.URLInput(attrs={"autocomplete": "off"}),
            "body": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "url": _("Copy it from your browser, such as https://www.example.org/page."),
            "title": _("What the site or the video is called, or what it is about."),
            "body": _(
                "What is there, and what others can take from it? You can format it: see the help below."
            ),
        }
        error_messages = {
            **ContributionForm.Meta.error_messages,
            "url": {
                "required": addresses.WORDS["no_address"],
                "max_length": addresses.WORDS["too_long"],
            },
        }

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.by = by or self.by
        if self.instance.pk:
            self.initial.setdefault("subtype", self.instance.subtype)

    def clean_url(self):
        try:
            self.address = addresses.read(self.cleaned_data["url"])
        except addresses.NotShareable as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        return self.address.url

    def clean(self):
        values = super().clean()
        if "url" in values and self.wants != DRAFT:
            existing = self._listed(self.address.key).exclude(pk=self.instance.pk).first()
            if existing:
                self._lead_to(existing)
        return values

    def refuse_taken(self, key):
        """Somebody was faster: lead to their entry."""
        existing = self._listed(key).first()
        if existing:
            self._lead_to(existing)
        else:  # and has taken it back meanwhile
            self.add_error(
                "url", forms.ValidationError(_("Send it again, please."), code="taken_for_a_moment")
            )

    def _listed(self, key):
        return Link.objects.listed_to(self.by).with_address(key).for_cards()

    def _lead_to(self, existing):
        words = _("This address is in the library already, as “%(title)s”.")
        error = forms.ValidationError(words, code="taken", params={"title": existing.title})
        self.add_error("url", error)
        self["url"].help_text = format_html(
            '{} <a href="{}">{}</a>',
            _("You can add to what is said there:"),
            existing.get_absolute_url(),
            existing.title,
        )


class EditorsLinkForm(LinkForm):
    """A link of the starter library, as the editors keep it; shown in the admin."""

    class Meta(LinkForm.Meta):
        fields = [*LinkForm.Meta.fields, "byline"]
        widgets = {
            **LinkForm.Meta.widgets,
            "url": forms.TextInput(attrs={"size": 80}),
            "title": forms.TextInput(attrs={"size": 80}),
            "byline": forms.TextInput(attrs={"size": 80}),
            "summary": forms.Textarea(attrs={"rows": 4, "cols": 80}),
            "body": forms.Textarea(attrs={"rows": 20, "cols": 80}),
        }

    def clean(self):
        values = super().clean()
        refuse_stale_version(self, values.get("version"))
        return values

    def version_seen(self):
        """Return the number of the version that was changed."""
        version = self.cleaned_data["version"]
        return self.instance.version if version is None else version
