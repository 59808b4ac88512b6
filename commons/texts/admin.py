"""Standing texts in the admin: saving one adds a version; every version stays readable."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from .models import Text, TextVersion

BODY_LENGTH = 50_000
VERSIONS_SHOWN = 50


class TextForm(forms.ModelForm):
    """The newest words of a text in one language. `number` notices that somebody else saved meanwhile."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"size": 80}))
    summary = forms.CharField(
        label=_("Summary"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 80}),
        help_text=_(
            "You can use Markdown: ## for a heading, * for a list, ** around bold words. {network_name} and "
            "{minimum_age} are replaced by what the site is set to."
        ),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Text
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", settings.LANGUAGE_CODE)
        newest = self.newest(self.initial["language"])
        # Where nothing is translated yet, the words of the site's own language are there to begin from.
        begun = newest or self.newest(settings.LANGUAGE_CODE)
        if begun:
            self.initial |= {"title": begun.title, "summary": begun.summary, "body": begun.body}
        self.initial["number"] = newest.number if newest else 0

    def newest(self, language):
        """Return the newest TextVersion in `language`, or None."""
        return self.instance.versions.filter(language=language).order_by("-number").first()

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n").strip()

    def clean(self):
        values = super().clean()
        if "language" in values and "number" in values:
            newest = self.newest(values["language"])
            if (newest.number if newest else 0) != values["number"]:
                self.data = self.data.copy()
                self.data["number"] = newest.number if newest else 0
                raise forms.ValidationError(
                    _(
                        "Somebody saved another version meanwhile: compare it with yours, in the versions "
                        "below. If you save now, yours becomes the newest."
                    ),
                    code="stale",
                )
        return values


@admin.register(Text)
class TextAdmin(admin.ModelAdmin):
    """One entry for each text; which there are is decided by the pages that show them."""

    form = TextForm
    list_display = ["title_now", "key", "number_now", "version_count", "written_at_now", "written_by_now"]
    list_display_links = ["title_now"]
    search_fields = ["key", "versions__title", "versions__body"]
    ordering = ["key"]
    fields = ["key", "language", "title", "summary", "body", "number", "versions_shown"]
    readonly_fields = ["key", "versions_shown"]

    def get_queryset(self, request):
        newest = TextVersion.objects.filter(text=OuterRef("pk"), language=settings.LANGUAGE_CODE).order_by(
            "-number"
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                title_of_newest=Subquery(newest.values("title")[:1]),
                number_of_newest=Subquery(newest.values("number")[:1]),
                date_of_newest=Subquery(newest.values("written_at")[:1]),
                writer_of_newest=Subquery(newest.values("written_by__display_name")[:1]),
                how_many=Subquery(
                    TextVersion.objects.filter(text=OuterRef("pk"))
                    .order_by()
                    .values("text")
                    .annotate(number_of_versions=Count("pk"))
                    .values("number_of_versions")
                ),
            )
        )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        return {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **{**kwargs, "form": forms.ModelForm})
        wanted = request.GET.get("language")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        form = super().get_form(request, obj, change, **kwargs)

        class FormInLanguage(form):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **{**kwargs, "initial": {"language": language}})

        return FormInLanguage

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return ["key", "versions_shown"]

    def save_model(self, request, obj, form, change):
        values = form.cleaned_data
        Text.write(
            obj.key,
            title=values["title"],
            summary=values["summary"],
            body=values["body"],
            language=values["language"],
            by=request.user,
        )

    @admin.display(description=_("title"), ordering="title_of_newest")
    def title_now(self, text):
        return text.title_of_newest or text.key

    @admin.display(description=_("version"), ordering="number_of_newest")
    def number_now(self, text):
        return text.number_of_newest

    @admin.display(description=_("versions in all languages"), ordering="how_many")
    def version_count(self, text):
        return text.how_many or 0

    @admin.display(description=_("written"), ordering=F("date_of_newest"))
    def written_at_now(self, text):
        return text.date_of_newest

    @admin.display(description=_("by"), ordering="writer_of_newest")
    def written_by_now(self, text):
        return text.writer_of_newest or _("Starter library")

    @admin.display(description=_("versions"))
    def versions_shown(self, text):
        versions = text.versions.select_related("written_by").defer("body").order_by("-written_at", "-pk")
        lines = [
            (
                reverse("admin:texts_textversion_change", args=[version.pk]),
                f"{version.title} ({version.language}, {version.number})",
                formats.date_format(timezone.localtime(version.written_at), "DATETIME_FORMAT"),
                version.written_by.display_name if version.written_by_id else _("Starter library"),
            )
            for version in versions[:VERSIONS_SHOWN]
        ]
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>, {}, {}</li>', lines))


@admin.register(TextVersion)
class TextVersionAdmin(admin.ModelAdmin):
    """Every version as it was written; none can be changed, for somebody may have agreed to it."""

    list_display = ["title", "text", "language", "number", "written_at", "written_by"]
    list_filter = ["language", "written_at"]
    list_select_related = ["text", "written_by"]
    search_fields = ["text__key", "title", "body"]
    ordering = ["-written_at", "-pk"]
    fields = ["text", "language", "number", "title", "summary", "body", "written_by", "written_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
