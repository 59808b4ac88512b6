"""What can be followed and has a page of its own, though it is no row: a principle in a sector, and a region."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from .regions import Region


@dataclass(frozen=True)
class Pair:
    """A principle in a sector. Both are rows or terms of the vocabulary."""

    principle: object
    sector: object

    def __str__(self):
        return _("%(principle)s: %(sector)s") % {
            "principle": self.principle.name,
            "sector": self.sector.name,
        }

    def get_absolute_url(self):
        return reverse("discovery:pair", args=[self.principle.slug, self.sector.slug])


@dataclass(frozen=True)
class RegionPlace:
    """A nation or region, by its code."""

    code: str

    def __str__(self):
        return str(Region(self.code).label)

    def get_absolute_url(self):
        return reverse("discovery:region", args=[self.code])


def place_html(place, region):
    """Return a place and its nation or region (a code) in one line, the region leading to its page; "" without both."""
    parts = [place] if place else []
    if region in Region.values:
        found = RegionPlace(region)
        parts.append(format_html('<a href="{}">{}</a>', found.get_absolute_url(), found))
    return format_html_join(", ", "{}", ((part,) for part in parts))
