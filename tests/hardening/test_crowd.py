"""Many at once and everything killed in mid-write, through the real server: nothing acknowledged is lost.

In small, so that the suite stays quick; bench/crowd.py does the same with more writers, posts and kills, and measures.
"""

import pytest

from bench.crowd import Crowd, Site
from tests.processes import other_site  # noqa: F401 -- a fixture

WRITERS, READERS, POSTS = 16, 4, 2


@pytest.fixture(scope="module")
def crowd(other_site):  # noqa: F811
    """Members of a running site, signed in."""
    settings = {
        name: value
        for name, value in other_site.environment.items()
        if name in {"DATABASE_URL", "SECRET_KEY"}
    }
    site = Site(other_site.folder, STATIC_ROOT=str(other_site.folder / "static"), **settings)
    gathered = Crowd.gather(site, WRITERS)
    site.start(whole=False)
    yield gathered
    site.kill()


def test_sixteen_writers_and_four_readers(crowd):
    crowd.write_and_read(WRITERS, READERS, POSTS)
    assert crowd.failed == []
    assert len(crowd.acknowledged) == WRITERS * POSTS
    assert crowd.look() == []


def test_the_same_form_ten_times_at_once_is_one_item(crowd):
    key, answers = crowd.send_ten_times()
    ((status, _where),) = answers
    assert status == 302
    code = f'from blog.models import Post; print(Post.objects.filter(title__contains="{key}").count())'
    assert crowd.site.python(code) == 1


def test_killed_under_eight_writers_nothing_acknowledged_is_missing(crowd):
    before = len(crowd.acknowledged)
    while len(crowd.acknowledged) == before:  # a kill before the first answer shows nothing
        crowd.write_until_killed(1)
        assert crowd.look() == []
        crowd.site.start(whole=False)
    assert crowd.look() == []
