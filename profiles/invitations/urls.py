"""Addresses under /invitations/."""

from django.urls import path

from . import views

app_name = "invitations"

urlpatterns = [
    path("", views.InvitationsView.as_view(), name="list"),
    path("stop/<str:token>/", views.StopView.as_view(), name="stop"),
    path("<number:pk>/revoke/", views.RevokeView.as_view(), name="revoke"),
    path("<str:token>/", views.invitation, name="invitation"),
]
