"""What Zoom tells live, in any order, twice, in pieces; and what it says of who was there."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.zoom_events import UnreadableEvent, read_zoom_event
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.live_attendance import LiveFact, Says, ZoomRecording
from shared.domain.sessions import SessionPhase
from shared.usecases.record_zoom_event import ZoomOutcome, record_zoom_event
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who
from tests.zoom import MEETING, zoom_event

EVENTS = Path("events/zoom_webhook")
_PLAIN = classes_catalogue()
CLASSES = _PLAIN.model_copy(
    update={
        "sessions": tuple(
            one.model_copy(update={"joining_link": f"https://us02web.zoom.us/j/{MEETING}?pwd=x"})
            for one in _PLAIN.sessions
        )
    }
)
CLASS_1 = CLASSES.sessions[0]
START, END = CLASS_1.starts_at, CLASS_1.ends_at
ANA, BO = "general@example.org", "supporter@example.org"


def _after(minutes: float, seconds: int = 0) -> datetime:
    return START + timedelta(minutes=minutes, seconds=seconds)


def _joined(name: str, minutes: float, device: str = "1", **more: Any) -> bytes:
    return zoom_event(
        "meeting.participant_joined", _after(minutes), name=name, device=device, **more
    )


def _left(name: str, minutes: float, device: str = "1", **more: Any) -> bytes:
    return zoom_event("meeting.participant_left", _after(minutes), name=name, device=device, **more)


def _ended(minutes: float, uuid: str = "uuid/1==") -> bytes:
    return zoom_event("meeting.ended", _after(minutes), uuid=uuid)


def _tell(world: World, *bodies: bytes) -> list[ZoomOutcome]:
    outcomes = []
    for body in bodies:
        event = read_zoom_event(body)
        assert event is not None
        outcomes.append(
            record_zoom_event(
                event,
                records=world.records,
                workflows=world.close_machine,
                identity_key=KEY,
                now=world.now,
            )
        )
    return outcomes


@pytest.fixture
def world() -> World:
    """Class 1, for which two people paid, and it is about to begin."""
    world = World()
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.pay(CLASSES, f"{CLASS_1.id}-supporter", BO)
    world.now = START
    return world


def _close(world: World) -> str:
    world.now = END + timedelta(minutes=15)
    return world.close(CLASS_1.id)


def _minutes(world: World, address: str) -> int:
    verdict = world.records.get(Verdict.key_of(CLASS_1.id, who(address)), Verdict)
    assert verdict is not None
    return verdict.minutes


WHOLE = (_joined(ANA, -2), _joined(BO, 0, "2"), _left(BO, 149, "2"), _left(ANA, 151), _ended(150))


def test_when_zoom_told_the_whole_story_nobody_is_asked_for_a_report(world: World) -> None:
    _tell(world, *WHOLE)

    assert _close(world) == "closed"

    assert world.letters(LetterKind.STAFF_REPORT_MISSING) == []
    assert (_minutes(world, ANA), _minutes(world, BO)) == (150, 149)
    assert len(world.certificates()) == 2


@pytest.mark.parametrize("order", [*permutations(range(4))][::3], ids=str)
def test_any_order_and_every_event_twice_ends_the_same(
    world: World, order: tuple[int, ...]
) -> None:
    told = (_joined(ANA, 10), _left(ANA, 60), _joined(ANA, 70, "9"), _ended(150))
    _tell(world, *(told[at] for at in order), *told)
    world.report(CLASS_1.id, [(BO, START, END)])

    _close(world)

    assert _minutes(world, ANA) == 50 + 80


@pytest.mark.parametrize("missing", range(4))
def test_if_a_piece_is_missing_staff_are_asked_and_nothing_is_decided(
    world: World, missing: int
) -> None:
    told = [_joined(ANA, -2), _left(ANA, 151), _joined(BO, 0, "2"), _left(BO, 149, "2")]
    _tell(world, *(body for at, body in enumerate(told) if at != missing), _ended(150))

    assert _close(world) == "waiting for the report"

    (letter,) = world.letters(LetterKind.STAFF_REPORT_MISSING)
    assert "That record is not whole" in letter.lines[0]


def test_a_meeting_that_has_not_ended_is_waited_for_and_its_end_closes_the_session(
    world: World,
) -> None:
    _tell(world, *WHOLE[:-1])
    assert _close(world) == "waiting for the report"

    _tell(world, _ended(170))

    ((token, data),) = world.close_machine.resumed
    assert (token, data["session"]) == (f"token-{CLASS_1.id}", CLASS_1.id)
    assert world.finish_close(CLASS_1.id) == "closed"
    assert len(world.certificates()) == 2


def test_the_end_often_comes_before_the_last_leaving(world: World) -> None:
    _tell(world, _joined(ANA, 0), _ended(150), _left(ANA, 150.1))

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_who_left_without_having_joined_is_not_credited_for_it(world: World) -> None:
    _tell(world, _left(ANA, 150), _ended(150))
    world.report(CLASS_1.id, [(BO, START, END)])

    _close(world)

    assert _minutes(world, ANA) == 0


def test_who_joined_without_leaving_was_there_until_the_end_of_the_meeting(world: World) -> None:
    _tell(world, _joined(ANA, 30), _ended(140))
    world.report(CLASS_1.id, [(BO, START, END)])

    _close(world)

    assert _minutes(world, ANA) == 110


def test_a_lost_leaving_never_credits_the_time_until_the_next_joining(world: World) -> None:
    _tell(world, _joined(ANA, 0), _joined(ANA, 100), _left(ANA, 150), _ended(150))
    world.report(CLASS_1.id, [(BO, START, END)])

    _close(world)

    assert _minutes(world, ANA) == 50


def test_two_devices_are_one_presence_and_a_restarted_meeting_is_added_up(world: World) -> None:
    _tell(
        world,
        _joined(ANA, 0, "1"), _joined(ANA, 20, "2"), _left(ANA, 40, "1"), _left(ANA, 60, "2"),
        _ended(60),
        _joined(ANA, 65, "7", uuid="//other+=="), _left(ANA, 150, "7", uuid="//other+=="),
        _ended(150, "//other+=="),
    )  # fmt: skip

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 60 + 85


def test_leaving_and_joining_within_one_second_is_no_absence(world: World) -> None:
    _tell(world, _joined(ANA, 0), _left(ANA, 60), _joined(ANA, 60), _left(ANA, 150), _ended(150))

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_waiting_is_not_attending(world: World) -> None:
    body = zoom_event("meeting.participant_joined_waiting_room", _after(0), name=ANA)

    assert read_zoom_event(body) is None


def test_who_is_sent_back_to_the_waiting_room_is_away(world: World) -> None:
    out = zoom_event("meeting.participant_put_in_waiting_room", _after(60), name=ANA)
    _tell(world, _joined(ANA, 0), out, _left(ANA, 70), _joined(ANA, 80, "3"), _left(ANA, 150, "3"))
    _tell(world, _ended(150))

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 60 + 70


def _room(what: str, minutes: float, device: str = "1", room: str = "room-1") -> bytes:
    event = f"meeting.participant_{what}_breakout_room"
    return zoom_event(event, _after(minutes), name=ANA, device=device, room=room)


def test_a_breakout_room_is_part_of_the_class(world: World) -> None:
    _tell(world, _joined(ANA, 0), _left(ANA, 60), _room("joined", 60), _room("left", 90))
    _tell(world, _joined(ANA, 90), _left(ANA, 150), _ended(150))

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_who_moves_to_a_room_leaves_and_joins_at_once_under_a_new_number(world: World) -> None:
    _tell(
        world,
        _joined(ANA, 0, "1"), _left(ANA, 60, "1"), _joined(ANA, 60, "2"), _room("joined", 60, "2"),
        _left(ANA, 90, "2"), _room("left", 90, "2"), _joined(ANA, 90, "3"), _left(ANA, 150, "3"),
        _ended(150),
    )  # fmt: skip

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_rooms_that_the_host_closes_without_a_word_leave_no_hole(world: World) -> None:
    _tell(
        world,
        _joined(ANA, 0, "1"), _left(ANA, 60, "1"), _joined(ANA, 60, "2"), _room("joined", 60, "2"),
        _left(ANA, 90, "2"), _joined(ANA, 90, "3"), _left(ANA, 150, "3"), _ended(150),
    )  # fmt: skip

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_a_room_whose_end_nobody_told_credits_nothing_and_staff_are_asked(world: World) -> None:
    _tell(world, _joined(ANA, 0), _left(ANA, 60), _room("joined", 60), _ended(150))

    assert _close(world) == "waiting for the report"

    world.report(CLASS_1.id, [(BO, START, END)])
    world.close(CLASS_1.id)
    assert _minutes(world, ANA) == 60


def test_a_report_and_live_events_are_united(world: World) -> None:
    _tell(world, _joined(ANA, 0), _left(ANA, 80))
    world.report(CLASS_1.id, [(ANA, _after(75), END), (BO, START, END)])

    assert _close(world) == "closed"
    assert _minutes(world, ANA) == 150


def test_what_comes_after_the_close_is_decided_on_by_closing_again(world: World) -> None:
    _tell(world, _joined(ANA, 0), _left(ANA, 80))
    world.report(CLASS_1.id, [(BO, START, END)])
    _close(world)
    assert _minutes(world, ANA) == 80

    world.wait(hours=1)
    _tell(world, _joined(ANA, 80, "5"), _left(ANA, 150, "5"))

    assert len(world.close_machine.started) == 1  # a joining alone says nothing yet
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED
    world.close(CLASS_1.id, "again")
    assert _minutes(world, ANA) == 150


def test_the_same_events_once_more_change_nothing(world: World) -> None:
    _tell(world, *WHOLE)
    _close(world)
    before = world.state(CLASS_1.id)

    _tell(world, *WHOLE)

    assert world.state(CLASS_1.id) == before
    assert world.close_machine.started == {}


def test_other_meetings_and_other_days_are_none_of_our_business(world: World) -> None:
    other = json.loads(_joined(ANA, 0))
    other["payload"]["object"]["id"] = "99999999999"
    far = zoom_event("meeting.participant_joined", START - timedelta(days=2), name=ANA)

    assert _tell(world, json.dumps(other).encode(), far) == [ZoomOutcome.NOT_OURS] * 2
    assert world.records.everything(LiveFact) == []


def test_each_class_gets_its_own_events_though_all_share_one_number(world: World) -> None:
    second = CLASSES.sessions[1]
    _tell(world, _joined(ANA, 0))
    _tell(world, zoom_event("meeting.participant_joined", second.starts_at, name=ANA, uuid="2"))

    assert [fact.session for fact in world.records.everything(LiveFact)] == sorted(
        (CLASS_1.id, second.id)
    )


def test_the_host_and_the_institutes_own_people_are_no_learners(world: World) -> None:
    own = CLASSES.institute.staff[0]
    host = {"participant_user_id": "host-1"}
    _tell(world, *WHOLE, _joined(own, 0, "8"), _left(own, 150, "8"))
    _tell(world, _joined("Host", 0, "9", **host), _left("Host", 150, "9", **host))

    assert _close(world) == "closed"
    (letter,) = world.letters(LetterKind.STAFF_CLOSE)
    assert letter.lines == ()


def test_no_name_or_address_is_in_a_key(world: World) -> None:
    _tell(world, *WHOLE, _joined("Priya M", 0, "6"))

    keys = " ".join(str(fact.key()) for fact in world.records.everything(LiveFact)).lower()
    assert not any(word in keys for word in ("priya", "example", "general", "supporter"))


def test_a_recording_is_noted_with_its_ids_and_without_the_key_to_it(world: World) -> None:
    _tell(world, (EVENTS / "recording.completed.json").read_bytes())

    (noted,) = world.records.everything(ZoomRecording)
    assert len(noted.files) == 5
    assert "token" not in noted.model_dump_json()
    assert "download" not in noted.model_dump_json()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("meeting.participant_joined", Says.JOINED),
        ("meeting.participant_left", Says.LEFT),
        ("meeting.participant_joined.guest", Says.JOINED),
        ("meeting.participant_joined_waiting_room", None),
        ("meeting.ended", Says.ENDED),
        ("webinar.participant_joined", Says.JOINED),
        ("webinar.ended", Says.ENDED),
        ("meeting.participant_joined_breakout_room", Says.JOINED),
        ("meeting.participant_left_breakout_room", Says.LEFT),
        ("meeting.registration_created", Says.REGISTERED),
        ("webinar.registration_created", Says.REGISTERED),
        ("recording.completed", Says.RECORDED),
        ("endpoint.url_validation", None),
    ],
)
def test_every_event_we_keep_an_example_of_is_understood(name: str, says: Says | None) -> None:
    event = read_zoom_event((EVENTS / f"{name}.json").read_bytes())

    assert (event.says if event else None) is says
    assert event is None or event.meeting == MEETING


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "uuid", "participant", "end_time", "join_time", "user_id", "email",
                         "recording_files", "registrant"]), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_whatever_is_signed_is_read_or_set_aside_for_staff(held: object) -> None:
    events = ("participant_joined", "ended", "registration_created")
    for event in (*(f"meeting.{one}" for one in events), "recording.completed"):
        body = json.dumps({"event": event, "event_ts": 1, "payload": {"object": held}}).encode()
        with suppress(UnreadableEvent):
            read_zoom_event(body)
