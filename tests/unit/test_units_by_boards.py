"""What boards credit of a unit: all of its parts, by minutes, days and rates; or nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.attendance import Interval, Presence, decide_attendance
from shared.domain.catalogue import Catalogue
from shared.domain.certificates import certificate_text
from shared.domain.credit import Ruling, Verdict
from shared.domain.credit_policy import CreditPolicy
from shared.domain.credit_units import decide_unit
from shared.domain.letters import LetterKind
from shared.domain.overrides import Override, Overrides
from shared.domain.payments import OrderStatus
from shared.domain.registrations import Grant, Registration
from shared.domain.standing import NOTHING_KNOWN, Practice, Standing
from shared.usecases.make_up_part import make_up_part, note_opened
from tests.catalogues import unit_catalogue
from tests.world import World, who

UNIT = unit_catalogue()
PARTS = UNIT.sessions
AFTER = PARTS[-1].ends_at + timedelta(hours=1)
WHOLE = (0.0, 600.0)
LIVE = {"id": "swb", "board": "Board of Social Work", "hours": "1.5"}
EITHER = {"id": "open", "board": "Open Board", "hours": "1", "live_only": False}
MADE_UP = frozenset({1})


@dataclass(frozen=True)
class Case:
    """Minutes in each part from its start (None: not there), and what comes of it."""

    name: str
    credited_by: tuple[str, ...]
    there: tuple[tuple[float, float] | None, ...] = (WHOLE,) * 4
    why: tuple[str, ...] = ()
    boards: tuple[dict[str, Any], ...] = (LIVE, EITHER)
    made_up: frozenset[int] = frozenset()
    others: bool = True
    earns: bool = True
    standing: Standing = NOTHING_KNOWN
    paid: OrderStatus = OrderStatus.PAID
    more: dict[str, Any] = field(default_factory=dict)


MISSED_ONE = (WHOLE, None, WHOLE, WHOLE)
SOCIAL = {"professions": ["Social Worker"]}
SAID_YES = Standing(
    overrides=Overrides(
        scope=UNIT.series.id, series=UNIT.series.id, learner="L1",
        said=(Override(about="attendance", granted=True, by="noor", why="We know.", at=AFTER),),
    )
)  # fmt: skip
CASES = (
    Case("all four parts live", ("swb", "open")),
    Case("one part made up counts only where a board does not ask for live", ("open",),
         MISSED_ONE, ("live_only",), made_up=MADE_UP),
    Case("one part made up, and the certificate is for those alone whom a board credits", (),
         MISSED_ONE, ("live_only",), boards=(LIVE,), made_up=MADE_UP, others=False, earns=False),
    Case("the same, and another board takes it", ("open",), MISSED_ONE, ("live_only",),
         made_up=MADE_UP, others=False),
    Case("one part missed and not made up", (), MISSED_ONE, ("absent",), earns=False),
    Case("late by the minutes of one board alone", ("open",), ((10, 600), WHOLE, WHOLE, WHOLE),
         ("late",), boards=(LIVE | {"grace_late": 5}, EITHER)),
    Case("one board's approval ends before the last part", ("open",), why=("not_approved",),
         boards=(LIVE | {"approved_to": PARTS[-1].starts.date() - timedelta(days=1)}, EITHER)),
    Case("one board's approval begins with the first part", ("swb",),
         boards=(LIVE | {"approved_from": PARTS[0].starts.date()},)),
    Case("another profession than the board's", ("open",), why=("other_profession",),
         boards=(LIVE | SOCIAL, EITHER), standing=Standing(practices=(Practice("Nurse", "NY"),))),
    Case("the board's own profession", ("swb",), boards=(LIVE | SOCIAL,),
         standing=Standing(practices=(Practice("Social Worker", "NY"),))),
    Case("a rate that the board does not know", ("open",), why=("tier_without_board",),
         boards=(LIVE | {"tiers": ["supporter"]}, EITHER)),
    Case("an evaluation that the board asks for and nobody sent", ("open",),
         why=("evaluation_missing",), boards=(LIVE | {"evaluation": True}, EITHER)),
    Case("money that went back", (), why=("refunded",), paid=OrderStatus.REFUNDED, earns=False),
    Case("staff say that the whole was attended", ("swb", "open"), MISSED_ONE, standing=SAID_YES),
)  # fmt: skip


def _catalogue(case: Case) -> Catalogue:
    credit = {"boards": case.boards, "others": case.others, "make_up": ["session"]}
    policies = UNIT.policies.model_copy(update={"credit": CreditPolicy.model_validate(credit)})
    return UNIT.model_copy(update={"policies": policies})


def _decide(case: Case) -> Ruling:
    catalogue = _catalogue(case)
    seats, attended, presences = {}, {}, {}
    for part, there in zip(PARTS, case.there, strict=True):
        seats[part.id] = Registration(
            session=part.id, series=UNIT.series.id, learner="L1",
            grants={"order": Grant(tier="standard", status=case.paid)},
            registered_at=datetime(2025, 10, 1, tzinfo=UTC),
        )  # fmt: skip
        rows = () if there is None else (
            Interval(
                part.starts_at + timedelta(minutes=there[0]),
                min(part.ends_at, part.starts_at + timedelta(minutes=there[1])),
            ),
        )  # fmt: skip
        presences[part.id] = Presence(intervals=rows)
        attended[part.id] = decide_attendance(
            catalogue.policies.attendance, presences[part.id], part.starts_at, part.ends_at,
            part.zone,
        )  # fmt: skip
    made_up = frozenset(PARTS[at].id for at in case.made_up)
    return decide_unit(catalogue, seats, attended, AFTER, case.standing, made_up, presences)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_of_a_unit(case: Case) -> None:
    ruling = _decide(case)

    assert tuple(one.board for one in ruling.boards if one.decision.granted) == case.credited_by
    assert ruling.earned.granted is case.earns
    if case.why:
        first = next(one for one in ruling.boards if not one.decision.granted)
        assert first.decision.reasons[0].code == case.why[0]
    for board in ruling.boards:
        for reason in board.decision.reasons:
            assert reason.text[0].isupper()
            assert reason.text.endswith(".")


def test_the_hours_of_a_unit_are_those_of_its_parts_together() -> None:
    def hours(**board: Any) -> Decimal | None:
        return _decide(Case("", (), boards=(LIVE | board,))).boards[0].hours

    assert hours() == Decimal(6)
    assert hours(session_hours={PARTS[3].id: "1"}) == Decimal("5.5")
    assert hours(hours=None) == UNIT.policies.certificate.hours == Decimal(7)


def test_to_make_up_for_more_parts_never_brings_a_board_that_asks_for_live() -> None:
    for at in range(4):
        there = tuple(None if part == at else WHOLE for part in range(4))
        live = _decide(Case("", (), there, boards=(LIVE,), made_up=frozenset({at})))

        assert not live.boards[0].decision.granted
        assert live.earned.granted


BOARDS = _catalogue(Case("", (), others=False, boards=(LIVE,)))
ANA, BO = "ana@example.org", "bo@example.org"
TEXT = "What I took from this part is how much of practice rests on who is in the room. " * 4


@pytest.fixture
def held(world: World) -> World:
    """A unit that only a board credits, and live only: Ana attended all, Bo all but the second."""
    world.publish(BOARDS)
    for address in (ANA, BO):
        world.pay(BOARDS, "unit-standard", address)
    for at, part in enumerate(BOARDS.sessions):
        world.now = part.ends_at + timedelta(minutes=15)
        came = (ANA,) if at == 1 else (ANA, BO)
        world.report(part.id, [(one, part.starts_at, part.ends_at) for one in came])
        world.close(part.id)
        if at == 1:
            note_opened(part.id, who(BO), records=world.records, now=world.now)
            made = make_up_part(part.id, who(BO), TEXT, records=world.records, now=world.now)
            assert made.granted, made.why
            world.decide_wanted()
    return world


def _verdict(world: World, address: str) -> Verdict:
    found = world.records.get(Verdict.key_of(BOARDS.series.id, who(address)), Verdict)
    assert found is not None
    return found


def test_the_certificate_of_a_unit_states_the_boards_that_credit_it(held: World) -> None:
    (certificate,) = held.certificates()

    assert certificate.learner == who(ANA)
    assert certificate.text.statements[0].startswith("6.0 hours: Board of Social Work")
    assert certificate.text.sentence == "has attended all parts of the live unit"


def test_who_made_up_for_a_part_is_told_why_a_board_that_asks_for_live_gives_nothing(
    held: World,
) -> None:
    verdict = _verdict(held, BO)
    assert verdict.attended.granted
    assert [reason.code for reason in verdict.earned.reasons] == ["live_only"]

    (letter,) = held.letters(LetterKind.NO_CERTIFICATE)

    assert letter.learner == who(BO)


def test_of_what_was_made_up_for_no_certificate_says_that_it_was_attended_live() -> None:
    said = certificate_text(
        UNIT, UNIT.series.id, "Bo", "0" * 26, "https://pages.example/c", AFTER, made_up=True
    )

    assert said.sentence == "has completed all parts of the unit, live and by recording"
    assert "live online" not in said.details
