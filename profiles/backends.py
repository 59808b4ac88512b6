"""Signing in by e-mail and password."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import Member


class MemberBackend(AuthenticationBackend):
    """allauth's backend. An account is found by its member's own address; one that is closed can't be used."""

    def _authenticate_by_email(self, email, password):
        for member in Member.objects.filter(email=Member.objects.normalize_email(email)):
            return self._check_password(member, password)
        return None
