"""Presence: any split, overlap, order or repetition of rows gives the same account."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Interval, decide_attendance, presence, union
from shared.domain.catalogue import AttendancePolicy

START = datetime(2025, 6, 22, 16, 0, tzinfo=UTC)
END = START + timedelta(minutes=150)
POLICY = AttendancePolicy()

seconds = st.integers(min_value=-3600, max_value=4 * 3600)
rows = st.lists(
    st.tuples(seconds, seconds).map(
        lambda pair: Interval(*(START + timedelta(seconds=s) for s in sorted(pair)))
    ),
    max_size=12,
)


def _attended(of: list[Interval], policy: AttendancePolicy = POLICY) -> bool:
    who = presence(of, START, END)
    return decide_attendance(policy, who, START, END, "America/New_York").granted


@given(rows, st.randoms())
def test_order_and_repetition_of_rows_do_not_matter(kept: list[Interval], random: object) -> None:
    again = [*kept, *kept]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert presence(again, START, END) == presence(kept, START, END)


@given(rows)
def test_nobody_is_present_for_longer_than_the_session(kept: list[Interval]) -> None:
    who = presence(kept, START, END)

    assert 0 <= who.seconds <= 150 * 60
    assert all(START <= joined < left <= END for joined, left in who.intervals)


@given(rows, st.data())
def test_splitting_a_row_changes_nothing(kept: list[Interval], data: st.DataObject) -> None:
    if not kept:
        return
    row = data.draw(st.sampled_from(kept))
    share = data.draw(st.floats(min_value=0, max_value=1))
    middle = row.joined + (row.left - row.joined) * share
    split = [Interval(row.joined, middle), Interval(middle, row.left)]
    others = [one for one in kept if one != row]
    assert presence([*others, *split], START, END) == presence(kept, START, END)


@given(rows, st.data())
def test_a_second_device_that_overlaps_changes_nothing(
    kept: list[Interval], data: st.DataObject
) -> None:
    if not kept:
        return
    row = data.draw(st.sampled_from(kept))
    within = st.integers(0, max(0, int((row.left - row.joined).total_seconds())))
    first, last = sorted((data.draw(within), data.draw(within)))
    device = Interval(row.joined + timedelta(seconds=first), row.joined + timedelta(seconds=last))
    assert presence([*kept, device], START, END) == presence(kept, START, END)


@given(rows, st.data())
def test_it_does_not_matter_which_source_told_of_which_row(
    kept: list[Interval], data: st.DataObject
) -> None:
    """Each source is merged by itself first; together they say what the rows say."""
    told = [data.draw(st.sampled_from("abc")) for _ in kept]
    by_source = [
        union(row for row, source in zip(kept, told, strict=True) if source == which)
        for which in "abc"
    ]
    together = [row for rows_of_source in by_source for row in rows_of_source]

    assert presence(together, START, END) == presence(kept, START, END)


@given(rows, st.data())
def test_removing_a_row_never_adds_credit(kept: list[Interval], data: st.DataObject) -> None:
    fewer = data.draw(st.lists(st.sampled_from(kept), max_size=8)) if kept else []

    assert presence(fewer, START, END).seconds <= presence(kept, START, END).seconds
    assert not _attended(fewer) or _attended(kept)


def test_adding_up_printed_minutes_would_be_noticed() -> None:
    """The negative control: two devices are 267 and 183 minutes in the report, and one presence."""
    laptop = Interval(START, END)
    phone = Interval(START + timedelta(minutes=30), END)
    added_up = sum((left - joined).total_seconds() for joined, left in (laptop, phone))

    assert added_up > (END - START).total_seconds()
    assert presence([laptop, phone], START, END).seconds == (END - START).total_seconds()


def test_who_is_listed_without_times_was_there_and_is_not_credited_for_it() -> None:
    who = presence([], START, END, untimed=True)
    decided = decide_attendance(POLICY, who, START, END, "America/New_York")

    assert not decided.granted
    assert [reason.code for reason in decided.reasons] == ["times_unknown"]
    assert "12:15 pm" in decided.why


def test_where_times_do_not_matter_being_listed_is_enough_and_the_verdict_says_so() -> None:
    lenient = AttendancePolicy(grace_late=150, grace_early=150, longest_gap=150)
    who = presence([], START, END, untimed=True)
    decided = decide_attendance(lenient, who, START, END, "America/New_York")

    assert decided.granted
    assert [reason.code for reason in decided.reasons] == ["attended_untimed"]


@pytest.mark.parametrize("inside", [True, False])
def test_times_from_another_source_count_for_more_than_none(inside: bool) -> None:
    row = Interval(START, END) if inside else Interval(END, END + timedelta(hours=1))

    assert presence([row], START, END, untimed=True).untimed is not inside
