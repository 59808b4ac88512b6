"""The first visit to the home page: at most 8 requests and 60 KB, and none to another host."""

import gzip
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)

ALREADY_COMPRESSED = ("font/", "image/webp", "image/avif", "image/png")
HEADERS = 400  # bytes of headers a response brings, roughly


def weight(response):
    """Return how many bytes a response is on the wire when text is compressed, as the real server sends it."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    return HEADERS + (len(body) if kind.startswith(ALREADY_COMPRESSED) else len(gzip.compress(body, 6)))


def test_the_first_visit_is_light(browser, site):
    call_command("load_starter_library", verbosity=0)
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 800})
    context.set_default_timeout(60_000)
    page = context.new_page()
    responses, said = [], []
    page.on("response", lambda response: responses.append(response))
    page.on("console", lambda message: said.append(message.text))
    page.goto("/", wait_until="networkidle")
    assert {urlsplit(response.url).netloc for response in responses} == {urlsplit(site).netloc}
    weights = {urlsplit(response.url).path: weight(response) for response in responses}
    assert len(weights) <= 8, weights
    assert sum(weights.values()) <= 60_000, weights
    assert weights["/"] <= 12_000
    assert said == []
    assert context.cookies() == []
    context.close()
