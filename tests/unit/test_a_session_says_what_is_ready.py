"""What of a session is ready, and its timeline: each line follows from what is."""

from datetime import timedelta

import pytest

from shared.domain.catalogue import Catalogue
from shared.domain.desk_deeds import deeds_of_session
from shared.domain.desk_page_lists import listed_timeline
from shared.domain.desk_session import Check, Ready
from shared.domain.letters import Letter
from shared.domain.session_counts import SessionCounts
from shared.domain.sessions import SessionPhase
from shared.usecases.close_by_hand import CannotBeClosed, close_by_hand
from shared.usecases.look_at_session import look_at_session
from shared.usecases.rule_on_recording import release_recording
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import CAPTIONS, World

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
ANA, BO = "ana@example.org", "bo@example.org"


def checks(world: World, session: str = CLASS_1.id) -> dict[str, Check]:
    page = look_at_session(session, records=world.records, now=world.now)
    assert page is not None
    return {check.code: check for check in page.checks}


def happened(world: World, session: str = CLASS_1.id) -> list[str]:
    page = look_at_session(session, records=world.records, now=world.now)
    assert page is not None
    assert [one.at for one in page.happened] == sorted(one.at for one in page.happened)
    return [f"{'> ' if one.ahead else ''}{one.text}" for one in page.happened]


def changed(**changes: object) -> Catalogue:
    """The classes, with the first of them changed."""
    first = CLASS_1.model_copy(update=changes)
    return CLASSES.model_copy(update={"sessions": (first, *CLASSES.sessions[1:])})


@pytest.fixture
def ahead(world: World) -> World:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.pay(CLASSES, f"{CLASS_1.id}-general", BO)
    return world


@pytest.fixture
def over(ahead: World) -> World:
    ahead.now = CLASS_1.ends_at + timedelta(minutes=15)
    return ahead


def test_before_class_everything_is_there_or_comes_by_itself(ahead: World) -> None:
    found = checks(ahead)

    assert found["joining_link"].ready is Ready.DONE
    assert {found[code].ready for code in ("attendance", "closed", "recording")} == {Ready.LATER}


def test_after_class_the_report_and_the_recording_want_somebody_until_they_come(
    over: World,
) -> None:
    assert checks(over)["attendance"].ready is Ready.WANTED
    assert "Upload" in checks(over)["attendance"].act
    assert checks(over)["recording"].ready is Ready.WANTED

    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.upload_recording(CLASS_1.id)
    assert checks(over)["attendance"].ready is Ready.DONE
    assert checks(over)["recording"].ready is Ready.DONE
    assert checks(over)["closed"].ready is Ready.LATER

    over.close(CLASS_1.id)
    assert checks(over)["closed"].ready is Ready.DONE


def test_captions_want_somebody_only_where_the_catalogue_asks_for_them(over: World) -> None:
    over.upload_recording(CLASS_1.id)
    assert checks(over)["captions"].ready is Ready.NOT_ASKED

    policy = CLASSES.policies.recording.model_copy(update={"captions_required": True})
    policies = CLASSES.policies.model_copy(update={"recording": policy})
    world = World()
    world.publish(CLASSES.model_copy(update={"policies": policies}))
    world.now = over.now
    assert checks(world)["captions"].ready is Ready.LATER
    world.upload_recording(CLASS_1.id)
    assert checks(world)["captions"].ready is Ready.WANTED
    assert checks(world)["recording"].ready is not Ready.DONE
    world.upload_recording(CLASS_1.id, "captions.en.vtt", CAPTIONS)
    assert checks(world)["captions"].ready is Ready.DONE


def test_a_price_that_names_no_payment_link_wants_somebody(world: World) -> None:
    prices = tuple(offer.model_copy(update={"provider_ids": {}}) for offer in CLASSES.prices)
    world.publish(CLASSES.model_copy(update={"prices": prices}))

    assert checks(world)["price"].ready is Ready.WANTED


def test_a_certificate_without_objectives_wants_somebody(world: World) -> None:
    world.publish(changed(objectives=()))

    found = checks(world)["certificate"]
    assert found.ready is Ready.WANTED
    assert "the objectives" in found.why


def test_of_a_cancelled_class_nothing_is_asked(ahead: World) -> None:
    ahead.publish(changed(cancelled="Zoë is ill."), at=ahead.now + timedelta(hours=1))

    assert checks(ahead) == {}
    assert any("It was cancelled" in text for text in happened(ahead))


def test_the_timeline_tells_what_is_ahead_and_then_that_it_happened(over: World) -> None:
    assert "> Its close." not in happened(over)
    over.now = CLASS_1.starts_at - timedelta(days=2)
    assert "> It begins." in happened(over)
    assert "> Reminder, 1 day before the start." in happened(over)

    over.now = CLASS_1.ends_at + timedelta(minutes=15)
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.close(CLASS_1.id)
    told = happened(over)

    assert "It was closed." in told
    assert "1 of 2 people had earned a certificate by then." in told
    assert "> It begins." not in told


def test_the_timeline_says_who_released_a_recording_and_why_and_when_its_files_go(
    over: World,
) -> None:
    fortnight = changed(recording_days=14)
    over.publish(fortnight, at=over.now)
    assert not [text for text in happened(over) if "deleted" in text]
    over.upload_recording(CLASS_1.id)
    release_recording(
        CLASS_1.id, by="noor", why="The sound is fine.", records=over.records,
        workflows=over.recording_machine, now=over.now,
    )  # fmt: skip

    page = look_at_session(CLASS_1.id, records=over.records, now=over.now)

    assert page is not None
    (said,) = [one for one in page.happened if one.by]
    assert (said.by, said.why) == ("noor", "The sound is fine.")
    (gone,) = [one for one in page.happened if "files are deleted" in one.text]
    closes_at = fortnight.recording_closes_at(CLASS_1.id)
    kept = fortnight.policies.recording.delete_days_after_end
    assert closes_at is not None
    assert kept is not None
    assert (gone.at, gone.ahead) == (closes_at + timedelta(days=kept), True)
    bare, told = (listed_timeline(page, words=words).rows for words in (False, True))
    assert "The sound is fine." in {cell for row in told for cell in row}
    assert "The sound is fine." not in {cell for row in bare for cell in row}


def test_a_notice_for_a_plan_that_changed_is_not_in_it(ahead: World) -> None:
    reminders = [text for text in happened(ahead) if "Reminder" in text]
    later = timedelta(days=1)
    ahead.publish(
        changed(starts=CLASS_1.starts + later, ends=CLASS_1.ends + later),
        at=ahead.now + timedelta(hours=1),
    )

    told = happened(ahead)

    assert "It was moved to the time it has now." in told
    assert len([text for text in told if "Reminder" in text]) == len(reminders)


def test_a_close_counts_how_it_came_out_and_counts_again_when_it_is_done_again(
    over: World,
) -> None:
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.close(CLASS_1.id)

    (counts,) = over.records.everything(SessionCounts)
    assert (counts.registered, counts.came_to.attended, counts.came_to.issued) == (2, 1, 1)
    assert sum(counts.came_to.reasons.values()) >= 1

    both = [(ANA, CLASS_1.starts_at, CLASS_1.ends_at), (BO, CLASS_1.starts_at, CLASS_1.ends_at)]
    over.now += timedelta(hours=1)
    over.close(CLASS_1.id, over.report(CLASS_1.id, both))

    (counts,) = over.records.everything(SessionCounts)
    assert (counts.came_to.attended, counts.came_to.reasons) == (2, {})


def test_a_unit_is_counted_as_a_whole_at_the_close_of_its_last_part(world: World) -> None:
    unit = unit_catalogue()
    world.publish(unit)
    world.pay(unit, unit.prices[0].id, ANA)
    for part in unit.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        world.report(part.id, [(ANA, part.starts_at, part.ends_at)])
        world.close(part.id)

    counts = {one.session: one.unit for one in world.records.everything(SessionCounts)}
    *before, last = (counts[part.id] for part in unit.sessions)
    assert set(before) == {None}
    assert last is not None and (last.decided, last.earned) == (1, 1)


def by_hand(world: World) -> None:
    close_by_hand(CLASS_1.id, records=world.records, workflows=world.close_machine, now=world.now)


def test_a_session_is_closed_by_hand_when_it_is_over_and_attendance_is_there(over: World) -> None:
    with pytest.raises(CannotBeClosed, match="attendance"):
        by_hand(over)
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    started = len(over.close_machine.started)

    by_hand(over)

    assert len(over.close_machine.started) == started + 1


def test_a_session_that_is_not_over_or_not_there_is_not_closed_by_hand(ahead: World) -> None:
    with pytest.raises(CannotBeClosed, match="not over"):
        by_hand(ahead)
    with pytest.raises(CannotBeClosed, match="no such session"):
        close_by_hand("x", records=ahead.records, workflows=ahead.close_machine, now=ahead.now)


def test_everybody_is_decided_again_on_the_same_attendance_and_nobody_gets_anything_twice(
    over: World,
) -> None:
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.close(CLASS_1.id)
    letters = len(over.records.everything(Letter))
    report = over.state(CLASS_1.id).report
    assert over.close(CLASS_1.id, report) == "The session has been closed."

    by_hand(over)

    (told,) = list(over.close_machine.started.values())[-1:]
    assert told["report"] == report
    assert over.close(CLASS_1.id, told["report"]) == "closed"
    assert over.state(CLASS_1.id).phase is SessionPhase.CLOSED
    assert len(over.certificates()) == 1
    assert len(over.records.everything(Letter)) == letters


def test_a_recording_that_was_announced_can_be_announced_again_from_the_page(over: World) -> None:
    def offered() -> list[str]:
        page = look_at_session(CLASS_1.id, records=over.records, now=over.now)
        assert page is not None
        return [deed.what for deed in deeds_of_session(page.known, over.now)]

    assert offered() == []
    over.upload_recording(CLASS_1.id)
    assert offered() == ["announce-recording"]

    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    assert offered() == ["close-session", "announce-recording"]
