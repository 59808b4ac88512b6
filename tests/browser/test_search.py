"""The search box in a real browser: it suggests while somebody types, and without a script it is a form."""

from tests.factories import make_member, make_post


def test_typing_and_pressing_enter_searches_with_and_without_script(visitor):
    make_post(make_member(), title="Gooseberry bush")
    visitor.goto("/search/")
    visitor.get_by_label("Search the network").press_sequentially("gooseb")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("heading", name="Search for “gooseb”").wait_for()
    assert visitor.locator("main .cards h3").all_inner_texts() == ["Gooseberry bush"]


def test_names_and_titles_are_suggested(browser, site):
    make_post(make_member("Blurra Person"), title="Blurred gooseberries")
    context = browser.new_context(base_url=site)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/browse/")
    box = page.get_by_label("Search the network")
    box.press_sequentially("blur")
    page.locator("datalist option[value='Blurred gooseberries']").wait_for(state="attached")
    offered = page.locator("datalist option").evaluate_all("all => all.map((each) => each.value)")
    assert offered == ["Blurring distinctions", "Blurra Person", "Blurred gooseberries"]
    assert box.input_value() == "blur"
    context.close()
