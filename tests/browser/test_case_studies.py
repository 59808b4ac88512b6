"""A case study, quick and in full, and told together from both sides; with and without JavaScript."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.test_accessibility import OPTIONS, RUN, signed_in_page  # noqa: F401 -- a fixture
from tests.browser.test_journey import sign_in, sign_out
from tests.factories import establish, make_case_study, make_member
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_case_study_is_told_in_short_and_then_in_full(visitor):
    establish(make_member("Ann Lee", email="ann@example.org"))
    page = visitor
    said = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, "ann@example.org")
    page.get_by_text("Hello, Ann Lee").wait_for()
    page.goto("/case-studies/")
    page.get_by_role("link", name="Share a case study").first.click()
    page.get_by_label("Title").fill("A time bank in Leeds")
    page.get_by_label("What happened").fill("Neighbours began to swap hours.")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Choose at least one principle that showed up.").first.wait_for()
    page.get_by_role("textbox", name="Recognising people as assets").fill("They were asked what they can do.")
    page.get_by_label("Across services").check()
    page.get_by_role("button", name="Save and go on to the full form").click()

    page.get_by_role("heading", name="Who took part, and when: A time bank in Leeds").wait_for()
    first = page.get_by_role("group", name="People 1")
    first.get_by_label("Who", exact=True).select_option("Family")
    first.get_by_label("How many").fill("many")
    page.get_by_role("button", name="More empty rows").click()
    page.get_by_role("group", name="People 5").wait_for()
    assert page.get_by_text("There is a problem").count() == 0
    assert page.evaluate("location.hash") == "#taking_part-row-3"
    page.get_by_role("group", name="People 5").get_by_label("Who", exact=True).select_option("Staff")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Enter a whole number, such as 12.").click()
    assert first.get_by_label("How many").evaluate("field => field === document.activeElement")
    first.get_by_label("How many").fill("12")
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_role("heading", name="Before and after: A time bank in Leeds").wait_for()
    page.get_by_label("Before").fill("Few knew each other.")
    page.get_by_label("Before").press("Tab")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("heading", name="Outcomes and evidence: A time bank in Leeds").wait_for()
    page.get_by_label("1. An account with data").check()
    row = page.get_by_role("group", name="Outcome 1")
    row.get_by_label("What was measured").fill("Hours swapped")
    row.get_by_label("After").fill("400")
    row.get_by_label("After").press("Enter")  # saves, and goes on
    page.get_by_role("heading", name="Costs and benefits: A time bank in Leeds").wait_for()
    row = page.get_by_role("group", name="Cost or benefit 1")
    row.get_by_label("Who pays or gains").fill("The council")
    row.get_by_label("Pays or gains", exact=True).select_option("pays")
    row.get_by_label("Amount, or the least of a range").fill("£1,200")
    row.get_by_label("Currency").select_option("pounds sterling (£)")
    row.get_by_label("Source").fill("The budget of 2019")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("What we would do differently").fill("Begin with the children.")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Files").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"What we counted."}
    )
    page.get_by_label("Those who are described here agreed").check()
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("Only you can see this.").wait_for()
    page.get_by_text("You have told 7 of 11 parts.").wait_for()
    for words in ("Family: 12; Staff", "Hours swapped", "Begin with the children.", "notes.txt"):
        assert page.get_by_text(words).first.is_visible(), words
    assert page.get_by_role("rowheader", name="The council").count() == 1
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("“A time bank in Leeds” is published.").wait_for()
    page.goto("/case-studies/?evidence=1")
    page.get_by_role("link", name="A time bank in Leeds").wait_for()
    assert said == []  # the content policy has nothing against the pages


def test_it_is_told_together(visitor):
    establish(make_member("Ann Lee", email="ann@example.org"))
    author = establish(make_member("Cy Obi", email="cy@example.org"))
    establish(make_member("Bo Ade", email="bo@example.org"))
    case_study = make_case_study(author, title="A time bank", side="professional")
    page = visitor
    sign_in(page, "cy@example.org")
    page.get_by_text("Hello, Cy Obi").wait_for()
    page.goto(case_study.get_absolute_url())
    page.get_by_role("heading", name="One side so far").wait_for()
    page.get_by_role("link", name="Invite somebody from the other side").click()
    page.get_by_label("Their username").fill("bo-ade")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("Bo Ade is invited, and will be told.").wait_for()
    page.get_by_text("Invited; no answer yet.").wait_for()
    sign_out(page)

    sign_in(page, "bo@example.org")
    page.get_by_text("Hello, Bo Ade").wait_for()
    page.goto("/inbox/")
    page.get_by_role("link", name="Cy Obi asks you to tell your side of “A time bank”").click()
    page.get_by_role("heading", name="Your side of “A time bank”").wait_for()
    page.get_by_label("I saw it differently").check()
    page.get_by_role("textbox").last.fill("We asked for it ourselves, years before.")
    page.get_by_role("button", name="Publish").first.click()
    page.goto(case_study.get_absolute_url())
    page.get_by_role("heading", name="Told by both sides").wait_for()
    told = page.get_by_role("article", name="I saw it differently")
    assert told.get_by_text("We asked for it ourselves, years before.").is_visible()
    assert told.get_by_role("link", name="Bo Ade", exact=True).is_visible()


def test_axe_finds_nothing_in_rows_that_are_wrong_nor_on_a_full_page(signed_in_page):  # noqa: F811
    author = make_member()
    row = {
        "holder": "The council", "flow": "cost", "about": "", "low": 100_000, "high": 150_000, "currency": "GBP",
        "price_year": 2019, "period": "", "recurrence": "yearly", "source": "The budget", "cash_releasing": None,
    }  # fmt: skip
    unsourced = {**row, "holder": "Families", "flow": "benefit", "source": ""}
    case_study = make_case_study(
        author, side="professional", place="Leeds", costs_and_benefits=[row, {**row, "holder": "The trust"}, unsourced],
        outcomes=[{"measure": "Hours", "before": "1", "after": "2", "unit": "", "compared_with": "", "source": "",
                   "period": ""}],
    )  # fmt: skip
    page = signed_in_page(World(author=author), "author")
    found = []

    def look(where):
        page.evaluate(AXE_SCRIPT)
        found.extend((where, violation["id"]) for violation in page.evaluate(RUN, OPTIONS))

    page.goto("/case-studies/new/")
    look("the quick form")
    page.goto(case_study.url_below("edit/costs/"))
    page.get_by_role("group", name="Cost or benefit 1").get_by_label("Amount, or the least").fill("much")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("There is a problem").wait_for()
    look("a step with errors")
    page.goto(case_study.get_absolute_url())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        look(f"its page at {width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
