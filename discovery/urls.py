"""Addresses of what crosses every kind: search, browse, keyword pages and the site's feeds."""

from django.urls import path

from . import count_views, evidence_gaps, evidence_map_views, feeds, hub_views, sitemaps, suggest, views
from .oembed import oembed
from .opml import opml

app_name = "discovery"
urlpatterns = [
    path("search/", views.SearchView.as_view(), name="search"),
    path("search/feed/", feeds.SearchFeed(), name="search_feed"),
    path("search/suggest/", suggest.SearchSuggestView.as_view(), name="search_suggest"),
    path("browse/", views.BrowseView.as_view(), name="browse"),
    path("browse/feed/", feeds.BrowseFeed(), name="browse_feed"),
    path("evidence-map/", evidence_map_views.EvidenceMapView.as_view(), name="evidence_map"),
    path(
        "evidence-map/table.csv", evidence_map_views.EvidenceMapTableView.as_view(), name="evidence_map_csv"
    ),
    path(
        "evidence-map/picture.svg",
        evidence_map_views.EvidenceMapPictureView.as_view(),
        name="evidence_map_picture",
    ),
    path("evidence-map/gaps/", evidence_gaps.EvidenceGapsView.as_view(), name="evidence_gaps"),
    path("evidence-map/<slug:principle>/<slug:sector>/", hub_views.PairView.as_view(), name="pair"),
    path("evidence-map/<slug:principle>/<slug:sector>/feed/", feeds.PairFeed(), name="pair_feed"),
    path(
        "evidence-map/<slug:principle>/<slug:sector>/follow/",
        hub_views.PairFollowView.as_view(),
        name="pair_follow",
    ),
    path("regions/", hub_views.RegionListView.as_view(), name="region_list"),
    path("regions/<slug:slug>/", hub_views.RegionView.as_view(), name="region"),
    path("regions/<slug:slug>/feed/", feeds.RegionFeed(), name="region_feed"),
    path("regions/<slug:slug>/follow/", hub_views.RegionFollowView.as_view(), name="region_follow"),
    path("feed/", feeds.SiteFeed(), name="feed"),
    path("feeds.opml", opml, name="opml"),
    path("oembed/", oembed, name="oembed"),
    path("counts/", count_views.CountsView.as_view(), name="counts"),
    path("counts/table.csv", count_views.CountsTableView.as_view(), name="counts_csv"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    *(
        path(
            f"sitemaps/{series}-<number:number>.xml",
            sitemaps.part,
            {"series": series},
            name=f"sitemap_{series}",
        )
        for series in sitemaps.SERIES
    ),
    path("keywords/suggest/", views.KeywordSuggestView.as_view(), name="keyword_suggest"),
    path("keywords/<str:slug>/", views.KeywordView.as_view(), name="keyword"),
    path("keywords/<str:slug>/feed/", feeds.KeywordFeed(), name="keyword_feed"),
    path("keywords/<str:slug>/follow/", views.KeywordFollowView.as_view(), name="keyword_follow"),
]
