"""Addresses below /library/."""

from django.urls import path

from . import feeds, views

app_name = "library"
urlpatterns = [
    path("", views.LibraryHomeView.as_view(), name="home"),
    path("principles/", views.PrincipleListView.as_view(), name="principle_list"),
    path("principles/<slug:slug>/", views.PrincipleView.as_view(), name="principle"),
    path("principles/<slug:slug>/follow/", views.PrincipleFollowView.as_view(), name="principle_follow"),
    path("principles/<slug:slug>/feed/", feeds.PrincipleFeed(), name="principle_feed"),
    path("sectors/", views.SectorListView.as_view(), name="sector_list"),
    path("sectors/<slug:slug>/", views.SectorView.as_view(), name="sector"),
    path("sectors/<slug:slug>/follow/", views.SectorFollowView.as_view(), name="sector_follow"),
    path("sectors/<slug:slug>/feed/", feeds.SectorFeed(), name="sector_feed"),
    path("reports/", views.ReportListView.as_view(), name="report_list"),
    path("reports/feed/", feeds.ReportFeed(), name="report_feed"),
    path("reports/archive/", views.ReportArchiveView.as_view(), name="report_archive"),
    path("reports/archive/<year4:year>/", views.ReportListView.as_view(), name="report_archive_year"),
    path(
        "reports/archive/<year4:year>/<month2:month>/",
        views.ReportListView.as_view(),
        name="report_archive_month",
    ),
    path("reports/<item:item>/", views.ReportDetailView.as_view(), name="report_detail"),
]
