"""304 for visitors, and never where it would hide or repeat a message."""

import pytest

from commons.tagging.models import Principle
from commons.tagging.vocabulary import forget
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_the_same_page_is_not_sent_twice(client):
    first = client.get("/blog/")
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get("/blog/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_browser_that_was_signed_in_gets_its_message_once(client, member):
    client.force_login(member)
    client.post("/accounts/logout/")
    said = client.get("/")
    assert "signed out" in said.content.decode()
    assert "ETag" not in said.headers
    assert said.headers["Cache-Control"] == "private, no-store"
    assert "signed out" not in client.get("/").content.decode()


def test_a_renamed_principle_makes_pages_new(client, member, django_capture_on_commit_callbacks):
    make_post(member)
    etag = client.get("/blog/").headers["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        Principle.objects.filter(order=1).update(short_name="Assets")
        forget()
    assert client.get("/blog/", headers={"If-None-Match": etag}).status_code == 200
