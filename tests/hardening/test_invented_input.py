"""Input that nobody would think of, invented anew from a fixed seed: never a 5xx, nothing that runs."""

import html5lib
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.markup.render import clean_text, excerpt, render
from commons.search.words import parse
from commons.tagging.models import normalise_keyword
from tests.factories import make_member, make_thread
from tests.hardening.hostile import NAUGHTY, executable_in, query

MANY = settings(max_examples=120, deadline=None, derandomize=True, database=None)
SOME = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
anything = st.text(st.characters(codec=None), max_size=300)
markup = st.lists(
    st.sampled_from([
        "<script>", "</script>", "<a href=", "'javascript:alert(1)'", ">", "onclick=x", "<img src=x onerror=", "[",
        "](",
        "javascript:", ")", "![", "<!--", "-->", "`", "```", "&#106;", "&lt;", "|", "\n", "\n\n", "    ", "> ", "[^a]",
        "[^a]: ", "<svg/onload=", "<style>", "&", "\\", "\x00", "\u2028", "data:text/html,", "https://a.example/", "#",
    ])
    | st.sampled_from(NAUGHTY)
    | anything,
    max_size=12,
).map("".join)  # fmt: skip


@MANY
@given(markup)
def test_markdown(text):
    html = render(text, document="a")
    page = f"<!DOCTYPE html><title>x</title>{html}"
    assert executable_in(page, thoroughly=True) == []
    assert "<" not in excerpt(html) or "<" in text or "&lt" in text
    html5lib.HTMLParser(strict=True).parseFragment(html)


@MANY
@given(anything)
def test_texts(text):
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    normalise_keyword(text)
    for term in parse(text).terms:
        assert all(word for spelling in term.spellings for word in spelling)


@pytest.mark.django_db
class TestRequests:
    @pytest.fixture(autouse=True)
    def _client(self, settings):
        settings.NETWORK_POST_RATE = "0"
        self.client = Client()
        self.client.force_login(make_member())
        self.thread = make_thread()
        self.answering = f"/contributions/{self.thread.pk}/comments/"

    @SOME
    @given(
        st.binary(max_size=300),
        st.sampled_from(["/search/", "/blog/", "/browse/", "/members/", "/blog/feed/"]),
    )
    def test_queries_of_any_bytes(self, raw, path):
        asked = raw.decode("latin-1").replace("#", "").replace("?", "")
        response = self.client.get(f"{path}?q={asked}&page={asked}&keyword={asked}")
        assert response.status_code < 500

    @SOME
    @given(markup)
    def test_searches(self, text):
        response = self.client.get(f"/search/?{query([('q', text[:250]), ('keyword', text[:100])])}"[:3900])
        assert response.status_code < 500
        assert executable_in(response.content.decode()) == []

    @SOME
    @given(
        st.binary(max_size=500),
        st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]),
    )
    def test_bodies_of_any_bytes(self, raw, kind):
        for path in ("/report-an-issue/", "/blog/new/", "/members/me/edit/", "/forum/new/", self.answering):
            assert self.client.generic("POST", path, raw, kind).status_code < 500

    @SOME
    @given(markup, markup, anything)
    def test_drafts(self, title, body, keywords):
        typed = [("title", f"a{title[:150]}"), ("body", body), ("keywords", keywords), ("do", "draft")]
        sent = self.client.generic("POST", "/blog/new/", query(typed), "application/x-www-form-urlencoded")
        assert sent.status_code < 500
        page = self.client.get(sent.url) if sent.status_code == 302 else sent
        assert page.status_code == 200
        assert executable_in(page.content.decode(), thoroughly=True) == []

    @SOME
    @given(markup, anything, anything)
    def test_answers(self, body, answers, seen):
        typed = [("body", body), ("answers", answers), ("seen", seen), ("do", "publish")]
        sent = self.client.generic("POST", self.answering, query(typed), "application/x-www-form-urlencoded")
        assert sent.status_code < 500
        page = self.client.get(sent.url, follow=True) if sent.status_code == 302 else sent
        assert executable_in(page.content.decode(), thoroughly=True) == []
