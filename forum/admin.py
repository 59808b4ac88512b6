"""Threads in the admin."""

from django.contrib import admin

from commons.contributions.admin import ContributionAdmin

from .models import Thread

admin.site.register(Thread, ContributionAdmin)
