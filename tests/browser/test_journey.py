"""The first journey, end to end: join, confirm, post, be found, be taken down, be put back."""

import re

import pytest
from django.core import mail

from tests.factories import PASSWORD, make_administrator

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Tea and minutes: what changed when tenants chaired"
WHERE = "/browse/?principle=peer-support-networks&sector=housing"


def link_in(message, pattern):
    return re.search(pattern, message.body)[0]


def sign_in(page, email):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").first.fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()


def sign_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def places(page):
    """Return whether the post stands in each place a reader could find it."""
    found = {}
    for name, path in {
        "search": "/search/?q=tenants+chairing",
        "browse": WHERE,
        "both principles": "/browse/?principle=peer-support-networks&principle=blurring-distinctions&sector=housing",
        "principle": "/library/principles/peer-support-networks/",
        "sector": "/library/sectors/housing/",
        "keyword": "/keywords/tenants/",
        "blog": "/blog/",
        "profile": "/members/ann-lee/",
    }.items():
        page.goto(path)
        found[name] = page.get_by_role("main").get_by_role("link", name=TITLE).count() == 1
    response = page.request.get("/blog/feed/")
    found["feed"] = TITLE in response.text()
    return found


def test_join_post_be_found_be_removed_be_restored(visitor, settings):
    page = visitor
    administrator = make_administrator("Mo Derator")

    page.goto("/")
    page.get_by_role("link", name="Join", exact=False).first.click()
    page.get_by_label("Name", exact=False).first.fill("Ann Lee")
    page.get_by_label("E-mail address").fill("Ann.Lee@Example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("input[name=old_enough]").check()
    page.locator("input[name=terms]").check()
    page.get_by_role("main").get_by_role("button", name="Join").click()
    message = next(m for m in mail.outbox if m.to == ["ann.lee@example.org"])
    page.goto(link_in(message, r"http\S+/confirm-email/\S+/"))
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto("/blog/new/")
    assert page.get_by_role("heading", level=1).inner_text() == "Write a blog post"
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Text", exact=True).fill("We met on **Tuesdays**. The tenants chaired.")
    page.get_by_label("Peer support networks").check()
    page.get_by_label("Blurring distinctions").check()
    page.get_by_label("Housing and supported housing").check()
    page.locator("input[name=keywords]").fill("tenants, meetings")
    page.get_by_role("button", name="Publish").click()
    assert page.get_by_role("heading", name=TITLE).count() == 1
    assert page.locator("strong", has_text="Tuesdays").count() == 1
    sign_out(page)
    assert set(places(page).values()) == {True}, places(page)

    sign_in(page, administrator.email)
    page.goto("/admin/blog/post/")
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("remove_selected")
    page.get_by_role("button", name=re.compile("Go|Run")).first.click()
    page.locator("textarea[name=reason]").fill("It names a neighbour.")
    page.get_by_role("main").get_by_role("button", name=re.compile("Remove")).click()
    sign_out(page)
    missing = places(page)
    assert set(missing.values()) == {False}, missing
    told = [m for m in mail.outbox if m.to == ["ann.lee@example.org"] and "taken down" in m.subject]
    assert len(told) == 1
    assert "It names a neighbour." in told[0].body
    sign_in(page, "ann.lee@example.org")
    page.goto("/inbox/")
    assert page.get_by_text("It names a neighbour.").count() == 1
    sign_out(page)

    sign_in(page, administrator.email)
    page.goto("/admin/blog/post/")
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("restore_selected")
    page.get_by_role("button", name=re.compile("Go|Run")).first.click()
    sign_out(page)
    assert set(places(page).values()) == {True}


def test_a_cookie_lost_in_mid_form_loses_no_word(visitor, site):
    from tests.factories import make_member

    member = make_member("Ann Lee", email="ann.lee@example.org")
    page = visitor
    for cookies in ("session", "all"):
        sign_in(page, member.email)
        page.goto("/blog/new/")
        page.get_by_label("Title").fill("An hour of work")
        page.get_by_label("Text", exact=True).fill("Every word of it.")
        page.get_by_label("Peer support networks").check()
        names = {"session": "sessionid"}
        page.context.clear_cookies(**({"name": names[cookies]} if cookies in names else {}))
        page.get_by_role("button", name="Publish").click()
        if page.get_by_role("link", name="Go on with my text").count():
            page.get_by_role("link", name="Go on with my text").click()
        page.get_by_label("E-mail address").first.fill(member.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").first.click()
        assert page.get_by_label("Title").input_value() == "An hour of work"
        assert page.get_by_label("Text", exact=True).input_value() == "Every word of it."
        assert page.get_by_label("Peer support networks").is_checked()
        sign_out(page)
