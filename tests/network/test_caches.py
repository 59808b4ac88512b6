"""A cache that fails costs time and nothing else: a full disk, a lost server."""

import os
import subprocess
import sys

import pytest
from django.core.cache import cache

from tests.factories import make_post

pytestmark = pytest.mark.django_db

BROKEN = {
    "files": ("network.caches.ForgivingFileCache", "{folder}/file/cache"),
    "server": ("network.caches.ForgivingRedisCache", "redis://127.0.0.1:1/0"),
}


@pytest.fixture(params=BROKEN)
def broken(request, settings, tmp_path):
    """A cache whose folder can't be made, or whose server isn't there."""
    backend, location = BROKEN[request.param]
    (tmp_path / "file").write_text("")
    kept = settings.CACHES
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": location.format(folder=tmp_path)}}
    yield
    settings.CACHES = kept


def test_pages_are_read_and_texts_are_sent_without_a_cache(broken, client, member):
    post = make_post(member, title="Read without a cache")
    paths = ["/", "/blog/", post.get_absolute_url(), "/search/?q=cache", "/browse/", "/accounts/login/"]
    assert {client.get(path).status_code for path in paths} == {200}
    sent = client.post(f"/contributions/{post.pk}/report/", {"reason": "spam"})
    assert sent.status_code == 302
    client.force_login(member)
    assert {client.get(path).status_code for path in [*paths[:-1], "/blog/new/"]} == {200}


def test_it_holds_nothing_and_says_so_in_the_log(broken, caplog):
    cache.set("a", 1)
    assert (cache.get("a"), cache.get("a", 2), cache.add("a", 1), cache.delete("a")) == (
        None,
        2,
        False,
        False,
    )
    assert {record.message for record in caplog.records} == {"the cache does not work"}


def test_what_could_not_be_kept_anew_is_not_answered_as_it_was(settings, tmp_path):
    kept = settings.CACHES
    settings.CACHES = {
        "default": {"BACKEND": "network.caches.ForgivingFileCache", "LOCATION": str(tmp_path / "cache")}
    }
    cache.set("a", "old")
    cache.set("a", lambda: "what can't be written")
    assert cache.get("a") is None
    settings.CACHES = kept


@pytest.mark.parametrize(
    ("address", "backend"),
    [("", "ForgivingFileCache"), ("rediscache://localhost:6379/0", "ForgivingRedisCache")],
)
def test_which_the_site_uses(tmp_path, address, backend):
    code = "from network import settings; print(settings.CACHES['default']['BACKEND'])"
    kept = {"PATH": os.environ["PATH"], "NETWORK_DATA": str(tmp_path), "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "CACHE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"network.caches.{backend}"
