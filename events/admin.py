"""Events in the admin."""

from django.contrib import admin

from commons.contributions.admin import ContributionAdmin

from .models import Event

admin.site.register(Event, ContributionAdmin)
