"""Who is who: by registration, by address, by what staff said. A name alone credits nobody."""

from datetime import datetime

import pytest

from shared.domain.alias_addresses import alias_address, learner_of_alias
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.likely_names import Person, likeliest
from shared.domain.matching import Alias
from shared.failures import Unavailable
from shared.usecases.find_attendance import seen_in
from shared.usecases.find_session import find_session
from shared.usecases.match_attendance import CannotBeMatched, confirm_match
from shared.usecases.register_at_zoom import zoom_registrants
from shared.usecases.suggest_matches import find_unmatched
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who

CLASSES = classes_catalogue(alias_domain="zoom.idha.example")
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
PRIYA, BO = "priya.menon@example.org", "bo@example.org"


@pytest.fixture
def world() -> World:
    """Two people paid for the whole series, and class 1 is over."""
    world = World()
    world.publish(CLASSES)
    for address in (PRIYA, BO):
        world.pay(CLASSES, "all-five-general", address)
    world.now = CLASS_1.ends_at
    return world


def _whole(name: str, session: object = CLASS_1) -> tuple[str, datetime, datetime]:
    return name, session.starts_at, session.ends_at  # type: ignore[attr-defined]


def _rows(world: World, session: str = CLASS_1.id) -> dict[str, str]:
    """The row of everybody unmatched, by name."""
    found = find_session(session, world.records)
    assert found is not None
    return {
        one.seen.sighting.name: one.seen.sighting.participant
        for one in find_unmatched(found, world.records)
    }


def _say(world: World, name: str, address: str | None, session: str = CLASS_1.id) -> str:
    return confirm_match(
        session,
        _rows(world, session)[name][:9],
        who(address) if address else None,
        by="noor",
        why="She wrote to us.",
        records=world.records,
        workflows=world.close_machine,
        now=world.now,
    )


def _attended(world: World, address: str, session: str = CLASS_1.id) -> bool:
    verdict = world.records.get(Verdict.key_of(session, who(address)), Verdict)
    return verdict is not None and verdict.attended.granted


def test_a_name_alone_credits_nobody_however_well_it_fits(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Priya.Menon"), _whole(BO)])

    world.close(CLASS_1.id)

    assert not _attended(world, PRIYA)
    assert _attended(world, BO)


def test_staff_are_told_who_it_may_be_and_which_row_it_is(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Priya M"), _whole(BO)])

    world.close(CLASS_1.id)

    (letter,) = world.letters(LetterKind.STAFF_CLOSE)
    assert letter.lines[0].endswith("credit nobody: Priya M.")
    assert _rows(world)["Priya M"][:9] in letter.lines[1]
    assert PRIYA in letter.lines[1]


def test_what_staff_say_is_decided_again_and_remembered_for_the_next_class(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Priya M"), _whole(BO)])
    world.close(CLASS_1.id)
    world.wait(hours=1)

    assert _say(world, "Priya M", PRIYA) == "series"

    assert len(world.decide_wanted()) == 1
    assert _attended(world, PRIYA)
    world.now = CLASS_2.ends_at
    world.report(CLASS_2.id, [_whole("Priya M", CLASS_2)])
    world.close(CLASS_2.id)
    assert _attended(world, PRIYA, CLASS_2.id)
    (alias,) = world.records.everything(Alias)
    assert (alias.now.by, alias.now.why) == ("noor", "She wrote to us.")
    assert "priya" not in str(alias.key()).lower()


def test_only_whom_it_concerns_is_decided_again_and_the_class_is_not_closed_anew(
    world: World,
) -> None:
    world.report(CLASS_1.id, [_whole("Priya M"), _whole(BO)])
    world.close(CLASS_1.id)
    before = world.records.get(Verdict.key_of(CLASS_1.id, who(BO)), Verdict)
    world.wait(hours=1)

    _say(world, "Priya M", PRIYA)
    (started,) = world.decide_wanted()

    assert world.close_machine.started[started]["learner"] == who(PRIYA)
    assert world.records.get(Verdict.key_of(CLASS_1.id, who(BO)), Verdict) == before
    assert len(world.letters(LetterKind.STAFF_CLOSE)) == 1
    assert {one.learner for one in world.certificates()} == {who(PRIYA), who(BO)}


def test_if_it_was_said_of_the_wrong_one_both_are_decided_again(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Sam")])
    row = _rows(world)["Sam"]
    world.close(CLASS_1.id)
    credited = []
    for address in (BO, PRIYA, BO):
        world.wait(minutes=5)
        confirm_match(
            CLASS_1.id, row, who(address), by="noor", why="-", records=world.records,
            workflows=world.close_machine, now=world.now,
        )  # fmt: skip
        world.decide_wanted()
        credited.append((_attended(world, BO), _attended(world, PRIYA)))

    assert credited == [(True, False), (False, True), (True, False)]


def test_said_once_more_after_it_was_cut_off_it_is_finished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.report(CLASS_1.id, [_whole("Priya M")])
    world.close(CLASS_1.id)

    def fails(*_: object, **__: object) -> bool:
        raise Unavailable("Cut off.")

    monkeypatch.setattr("shared.usecases.match_attendance.decide_again", fails)
    with pytest.raises(Unavailable):
        _say(world, "Priya M", PRIYA)
    monkeypatch.undo()
    rows = {one.now.learner for one in world.records.everything(Alias)}
    assert rows == {who(PRIYA)}

    found = find_session(CLASS_1.id, world.records)
    assert found is not None
    (seen,) = list(seen_in(found, world.records))
    confirm_match(
        CLASS_1.id, seen.sighting.participant, who(PRIYA), by="noor", why="-",
        records=world.records, workflows=world.close_machine, now=world.now,
    )  # fmt: skip
    world.decide_wanted()

    assert _attended(world, PRIYA)


@pytest.mark.parametrize("name", ["iPhone", "Galaxy S21", "+1 555 0100", "Zoom user"])
def test_what_a_device_is_called_holds_for_that_class_alone(world: World, name: str) -> None:
    world.report(CLASS_1.id, [_whole(name)])

    assert _say(world, name, PRIYA) == "session"

    world.now = CLASS_2.ends_at
    world.report(CLASS_2.id, [_whole(name, CLASS_2)])
    world.close(CLASS_2.id)
    assert not _attended(world, PRIYA, CLASS_2.id)


def test_a_name_that_two_registrants_bear_holds_for_that_class_alone(world: World) -> None:
    for number in (1, 2):
        world.pay(CLASSES, "all-five-general", f"maria{number}@example.org", buyer_name="Maria")
    world.report(CLASS_1.id, [_whole("Maria")])

    assert _say(world, "Maria", "maria1@example.org") == "session"


def test_another_address_of_somebody_is_theirs_once_staff_say_so(world: World) -> None:
    world.report(CLASS_1.id, [_whole("pmenon@work.example")])
    assert _say(world, "pmenon", PRIYA) == "series"

    world.close(CLASS_1.id)

    assert _attended(world, PRIYA)


def test_staff_may_say_that_somebody_is_nobody_and_are_not_asked_again(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Captioner")])
    _say(world, "Captioner", None)

    assert _rows(world) == {}
    world.now = CLASS_2.ends_at
    world.report(CLASS_2.id, [_whole("Captioner", CLASS_2)])
    assert _rows(world, CLASS_2.id) == {}


def test_what_was_said_wrongly_is_said_again_and_both_are_kept(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Sam")])
    row = _rows(world)["Sam"]
    for address in (BO, PRIYA):
        confirm_match(
            CLASS_1.id, row, who(address), by="noor", why="-", records=world.records,
            workflows=world.close_machine, now=world.now,
        )  # fmt: skip

    world.close(CLASS_1.id)

    (alias,) = world.records.everything(Alias)
    assert [one.learner for one in alias.confirmations] == [who(BO), who(PRIYA)]
    assert (_attended(world, BO), _attended(world, PRIYA)) == (False, True)


def test_what_cannot_be_matched_is_refused_with_the_reason(world: World) -> None:
    world.report(CLASS_1.id, [_whole("Sam"), _whole("Max"), _whole(BO)])
    rows = _rows(world)

    for row, learner in (("", PRIYA), ("P", PRIYA), ("Pnowhere", PRIYA), (rows["Sam"], "x@y.org")):
        with pytest.raises(CannotBeMatched):
            confirm_match(
                CLASS_1.id, row, who(learner), by="n", why="-", records=world.records,
                workflows=world.close_machine, now=world.now,
            )  # fmt: skip
    assert world.records.everything(Alias) == []


def test_under_an_address_of_ours_a_row_is_matched_exactly_and_gives_nothing_away(
    world: World,
) -> None:
    rows = dict(zoom_registrants(CLASS_1.id, records=world.records, key=KEY))
    (alias,) = (address for address, name in rows.items() if name.startswith("Priya"))
    world.report(CLASS_1.id, [_whole(alias)])

    world.close(CLASS_1.id)

    assert _attended(world, PRIYA)
    assert alias.endswith("@zoom.idha.example")
    assert "priya" not in alias
    assert len(alias.partition("@")[0]) <= 64


def test_nobody_can_make_up_an_address_of_ours_for_somebody_else() -> None:
    address = alias_address(who(PRIYA), "tending-2025", "zoom.example", KEY)

    assert learner_of_alias(address, "tending-2025", KEY) == who(PRIYA)
    assert learner_of_alias(address.upper(), "tending-2025", KEY) == who(PRIYA)
    assert learner_of_alias(address, "another-series", KEY) is None
    assert learner_of_alias(address, "tending-2025", KEY[::-1]) is None
    swapped = who(BO).lower() + address[25:]
    assert learner_of_alias(swapped, "tending-2025", KEY) is None


PEOPLE = [
    Person("L1", "Priya Menon", "p.menon@example.org"),
    Person("L2", "Usha Rao", "usha@example.org"),
    Person("L3", "Ana Ruiz-Gómez", "ana@example.org"),
    Person("L4", "प्रियंका मित्तल", "pm@example.in"),
]


@pytest.mark.parametrize(
    ("name", "address", "learner"),
    [
        ("Priya", "", "L1"),
        ("menon priya", "", "L1"),
        ("Usha (Usha Rao, LCSW)", "", "L2"),
        ("Ana Ruiz Gomez (she/her)", "", "L3"),
        ("प्रियंका", "", "L4"),
        ("", "usha.rao@example.net", "L2"),
        ("", "somebody@else.example", None),
        ("", "usha@work.example", "L2"),
        ("iPhone", "", None),
        ("", "", None),
    ],
)
def test_the_likeliest_registrant_is_suggested_or_none(
    name: str, address: str, learner: str | None
) -> None:
    found = likeliest(name, address, PEOPLE)

    assert (found.learner if found else None) == learner
