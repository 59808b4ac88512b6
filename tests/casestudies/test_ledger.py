"""The cost ledger: what may be added is added, to the penny, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from casestudies.ledger import ledger_of
from casestudies.models import CostOrBenefit, Flow
from casestudies.models.rows import Recurrence
from casestudies.money import Range

AMOUNTS = st.integers(0, 10**13)


@st.composite
def rows(draw):
    low = draw(AMOUNTS)
    return CostOrBenefit(
        holder=draw(st.sampled_from(["The council", "the  COUNCIL", "NHS", "Families", "Ärzte"])),
        flow=draw(st.sampled_from(Flow.values)),
        low=low,
        high=draw(st.none() | st.integers(low, 10**14)),
        currency=draw(st.sampled_from(["GBP", "EUR", "USD", "AUD"])),
        price_year=draw(st.sampled_from([None, 2008, 2010])),
        recurrence=draw(st.sampled_from(["", *Recurrence.values])),
        source=draw(st.sampled_from(["", "  ", "A report, page 4"])),
        cash_releasing=draw(st.sampled_from([None, True, False])),
    )


def row(holder="Council", flow="cost", low=100, high=None, currency="GBP", year=2010, often="yearly", **more):
    return CostOrBenefit(
        holder=holder, flow=flow, low=low, high=high, currency=currency, price_year=year, recurrence=often,
        **{"source": "A report, page 4", **more},
    )  # fmt: skip


@given(st.lists(rows(), max_size=30))
def test_the_nets_of_all_holders_add_up_to_the_net_of_the_total(found):
    for statement in ledger_of(found).statements:
        nets = sum((holder.net for holder in statement.holders), Range())

        assert nets == statement.total.net
        assert statement.total.net == statement.total.gains - statement.total.pays
        assert statement.total.cash.high <= statement.total.gains.high


@given(st.lists(rows(), max_size=30))
def test_every_row_with_a_source_counts_once_and_no_other_does(found):
    ledger = ledger_of(found)
    sourced = [each for each in found if each.source.strip()]

    assert ledger.unsourced == [each for each in found if not each.source.strip()]
    for flow, side in ((Flow.COST, "pays"), (Flow.BENEFIT, "gains")):
        counted = [each for each in sourced if each.flow == flow]
        totals = [getattr(statement.total, side) for statement in ledger.statements]
        assert sum(total.low for total in totals) == sum(each.low for each in counted)
        assert sum(total.high for total in totals) == sum(
            each.low if each.high is None else each.high for each in counted
        )


@given(st.lists(rows(), max_size=30))
def test_a_statement_has_one_currency_and_one_rhythm(found):
    statements = ledger_of(found).statements

    assert len({(statement.currency, statement.recurrence) for statement in statements}) == len(statements)
    assert {(statement.currency, statement.recurrence) for statement in statements} == {
        (each.currency, each.recurrence) for each in found if each.source.strip()
    }


@given(st.lists(rows(), max_size=30))
def test_all_sums_are_whole_pence(found):
    for statement in ledger_of(found).statements:
        for holder in [*statement.holders, statement.total]:
            for amount in (holder.pays, holder.gains, holder.cash, holder.net):
                assert type(amount.low) is int
                assert type(amount.high) is int


def test_a_range_gives_a_range():
    (statement,) = ledger_of([row(low=100, high=300), row(flow="benefit", low=250, high=500)]).statements

    assert statement.total.net == Range(-50, 400)
    assert statement.total.net.words("GBP") == "−\u2060£0.50 to £4"


def test_holders_are_the_same_whatever_their_capitals_and_spaces():
    (statement,) = ledger_of([row("The  Council"), row("the council", "benefit", low=700)]).statements

    assert [(holder.name, holder.net) for holder in statement.holders] == [("The Council", Range(600, 600))]


def test_different_currencies_and_rhythms_are_never_added():
    ledger = ledger_of([row(), row(currency="EUR"), row(often="once"), row()])

    assert [(a.currency, a.recurrence, a.total.pays.low) for a in ledger.statements] == [
        ("GBP", "yearly", 200),
        ("EUR", "yearly", 100),
        ("GBP", "once", 100),
    ]


def test_what_frees_money_is_said_apart():
    (statement,) = ledger_of(
        [row(flow="benefit", low=500, cash_releasing=True), row(flow="benefit", low=900)]
    ).statements

    assert statement.total.gains == Range(1400, 1400)
    assert statement.total.cash == Range(500, 500)


def test_different_price_years_are_added_only_with_a_word_about_it():
    (same,) = ledger_of([row(), row()]).statements
    (different,) = ledger_of([row(year=2010), row(year=2008), row(year=None)]).statements
    (unknown,) = ledger_of([row(year=None)]).statements

    assert same.price_year_words() == "In prices of 2010."
    assert different.price_year_words() == (
        "Prices of different years are added as they stand, not adjusted: 2008, 2010, an unknown year."
    )
    assert unknown.price_year_words() == "The price year is not known."


def test_no_rows_make_no_ledger():
    assert not ledger_of([])
    assert ledger_of([row(source="")]).statements == []


def test_a_statement_says_what_its_amounts_are():
    (yearly,) = ledger_of([row()]).statements
    (unsaid,) = ledger_of([row(often="", currency="USD")]).statements

    assert yearly.heading() == "pounds sterling (£), every year"
    assert unsaid.heading() == "US dollars ($), how often is not said"
