"""Presence: any split, overlap, order or repetition of rows gives the same account."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Interval, decide_attendance, presence
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


@given(rows, st.randoms())
def test_order_and_repetition_of_rows_do_not_matter(kept: list[Interval], random: object) -> None:
    again = [*kept, *kept]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert presence(again, START, END) == presence(kept, START, END)


@given(rows)
def test_nobody_is_present_for_longer_than_the_session(kept: list[Interval]) -> None:
    assert 0 <= presence(kept, START, END).seconds <= 150 * 60


@given(rows, st.data())
def test_splitting_a_row_changes_nothing(kept: list[Interval], data: st.DataObject) -> None:
    if not kept:
        return
    row = data.draw(st.sampled_from(kept))
    share = data.draw(st.floats(min_value=0, max_value=1))
    middle = row.joined + (row.left - row.joined) * share
    split = [Interval(row.joined, middle), Interval(middle, row.left)]
    assert presence([*kept, *split], START, END) == presence(kept, START, END)


@given(rows, st.data())
def test_removing_a_row_never_adds_credit(kept: list[Interval], data: st.DataObject) -> None:
    fewer = data.draw(st.lists(st.sampled_from(kept), max_size=8)) if kept else []

    def attended(of: list[Interval]) -> bool:
        who = presence(of, START, END)
        return decide_attendance(POLICY, who, START, END, "America/New_York").granted

    assert not attended(fewer) or attended(kept)
