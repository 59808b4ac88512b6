"""The site's own pages: standing texts, reporting an issue, and two files that machines read."""

import re
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commons.contributions.cards import date_words
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.kept import FIELD, forget_used, give_back, sign_writer
from commons.markup.render import render_standing
from commons.moderation.limits import sender_of, spend
from commons.personal_data.held import all_held
from commons.texts.models import Text, TextVersion

from .forms import ComplaintForm, SiteIssueForm, page_of
from .models import SiteIssue
from .starter_library import ways_to_take_part

# What people agreed to must stay readable: these show their date and their earlier versions.
VERSIONED = {"terms", "privacy"}
ABOUT_PAGES = [
    ("about", "about", gettext_lazy("About")),
    ("about-co-production", "about_co_production", gettext_lazy("About co-production")),
    ("about-network", "about_network", gettext_lazy("The network and its origins")),
]
RULES_PAGES = [
    ("terms", "terms", gettext_lazy("Terms")),
    ("privacy", "privacy", gettext_lazy("Privacy")),
    ("accessibility", "accessibility", gettext_lazy("Accessibility statement")),
]
VERSION_NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z", re.ASCII)

REPORTS_RATE = "10/h"
ACKNOWLEDGEMENTS_RATE = "3/d"
SENT_SALT = "network.site_issue"
SENT_FOR = timedelta(days=1)

SECURITY_TXT_LASTS = timedelta(days=180)
ROBOTS_TXT = """\
User-agent: *
Allow: /accounts/login/$
Allow: /accounts/signup/$
Allow: /browse/$
Disallow: /accounts/
Disallow: /admin/
Disallow: /appeals/
Disallow: /browse/
Disallow: /comments/
Disallow: /contributions/
Disallow: /forum/similar/
Disallow: /inbox/
Disallow: /keywords/suggest/
Disallow: /members/me/
Disallow: /search/
Disallow: /style/
"""


@require_safe
def standing(request, key):
    """Show the text `key` as it stands now, or with ?version= (terms and privacy) as it stood."""
    newest = Text.objects.current(key)
    if newest is None:
        raise Http404
    shown = _wanted_version(request, newest) if key in VERSIONED else newest
    etag = None
    if not request.user.is_authenticated:
        etag = etag_for(request, newest.pk, shown.pk, settings.NETWORK_MINIMUM_AGE)
        unchanged = not_modified(request, etag)
        if unchanged:
            return unchanged
    siblings = ABOUT_PAGES if key.startswith("about") else RULES_PAGES
    context = {
        "heading": fill_in(shown.title),
        "summary": fill_in(shown.summary),
        "html": render_standing(fill_in(shown.body)),
        "language": shown.language if shown.language != get_language() else "",
        "version": shown,
        "versioned": key in VERSIONED,
        "changed_words": date_words(shown.written_at),
        "is_newest": shown.pk == newest.pk,
        "earlier": _earlier(newest) if key in VERSIONED else [],
        "ways": ways_to_take_part() if key == "about" else [],
        "section": "about" if key.startswith("about") else "",
        "is_privacy": key == "privacy",
        "siblings": [(label, reverse(name)) for other, name, label in siblings if other != key],
        "crumbs": [(_("About"), reverse("about"))] if key.startswith("about-") else [],
    }
    response = render(request, "pages/standing.html", context)
    return stamp(response, etag) if etag else response


def fill_in(text):
    """Return an editors' text with {network_name} and {minimum_age} replaced, and nothing else."""
    return text.replace("{network_name}", settings.NETWORK_NAME).replace(
        "{minimum_age}", str(settings.NETWORK_MINIMUM_AGE)
    )


def _wanted_version(request, newest):
    wanted = request.GET.get("version")
    if wanted is None:
        return newest
    if not VERSION_NUMBER.match(wanted):
        raise Http404
    return get_object_or_404(
        TextVersion, text_id=newest.text_id, language=newest.language, number=int(wanted)
    )


def _earlier(newest):
    """Return {number, words} of the versions before the newest, latest first."""
    versions = TextVersion.objects.filter(
        text_id=newest.text_id, language=newest.language, number__lt=newest.number
    )
    rows = versions.order_by("-number").values_list("number", "written_at")
    return [{"number": number, "words": date_words(written_at)} for number, written_at in rows]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_issue(request):
    """The form that reaches the administrators, and the thanks after it."""
    return _receive(request, SiteIssueForm, "report_issue")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_complaint(request):
    """The form for complaints about personal data, which have a day by which they are answered."""
    return _receive(request, ComplaintForm, "data_complaint")


def _receive(request, form_class, name):
    """Show the form, or the thanks after it, or keep what was sent. `name` is that of the address and its templates."""
    if request.method != "POST":
        reference = _sent_reference(request)
        if reference:
            return render(request, f"pages/{name}_sent.html", {"reference": reference, "section": ""})
        return _show_form(request, form_class(initial=_initial(request)), name)
    form = form_class(request.POST)
    if not form.is_valid():
        return _show_form(request, form, name)
    already = SiteIssue.objects.filter(form_key=form.cleaned_data["form_key"]).exists()
    if not already and not spend("report an issue", sender_of(request), REPORTS_RATE):
        form.add_error(
            None,
            _("You have sent several reports in a short time. Your words are here: try again in an hour."),
        )
        return _show_form(request, form, name, status=429)
    address = form.cleaned_data["email"]
    issue = SiteIssue.receive(
        form.values(),
        form_key=form.cleaned_data["form_key"],
        by=request.user if request.user.is_authenticated else None,
        # Else anybody could fill somebody's letter box by way of this form.
        acknowledge=bool(address) and spend("acknowledgement", address.lower(), ACKNOWLEDGEMENTS_RATE),
    )
    if request.user.is_authenticated:
        forget_used(request)
    sent = signing.dumps(issue.reference, salt=SENT_SALT)
    return redirect(f"{reverse(name)}?sent={sent}")


def _initial(request):
    """Return what the empty form begins with: the page, a member's address, and what was kept for them."""
    initial = {"page": page_of(request)}
    if request.user.is_authenticated:
        kept = give_back(request)
        typed = kept.fields if kept else {}
        initial["email"] = request.user.email
        initial |= {name: typed[name][-1] for name in SiteIssueForm.Meta.fields if typed.get(name)}
    return initial


def _sent_reference(request):
    """Return the reference that this site itself put into ?sent=, or ""."""
    try:
        return signing.loads(request.GET.get("sent", ""), salt=SENT_SALT, max_age=SENT_FOR)
    except signing.BadSignature:
        return ""


def _show_form(request, form, name, status=200):
    context = {"form": form, "section": ""}
    if request.user.is_authenticated:
        context["written_by"] = {"name": FIELD, "value": sign_writer(request.user)}
    return render(request, f"pages/{name}.html", context, status=status)


@require_safe
def data_held(request):
    """What is held on members, table by table, as each app declares it."""
    return render(request, "pages/data_held.html", {"all_held": all_held(), "section": ""})


@require_safe
def robots(request):
    """What crawlers should leave alone (forms, accounts, filters combined without end), and where all else is named."""
    sitemap = f"\nSitemap: {settings.SITE_URL}{reverse('discovery:sitemap')}\n"
    return HttpResponse(ROBOTS_TXT + sitemap, content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """Where to report a vulnerability, as RFC 9116 wants it."""
    contact = settings.NETWORK_SECURITY_CONTACT
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    # The same all day long, so that the file does not change with every request.
    expires = datetime.combine(
        timezone.now().astimezone(UTC).date() + SECURITY_TXT_LASTS, time.min, tzinfo=UTC
    )
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
