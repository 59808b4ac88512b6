"""Keywords in the admin: found by name, counted, renamed, and two merged into one."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from commons.contributions.keywords import delete_keywords, merge_keywords, save_keyword
from commons.tagging.models import FormerKeyword, Keyword, normalise_keyword

MOST_MERGED = 20


class KeywordForm(forms.ModelForm):
    class Meta:
        model = Keyword
        fields = ["name"]

    def clean_name(self):
        name = normalise_keyword(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Write a word or two."), code="required")
        if Keyword.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is such a keyword already. Merge the two instead."), code="unique")
        return name


class MergeForm(forms.Form):
    """Which of several keywords stays."""

    keep = forms.ModelChoiceField(
        Keyword.objects.none(), label=_("Keep"), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": _("Choose the keyword that stays.")},
    )  # fmt: skip

    def __init__(self, keywords, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keep"].queryset = keywords


@admin.register(Keyword)
class KeywordAdmin(admin.ModelAdmin):
    """Cards and search carry keywords' names, so changes go through commons.contributions.keywords."""

    form = KeywordForm
    fields = ["name", "slug"]
    readonly_fields = ["slug"]
    list_display = ["name", "slug", "used"]
    list_per_page = 50
    search_fields = ["name", "former_names__name"]
    search_help_text = _("A keyword, or one that was merged into it")
    actions = ["merge_selected"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("items", distinct=True))

    @admin.display(description=_("on how many items"), ordering="number")
    def used(self, keyword):
        return keyword.number

    def save_model(self, request, obj, form, change):
        save_keyword(obj)

    def delete_model(self, request, obj):
        delete_keywords(Keyword.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        delete_keywords(Keyword.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))))

    @admin.action(description=_("Merge into one"), permissions=["change"])
    def merge_selected(self, request, queryset):
        chosen = Keyword.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)[: MOST_MERGED + 1]))
        if not 2 <= len(chosen) <= MOST_MERGED:
            words = gettext("Choose between 2 and %(most)d keywords to merge.") % {"most": MOST_MERGED}
            self.message_user(request, words, messages.ERROR)
            return None
        asked = "merge" in request.POST
        form = MergeForm(chosen, request.POST if asked else None)
        if asked and form.is_valid():
            return self._merge(request, form.cleaned_data["keep"], chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge keywords into one"),
            "opts": self.opts,
            "form": form,
            "keywords": chosen,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/discovery/merge_keywords.html", context)

    def _merge(self, request, keep, chosen):
        names = []
        for away in chosen:
            if away.pk != keep.pk:
                names.append(away.name)
                self.log_change(request, keep, gettext("Merged “%(name)s” into it.") % {"name": away.name})
                merge_keywords(keep, away)
        words = gettext("%(names)s: now “%(keep)s”.") % {
            "names": ", ".join(f"“{name}”" for name in names),
            "keep": keep.name,
        }
        self.message_user(request, words, messages.SUCCESS)


@admin.register(FormerKeyword)
class FormerKeywordAdmin(admin.ModelAdmin):
    """Words that lead to another keyword. Taking one away lets the word be a keyword of its own again."""

    list_display = ["name", "keyword"]
    list_select_related = ["keyword"]
    search_fields = ["name", "keyword__name"]
    fields = readonly_fields = ["name", "slug", "keyword"]

    def has_add_permission(self, request):
        return False


# taggit's own tags are not used: our keywords are, and two lists of the same name would confuse.
admin.site.unregister(Tag)
