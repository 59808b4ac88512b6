"""A form whose sending broke off is refused: half a text must not be taken for the whole of it."""

import io

import pytest
from django.test import Client

from commons.contributions.kept import sign_writer
from commons.contributions.models import Contribution, KeptText
from network.models import SiteIssue

pytestmark = pytest.mark.django_db
PLAIN = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def part(name, value, end="\r\n"):
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}{end}'


def send(client, path, body, kind, said):
    """POST `body` of which `said` bytes were announced."""
    return client.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(said),
            "wsgi.input": io.BytesIO(body.encode()),
        }
    )


WHOLE = "kind=other&text=The+whole+of+it"
WHOLE_PARTS = part("kind", "other") + part("text", "The whole of it") + "--x--\r\n"


@pytest.mark.parametrize(("body", "kind"), [(WHOLE, PLAIN), (WHOLE_PARTS, PARTS)])
def test_what_came_in_whole_is_taken(client, body, kind):
    assert send(client, "/report-an-issue/", body, kind, len(body)).status_code == 302
    assert SiteIssue.objects.get().text == "The whole of it"


@pytest.mark.parametrize("missing", [1, 7, 500_000])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (WHOLE, PLAIN),
        (WHOLE_PARTS, PARTS),
        (part("kind", "other") + part("text", "The who", end=""), PARTS),
        (part("kind", "other") + part("text", "a" * 100_000, end=""), PARTS),
        ("", PLAIN),
        ("", PARTS),
    ],
)
def test_what_broke_off_is_not(client, body, kind, missing):
    response = send(client, "/report-an-issue/", body, kind, len(body) + missing)
    assert response.status_code == 400
    assert SiteIssue.objects.count() == 0


def test_nor_where_the_form_has_a_token(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    token = "a" * 32
    client.cookies["csrftoken"] = token
    body = f"title=Half&audience=everyone&do=draft&csrfmiddlewaretoken={token}"
    body += f"&written_by={sign_writer(member)}&body=abc"
    assert send(client, "/blog/new/", body, PLAIN, len(body)).status_code == 302
    for kind in (PLAIN, PARTS):
        assert send(client, "/blog/new/", body, kind, len(body) + 5).status_code in {400, 403}
    del client.cookies["csrftoken"]
    assert send(client, "/blog/new/", body, PLAIN, len(body) + 5).status_code == 400
    assert Contribution.objects.count() == 1
    assert KeptText.objects.count() == 0


@pytest.mark.parametrize("said", ["", "abc", "²", "-1", "1e3", "99999999999999999999"])
def test_a_length_that_is_none(client, said):
    assert send(client, "/report-an-issue/", WHOLE, PLAIN, said).status_code < 500
    assert SiteIssue.objects.count() == 0


def test_what_is_more_than_was_said_is_not_read(client):
    response = send(client, "/report-an-issue/", WHOLE + "&text=more", PLAIN, len(WHOLE))
    assert response.status_code == 302
    assert SiteIssue.objects.get().text == "The whole of it"
