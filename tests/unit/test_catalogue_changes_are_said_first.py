"""Before a catalogue file is applied, everything it would change is said in plain words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.catalogue import Catalogue, Session
from shared.domain.catalogue_difference import Area, Change, credit_rules_differ, differences
from shared.domain.catalogue_values import Part
from tests.catalogues import classes_catalogue, unit_catalogue

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
CLASS_3 = CLASSES.sessions[2]
NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
SEATS = {session.id: 41 for session in CLASSES.sessions}


def _with(session: Session, **changes: object) -> Catalogue:
    sessions = tuple(
        session.model_copy(update=changes) if one.id == session.id else one
        for one in CLASSES.sessions
    )
    return CLASSES.model_copy(update={"sessions": sessions})


def _policies(**changes: object) -> Catalogue:
    return CLASSES.model_copy(update={"policies": CLASSES.policies.model_copy(update=changes)})


def _changes(
    after: Catalogue, *, seats: dict[str, int] | None = None, now: datetime = NOW
) -> list[Change]:
    return list(differences(CLASSES, after, SEATS if seats is None else seats, now))


def _one(after: Catalogue, **how: Any) -> Change:
    (change,) = _changes(after, **how)
    return change


def _later(session: Session, **time: float) -> dict[str, datetime]:
    by = timedelta(**time)
    return {"starts": session.starts + by, "ends": session.ends + by}


def test_the_same_file_changes_nothing() -> None:
    assert _changes(CLASSES) == []


def test_a_moved_class_says_by_how_much_and_how_many_people_get_a_letter() -> None:
    change = _one(_with(CLASS_3, **_later(CLASS_3, minutes=30)))

    assert change.text.startswith("Class 3 moves by 30 minutes: 41 people will get a letter.")
    assert "12:30–3:00 pm, New York time" in change.text
    assert (change.area, change.letters) == (Area.SESSIONS, 41)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ({"minutes": 1}, "moves by 1 minute:"), ({"hours": 1}, "moves by 1 hour:"),
        ({"minutes": 90}, "moves by 1 hour and 30 minutes:"), ({"days": 7}, "moves by 7 days:"),
        ({"days": -1}, "moves by 1 day:"),
    ],
)  # fmt: skip
def test_how_far_a_class_moves_is_said_as_people_say_it(time: dict[str, float], said: str) -> None:
    assert said in _one(_with(CLASS_3, **_later(CLASS_3, **time))).text


def test_a_class_that_only_gets_longer_says_so() -> None:
    longer = _with(CLASS_3, ends=CLASS_3.ends + timedelta(minutes=15))

    assert _one(longer).text.startswith("Class 3 gets 15 minutes longer: 41 people")


def test_a_class_that_moves_across_a_change_of_clocks_moves_by_real_time() -> None:
    """The same wall clock in November is an hour later for everybody elsewhere."""
    last = CLASSES.sessions[-1]
    after = _with(last, **_later(last, days=56))

    assert "moves by 1345 hours" in _one(after).text.replace(",", "")


def test_nobody_gets_a_letter_about_a_class_that_is_over_and_it_is_to_be_looked_at() -> None:
    change = _one(_with(CLASS_3, **_later(CLASS_3, minutes=5)), now=CLASS_3.ends_at)

    assert change.letters == 0
    assert "letter" not in change.text
    assert change.careful


def test_where_nobody_has_a_seat_nobody_gets_a_letter() -> None:
    change = _one(_with(CLASS_3, **_later(CLASS_3, minutes=5)), seats={})

    assert change.letters == 0
    assert "letter" not in change.text


def test_one_person_is_one_person() -> None:
    change = _one(_with(CLASS_3, **_later(CLASS_3, minutes=5)), seats={CLASS_3.id: 1})

    assert "1 person will get a letter" in change.text


def test_a_cancelled_class_says_why_and_that_shares_go_back() -> None:
    change = _one(_with(CLASS_3, cancelled="The teacher is ill."))

    assert change.text == (
        f"Class 3, “{CLASS_3.title}”, is cancelled: “The teacher is ill.” "
        "41 people will get a letter, and their share back."
    )
    assert (change.letters, change.careful) == (41, True)


def test_a_class_that_is_new_says_when_it_is_held() -> None:
    fewer = CLASSES.model_copy(update={"sessions": CLASSES.sessions[:-1]})

    (change,) = differences(fewer, CLASSES, {}, NOW)
    assert change.text.startswith(f"Class 5, “{CLASSES.sessions[-1].title}”, is new: Sunday,")


def test_a_class_that_is_taken_out_is_to_be_looked_at() -> None:
    change = _one(CLASSES.model_copy(update={"sessions": CLASSES.sessions[:-1]}), seats={})

    assert "is taken out" in change.text
    assert change.careful


def test_a_new_price_says_what_it_was_and_that_what_was_bought_stays() -> None:
    offer = CLASSES.prices[0]
    dearer = offer.model_copy(update={"amount": offer.amount + 500})
    change = _one(CLASSES.model_copy(update={"prices": (dearer, *CLASSES.prices[1:])}))

    assert change.area is Area.PRICES
    assert f"is {dearer.price}; it was {offer.price}. What was bought stays bought." in change.text


def test_a_price_that_is_taken_out_says_what_becomes_of_payments() -> None:
    change = _one(CLASSES.model_copy(update={"prices": CLASSES.prices[1:]}))

    assert "is taken out. Payments for it wait for staff from then on." in change.text
    assert change.careful


def test_a_shorter_window_says_until_when_each_recording_may_be_watched() -> None:
    policy = UNIT.policies.recording
    shorter = policy.model_copy(update={"days_after_event": (policy.days_after_event or 0) - 7})
    policies = UNIT.policies.model_copy(update={"recording": shorter})
    changes = list(
        differences(
            UNIT, UNIT.model_copy(update={"policies": policies}), {}, UNIT.sessions[0].ends_at
        )
    )

    windows = [one for one in changes if "may be watched until" in one.text]
    assert len(windows) == sum(session.recorded for session in UNIT.sessions)
    assert all(one.careful for one in windows)
    assert any("days a recording may be watched is now 7; it was 14" in c.text for c in changes)


def test_a_joining_link_that_changes_says_who_sees_it_and_that_nobody_is_written_to() -> None:
    change = _one(_with(CLASS_3, joining_link="https://zoom.example/j/1"))

    assert "another joining link: https://zoom.example/j/1. 41 people with a seat" in change.text
    assert "letters that were sent keep the old one" in change.text
    assert change.letters == 0


def test_fewer_seats_than_are_held_is_to_be_looked_at() -> None:
    changes = _changes(_with(CLASS_3, capacity=40))

    assert any("41 seats of it are held, and 40 is its limit" in one.text for one in changes)
    assert any(one.careful for one in changes)


def test_letters_in_another_language_are_a_change_of_the_institute() -> None:
    spanish = CLASSES.institute.model_copy(update={"languages": ("es", "en")})
    change = _one(CLASSES.model_copy(update={"institute": spanish}))

    assert change.text == "Languages of letters is now “es”, “en”; it was “en”."
    assert change.area is Area.INSTITUTE


def test_a_series_that_is_new_says_that_it_will_be_on_sale() -> None:
    (change,) = differences(None, CLASSES, {}, NOW)

    assert change.text.endswith(
        "5 sessions and " + f"{len(CLASSES.prices)} prices. From then on it is on sale."
    )


def test_rules_that_credit_rests_on_are_told_from_others() -> None:
    attendance = CLASSES.policies.attendance.model_copy(update={"grace_late": 5})

    assert credit_rules_differ(CLASSES, _policies(attendance=attendance))
    assert not credit_rules_differ(CLASSES, _policies(reminder_hours_before=(24,)))


def _another(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case None:
            return 9
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case datetime():
            return value + timedelta(minutes=7)
        case date():
            return value + timedelta(days=1)
        case "USD" | "INR":
            return "EUR"
        case str():
            return f"{value} changed"
        case dict():
            return {**value, "new": "thing"}
        case _:
            return (*value, "another")


def _changed_anywhere(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every part of the tree changed once, and where."""
    if isinstance(part, Part):
        for name in type(part).model_fields:
            for where, changed in _changed_anywhere(getattr(part, name), f"{path}.{name}"):
                yield where, part.model_copy(update={name: changed})
    elif isinstance(part, tuple) and part and isinstance(part[0], Part):
        for where, changed in _changed_anywhere(part[0], f"{path}[0]"):
            yield where, (changed, *part[1:])
    else:
        yield path, _another(part)


# Which form the file has is no content; a wall clock means nothing without its zone.
_NOT_SAID = (".catalogue",)
EVERYWHERE = [
    pytest.param(name, changed, id=f"{which}{name}")
    for which, catalogue in (("classes", CLASSES), ("unit", UNIT))
    for name, changed in _changed_anywhere(catalogue)
    if name not in _NOT_SAID and not name.endswith((".zone", ".id"))
]


@pytest.mark.parametrize(("name", "changed"), EVERYWHERE)
def test_nothing_in_the_file_changes_unsaid(name: str, changed: Catalogue) -> None:
    before = CLASSES if changed.series.id.startswith(CLASSES.series.id) else UNIT
    said = differences(before, changed, {}, NOW)

    assert said, f"{name} changed and nobody was told"
    assert all(one.text[0].isupper() and one.text.endswith((".", "”")) for one in said)


def test_the_search_for_what_is_not_said_covers_the_whole_file() -> None:
    assert len(EVERYWHERE) > 100
