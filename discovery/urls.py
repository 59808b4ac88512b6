"""Addresses of what crosses every kind: search, browse, keyword pages and the site's feeds."""

from django.urls import path

from . import feeds, suggest, views

app_name = "discovery"
urlpatterns = [
    path("search/", views.SearchView.as_view(), name="search"),
    path("search/suggest/", suggest.SearchSuggestView.as_view(), name="search_suggest"),
    path("browse/", views.BrowseView.as_view(), name="browse"),
    path("browse/feed/", feeds.BrowseFeed(), name="browse_feed"),
    path("feed/", feeds.SiteFeed(), name="feed"),
    path("keywords/suggest/", views.KeywordSuggestView.as_view(), name="keyword_suggest"),
    path("keywords/<str:slug>/", views.KeywordView.as_view(), name="keyword"),
    path("keywords/<str:slug>/feed/", feeds.KeywordFeed(), name="keyword_feed"),
    path("keywords/<str:slug>/follow/", views.KeywordFollowView.as_view(), name="keyword_follow"),
]
