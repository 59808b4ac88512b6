"""The drawing of a ledger: within its bounds, to scale, and saying what the table says."""

import re
from html import unescape
from xml.etree import ElementTree

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from casestudies.ledger import ledger_of
from casestudies.ledger_drawing import WIDTH, drawing_of

from .test_ledger import row, rows


def drawn(found):
    return render_to_string("casestudies/_ledger.html", {"ledger": ledger_of(found)})


@given(st.lists(rows(), max_size=12))
def test_every_bar_stays_within_the_drawing(found):
    for statement in ledger_of(found).statements:
        drawing = drawing_of(statement)
        for line in drawing.lines:
            assert line.bar_y + drawing.bar <= drawing.height
            for bar in line.bars:
                assert min(bar.x, bar.maybe_x) >= 0
                assert max(bar.x + bar.sure, bar.maybe_x + bar.maybe) <= WIDTH
                assert bar.sure >= 0
                assert bar.maybe >= 0


def test_bars_are_to_scale_and_stand_on_their_side():
    (statement,) = ledger_of([row("A", low=100), row("B", "benefit", low=50, high=200)]).statements
    drawing = drawing_of(statement)
    paid, gained = (line.bars[0] for line in drawing.lines)

    assert (paid.side, paid.sure, paid.maybe) == ("pays", 100.0, 0.0)
    assert paid.x + paid.sure == drawing.middle
    assert (gained.side, gained.sure, gained.maybe) == ("gains", 50.0, 150.0)
    assert gained.x == drawing.middle
    assert gained.maybe_x == drawing.middle + 50


def test_a_long_name_is_written_in_several_lines():
    (statement,) = ledger_of(
        [row("The Department for Communities and Local Government of England")]
    ).statements
    (line,) = drawing_of(statement).lines

    assert [words for words, _y in line.names] == [
        "The Department for Communities and",
        "Local Government of England",
    ]


def test_the_drawing_says_what_the_table_says():
    html = drawn([row("Council", low=12_050), row("NHS", "benefit", low=100_000, high=250_000)])
    svg = ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.DOTALL)[0])  # noqa: S314 -- our own

    assert unescape(svg.findtext("title")) == (
        "Council pays £120.50 and gains £0: left −\u2060£120.50. NHS pays £0 and gains £1,000 to £2,500: "
        "left £1,000 to £2,500."
    )
    assert [each.text for each in svg.iter("text")] == [
        "Council",
        "−\u2060£120.50",
        "NHS",
        "£1,000 to £2,500",
    ]
    for words in ("£120.50", "£1,000 to £2,500", "−\u2060£120.50", "£879.50 to £2,379.50"):
        assert f">{words}<" in html


def test_a_hostile_name_is_text():
    html = drawn([row('<script>alert("x")</script>'), row("]]>", source="")])

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_rows_without_a_source_are_shown_apart():
    html = drawn([row("Council", low=100, source=""), row("NHS", "benefit", low=300, high=500, source=" ")])

    assert "Without a source: not counted above" in html
    assert "Council pays £1" in html
    assert "NHS gains £3 to £5" in html
    assert "<table" not in html
