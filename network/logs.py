"""What the site's log says: each request in one line, and who did what. Never an address, a name, a password, a text.

Members are named by id, addresses that failed to sign in by a keyed hash (so that many tries at one account
show as such), pages by their path without what stands for a value in it. The lines' shape is in log_lines.py;
the record of decisions and Django's admin log keep what was decided, in the database.
"""

import logging
import re

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.apps import apps
from django.conf import settings
from django.contrib.auth import signals as auth
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

requests = logging.getLogger("network.requests")
actions = logging.getLogger("network.actions")

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"}
REFUSALS = {403, 429}
VALUE = re.compile(r"<(?:\w+:)?(\w+)>")  # of a path(): <item:item>
GROUPS = re.compile(r"\(.*\)")  # from the first to the last of a re_path()
HIDDEN = "…"


def request_done(request, response, seconds):
    """Log a request that was answered."""
    status = response.status_code
    fields = {
        "method": request.method if request.method in METHODS else "other",
        "path": path_of(request, status),
        "status": status,
        "ms": round(seconds * 1000),
        **_member(request),
    }
    match = request.resolver_match
    if match:
        fields["view"] = match.view_name
    level = logging.ERROR if status >= 500 else logging.INFO
    requests.log(level, "request", extra={"fields": fields})
    if status in REFUSALS:
        say("refused", request, level=logging.WARNING, status=status, path=fields["path"])


def path_of(request, status=200):
    """Return a request's path with "…" for every value in it but numbers: slugs and usernames are people's words."""
    match = request.resolver_match
    if match is None:
        static = request.path.startswith(settings.STATIC_URL) and status < 400
        return request.path if static else HIDDEN
    if "(" in match.route:
        path = GROUPS.sub(HIDDEN, match.route)
        return "/" + re.sub(r"[\^$\\]|\\Z", "", path)
    return "/" + VALUE.sub(lambda found: _number(match.kwargs.get(found[1])), match.route)


def _number(value):
    """Return a number of the address, such as an item's id, as it stands; of anything else "…"."""
    number = str(getattr(value, "pk", value))
    return number if number.isascii() and number.isdecimal() and len(number) < 19 else HIDDEN


def _member(request):
    """Return who asked, if anything that answered wanted to know: the log asks the database nothing."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    return {"member": user.pk} if user is not None and user.is_authenticated else {}


def say(event, request=None, *, level=logging.INFO, **fields):
    """Log that somebody did something; who, when `request` knows."""
    who = _member(request) if request is not None else {}
    actions.log(level, event, extra={"fields": {**who, **fields}})


def keyed(address):
    """Return what stands for an e-mail address in the log: the same for the same, and nothing to be told from it."""
    return salted_hmac("network.logs", str(address).strip().lower()).hexdigest()[:16]


def listen():
    """Hear of signing in and out, of changes to accounts, and of moderators' decisions."""
    told = {
        auth.user_logged_in: "signed in",
        auth.user_logged_out: "signed out",
        account.user_signed_up: "joined",
        account.email_confirmed: "address confirmed",
        account.email_changed: "address changed",
        account.password_changed: "password changed",
        account.password_set: "password set",
        account.password_reset: "password reset",
        mfa.authenticator_added: "second step added",
        mfa.authenticator_removed: "second step removed",
        mfa.authenticator_reset: "second step renewed",
    }
    for signal, event in told.items():
        signal.connect(_teller(event), dispatch_uid=f"network.logs {event}", weak=False)
    auth.user_login_failed.connect(_sign_in_failed, dispatch_uid="network.logs sign-in failed")
    post_save.connect(
        _decided, sender=apps.get_model("moderation", "Decision"), dispatch_uid="network.logs decision"
    )


def _teller(event):
    def tell(sender, user=None, email_address=None, **_kwargs):
        member = user.pk if user is not None else getattr(email_address, "user_id", None)
        say(event, **({"member": member} if member else {}))

    return tell


def _sign_in_failed(sender, credentials, **_kwargs):
    address = credentials.get("email") or credentials.get("username") or ""
    say("signing in failed", level=logging.WARNING, address=keyed(address))


def _decided(sender, instance, created, raw=False, **_kwargs):
    if not created or raw or instance.by_id is None:
        return
    about = ContentType.objects.get_for_id(instance.target_type_id).model
    fields = {
        "decision": instance.pk,
        "action": instance.action,
        "about": f"{about} {instance.target_id}",
        "member": instance.by_id,
    }
    transaction.on_commit(lambda: say("decided", **fields))
