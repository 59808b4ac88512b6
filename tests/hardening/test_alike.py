"""Known and unknown addresses are answered alike: the same words, status and headers, and the same costly work.

Not timed here, because no test asserts a duration: what takes time (hashing a password, writing an e-mail, asking
the database) is counted. bench/timing_of_accounts.py measures.
"""

import re

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.models import Member
from tests.factories import make_member
from tests.profiles.joining import answers

pytestmark = pytest.mark.django_db
KNOWN, OTHER = "known@example.org", "other@example.org"
FORMS = {
    "/accounts/login/": lambda email: {"login": email, "password": "not the pass phrase"},
    "/accounts/signup/": lambda email: answers(email=email),
    "/accounts/password/reset/": lambda email: {"email": email},
    "/accounts/login/code/": lambda email: {"email": email},
}
MAILS = {"/accounts/login/": 0}  # else one, whoever's the address is
HASHES = {"/accounts/login/": 1, "/accounts/signup/": 1}  # else none
MOST_FURTHER_READS = {
    "/accounts/signup/": 20
}  # a new member's row is looked at; else the paths differ by one or two


@pytest.fixture
def hashed(monkeypatch):
    """A list that grows by one with each password hashed or checked."""
    done = []
    for name in ("encode", "verify"):
        original = getattr(hashers.MD5PasswordHasher, name)

        def counted(self, *args, _original=original, **kwargs):
            if not getattr(self, "_within", False):
                done.append(type(self).__name__)
            self._within = True  # verifying encodes
            try:
                return _original(self, *args, **kwargs)
            finally:
                self._within = False

        monkeypatch.setattr(hashers.MD5PasswordHasher, name, counted)
    return done


@pytest.fixture(params=["a member", "unconfirmed", "suspended", "closed", "awaiting approval"])
def somebody(request):
    now = timezone.now()
    fields = {
        "a member": {},
        "unconfirmed": {"confirmed": False},
        "suspended": {"suspended_until": now + timezone.timedelta(days=1)},
        "closed": {"is_active": False},
        "awaiting approval": {"confirmed": False, "confirmed_at": now},
    }[request.param]
    return make_member("Known Person", email=KNOWN, **fields)


def answer(path, email):
    """Send a form from a new browser; return (what it answers, how often it read from the database)."""
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        response = client.post(path, FORMS[path](email))
    words = re.sub(r'value="[^"]*"', "", response.content.decode()).replace(email, "ADDRESS")
    headers = {n: v for n, v in response.headers.items() if n not in {"X-Request-ID", "Expires"}}
    told = [(response.status_code, headers, words, sorted(client.cookies))]
    if response.status_code == 302:
        told.append(client.get(response.url).content.decode().replace(email, "ADDRESS"))
    reads = sum(query["sql"].startswith("SELECT") for query in queries)
    return told, reads


@pytest.mark.parametrize("path", FORMS)
def test_words_status_headers_hashes_and_mails(path, somebody, hashed):
    answer(path, "warm@example.org")  # what the first of all requests does besides
    seen = {}
    for email in (KNOWN, OTHER):
        hashed.clear()
        mail.outbox.clear()
        told, reads = answer(path, email)
        told = [re.sub(r"csrfmiddlewaretoken.*?>", "", str(part)) for part in told]
        seen[email] = (told, len(hashed), [message.to for message in mail.outbox], reads)
    known, other = seen[KNOWN], seen[OTHER]
    assert known[0] == other[0]
    assert known[1] == other[1] == HASHES.get(path, 0)
    assert len(known[2]) == len(other[2]) == MAILS.get(path, 1)
    assert abs(known[3] - other[3]) <= MOST_FURTHER_READS.get(path, 2)


def test_an_unknown_address_makes_nobody(client):
    for path in FORMS:
        if path != "/accounts/signup/":
            client.post(path, FORMS[path](OTHER))
    assert not Member.objects.filter(email=OTHER).exists()
