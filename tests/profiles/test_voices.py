"""Whose voices take part: never a number below three people."""

import pytest

from profiles.models import Member


def panel(**counts):
    found = Member.describe_voices({name.replace("_", "-"): number for name, number in counts.items()})
    return found and (
        [(str(words), number) for words, number in found.groups],
        found.prompt.partition(". ")[0],
    )


@pytest.mark.parametrize("counts", [{}, {"people": 0}, {"people": 2, "practitioners": 2}])
def test_nothing_is_said_of_fewer_than_three_people(counts):
    assert panel(**counts) is None


def test_small_groups_are_left_out_and_are_not_missing():
    assert panel(people=5, uses_services=3, carers=1, practitioners=2, others=2) == (
        [("People who use services", 3)],
        "",
    )


@pytest.mark.parametrize(
    ("counts", "missing"),
    [
        ({"practitioners": 3}, "they use services"),
        ({"practitioners": 3, "uses_services": 1}, "they are a carer or family member"),
        ({"uses_services": 3, "carers": 1}, "they are a practitioner"),
    ],
)
def test_one_side_that_is_missing_is_asked_for(counts, missing):
    assert panel(people=4, **counts)[1] == f"Nobody has joined in yet who says that {missing}"
