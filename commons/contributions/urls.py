"""Addresses of what every kind shares, included at the root."""

from django.urls import path

from . import comment_views, reporting

urlpatterns = [
    path(
        "contributions/<number:pk>/report/",
        reporting.ContributionReportView.as_view(),
        name="contribution_report",
    ),
    path("comments/<number:pk>/", comment_views.permalink, name="comment"),
    path("appeals/<str:reference>/", reporting.KeptAppealView.as_view(), name="appeal"),
]
