"""What somebody types, as words: any text is safe, joined spellings are one word, quotes keep words together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.search.words import MOST_WORDS, QUERY_LENGTH, clean, flat, parse

PAIRS = [("co", "production"), ("time", "bank"), ("co", "ordinat"), ("co", "design")]


def spellings(text):
    return [term.spellings for term in parse(text, PAIRS).terms]


def test_words_are_lower_case_and_asked_for_once():
    assert spellings("Housing, housing; HOUSING and health") == [(("housing",),), (("health",),)]


@pytest.mark.parametrize(
    "typed", ["co-production", "coproduction", "co production", "Co‑Production", "CO–PRODUCTION"]
)
def test_a_joined_spelling_is_one_word_however_it_is_written(typed):
    assert spellings(typed) == [(("co", "production"), ("coproduction",))]


@pytest.mark.parametrize("typed", ["timebanking", "time-banking", "time banking"])
def test_endings_stay(typed):
    assert spellings(typed) == [(("time", "banking"), ("timebanking",))]


@pytest.mark.parametrize(
    "typed", ["time", "bank time", "time and bank", "co", "cooperation", "production co"]
)
def test_halves_alone_are_words_of_their_own(typed):
    assert all(len(term) == 1 for term in spellings(typed))


def test_words_in_quotes_are_wanted_side_by_side():
    assert spellings('"peer support" housing') == [(("peer", "support"),), (("housing",),)]
    assert spellings("“peer support”") == [(("peer", "support"),)]


def test_a_joined_spelling_in_quotes_has_both_forms():
    assert spellings('"about co-production now"') == [
        (("about", "co", "production", "now"), ("about", "coproduction", "now"))
    ]


def test_many_joined_spellings_in_quotes_do_not_multiply_without_end():
    (only,) = spellings(f'"{"co-design " * 9}"')
    assert len(only) == 8


def test_an_unpaired_quotation_mark_is_nothing():
    assert spellings('peer "support') == [(("peer",),), (("support",),)]


def test_common_words_count_only_alone_or_in_quotes():
    assert spellings("what is the time") == [(("time",),)]
    assert spellings("what is the") == [(("what",),), (("is",),), (("the",),)]
    assert spellings('"is the"') == [(("is", "the"),)]


def test_a_question_in_a_whole_sentence_is_about_its_other_words():
    assert spellings("Could anyone please tell us where to find examples of peer support?") == [
        (("peer",),),
        (("support",),),
    ]
    assert spellings("looking") == [(("looking",),)]


def test_a_common_word_is_not_begun_for_a_longer_one():
    """An ending can be made of "when": it would be asked for as "whence", and be common no more."""
    unfinished = parse("when was the network formed", PAIRS).unfinished
    assert [term.spellings[0] for term in unfinished] == [("network",), ("formed",)]


def test_a_possessive_is_its_word():
    assert spellings("Camden's Camden’s") == [(("camden",),)]


def test_what_is_read_is_bounded():
    assert len(parse(" ".join(f"w{n}" for n in range(100))).terms) <= MOST_WORDS
    assert len(parse("a1 " * 9).words) == 9
    assert parse("x" * 10_000).terms[0].spellings == (("x" * QUERY_LENGTH,),)


@pytest.mark.parametrize("typed", ["", " ", "!!!", '""', "\x00\x01", "\ud800", "*", "___", "😀", "—"])
def test_nothing_to_look_for(typed):
    assert not parse(typed, PAIRS)


def test_clean_keeps_words_and_drops_what_is_no_text():
    assert clean("a\x00b\ud800c\u200bd\ue000e  f\n") == "a b c d e f"


def test_flat_compares_titles_without_accents_and_case():
    assert flat("The Challenge of Co-production", PAIRS) == ("the", "challenge", "of", "coproduction")
    assert flat("Tŷ Café", PAIRS) == ("ty", "cafe")


@given(st.text(max_size=300))
def test_only_letters_and_digits_reach_an_engine(typed):
    for term in parse(typed, PAIRS).terms:
        for spelling in term.spellings:
            assert all(word.isalnum() for word in spelling)
