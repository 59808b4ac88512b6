"""How often somebody may do a thing: counted for each by themselves, and never closing a form by mistake."""

import pytest

from commons.moderation import limits

pytestmark = pytest.mark.django_db


def test_a_limit_counts_each_by_themselves():
    used = [limits.spend("x", who, "2/h") for who in ("ann", "ann", "bola", "ann")]
    assert used == [True, True, True, False]
    assert limits.spend("y", "ann", "2/h") is True


def test_no_limit():
    assert [limits.spend("x", "ann", "0") for _ in range(5)] == [True] * 5


def test_without_a_cache_nobody_is_turned_away(settings, tmp_path, caplog):
    kept = settings.CACHES
    (tmp_path / "file").write_text("")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "file" / "cache"),
        }
    }
    assert [limits.spend("x", "ann", "1/h") for _ in range(2)] == [True, True]
    assert [record.message for record in caplog.records] == ["limits can't be counted"] * 2
    settings.CACHES = kept


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_who_sends(rf, address, sender):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    assert limits.sender_of(request) == sender


def test_a_member_is_one_sender_wherever_they_are(rf, member):
    request = rf.get("/", REMOTE_ADDR="203.0.113.9")
    request.user = member
    assert limits.sender_of(request) == f"member {member.pk}"
