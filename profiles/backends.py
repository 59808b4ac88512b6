"""Signing in by e-mail and password."""

from allauth.account.auth_backends import AuthenticationBackend

from commons.contributions.prepared import Prepared

from .models import Member

_with_id = Prepared(lambda pk: Member.objects.filter(pk=pk).order_by(), 0)


class MemberBackend(AuthenticationBackend):
    """allauth's backend. An account is found by its member's own address; one that is closed can't be used."""

    def _authenticate_by_email(self, email, password):
        for member in Member.objects.filter(email=Member.objects.normalize_email(email)):
            return self._check_password(member, password)
        return None

    def get_user(self, user_id):
        """Return the member a session belongs to, or None when their account is closed."""
        member = _with_id.first(int(user_id))
        return member if member is not None and self.user_can_authenticate(member) else None
