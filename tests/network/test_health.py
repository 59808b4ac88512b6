"""/healthz answers as long as the web server does."""

import pytest


def test_plain_ok_without_a_database(client):
    # No database mark: a query would fail the test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}


def test_head_and_no_other_method(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("path", ["/healthz?x=1", "/healthz?x=" + "1" * 3000])
def test_a_query_does_not_matter(client, path):
    assert client.get(path).status_code == 200


def test_a_host_that_is_not_ours(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
