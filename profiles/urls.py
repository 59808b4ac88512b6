"""Addresses under /members/. Words of the site come before usernames, and usernames can't be those words."""

from django.urls import path

from . import views

app_name = "profiles"

urlpatterns = [
    path("", views.DirectoryView.as_view(), name="directory"),
    path("me/", views.MineView.as_view(), name="mine"),
    path("me/edit/", views.ProfileUpdateView.as_view(), name="edit"),
    path("<slug:username>/", views.ProfileView.as_view(), name="detail"),
    path("<slug:username>/photo/<str:name>", views.photo, name="photo"),
]
