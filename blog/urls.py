"""Addresses below /blog/."""

from django.urls import path

from . import feeds, views

app_name = "blog"
urlpatterns = [
    path("", views.PostListView.as_view(), name="list"),
    path("new/", views.PostCreateView.as_view(), name="new"),
    path("feed/", feeds.PostFeed(), name="feed"),
    path("archive/", views.PostArchiveView.as_view(), name="archive"),
    path("archive/<year4:year>/", views.PostListView.as_view(), name="archive_year"),
    path("archive/<year4:year>/<month2:month>/", views.PostListView.as_view(), name="archive_month"),
    path("<item:item>/", views.PostDetailView.as_view(), name="detail"),
    path("<item:item>/edit/", views.PostUpdateView.as_view(), name="edit"),
    path("<item:item>/withdraw/", views.PostWithdrawView.as_view(), name="withdraw"),
]
