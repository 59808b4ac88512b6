"""Addresses of what crosses every kind: search, browse, keyword pages and the site's feeds."""

from django.urls import path

from . import evidence_gaps, evidence_map_views, feeds, views

app_name = "discovery"
urlpatterns = [
    path("search/", views.SearchView.as_view(), name="search"),
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
    path("feed/", feeds.SiteFeed(), name="feed"),
    path("keywords/suggest/", views.KeywordSuggestView.as_view(), name="keyword_suggest"),
    path("keywords/<str:slug>/", views.KeywordView.as_view(), name="keyword"),
    path("keywords/<str:slug>/feed/", feeds.KeywordFeed(), name="keyword_feed"),
    path("keywords/<str:slug>/follow/", views.KeywordFollowView.as_view(), name="keyword_follow"),
]
