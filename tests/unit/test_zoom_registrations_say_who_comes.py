"""Who registered at Zoom, and with which address: then whoever comes is known without staff."""

from datetime import datetime, timedelta

import pytest

from shared.adapters.zoom_events import read_zoom_event
from shared.domain.alias_addresses import alias_address
from shared.domain.credit import Verdict
from shared.domain.live_attendance import ZoomRegistration
from shared.usecases.record_zoom_event import ZoomOutcome, record_zoom_event
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who
from tests.zoom import MEETING, zoom_event, zoom_registration

_PLAIN = classes_catalogue(alias_domain="zoom.idha.example")
_LINK = {"joining_link": f"https://us02web.zoom.us/j/{MEETING}?pwd=x"}
CLASSES = _PLAIN.model_copy(
    update={"sessions": tuple(one.model_copy(update=_LINK) for one in _PLAIN.sessions)}
)
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
SERIES = CLASSES.series.id
ANA, BO = "general@example.org", "supporter@example.org"
AHEAD = timedelta(days=9)


@pytest.fixture
def world() -> World:
    """Two people paid for all five classes, and the first is about to begin."""
    world = World()
    world.publish(CLASSES)
    for address in (ANA, BO):
        world.pay(CLASSES, "all-five-general", address)
    world.now = CLASS_1.starts_at
    return world


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


def _came(registrant: str, name: str = "iPad", session: object = CLASS_1) -> list[bytes]:
    """Somebody was there from the start to the end, with the id of their registration."""
    starts: datetime = session.starts_at  # type: ignore[attr-defined]
    ends: datetime = session.ends_at  # type: ignore[attr-defined]
    uuid = f"{starts:%j}=="
    more = {"name": name, "registrant_id": registrant, "uuid": uuid, "device": registrant}
    return [
        zoom_event("meeting.participant_joined", starts, **more),
        zoom_event("meeting.participant_left", ends, **more),
        zoom_event("meeting.ended", ends, uuid=uuid),
    ]


def _registers(address: str, registrant: str) -> bytes:
    return zoom_registration(CLASS_1.starts_at - AHEAD, address, registrant)


def _close(world: World, session: object = CLASS_1) -> str:
    world.now = session.ends_at + timedelta(minutes=15)  # type: ignore[attr-defined]
    return world.close(session.id)  # type: ignore[attr-defined]


def _attended(world: World, address: str, session: str = CLASS_1.id) -> bool:
    verdict = world.records.get(Verdict.key_of(session, who(address)), Verdict)
    return verdict is not None and verdict.attended.granted


def test_whoever_registered_at_zoom_is_known_by_it_and_staff_are_not_asked(world: World) -> None:
    _tell(world, _registers(ANA, "reg-ana"), *_came("reg-ana"))

    assert _close(world) == "closed"

    assert (_attended(world, ANA), _attended(world, BO)) == (True, False)


def test_under_an_address_of_ours_too(world: World) -> None:
    ours = alias_address(who(ANA), SERIES, "zoom.idha.example", KEY)
    _tell(world, _registers(ours, "reg-ana"), *_came("reg-ana"))

    _close(world)

    assert _attended(world, ANA)


def test_a_registration_holds_for_every_class_of_the_series(world: World) -> None:
    _tell(world, _registers(ANA, "reg-ana"), *_came("reg-ana", session=CLASS_2))

    _close(world, CLASS_2)

    assert _attended(world, ANA, CLASS_2.id)


def test_the_registration_goes_before_the_account_somebody_is_signed_in_with(world: World) -> None:
    _tell(world, _registers(ANA, "reg-ana"), *_came("reg-ana", name=BO))

    _close(world)

    assert (_attended(world, ANA), _attended(world, BO)) == (True, False)


def test_an_address_without_a_seat_leaves_it_to_the_one_they_came_with(world: World) -> None:
    _tell(world, _registers("other@example.org", "reg-ana"), *_came("reg-ana", name=ANA))

    _close(world)

    assert _attended(world, ANA)


def test_a_registration_that_is_told_late_is_counted_by_closing_again(world: World) -> None:
    _tell(world, *_came("reg-ana"))
    _close(world)
    assert not _attended(world, ANA)

    world.wait(hours=1)
    _tell(world, _registers(ANA, "reg-ana"))

    ((_, data),) = world.close_machine.started.items()
    world.close(CLASS_1.id, data["report"])
    assert _attended(world, ANA)


def test_any_order_and_every_event_twice_ends_the_same(world: World) -> None:
    told = [*_came("reg-ana"), _registers(ANA, "reg-ana")]
    _tell(world, *reversed(told), *told)

    assert _close(world) == "closed"

    assert _attended(world, ANA)
    assert len(world.records.everything(ZoomRegistration)) == 1


def test_an_id_that_names_two_people_names_neither(world: World) -> None:
    _tell(world, _registers(ANA, "reg-1"), _registers(BO, "reg-1"), *_came("reg-1"))

    _close(world)

    assert (_attended(world, ANA), _attended(world, BO)) == (False, False)


def test_a_registration_for_a_webinar_says_the_same(world: World) -> None:
    at = CLASS_1.starts_at - AHEAD
    _tell(world, zoom_registration(at, ANA, "reg-ana", "webinar"), *_came("reg-ana"))

    _close(world)

    assert _attended(world, ANA)


def test_what_is_kept_of_a_registration_are_ids_alone(world: World) -> None:
    _tell(world, _registers(ANA, "reg-ana"))

    (kept,) = world.records.everything(ZoomRegistration)
    said = kept.model_dump_json() + str(kept.key())
    assert not any(word in said for word in (ANA, "general", "reg-ana", "secret", "Somebody"))


def test_a_registration_for_somebody_elses_meeting_is_none_of_our_business(world: World) -> None:
    body = _registers(ANA, "reg-ana").replace(MEETING.encode(), b"99999999999")

    assert _tell(world, body) == [ZoomOutcome.NOT_OURS]
    assert world.records.everything(ZoomRegistration) == []
