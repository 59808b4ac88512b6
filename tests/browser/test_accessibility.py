"""axe finds nothing: every address, signed in and out, with errors shown, light and dark, desktop and phone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.addresses import HTML, ROWS
from tests.factories import make_post
from tests.static.colour import contrast
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

OPTIONS = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}  # fmt: skip
RUN = "options => axe.run(options).then(({violations}) => violations)"


def findings(page, where):
    return [
        f"{where}: {violation['id']}: {node['html'][:160]}"
        for violation in page.evaluate(RUN, OPTIONS)
        for node in violation["nodes"]
    ]


def look_from_both_sides(page, path):
    """Judge a page light and wide, then dark, small and with every `details` open."""
    page.evaluate(AXE_SCRIPT)
    found = findings(page, path)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found += findings(page, f"{path} dark phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.fixture
def signed_in_page(browser, site):
    """Return a function that opens a page as a reader of the world."""
    opened = []

    def open_as(world, reader):
        # Reduced motion: colours that are still moving from one theme to the other would be judged half way.
        context = browser.new_context(
            base_url=site, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        client = world.client_for(reader)
        context.add_cookies([{"name": k, "value": m.value, "url": site} for k, m in client.cookies.items()])
        return context.new_page()

    yield open_as
    for context in opened:
        context.close()


PARTS = 6  # so that two or three processes share them evenly
PAGES = [name for name, row in ROWS.items() if row.answer == HTML]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(signed_in_page, part):
    world = build_world()
    pages = {}
    found = []
    for name in PAGES[part::PARTS]:
        row = ROWS[name]
        for reader in dict.fromkeys([row.reader, "stranger" if row.reader == "visitor" else row.reader]):
            page = pages.setdefault(reader, None) or signed_in_page(world, reader)
            pages[reader] = page
            for path in row.paths(world)[:3]:
                page.goto(path)
                found += look_from_both_sides(page, f"{name} {path} as {reader}")
                if row.form and page.locator("main form[method=post]").count():
                    page.goto(path)
                    others = "[type=button], [hidden], [value=picture], [value=fill]"
                    buttons = f"main form[method=post] button:not({others})"
                    submit = page.locator(buttons).first
                    page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
                    page.evaluate(
                        "document.querySelectorAll('main form [name=title], main form [name=display_name], "
                        "main form [name=words], main form input[type=email]').forEach(f => f.value = '')"
                    )
                    submit.click()
                    page.wait_for_load_state()  # without its styles every link is too small
                    found += look_from_both_sides(page, f"{name} {path} with errors as {reader}")
    assert found == []


SINGLE_SIGNS = """() => [...document.querySelectorAll("main *")].flatMap(element => {
  const own = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
    .map(node => node.textContent.trim()).join("");
  if (own.length !== 1 || !element.checkVisibility()) return [];
  let ground = element;
  while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  return [[own, getComputedStyle(element).color, getComputedStyle(ground).backgroundColor]];
})"""


def hexadecimal(colour):
    """Return a colour that a browser gives as "rgb(1, 2, 3)" as "#010203"."""
    return "#" + "".join(
        f"{int(part):02X}" for part in colour.removeprefix("rgb(").removesuffix(")").split(",")
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_single_signs_can_be_read(signed_in_page, theme):
    """axe judges no text of one sign, such as the number of a page. The style page shows them all."""
    page = signed_in_page(build_world(), "stranger")
    page.emulate_media(color_scheme=theme)
    page.goto("/style/")
    signs = page.evaluate(SINGLE_SIGNS)
    low = [
        (sign, ink, ground)
        for sign, ink, ground in signs
        if contrast(hexadecimal(ink), hexadecimal(ground)) < 4.5
    ]
    assert {"1", "4", "5", "6"} <= {sign for sign, _ink, _ground in signs}
    assert low == []


SCROLLING_SIDEWAYS = """() => [...document.querySelectorAll("*")]
  .filter(element => /auto|scroll/.test(getComputedStyle(element).overflowX))
  .filter(element => element.scrollWidth > element.clientWidth)
  .map(element => [element.className, element.tabIndex])"""


def test_a_wide_table_scrolls_where_the_keyboard_reaches_and_breaks_no_word(signed_in_page):
    world = build_world()
    heads = "| Commissioning | Recommendations | Responsibilities | Neighbourhoods |"
    post = make_post(world.author, body=f"{heads}\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |\n")
    page = signed_in_page(world, "stranger")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(post.get_absolute_url())
    assert page.evaluate(SCROLLING_SIDEWAYS) == [["table", 0]]
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    heights = page.locator("th").evaluate_all("cells => cells.map(cell => cell.clientHeight)")
    assert len(set(heights)) == 1
    assert heights[0] < 60  # one line


def test_the_longest_name_leaves_the_page_its_width(signed_in_page):
    """Also with letters twice the size, and with the member's menu open."""
    world = build_world()
    world.stranger.write_profile({"display_name": "Wilhelmina Featherstonehaugh-Cholmondeley " + "W" * 24})
    page = signed_in_page(world, "stranger")
    page.goto("/inbox/")
    page.locator("details.you > summary").last.click()
    wide = {}
    for width in (320, 390, 730, 800, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for size in ("100%", "200%"):
            page.evaluate("size => document.documentElement.style.fontSize = size", size)
            left = page.locator("details.you > ul").last.evaluate("menu => menu.getBoundingClientRect().left")
            reached = page.evaluate("document.documentElement.scrollWidth")
            if reached > width or left < 0:
                wide[width, size] = (reached, left)
    assert wide == {}


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/profiles/member/", "/admin/blog/post/", "/admin/library/report/"]
)
def test_the_admin_obeys_our_policy(signed_in_page, path):
    world = build_world()
    page = signed_in_page(world, "administrator")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path)
    assert page.get_by_role("heading", level=1).count() >= 1
    assert said == []
