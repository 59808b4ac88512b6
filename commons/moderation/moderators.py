"""Who moderates: staff with the permission that the thing asks for, as long as they may act."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q

from . import queued


def moderates_anything(user):
    """Whether `user` may decide about any kind of thing in the queue."""
    return bool(queued.decided_by(user))


def may_decide(user, content_type):
    """Whether `user` may decide about things of this type, those that concern themselves aside."""
    found = queued.of_type(content_type)
    return bool(found and user.is_authenticated and user.is_staff and user.has_perm(found.permission))


def all_with(permission):
    """Return the active members of staff who have `permission` ("app_label.codename"), by id. One query."""
    app_label, _dot, codename = permission.partition(".")
    wanted = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    has = Q(is_superuser=True) | Q(user_permissions__in=wanted) | Q(groups__permissions__in=wanted)
    ids = staff.filter(has).values("pk")
    return [member for member in staff.filter(pk__in=ids).order_by("pk") if member.may_act]
