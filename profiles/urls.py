"""Addresses under /members/. Words of the site come before usernames, and usernames can't be those words."""

from django.urls import path

from . import closing_views, contacting, data_copy_views, directory, feeds, following, follows_shown, views

app_name = "profiles"

urlpatterns = [
    path("", directory.DirectoryView.as_view(), name="directory"),
    path("me/", views.MineView.as_view(), name="mine"),
    path("me/edit/", views.ProfileUpdateView.as_view(), name="edit"),
    path("me/privacy/", data_copy_views.PrivacyView.as_view(), name="privacy"),
    path("me/export/", data_copy_views.DataCopyView.as_view(), name="data_copy"),
    path("me/export/<str:token>/", data_copy_views.DataCopyFileView.as_view(), name="data_copy_file"),
    path("me/close/", closing_views.ClosingView.as_view(), name="close"),
    path("me/close/undo/", closing_views.ReopeningView.as_view(), name="reopen"),
    path("me/following/", following.FollowingView.as_view(), name="following"),
    path("me/bookmarks/", following.BookmarksView.as_view(), name="bookmarks"),
    path("me/blocked/", contacting.BlockedView.as_view(), name="blocked"),
    path("<slug:username>/contact/", contacting.ContactView.as_view(), name="contact"),
    path("<slug:username>/block/", contacting.BlockView.as_view(), name="block"),
    path("<slug:username>/following/", follows_shown.FollowedByView.as_view(), name="followed_by"),
    path("<slug:username>/followers/", follows_shown.FollowersView.as_view(), name="followers"),
    path("<slug:username>/follow/", following.MemberFollowView.as_view(), name="follow"),
    path("<slug:username>/feed/", feeds.MemberFeed(), name="feed"),
    path("<slug:username>/", views.ProfileView.as_view(), name="detail"),
    path("<slug:username>/photo/<str:name>", views.photo, name="photo"),
]
