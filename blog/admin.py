"""Blog posts in the admin."""

from django.contrib import admin

from commons.contributions.admin import ContributionAdmin

from .models import Post

admin.site.register(Post, ContributionAdmin)
