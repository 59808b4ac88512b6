"""Addresses of badges: what each is for, one's own, and the one for a member's own site."""

from django.urls import path

from . import views

app_name = "badges"

urlpatterns = [
    path("badges/", views.BadgeListView.as_view(), name="list"),
    path("members/me/badges/", views.OwnBadgesView.as_view(), name="own"),
    path("members/<slug:username>/badge.svg", views.network_badge, name="network"),
]
