"""The style page: every component in every state, for editors and developers.

Everything on it is a sample and says so; nothing is read from the database.
"""

from types import SimpleNamespace as Sample

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.markup.render import highlight

PATCHES = range(1, 9)


def style_guide(request):
    """Show every component with sample content."""
    here = reverse("style_guide")
    with_errors = SampleForm({"title": "", "contact": "sample"}, auto_id="bad_%s")
    with_errors.is_valid()
    context = {
        "section": "about",
        "crumbs": [(_("About"), reverse("about")), (_("Style page"), "")],
        "patches": sample_principles(here),
        "cards": sample_cards(here),
        "threads": sample_threads(here),
        "show_links": [
            {"label": _("Sample list"), "url": here, "current": True},
            {"label": _("Another sample list"), "url": here, "current": False},
        ],
        "sort_links": [
            {"label": _("Sample order"), "url": here, "current": True},
            {"label": _("Another sample order"), "url": here, "current": False},
        ],
        "best_answer": {"html": _("A sample of the words that answered it."), "place": here, "number": 3},
        "people": sample_people(here),
        "ways": [
            Sample(title=_("Sample way to take part"), text=_("One line about it."), url=here),
            Sample(title=_("Sample way that has no page yet"), text="", url=""),
            Sample(title=_("Another sample way"), text=_("One line about it."), url=here),
        ],
        "facets": sample_facets(here),
        "active_facets": [
            {"label": _("Sample principle 2"), "remove_url": here, "patch": 2},
            {"label": _("Sample sector"), "remove_url": here, "patch": None},
        ],
        "facet_action": here,
        "pager": Sample(
            pages=[
                _page(here, 1),
                None,
                _page(here, 4),
                _page(here, 5, current=True),
                _page(here, 6),
                None,
                _page(here, 50),
            ],
            previous_url=f"{here}?page=4",
            next_url=f"{here}?page=6",
            count_words=_("81 to 100 of over 1,000 samples"),
        ),
        "actions": [{"label": _("First thing to do"), "url": here}, {"label": _("Another"), "url": here}],
        "facts": [
            Sample(label=_("Sample fact"), value=_("Its value"), url="", change_url=""),
            Sample(label=_("Sample link"), value=_("A value that leads on"), url=here, change_url=""),
            Sample(label=_("Sample answer"), value=_("A value one may change"), url="", change_url=here),
        ],
        "events": [
            Sample(
                title=_("Sample restored"),
                who=_("an administrator"),
                date_iso="2026-01-03",
                date_words=_("3 January 2026"),
                text="",
                tone="good",
            ),
            Sample(
                title=_("Sample removed"),
                who=_("an administrator"),
                date_iso="2026-01-02",
                date_words=_("2 January 2026"),
                text=_("The reason that was given."),
                tone="bad",
            ),
            Sample(
                title=_("Sample published"),
                who="",
                date_iso="2026-01-01",
                date_words=_("1 January 2026"),
                text="",
                tone="",
            ),
        ],
        "form_example": SampleForm(auto_id="good_%s"),
        "form_with_errors": with_errors,
        "share_url": request.build_absolute_uri(here),
    }
    return render(request, "style_guide.html", context)


class SampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(
        label=gettext_lazy("Sample text"),
        help_text=gettext_lazy("A hint stands between the label and the box."),
        error_messages={"required": gettext_lazy("Enter a sample text")},
    )
    contact = forms.EmailField(
        label=gettext_lazy("Sample e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Enter an e-mail address with an @, like name@example.org")},
    )
    body = forms.CharField(
        label=gettext_lazy("Sample of a longer text"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    nation = forms.ChoiceField(
        label=gettext_lazy("Sample choice from a list"),
        choices=[
            ("", gettext_lazy("Choose one")),
            ("a", gettext_lazy("First sample")),
            ("b", gettext_lazy("Second sample")),
        ],
        required=False,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Sample of one out of a few"),
        choices=[("a", gettext_lazy("First sample")), ("b", gettext_lazy("Second sample"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the samples")},
    )
    principles = forms.MultipleChoiceField(
        label=gettext_lazy("Sample of several out of a few"),
        help_text=gettext_lazy("Choose all that fit."),
        choices=[(n, gettext_lazy("Sample %(number)s") % {"number": n}) for n in "123"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one sample")},
    )
    picture = forms.FileField(
        label=gettext_lazy("Sample file"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 5 MB."),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree to the sample"),
        error_messages={"required": gettext_lazy("Agree to the sample to go on")},
    )

    def clean(self):
        super().clean()
        if self.data.get("contact") == "sample":
            self.add_error("contact", _("A second message beside the same field"))


def sample_principles(url):
    """One sample principle for each of the eight patches."""
    return [
        Sample(
            name=_("Sample principle %(number)s") % {"number": n},
            short_name=_("Sample principle %(number)s") % {"number": n},
            summary=_("What it means, in one sentence."),
            url=url,
            patch=n,
        )
        for n in PATCHES
    ]


def sample_cards(url):
    """Cards in their states: plain, long, from search, withheld, without tags."""
    principles = sample_principles(url)
    plain = {
        "kind_label": _("Blog post"),
        "url": url,
        "title": _("Sample title"),
        "summary": _(
            "A sample of the two or three lines that stand under a title and say what is to be read there."
        ),
        "byline_name": _("Sample member"),
        "byline_url": url,
        "byline_role": _("practitioner, Sample Council"),
        "date_iso": "2026-01-01",
        "date_words": _("1 January 2026"),
        "principles": principles[:2],
        "sectors": [Sample(name=_("Sample sector"), url=url)],
        "keywords": [Sample(name=_("sample keyword"), url=url)],
        "members_only": False,
        "status_label": "",
        "status_tone": "",
        "starter": False,
        "snippet": "",
        "read_more": _("Read on"),
        "lang": "",
    }
    return [
        Sample(**plain),
        Sample(
            **plain
            | {
                "kind_label": _("Report"),
                "title": _(
                    "Sample of a long title, such as a report has, that takes two lines on most screens"
                ),
                "principles": principles[2:6],
                "starter": True,
                "byline_url": "",
                "byline_role": "",
            }
        ),
        Sample(
            **plain
            | {
                "principles": principles[6:8],
                "members_only": True,
                "snippet": highlight(
                    "… a sample as search shows it, with the [words that were found] …", "[", "]"
                ),
            }
        ),
        Sample(
            **plain
            | {
                "title": _("Sample draft"),
                "principles": [],
                "sectors": [],
                "keywords": [],
                "status_label": _("Draft"),
                "status_tone": "warn",
                "read_more": "",
            }
        ),
    ]


def sample_threads(url):
    """Threads in their states: answered and unread, without a reply, closed and pinned."""
    at = Sample(iso="2026-01-01T10:30:00+00:00", words=_("1 January 2026"), exact=_("1 January 2026, 10:30"))
    plain = {
        "url": url,
        "title": _("Sample question"),
        "byline_name": _("Sample member"),
        "byline_url": url,
        "byline_role": "",
        "begun": at,
        "principles": sample_principles(url)[:1],
        "sectors": [Sample(name=_("Sample sector"), url=url)],
        "members_only": False,
        "lang": "",
        "is_question": True,
        "answered": True,
        "closed": False,
        "pinned": False,
        "replies": _("Sample: 3 replies"),
        "last_reply": {"name": _("Another sample"), "url": url, "place": url, "at": at},
        "unread": _("Sample: 2 unread"),
    }
    quiet = {"answered": False, "replies": _("Sample: no replies yet"), "last_reply": None, "unread": ""}
    return [
        Sample(**plain),
        Sample(**plain | quiet),
        Sample(
            **plain | {"is_question": False, "answered": None, "closed": True, "pinned": True, "unread": ""}
        ),
    ]


def sample_people(url):
    """Two people of the directory, one with nothing but a name."""
    return [
        Sample(
            name=_("Sample member"),
            initials="SM",
            photo_url="",
            patch=1,
            url=url,
            role=_("Practitioner, Sample Council"),
            text=_("A line about them."),
            principles=sample_principles(url)[:2],
        ),
        Sample(
            name=_("Another sample"),
            initials="AS",
            photo_url="",
            patch=5,
            url=url,
            role="",
            text="",
            principles=[],
        ),
    ]


def sample_facets(url):
    """Filters: principles with their patches, and sectors."""
    principles = [
        (p.patch, p.short_name, 20 - p.patch, p.patch == 2, p.patch) for p in sample_principles(url)
    ]
    sectors = [
        ("a", _("Sample sector"), 12, True, None),
        ("b", _("Another sample sector"), 0, False, None),
    ]
    names = ("value", "label", "count", "checked", "patch")
    return [
        {
            "name": name,
            "legend": legend,
            "options": [dict(zip(names, option, strict=True)) for option in options],
        }
        for name, legend, options in (
            ("principle", _("Principle"), principles),
            ("sector", _("Sector"), sectors),
        )
    ]


def _page(url, number, current=False):
    return Sample(number=number, url=f"{url}?page={number}", current=current)
