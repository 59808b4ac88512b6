"""The places a member or a contribution can belong to: UK nations, and within England its regions (ONS, 2025)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    ENGLAND = "england", _("England, as a whole")
    EAST_MIDLANDS = "east-midlands", _("East Midlands")
    EAST_OF_ENGLAND = "east-of-england", _("East of England")
    LONDON = "london", _("London")
    NORTH_EAST = "north-east", _("North East")
    NORTH_WEST = "north-west", _("North West")
    SOUTH_EAST = "south-east", _("South East")
    SOUTH_WEST = "south-west", _("South West")
    WEST_MIDLANDS = "west-midlands", _("West Midlands")
    YORKSHIRE = "yorkshire-and-the-humber", _("Yorkshire and the Humber")
    NORTHERN_IRELAND = "northern-ireland", _("Northern Ireland")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    UNITED_KINGDOM = "united-kingdom", _("Across the United Kingdom")
    ELSEWHERE = "elsewhere", _("Elsewhere")
