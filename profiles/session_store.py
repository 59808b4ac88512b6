"""Sessions in the database, as Django keeps them. Every signed-in page reads one: by a statement made once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from commons.contributions.prepared import Prepared

_with_key = Prepared(lambda key: Session.objects.filter(session_key=key).order_by(), "")


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = _with_key.first(self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
