"""Addresses below /forum/."""

from django.urls import path

from . import feeds, order_views, similar, views

app_name = "forum"
urlpatterns = [
    path("", views.ThreadListView.as_view(), name="list"),
    path("new/", views.ThreadCreateView.as_view(), name="new"),
    path("similar/", similar.similar, name="similar"),
    path("feed/", feeds.ThreadFeed(), name="feed"),
    path("archive/", views.ThreadArchiveView.as_view(), name="archive"),
    path("archive/<year4:year>/", views.ThreadListView.as_view(), name="archive_year"),
    path("archive/<year4:year>/<month2:month>/", views.ThreadListView.as_view(), name="archive_month"),
    path("<item:item>/", views.ThreadDetailView.as_view(), name="detail"),
    path("<item:item>/feed/", feeds.ReplyFeed(), name="thread_feed"),
    path("<item:item>/edit/", views.ThreadUpdateView.as_view(), name="edit"),
    path("<item:item>/pin/", order_views.PinView.as_view(), name="pin"),
    path("<item:item>/close/", order_views.CloseView.as_view(), name="close"),
    path("<item:item>/move/", order_views.MoveView.as_view(), name="move"),
    path("<item:item>/merge/", order_views.MergeView.as_view(), name="merge"),
    path("<item:item>/withdraw/", views.ThreadWithdrawView.as_view(), name="withdraw"),
]
