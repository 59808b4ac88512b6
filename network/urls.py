"""The site's addresses. English has no prefix; other languages will live under theirs (/cy/...)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from commons.notifications.choices import EmailChoicesView, UnsubscribeView
from forum.best_answers import BestAnswerView
from profiles.invitations.views import JoinView
from profiles.reporting import MemberReportView
from profiles.sessions import SessionListView

from . import errors, first_steps, health, home, pages, style_guide

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security, name="security"),
    path("admin/", admin.site.urls),
]

urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    path("first-steps/", first_steps.put_away, name="first_steps"),
    path("about/", pages.standing, {"key": "about"}, name="about"),
    path("about/co-production/", pages.standing, {"key": "about-co-production"}, name="about_co_production"),
    path("about/network/", pages.standing, {"key": "about-network"}, name="about_network"),
    path("terms/", pages.standing, {"key": "terms"}, name="terms"),
    path("privacy/", pages.standing, {"key": "privacy"}, name="privacy"),
    path("privacy/held/", pages.data_held, name="data_held"),
    path("privacy/complaint/", pages.data_complaint, name="data_complaint"),
    path("accessibility/", pages.standing, {"key": "accessibility"}, name="accessibility"),
    path("report-an-issue/", pages.report_issue, name="report_issue"),
    path("style/", style_guide.style_guide, name="style_guide"),
    path("accounts/sessions/", SessionListView.as_view(), name="usersessions_list"),
    path("accounts/signup/", JoinView.as_view(), name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("inbox/", include("commons.notifications.urls")),
    path("unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe"),
    path("members/me/notifications/", EmailChoicesView.as_view(), name="email_choices"),
    path("members/<slug:username>/report/", MemberReportView.as_view(), name="member_report"),
    path("", include("profiles.badges.urls")),
    path("members/", include("profiles.urls")),
    path("invitations/", include("profiles.invitations.urls")),
    path("blog/", include("blog.urls")),
    path("forum/", include("forum.urls")),
    path("comments/<number:pk>/best/", BestAnswerView.as_view(), name="comment_best"),
    path("events/", include("events.urls")),
    path("library/", include("library.urls")),
    path("case-studies/", include("casestudies.urls")),
    path("", include("commons.contributions.urls")),
    path("", include("discovery.urls")),
    prefix_default_language=False,
)
