"""Addresses below /case-studies/."""

from django.urls import path

from . import compare, feeds, step_views, table, told_views, views

app_name = "casestudies"
urlpatterns = [
    path("", views.CaseStudyListView.as_view(), name="list"),
    path("new/", views.CaseStudyCreateView.as_view(), name="new"),
    path("compare/", compare.compare, name="compare"),
    path("table.csv", table.table, name="table"),
    path("feed/", feeds.CaseStudyFeed(), name="feed"),
    path("archive/", views.CaseStudyArchiveView.as_view(), name="archive"),
    path("archive/<year4:year>/", views.CaseStudyListView.as_view(), name="archive_year"),
    path("archive/<year4:year>/<month2:month>/", views.CaseStudyListView.as_view(), name="archive_month"),
    path("<item:item>/", views.CaseStudyDetailView.as_view(), name="detail"),
    path("<item:item>/edit/", views.CaseStudyUpdateView.as_view(), name="edit"),
    path(
        "<item:item>/edit/sharing/",
        step_views.FilesStepView.as_view(),
        {"step": "sharing"},
        name="step_with_files",
    ),
    path("<item:item>/edit/<slug:step>/", step_views.StepView.as_view(), name="step"),
    path("<item:item>/invite/", told_views.InviteView.as_view(), name="invite"),
    path("<item:item>/tell/", told_views.TellView.as_view(), name="tell"),
    path("<item:item>/withdraw/", views.CaseStudyWithdrawView.as_view(), name="withdraw"),
]
