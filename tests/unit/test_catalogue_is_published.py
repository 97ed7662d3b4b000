"""A catalogue file is published whole or not at all, and what it says about time takes effect."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.payments import Order
from shared.domain.sessions import Series, SeriesRevision, SessionPhase
from shared.usecases.close_session import check_due
from shared.usecases.publish_catalogue import Published, Upload, publish_catalogue
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World

CLASSES = classes_catalogue()
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
UNIT = unit_catalogue()
REFUSED = sorted(Path("events/catalogue_published/refused").glob("*.yaml"))


def _publish_file(world: World, content: bytes, key: str = "catalogue/ours.yaml") -> Published:
    return publish_catalogue(
        Upload(key, world.now, content),
        read=read_catalogue,
        line_of=lambda _content, _path: 1,
        records=world.records,
        files=world.uploads,
        schedules=world.schedules,
        now=world.now,
    )


def _with_first(session: object) -> Catalogue:
    return CLASSES.model_copy(update={"sessions": (session, *CLASSES.sessions[1:])})


def _without(session_id: str) -> Catalogue:
    kept = tuple(session for session in CLASSES.sessions if session.id != session_id)
    left = {session.id for session in kept}
    prices = tuple(offer for offer in CLASSES.prices if set(offer.sessions) <= left)
    return CLASSES.model_copy(update={"sessions": kept, "prices": prices})


def _kept(world: World) -> dict[object, object]:
    """Everything that is kept but letters."""
    return {key: record for key, record in world.records._kept.items() if record.kind != "letter"}


def test_a_published_series_has_an_alarm_fifteen_minutes_after_each_session(world: World) -> None:
    published = world.publish(CLASSES)

    assert (published.outcome, published.series) == ("applied", CLASSES.series.id)
    assert world.schedules.alarms == {
        session.id: (session.ends_at, session.ends_at + timedelta(minutes=15))
        for session in CLASSES.sessions
    }
    report = world.uploads.objects[f"catalogue/{CLASSES.series.id}.yaml.report.txt"].decode()
    assert report == "Tending the Future of Care is published: 5 sessions, 18 prices.\n"
    assert world.letters(LetterKind.STAFF_CATALOGUE) == []


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_a_file_with_a_mistake_changes_nothing_and_comes_back_as_questions(
    world: World, file: Path
) -> None:
    world.publish(CLASSES)
    before = _kept(world)

    published = _publish_file(world, file.read_bytes())

    assert published.outcome == "refused"
    assert published.questions
    assert _kept(world) == before
    report = world.uploads.objects["catalogue/ours.yaml.report.txt"].decode()
    assert report.startswith("Nothing was changed.\n")
    assert all(str(question) in report for question in published.questions)
    (letter,) = world.letters(LetterKind.STAFF_CATALOGUE)
    assert letter.lines == tuple(str(question) for question in published.questions)


def test_the_same_mistake_uploaded_twice_is_one_letter(world: World) -> None:
    for _ in range(2):
        _publish_file(world, REFUSED[0].read_bytes())

    assert len(world.letters(LetterKind.STAFF_CATALOGUE)) == 1


def test_a_mistake_in_the_next_version_leaves_the_last_good_one_on_sale(world: World) -> None:
    world.publish(CLASSES)
    _publish_file(world, b"catalogue: 1\nseries: {id: tending-2025}\n")

    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")

    assert len(world.seats(CLASS_1.id)) == 1


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    world.publish(CLASSES)
    before = _kept(world)
    world.wait(hours=1)

    assert world.publish(CLASSES).outcome == "unchanged"
    assert _kept(world) == before


def test_publishing_again_sets_alarms_that_a_cut_off_publication_left_out(world: World) -> None:
    world.publish(CLASSES)
    expected = dict(world.schedules.alarms)
    world.schedules.alarms.clear()

    world.publish(CLASSES)

    assert world.schedules.alarms == expected


def test_a_moved_session_moves_its_alarm_and_the_old_alarm_does_nothing(world: World) -> None:
    world.publish(CLASSES)
    moved = CLASS_1.model_copy(
        update={
            "starts": CLASS_1.starts + timedelta(days=1),
            "ends": CLASS_1.ends + timedelta(days=1),
        }
    )
    world.wait(hours=1)

    assert world.publish(_with_first(moved)).outcome == "applied"

    assert world.schedules.alarms[CLASS_1.id][0] == CLASS_1.ends_at + timedelta(days=1)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    due = check_due(CLASS_1.id, CLASS_1.ends_at, None, records=world.records, now=world.now)
    assert (due.due, due.reason) == (False, "The session has moved.")
    assert world.sweep().sessions == 0


def test_a_session_that_was_closed_cannot_be_moved(world: World) -> None:
    world.publish(CLASSES)
    _close(world)
    moved = CLASS_1.model_copy(update={"ends": CLASS_1.ends + timedelta(hours=1)})

    published = world.publish(_with_first(moved))

    assert published.outcome == "refused"
    (question,) = published.questions
    assert "has already been closed, and its end was moved" in question.text


def test_the_rest_of_a_series_can_change_after_a_session_was_closed(world: World) -> None:
    world.publish(CLASSES)
    _close(world)
    renamed = CLASS_1.model_copy(update={"title": "As it was called in the end"})

    assert world.publish(_with_first(renamed)).outcome == "applied"
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED


def _close(world: World) -> None:
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    assert world.close(CLASS_1.id) == "closed"


def test_a_session_that_people_paid_for_cannot_disappear(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")

    published = world.publish(_without(CLASS_1.id))

    assert published.outcome == "refused"
    (question,) = published.questions
    assert question.text.startswith(f"The session '{CLASS_1.id}' is missing, and people are")
    assert len(world.seats(CLASS_1.id)) == 1


def test_a_session_that_nobody_paid_for_can_be_taken_out_and_is_never_closed(world: World) -> None:
    world.publish(CLASSES)

    assert world.publish(_without(CLASS_1.id)).outcome == "applied"

    assert world.state(CLASS_1.id).phase is SessionPhase.REMOVED
    world.now = CLASS_1.ends_at + timedelta(days=1)
    assert world.sweep().sessions == 0
    assert world.close(CLASS_1.id) == "There is no such session."


def test_a_session_that_was_taken_out_can_come_back_on_another_day(world: World) -> None:
    world.publish(CLASSES)
    world.publish(_without(CLASS_1.id))
    later = CLASS_1.model_copy(
        update={
            "starts": CLASS_1.starts + timedelta(days=7),
            "ends": CLASS_1.ends + timedelta(days=7),
        }
    )

    assert world.publish(_with_first(later)).outcome == "applied"

    assert world.state(CLASS_1.id).phase is SessionPhase.OPEN
    assert world.schedules.alarms[CLASS_1.id][0] == CLASS_1.ends_at + timedelta(days=7)


def test_a_report_for_a_session_that_was_taken_out_is_refused_with_the_reason(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.publish(_without(CLASS_1.id))

    outcome = world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])

    assert outcome == "refused"
    (letter,) = world.letters(LetterKind.STAFF_REPORT_REFUSED)
    assert letter.lines[0].startswith(f"There is no session '{CLASS_1.id}'.")


def test_an_older_upload_that_arrives_late_does_not_undo_a_newer_one(world: World) -> None:
    newer = CLASSES.model_copy(
        update={"series": CLASSES.series.model_copy(update={"title": "The newer title"})}
    )
    world.publish(newer)

    outcome = world.publish(CLASSES, at=world.now - timedelta(minutes=1)).outcome

    assert outcome == "superseded"
    series = world.records.get(Series.key_of(CLASSES.series.id), Series)
    assert series is not None
    assert series.catalogue.series.title == "The newer title"


def test_going_back_to_an_earlier_file_is_a_change_like_any_other(world: World) -> None:
    renamed = CLASSES.series.model_copy(update={"title": "For an hour"})
    for catalogue in (CLASSES, CLASSES.model_copy(update={"series": renamed}), CLASSES):
        assert world.publish(catalogue).outcome == "applied"
        world.wait(hours=1)

    series = world.records.get(Series.key_of(CLASSES.series.id), Series)
    assert series is not None
    assert series.catalogue.series.title == CLASSES.series.title
    assert len(world.records.everything(SeriesRevision)) == 2


def test_a_payment_link_of_another_series_is_refused(world: World) -> None:
    linked = CLASSES.prices[0].model_copy(update={"provider_ids": {"stripe": "plink_shared"}})
    world.publish(CLASSES.model_copy(update={"prices": (linked, *CLASSES.prices[1:])}))
    theirs = UNIT.prices[0].model_copy(update={"provider_ids": {"stripe": "plink_shared"}})

    published = world.publish(UNIT.model_copy(update={"prices": (theirs,)}))

    assert published.outcome == "refused"
    assert [question.text for question in published.questions] == [
        "'plink_shared' already belongs to the series 'tending-2025'. Which of the two sells it?"
    ]
    assert world.records.get(Series.key_of(UNIT.series.id), Series) is None


def test_a_session_of_another_series_is_refused_together_with_everything_else(
    world: World,
) -> None:
    world.publish(CLASSES)
    theirs = UNIT.sessions[0].model_copy(update={"id": CLASS_1.id})
    offer = UNIT.prices[0].model_copy(update={"id": f"{CLASS_1.id}-general"})

    published = world.publish(
        UNIT.model_copy(update={"sessions": (theirs, *UNIT.sessions[1:]), "prices": (offer,)})
    )

    assert [question.text.split(" ")[0] for question in published.questions] == [
        "The",
        f"'{CLASS_1.id}-general'",
    ]


def test_a_session_that_is_over_gets_no_alarm_and_is_found_by_the_sweep(world: World) -> None:
    world.now = CLASS_1.ends_at + timedelta(days=1)

    world.publish(CLASSES)

    assert CLASS_1.id not in world.schedules.alarms
    assert CLASS_2.id in world.schedules.alarms
    assert world.sweep().sessions == 1
    ((_, data),) = world.close_machine.started.items()
    assert data["session"] == CLASS_1.id


def test_a_price_that_changes_later_does_not_change_what_was_bought(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    dearer = tuple(offer.model_copy(update={"amount": 99900}) for offer in CLASSES.prices)

    world.publish(CLASSES.model_copy(update={"prices": dearer}))

    (order,) = world.records.everything(Order)
    assert str(order.price) == "$60.00"
    assert set(world.seats(CLASS_1.id).values()) == {"active"}
