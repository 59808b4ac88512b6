"""The site's own pages: standing texts with their versions, and the two files that machines read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commons.texts.models import Text

pytestmark = pytest.mark.django_db

ABOUT = {"about": "about", "about_co_production": "about-co-production", "about_network": "about-network"}
RULES = {"terms": "terms", "privacy": "privacy", "accessibility": "accessibility"}


def write(key, title="A title", body="Some words.", **more):
    return Text.write(key, title=title, body=body, **more)


@pytest.mark.parametrize(("name", "key"), [*ABOUT.items(), *RULES.items()])
def test_each_page_shows_its_text(client, name, key):
    write(key, title=f"All about {name}", summary="In short.", body="## First\n\nSaid at *length*.")
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.context["heading"] == f"All about {name}"
    assert response.context["html"] == "<h2>First</h2>\n<p>Said at <em>length</em>.</p>\n"


def test_a_text_that_is_not_there_is_404(client):
    Text.objects.filter(key="privacy").update(key="elsewhere")
    assert client.get(reverse("privacy")).status_code == 404


def test_only_the_two_tokens_are_replaced(client, settings):
    settings.NETWORK_NAME, settings.NETWORK_MINIMUM_AGE = "Our Own Network", 13
    write("terms", title="{network_name} rules", body="You are {minimum_age}. {SECRET_KEY} {0} {{x}} %(y)s")
    context = client.get(reverse("terms")).context
    assert context["heading"] == "Our Own Network rules"
    assert context["html"] == "<p>You are 13. {SECRET_KEY} {0} {{x}} %(y)s</p>\n"


@pytest.mark.parametrize("name", ["terms", "privacy"])
def test_earlier_versions_stay_readable(client, name):
    number = write(name, body="What was agreed first.").number
    write(name, body="What applies now.")
    newest = client.get(reverse(name))
    assert newest.context["html"] == "<p>What applies now.</p>\n"
    assert newest.context["earlier"][0]["number"] == number
    earlier = client.get(reverse(name), {"version": number})
    assert earlier.status_code == 200
    assert earlier.context["html"] == "<p>What was agreed first.</p>\n"
    assert earlier.context["is_newest"] is False
    assert '<meta name="robots" content="noindex">' in earlier.content.decode()


def test_the_newest_version_by_its_number_is_the_page_itself(client):
    number = write("terms").number
    assert client.get(reverse("terms"), {"version": number}).context["is_newest"] is True


@pytest.mark.parametrize(
    "version", ["0", "99", "abc", "", "²", "-1", "99999999999999999999", "１", "\ud800", "1" * 3000]
)
def test_a_version_that_is_not_there_is_404(client, version):
    write("terms")
    query = f"version={version.encode('utf-8', 'surrogatepass').decode('latin-1')}"
    assert client.get(f"{reverse('terms')}?{query}").status_code == 404


def test_other_pages_have_no_public_versions(client):
    write("about", body="An early sketch.")
    write("about", body="The page.")
    response = client.get(reverse("about"), {"version": "1"})
    assert response.context["html"] == "<p>The page.</p>\n"
    assert response.context["earlier"] == []


@pytest.mark.parametrize("name", ABOUT)
def test_about_pages_lead_to_each_other(client, name):
    write(ABOUT[name])
    linked = {url for _label, url in client.get(reverse(name)).context["siblings"]}
    assert linked == {reverse(other) for other in ABOUT if other != name}


def test_only_the_about_page_shows_the_ways_to_take_part(client):
    for key in ABOUT.values():
        write(key)
    shown = {name: len(client.get(reverse(name)).context["ways"]) for name in ABOUT}
    assert shown == {"about": 11, "about_co_production": 0, "about_network": 0}


@pytest.mark.parametrize("versions", [1, 3, 50])
def test_number_of_queries(client, queries, versions):
    for number in range(versions):
        write("terms", body=f"Wording {number}.")
        write("about", body=f"Wording {number}.")
    client.get(reverse("terms"))
    with queries(2):
        client.get(reverse("terms"))
    with queries(1):
        client.get(reverse("about"))


def test_a_visitor_is_told_that_nothing_has_changed(client, queries):
    write("terms")
    tag = client.get(reverse("terms"))["ETag"]
    with queries(1):
        assert client.get(reverse("terms"), headers={"If-None-Match": tag}).status_code == 304
    write("terms", body="Other words.")
    assert client.get(reverse("terms"), headers={"If-None-Match": tag}).status_code == 200


def test_a_visitor_gets_no_cookie(client):
    write("terms")
    assert client.get(reverse("terms")).cookies == {}


def test_signed_in_pages_are_not_kept(client, member):
    write("terms")
    client.force_login(member)
    response = client.get(reverse("terms"))
    assert "ETag" not in response
    assert response["Cache-Control"] == "private, no-store"


def test_a_hostile_text_is_made_harmless(client):
    write("about", title="<b>x</b>", body="<script>alert(1)</script> [a](javascript:alert(1))")
    page = client.get(reverse("about")).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["terms", "robots", "security"])
def test_reading_is_all_one_can_do(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


def test_robots_txt(client, queries):
    with queries(0):
        response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    rules = [line.split(": ") for line in lines[1:] if line]
    assert rules.pop() == ["Sitemap", "http://127.0.0.1:8000/sitemap.xml"]
    assert {path for rule, path in rules if rule == "Disallow"} == {
        "/accounts/", "/admin/", "/appeals/", "/browse/", "/comments/", "/contributions/", "/forum/similar/",
        "/inbox/", "/keywords/suggest/", "/members/me/", "/search/", "/style/",
    }  # fmt: skip
    # Pages to be found by; with anything behind them they are pages for one reader, or filters without end.
    assert {path for rule, path in rules if rule == "Allow"} == {
        "/accounts/login/$", "/accounts/signup/$", "/browse/$",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/browse/", "/report-an-issue/"])
def test_pages_to_be_found_by(client, path):
    assert "noindex" not in client.get(path).content.decode()


def test_security_txt(client, settings, queries):
    settings.SITE_URL = "https://network.example.org"
    settings.NETWORK_SECURITY_CONTACT = "security@example.org"
    with queries(0):
        response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    expires = datetime.strptime(fields.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timezone.now() + timedelta(days=30) < expires < timezone.now() + timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@example.org",
        "Canonical": "https://network.example.org/.well-known/security.txt",
        "Preferred-Languages": "en",
    }


@pytest.mark.parametrize("contact", ["https://example.org/report", "mailto:a@example.org"])
def test_a_contact_that_is_an_address_already_stays_as_it_is(client, settings, contact):
    settings.NETWORK_SECURITY_CONTACT = contact
    assert f"Contact: {contact}\n" in client.get("/.well-known/security.txt").content.decode()
