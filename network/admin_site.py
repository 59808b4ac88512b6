"""The admin: the project's look, and signing in led through allauth with its limits and second factor."""

import logging

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import DataError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution
from commons.contributions.querysets import moderates
from commons.moderation.models import Case, Status
from commons.moderation.moderators import moderates_anything

from . import errors
from .models import SiteIssue

log = logging.getLogger(__name__)

LONGEST_NUMBER = 18  # digits: a longer id could not be in the database


class NetworkAdminSite(admin.AdminSite):
    site_header = settings.NETWORK_NAME
    site_title = _("Administration")
    index_title = _("Administration")

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def password_change(self, request, extra_context=None):
        """Lead to the member's own page: the admin's would let a stranger at an open screen guess without end."""
        return redirect("account_change_password")

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if not _is_plain(request, kwargs.get("object_id", "")):
                return errors.bad_request(request)
            if (
                settings.NETWORK_STAFF_TWO_FACTOR
                and self.has_permission(request)
                and not is_mfa_enabled(request.user)
            ):
                messages.warning(
                    request, _("Set up a second step for signing in first: people trust you with a lot here.")
                )
                return redirect("mfa_activate_totp")
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, DataError):
                # A number in a form that no row can have: Django's choice fields ask the database all the same.
                log.warning("a value that the database can't hold", exc_info=True)
                return errors.bad_request(request)

        return guarded

    def get_urls(self):
        """Django's addresses, but for the one that leads anybody of the staff to the page of anything that has one."""
        gated = path(
            "r/<int:content_type_id>/<path:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        return [gated, *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """Lead to a thing's own page, if its admin shows it to this reader: a draft's address tells its title."""
        kind = ContentType.objects.filter(pk=content_type_id).first()
        its_admin = self._registry.get(kind.model_class()) if kind else None
        if its_admin is None or not its_admin.has_view_permission(request):
            raise Http404
        found = its_admin.get_object(request, object_id)
        if found is None or not hasattr(found, "get_absolute_url"):
            raise Http404
        return redirect(found.get_absolute_url())

    def each_context(self, request):
        return {**super().each_context(request), "mail_only_to_folder": settings.MAIL_ONLY_TO_FOLDER}

    def index(self, request, extra_context=None):
        return super().index(request, {**_what_waits(request.user), **(extra_context or {})})


def _is_plain(request, object_id):
    """Whether ids and numbers are such as a database can hold: for others Django's own admin answers 500."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME) if request.method == "POST" else []
    asked = [value for name, values in request.GET.lists() if name != SEARCH_VAR for value in values]
    return (
        all(value.isascii() and value.isdecimal() for value in chosen)
        and all(_fits(number) for value in [*chosen, *asked] for number in value.split(","))
        and _fits(unquote(object_id))
    )


def _fits(value):
    """Whether a value is no number, or one that fits; read as Python reads it, with sign, spaces and any digits."""
    try:
        return abs(int(value)) < 10**LONGEST_NUMBER
    except ValueError:
        return True


def _what_waits(user):
    """Return how much waits for a decision of `user`, as the index page's template needs it."""
    waiting = {}
    if moderates_anything(user):
        waiting["awaiting_cases"] = Case.objects.awaiting(user).count()
        waiting["queue_url"] = reverse("admin:moderation_case_changelist")
    if moderates(user):
        waiting["gaps_url"] = reverse("discovery:evidence_gaps")
        waiting["awaiting_contributions"] = Contribution.objects.filter(status=Status.AWAITING).count()
        waiting["contributions_url"] = (
            f"{reverse('admin:contributions_contribution_changelist')}?status__exact={Status.AWAITING}"
        )
    if user.has_perm("network.change_siteissue"):
        waiting["overdue_complaints"] = SiteIssue.objects.overdue().count()
        waiting["complaints_url"] = f"{reverse('admin:network_siteissue_changelist')}?complaint=overdue"
    if settings.NETWORK_APPROVES_MEMBERS and user.has_perm("profiles.change_member"):
        waiting["awaiting_members"] = get_user_model().objects.awaiting_approval().count()
        waiting["members_url"] = f"{reverse('admin:profiles_member_changelist')}?standing=awaiting"
    return waiting
