"""Where a member is signed in. Looking changes nothing: what has ended is left out here and deleted by the worker."""

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare


class SessionListView(ListUserSessionsView):
    """allauth's page, with a list that costs two queries however many sessions there are."""

    def get_context_data(self, **kwargs):
        found = living_sessions(self.request.user)
        # Past allauth's own, which deletes what has ended as it reads.
        return super(ListUserSessionsView, self).get_context_data(
            **kwargs, sessions=found, session_count=len(found), show_last_seen_at=False
        )


def living_sessions(member):
    """Return the member's UserSessions that still sign them in, the oldest first."""
    known = list(UserSession.objects.filter(user=member).order_by("created_at", "pk"))
    stored = Session.objects.filter(
        session_key__in=[session.session_key for session in known], expire_date__gt=timezone.now()
    )
    signed_in = {row.session_key for row in stored if _signs_in(row.get_decoded(), member)}
    return [session for session in known if session.session_key in signed_in]


def forget_ended():
    """Delete the UserSessions whose session is gone; return how many. (`clearsessions` deletes those that ran out.)"""
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def _signs_in(session, member):
    """Whether a session's content signs `member` in: theirs, and begun with the password they have now."""
    return session.get(SESSION_KEY) == str(member.pk) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash()
    )
