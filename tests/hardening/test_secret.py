"""The key that signs sessions and links: made once, kept for its owner, and never replaced without a word."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from network.settings import _kept_key
from tests.processes import other_site  # noqa: F401 -- a fixture

SITE = {"SITE_URL": "https://network.example.org"}


def test_made_at_the_first_start_for_its_owner_only(tmp_path):
    folder = tmp_path / "data"
    key = _kept_key(folder, new_site=True)
    assert len(key) >= 80
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert _kept_key(folder, new_site=False) == key


def test_of_many_first_starts_at_once_all_have_the_same(tmp_path):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(_made(tmp_path))) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1


def _made(folder):
    return _kept_key(folder, new_site=True)


def test_one_that_is_gone_is_not_made_anew(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY is missing: put back .*secret_key"):
        _kept_key(tmp_path, new_site=False)
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_read(tmp_path):
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY can't be read"):
        _kept_key(tmp_path, new_site=True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY is too weak"),
    ],
)
def test_production_does_not_start_without_a_good_one(other_site, settings, said):  # noqa: F811
    checked = other_site.manage("check", "--deploy", **SITE, **settings)
    assert checked.returncode == 1
    assert said in checked.stderr.splitlines()[-1]
