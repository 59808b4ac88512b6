"""What every template is given."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from commons.contributions.prepared import Prepared
from commons.notifications.models import Notice

_unread = Prepared(lambda member: Notice.objects.of(member).unread().order_by().values("pk"), 0)


@dataclass(frozen=True)
class UserChrome:
    """What header and footer show of the signed-in member."""

    display_name: str
    initials: str
    photo_url: str
    profile_url: str
    unread_count: int
    is_staff: bool


def site(request):
    """network_name for all, and user_chrome: None for visitors, else a function that returns a UserChrome.

    A template calls it by itself, and so the one query it costs is made only when it is shown.
    """
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "network_name": settings.NETWORK_NAME,
        "user_chrome": cache(lambda: _chrome(user)) if signed_in else None,
    }


def _chrome(user):
    return UserChrome(
        display_name=user.display_name,
        initials=user.initials,
        photo_url=user.photo_url,
        profile_url=user.get_absolute_url(),
        unread_count=_unread.count(user.pk),
        is_staff=user.is_staff,
    )
