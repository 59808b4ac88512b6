"""Addresses below /library/."""

from django.urls import path

from . import document_views, feeds, link_views, video_views, views


def of_kind(folder, stem, pages, feed):
    """Return the addresses that every kind has which members add: its list, archive and feed, and its items."""
    return [
        path(f"{folder}/", pages.ListView.as_view(), name=f"{stem}_list"),
        path(f"{folder}/new/", pages.CreateView.as_view(), name=f"{stem}_new"),
        path(f"{folder}/feed/", feed, name=f"{stem}_feed"),
        path(f"{folder}/archive/", pages.ArchiveView.as_view(), name=f"{stem}_archive"),
        path(f"{folder}/archive/<year4:year>/", pages.ListView.as_view(), name=f"{stem}_archive_year"),
        path(
            f"{folder}/archive/<year4:year>/<month2:month>/",
            pages.ListView.as_view(),
            name=f"{stem}_archive_month",
        ),
        path(f"{folder}/<item:item>/", pages.DetailView.as_view(), name=f"{stem}_detail"),
        path(f"{folder}/<item:item>/edit/", pages.UpdateView.as_view(), name=f"{stem}_edit"),
        path(f"{folder}/<item:item>/withdraw/", pages.WithdrawView.as_view(), name=f"{stem}_withdraw"),
    ]


app_name = "library"
urlpatterns = [
    path("", views.LibraryHomeView.as_view(), name="home"),
    path("all/", views.LibraryListView.as_view(), name="all"),
    path("all/feed/", feeds.LibraryFeed(), name="all_feed"),
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
    *of_kind("documents", "document", document_views, feeds.DocumentFeed()),
    *of_kind("links", "link", link_views, feeds.LinkFeed()),
    *of_kind("videos", "video", video_views, feeds.VideoFeed()),
    path("videos/<item:item>/poster.svg", video_views.PosterView.as_view(), name="video_poster"),
]
