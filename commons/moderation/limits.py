"""How often somebody may do a thing, counted in the cache that all processes of the site share.

For forms that visitors may send. Not for passwords and codes: allauth counts those.
"""

import hashlib
import ipaddress
import logging
import time

from django.core.cache import cache

log = logging.getLogger(__name__)

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parts_of(rate):
    """Return (how many, in how many seconds) of a rate such as "30/h"; (0, ...) for "0", which means no limit."""
    most, _slash, unit = rate.strip().partition("/")
    return int(most or 0), SECONDS[unit or "h"]


def spend(scope, who, rate):
    """Count one more use of `scope` by `who`; return whether it is within `rate`.

    `who` is any string (see sender_of). `rate` is written as "5/h": so many in each second (s), minute
    (m), hour (h) or day (d); "0" means no limit. Without a working cache nobody is turned away.
    """
    most, seconds = parts_of(rate)
    if not most:
        return True
    window = int(time.time()) // seconds
    # Hashed, so that no address of a person lies in the cache's files.
    name = hashlib.sha256(f"{scope}\x1f{who}\x1f{window}".encode()).hexdigest()
    key = f"limits.{name}"
    try:
        cache.add(key, 0, seconds)
        used = cache.incr(key)
    except Exception:  # a full disk or a lost cache server must not close the form
        log.warning("limits can't be counted", exc_info=True)
        return True
    return used <= most


def sender_of(request):
    """Return who sends a request: a member by id, a visitor by address (an IPv6 network counts as one)."""
    if request.user.is_authenticated:
        return f"member {request.user.pk}"
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
