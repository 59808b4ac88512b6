"""Case studies in the admin."""

from django.contrib import admin

from commons.contributions.admin import ContributionAdmin

from .models import CaseStudy

admin.site.register(CaseStudy, ContributionAdmin)
