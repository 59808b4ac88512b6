"""Amounts: read as people type them, said as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies.money import Range, amount_words, read_amount


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("£1,250.05", 125005),
        (" € 1 000 ", 100000),
        ("1,000,000", 100000000),
        ("$2.", 200),
    ],
)
def test_what_people_type_is_read_to_the_penny(typed, pence):
    assert read_amount(typed) == pence


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "£",
        "-5",
        "1.234",
        "1,00",
        "1,0000",
        "12,5",
        "1e3",
        "five",
        "²",
        "٣",
        "1.2.3",
        "NaN",
        "∞",
        ",5",
        ".5",
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match="No "):
        read_amount(typed)


@given(st.integers(0, 10**15), st.sampled_from(["GBP", "EUR"]))
def test_what_is_said_reads_back_as_the_same(amount, currency):
    assert read_amount(amount_words(amount, currency)) == amount


def test_amounts_in_words():
    assert amount_words(125000, "GBP") == "£1,250"
    assert amount_words(-2050, "GBP") == "−\u2060£20.50"
    assert amount_words(570, "USD") == "US$5.70"
    assert Range(100000, 200000).words("AUD") == "A$1,000 to A$2,000"


def test_a_range_goes_up():
    with pytest.raises(ValueError, match="A range goes up"):
        Range(2, 1)


@given(*[st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(sorted)] * 2)
def test_a_difference_holds_all_that_it_can_be(first, second):
    a, b = Range(*first), Range(*second)
    difference = a - b

    for x in first:
        for y in second:
            assert difference.low <= x - y <= difference.high
    assert {difference.low, difference.high} <= {x - y for x in first for y in second}
