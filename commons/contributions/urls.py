"""Addresses of what every kind shares, included at the root."""

from django.urls import path

from . import comment_views, file_views, history_views, mark_views, reporting, share_pictures

urlpatterns = [
    path(
        "contributions/<number:pk>/report/",
        reporting.ContributionReportView.as_view(),
        name="contribution_report",
    ),
    path("contributions/<number:pk>/helpful/", mark_views.HelpfulView.as_view(), name="contribution_helpful"),
    path(
        "contributions/<number:pk>/bookmark/", mark_views.BookmarkView.as_view(), name="contribution_bookmark"
    ),
    path(
        "contributions/<number:pk>/follow/",
        mark_views.ContributionFollowView.as_view(),
        name="contribution_follow",
    ),
    path("comments/<number:pk>/helpful/", mark_views.CommentHelpfulView.as_view(), name="comment_helpful"),
    path(
        "contributions/<number:pk>/comments/",
        comment_views.CommentCreateView.as_view(),
        name="contribution_comments",
    ),
    path(
        "contributions/<number:pk>/history/",
        history_views.ContributionHistoryView.as_view(),
        name="contribution_history",
    ),
    path("comments/<number:pk>/report/", reporting.CommentReportView.as_view(), name="comment_report"),
    path("comments/<number:pk>/", comment_views.permalink, name="comment"),
    path("comments/<number:pk>/edit/", comment_views.CommentUpdateView.as_view(), name="comment_edit"),
    path(
        "comments/<number:pk>/withdraw/", comment_views.CommentWithdrawView.as_view(), name="comment_withdraw"
    ),
    path("comments/<number:pk>/history/", history_views.CommentHistoryView.as_view(), name="comment_history"),
    path("pictures/<number:pk>.png", share_pictures.picture, name="contribution_picture"),
    path("files/<token:token>/<str:name>", file_views.file, name="file"),
    path("appeals/<str:reference>/", reporting.KeptAppealView.as_view(), name="appeal"),
]
