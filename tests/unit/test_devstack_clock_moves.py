"""The local stack's clock goes ahead by days, hours and minutes, and by nothing else."""

from datetime import timedelta

import pytest

from devstack.clock import read_move
from devstack.problems import Problem


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("+8d", timedelta(days=8)),
        ("+3h", timedelta(hours=3)),
        (" +90M ", timedelta(minutes=90)),
        ("+0d", timedelta(0)),
    ],
)
def test_a_move_is_a_number_and_a_unit(typed: str, by: timedelta) -> None:
    assert read_move(typed) == by


@pytest.mark.parametrize("typed", ["8d", "-8d", "+8", "+d", "+8w", "+1.5d", "+1000000d", "", "+٣d"])
def test_anything_else_is_asked_about_and_the_right_words_are_named(typed: str) -> None:
    with pytest.raises(Problem) as asked:
        read_move(typed)
    assert "clock +8d" in asked.value.advice
