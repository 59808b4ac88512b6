"""Links: other people's websites and videos that inspire."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution
from commons.contributions.querysets import ContributionManager, ContributionQuerySet, Reach
from commons.moderation.models import Status, TransitionRefused

from .. import addresses

# How often, and for how long, an address must not be reached before it is called gone.
FAILURES, FAILING_FOR = 3, timedelta(days=14)
# One whose server says itself that it is gone for good.
FAILURES_WHEN_GONE, FAILING_FOR_WHEN_GONE = 2, timedelta(days=7)
MOST_FAILURES = 1_000


class LinkType(models.TextChoices):
    """Kept in Contribution.subtype."""

    WEBSITE = "website", _("Website")
    VIDEO = "video", _("Video")


def chosen_type(query):
    """Return the LinkType that a request's GET asks for by ?type=, or None."""
    return next((each for each in LinkType if each == query.get("type")), None)


class Problem(models.TextChoices):
    """What came of looking, in words that go on from "We could not reach this address:"."""

    NOT_FOUND = "not-found", _("the site says that there is no such page")
    GONE = "gone", _("the site says that the page is gone for good")
    SERVER = "server-error", _("the site has an error of its own")
    REDIRECTS = "redirects", _("it leads from one address to the next without end")
    NO_WEB_SERVER = "no-web-server", _("what answers there is no website")
    NO_NAME = "no-name", _("no site has this name")
    REFUSED = "refused", _("nothing answers there")
    UNREACHABLE = "unreachable", _("there is no way there")
    TIMEOUT = "timeout", _("it takes too long to answer")
    NOT_SECURE = "not-secure", _("it makes no secure connection that can be trusted")
    NOT_PUBLIC = "not-public", _("it leads to a place that is not public")


class AddressTaken(TransitionRefused):
    """Another link that is listed has the same address; it can be found by `key`."""

    def __init__(self, status, key):
        title = Link.objects.filter(address_key=key).values_list("title", flat=True).first() or ""
        words = _("Its address is in the library already, as “%(title)s”.") % {"title": title}
        super().__init__(status, words)
        self.key = key


class LinkQuerySet(ContributionQuerySet):
    def with_address(self, key):
        """The one of these that has an address, by its key."""
        return self.filter(address_key=key)

    def to_check(self, now):
        """Those to be looked at by now, the longest waiting first."""
        listed = self.filter(address_key__isnull=False, reach__gt=Reach.NOBODY)
        return listed.filter(check_due_at__lte=now).order_by("check_due_at", "pk")


class LinkManager(ContributionManager.from_queryset(LinkQuerySet)):
    pass


class Link(Contribution):
    """An address elsewhere, and why it inspires."""

    KIND = "link"
    SET_BY_OTHERS = (
        "address_key", "checked_at", "check_due_at", "failed_since", "failures", "dead_since", "problem",
    )  # fmt: skip

    url = models.CharField(_("address"), max_length=addresses.LONGEST)
    host = models.CharField(_("site"), max_length=255, editable=False)
    # The address as it is compared with others; null while it is not published, so that somebody else may add it.
    address_key = models.CharField(max_length=64, null=True, unique=True, editable=False)

    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True, editable=False)
    check_due_at = models.DateTimeField(_("next look"), default=timezone.now, editable=False)
    failed_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    dead_since = models.DateTimeField(_("not to be reached since"), null=True, blank=True, editable=False)
    problem = models.CharField(
        _("what was wrong"), max_length=100, choices=Problem, blank=True, editable=False
    )

    objects = LinkManager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes = [
            models.Index(fields=["checked_at"], name="link_checked"),
            models.Index(
                fields=["check_due_at"], name="link_to_check", condition=models.Q(address_key__isnull=False)
            ),
        ]

    def store(self, values, *, by=None):
        """Write cleaned `values` as a new version; another address is looked at as a new one. Raises AddressTaken."""
        address = addresses.read(values.get("url", self.url))
        if self._state.adding or address.key != self._stored_key():
            self._look_anew()
        self.host = address.host
        subtype = values.get("subtype") or self.subtype or LinkType.WEBSITE
        super().store({**values, "url": address.url, "subtype": subtype}, by=by)

    def _stored_key(self):
        stored = type(self)._base_manager.filter(pk=self.pk).values_list("url", flat=True).get()
        return addresses.read(stored).key

    def _look_anew(self):
        self.checked_at = self.failed_since = self.dead_since = None
        self.failures, self.problem = 0, ""
        self.check_due_at = timezone.now() + spread(timedelta(days=1))

    def snapshot(self):
        byline = {"byline": self.byline} if self.is_starter else {}
        return {**super().snapshot(), **byline, "url": self.url, "subtype": self.subtype}

    def build_card(self):
        return {
            **super().build_card(),
            "host": addresses.shown_host(self.host),
            "gone": self.dead_since is not None,
        }

    def search_text(self):
        """Return what search finds it by, beside title, summary and text."""
        return {"extra": addresses.shown_host(self.host)}

    # --- one entry for one address -----------------------------------------------------------------

    def refresh(self):
        """Hold the address while it is published, and bring the rest up to date. Raises AddressTaken."""
        with transaction.atomic():
            self._hold_address()
            super().refresh()

    def _hold_address(self):
        held = addresses.read(self.url).key if self.status == Status.PUBLISHED else None
        if held == self.address_key:
            return
        rows = type(self)._base_manager
        if held:
            # Where its author is hidden nobody sees that entry, and it must not stand in the way.
            rows.filter(address_key=held, reach=Reach.NOBODY).exclude(pk=self.pk).update(address_key=None)
        try:
            with transaction.atomic():
                rows.filter(pk=self.pk).update(address_key=held)
        except IntegrityError:
            raise AddressTaken(self.status, held) from None
        self.address_key = held

    # --- whether it can still be reached -------------------------------------------------------------

    def note_look(self, problem, now, *, due_at, counts=True):
        """Keep what came of looking, its row being locked: a Problem, or "" when it was there.

        Returns whether it has become, or is no longer, an address to be called gone. What does not count, because
        the trouble may be ours, changes nothing but when it is looked at next.
        """
        was_gone = self.dead_since is not None
        self.checked_at, self.check_due_at, self.problem = now, due_at, problem
        if not problem:
            self.failures, self.failed_since, self.dead_since = 0, None, None
        elif counts:
            self.failures = min(self.failures + 1, MOST_FAILURES)
            self.failed_since = self.failed_since or now
            if self._failed_enough(now):
                self.dead_since = self.dead_since or self.failed_since
        self.save(update_fields=[name for name in self.SET_BY_OTHERS if name != "address_key"])
        changed = was_gone != (self.dead_since is not None)
        if changed:
            super().refresh()
        return changed

    def _failed_enough(self, now):
        gone = self.problem == Problem.GONE
        failures, failing_for = (
            (FAILURES_WHEN_GONE, FAILING_FOR_WHEN_GONE) if gone else (FAILURES, FAILING_FOR)
        )
        return self.failures >= failures and now - self.failed_since >= failing_for


def spread(span):
    """Return a duration between none and `span`, so that what begins together is not always due together."""
    return timedelta(seconds=secrets.randbelow(int(span.total_seconds())))
