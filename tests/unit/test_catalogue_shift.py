"""A season can be moved in time, and stays the season that it was."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devstack.shift import shift_catalogue
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions

FOLDER = Path(__file__).parents[2] / "events" / "catalogue_published"
IDHA = (FOLDER / "idha-2025.yaml").read_text()
MISA = (FOLDER / "misa-2025.yaml").read_text()
SAMPLE = Path(__file__).with_name("test_catalogue_sample.yaml").read_text()
NEW_YORK = ZoneInfo("America/New_York")
QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


wall = datetime.fromisoformat


def shifted(text: str, to: datetime) -> Catalogue:
    return read_catalogue(shift_catalogue(text, to).encode())


def test_the_first_class_ends_at_the_wanted_minute_and_the_rest_keep_their_distance() -> None:
    moved = shifted(IDHA, datetime(2026, 3, 2, 15, 0, 17, tzinfo=UTC))
    assert moved.sessions[0].ends_at == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    assert [session.ends for session in moved.sessions] == [
        wall("2026-03-02 10:00") + timedelta(days=21 * at) for at in range(5)
    ]
    # By the calendar, not by the second: New York's clocks change on March 8.
    assert f"{moved.sessions[1].ends_at:%H:%M}" == "14:00"


def test_half_a_minute_is_rounded_up() -> None:
    moved = shifted(MISA, datetime(2026, 3, 2, 15, 0, 30, tzinfo=UTC))
    assert moved.sessions[0].ends_at == datetime(2026, 3, 2, 15, 1, tzinfo=UTC)


def test_only_dates_change_and_every_note_stays() -> None:
    to = datetime(2031, 1, 2, 3, 4, tzinfo=UTC)
    for text in (IDHA, MISA):
        dates = r"(starts|ends|deadline): .*"
        assert re.sub(dates, "", shift_catalogue(text, to)) == re.sub(dates, "", text)
        assert shift_catalogue(text, to) != text


def test_moving_a_season_to_where_it_is_changes_nothing() -> None:
    for text in (IDHA, MISA):
        assert shift_catalogue(text, read_catalogue(text.encode()).sessions[0].ends_at) == text


def test_the_deadline_and_the_days_of_sale_move_by_as_many_days() -> None:
    text = IDHA.replace(
        "    currency: USD\n",
        "    currency: USD\n    valid_from: 2025-05-01\n    valid_to: '2025-06-12'\n",
    )
    moved = shifted(text, datetime(2025, 7, 2, 18, 30, tzinfo=UTC))
    award = moved.policies.scholarship
    assert award is not None
    assert award.deadline == wall("2025-06-23 23:59")
    offer = moved.offer("general-bundle")
    assert (f"{offer.valid_from}", f"{offer.valid_to}") == ("2025-05-11", "2025-06-22")


def test_a_session_in_another_zone_moves_with_the_first() -> None:
    text = MISA.replace(
        "    starts: 2025-11-08 18:00\n    ends: 2025-11-08 20:00\n    zone: Asia/Kolkata",
        "    starts: 2025-11-08 07:30\n    ends: 2025-11-08 09:30\n    zone: America/New_York",
    )
    assert text != MISA
    moved = shifted(text, datetime(2026, 6, 6, 14, 30, tzinfo=UTC))
    assert [session.ends_at for session in moved.sessions[:2]] == [
        datetime(2026, 6, 6, 14, 30, tzinfo=UTC),
        datetime(2026, 6, 13, 14, 30, tzinfo=UTC),
    ]
    assert moved.sessions[1].starts == wall("2026-06-13 08:30")


def test_a_class_that_would_end_in_the_hour_shown_twice_ends_after_it() -> None:
    moved = shifted(IDHA, datetime(2025, 11, 2, 5, 30, tzinfo=UTC))
    assert moved.sessions[0].ends == wall("2025-11-02 02:30")


def test_a_whole_season_fits_on_either_side_of_a_change_of_clocks() -> None:
    for to in (
        datetime(2026, 3, 8, 7, 1, tzinfo=UTC),
        datetime(2025, 10, 12, 5, 45, tzinfo=UTC),
        datetime(2025, 12, 14, 9, 0, tzinfo=UTC),
    ):
        assert len({session.ends for session in shifted(IDHA, to).sessions}) == 5


def test_a_time_without_a_zone_and_a_file_with_slips_are_not_moved() -> None:
    with pytest.raises(ValueError, match="no zone"):
        shift_catalogue(MISA, wall("2026-01-01 12:00"))
    with pytest.raises(CatalogueQuestions):
        shift_catalogue(MISA.replace("Asia/Kolkata", "IST"), datetime(2026, 1, 1, tzinfo=UTC))


changes = st.sampled_from(
    [wall(f"{day} 05:00").replace(tzinfo=UTC) for day in ("2025-03-09", "2025-11-02", "2026-11-01")]
)
near_a_change = st.builds(
    lambda change, minutes, days: change + timedelta(days=days, minutes=minutes),
    changes,
    st.integers(-300, 600),
    st.sampled_from([0, -21]),
)
moments = near_a_change | st.datetimes(
    wall("2001-01-01"), wall("2090-01-01"), timezones=st.just(UTC)
)


@QUICK
@given(moments)
@example(datetime(2025, 11, 2, 6, 15, tzinfo=UTC))
@example(datetime(2026, 3, 8, 7, 0, tzinfo=UTC))
def test_a_season_can_be_moved_to_any_moment(to: datetime) -> None:
    moved = shifted(SAMPLE, to)
    end = moved.sessions[0].ends_at
    wanted = (to + timedelta(seconds=30)).replace(second=0, microsecond=0)
    assert timedelta(0) <= end - wanted <= timedelta(hours=2)
    first = moved.sessions[0].ends.date()
    for at, session in enumerate(moved.sessions):
        days = (session.ends.date() - first).days
        assert days == 21 * at or session.ends.hour < 3 or moved.sessions[0].ends.hour < 3
    plain = wanted.astimezone(NEW_YORK)
    if plain.replace(fold=1 - plain.fold).utcoffset() == plain.utcoffset():
        assert end == wanted
