"""Whether signing in, joining, a reset and a code take as long for known addresses as for others.

    .venv/bin/python bench/timing_of_accounts.py [--rounds 20] [--limit 20]

On a site of its own in a temporary folder, with the real hasher, cache and queue of mail, each form is sent --rounds
times for addresses that members have and as often for others, in turn. Prints both medians of each form; exit status 1
when two of them differ by more than --limit percent.

Every form is sent from an address of its own, so that no limit on tries is reached, and the answers are compared too:
status, headers and words.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a long enough pass phrase"  # noqa: S105 -- of members that live for a minute
FORMS = {
    "signing in with a wrong password": "/accounts/login/",
    "joining": "/accounts/signup/",
    "resetting a password": "/accounts/password/reset/",
    "asking for a code": "/accounts/login/code/",
}
WARM_UP = 3


def main():
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--limit", type=float, default=20, help="percent")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="network-timing-") as folder:
        prepare(folder, options.rounds + WARM_UP)
        good = True
        print(f"{'form':34} {'known':>9} {'unknown':>9} {'apart':>7}")  # noqa: T201
        for number, (name, path) in enumerate(FORMS.items()):
            known, unknown = measure(number, path, options.rounds)
            apart = 100 * abs(known - unknown) / max(known, unknown)
            verdict = "" if apart <= options.limit else f"  past the limit of {options.limit:g} %"
            good = good and not verdict
            print(f"{name:34} {known:6.1f} ms {unknown:6.1f} ms {apart:5.1f} %{verdict}")  # noqa: T201
    return 0 if good else 1


def prepare(folder, members):
    """Set Django up for a new site in `folder` and let members join."""
    for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "DEBUG"):
        os.environ.pop(name, None)
    os.environ |= {"NETWORK_DATA": folder, "DJANGO_SETTINGS_MODULE": "network.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()

    import logging

    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.utils import timezone

    from profiles.models import Member

    logging.getLogger().handlers[0].setLevel(logging.ERROR)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    hashed, now = make_password(PASSWORD), timezone.now()
    for number in range(members):
        member = Member(email=address_of(number), display_name=f"Sample member {number}")
        member.password, member.confirmed_at, member.approved_at = hashed, now, now
        member.save()
        member.trust_address()


def address_of(number):
    """Return a member's address; others are as long, or they would make the answer longer."""
    return f"known-m-{number:03}@example.org"


def measure(form, path, rounds):
    """Return the medians (milliseconds) of `rounds` tries for known addresses and for others."""
    times = {"known": [], "unknown": []}
    seen = {}
    for number in range(rounds + WARM_UP):
        # Which comes first changes, so that what the machine does besides meets both.
        for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
            address = address_of(number) if kind == "known" else f"other-{form}-{number:03}@example.org"
            took, answer = send(path, address, f"10.{form}.{number}.{1 if kind == 'known' else 2}")
            if number >= WARM_UP:
                times[kind].append(took)
            seen[kind] = answer
        if seen["known"] != seen["unknown"]:
            raise SystemExit("\n".join([f"{path}: the answers differ", *map(repr, seen.values())]))
    return (1000 * statistics.median(times[kind]) for kind in ("known", "unknown"))


def send(path, address, sender):
    """Send a form as a browser without a past would; return (seconds, what the answer says, its tokens taken out)."""
    from django.test import Client

    typed = {
        "login": address,
        "email": address,
        "password": "not the pass phrase",
        "password1": "another pass phrase entirely",
        "display_name": "Somebody New",
        "old_enough": "on",
        "terms": "on",
    }
    client = Client(REMOTE_ADDR=sender)
    client.get("/healthz")  # what a client does at its first request is no part of this
    began = time.perf_counter()
    response = client.post(path, typed)
    took = time.perf_counter() - began
    words = re.sub(r'value="[^"]*"', "", response.content.decode()).replace(address, "ADDRESS")
    headers = {
        name: value for name, value in response.headers.items() if name not in {"X-Request-ID", "Expires"}
    }
    return took, (response.status_code, sorted(headers.items()), words, sorted(client.cookies))


if __name__ == "__main__":
    sys.exit(main())
