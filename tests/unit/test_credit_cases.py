"""Credit, case by case: who came when, what the policy asks, and what comes of it.

Read a line aloud: it is one person in one class of two and a half hours. Minutes count from the
beginning of the class; the whole class is (0, 150).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Interval, presence
from shared.domain.catalogue import AttendancePolicy, Catalogue
from shared.domain.credit import Ruling, decide_session
from shared.domain.credit_policy import Board, CreditPolicy
from shared.domain.credit_units import decide_unit
from shared.domain.decisions import Decision, granted, refused
from shared.domain.overrides import Override, Overrides, Withdrawal
from shared.domain.payments import OrderStatus
from shared.domain.registrations import Grant, Registration
from shared.domain.standing import NOTHING_KNOWN, Practice, Standing
from tests.catalogues import classes_catalogue, unit_catalogue

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
CLASS_1 = CLASSES.sessions[0]  # Sunday, June 22, 2025
AFTER = CLASS_1.ends_at + timedelta(hours=1)
ALL = ((0, 150),)
SW, PSY = "Social Workers", "Psychologists"
NY_SW, NJ_SW = Practice(SW, "NY"), Practice(SW, "NJ")
NY_PSY, PEER = Practice(PSY, "NY"), Practice("Peer", "")


def _board(**changes: Any) -> Board:
    base = {"id": "nysed-sw", "board": "NYSED, Social Work", "professions": [SW]}
    return Board.model_validate(base | changes)


def _told(*practices: Practice, days_after: int = 0, **more: Any) -> Standing:
    at = CLASS_1.ends_at + timedelta(days=days_after)
    return Standing(practices=practices, told_at=at, **more)


def _word(about: Any, yes: bool, *, taken_back: bool = False, hours: int = 1) -> Override:
    at = AFTER + timedelta(hours=hours)
    back = Withdrawal(by="Desk", why="A mistake.", at=at) if taken_back else None
    return Override(about=about, granted=yes, by="Desk", why="We know.", at=at, withdrawn=back)


def _said(*words: Override) -> Standing:
    said = Overrides(scope=CLASS_1.id, series=CLASSES.series.id, learner="L1", said=words)
    return Standing(overrides=said)


@dataclass(frozen=True)
class Case:
    """One person, and what comes of it: the certificate, its reasons, the boards that credit."""

    name: str
    there: tuple[tuple[float, float], ...]
    earns: bool
    why: tuple[str, ...]
    credited_by: tuple[str, ...] = ()
    tier: str = "general"
    paid: OrderStatus = OrderStatus.PAID
    award_credit: bool | None = None
    attendance: dict[str, int] = field(default_factory=dict)
    credit: dict[str, Any] = field(default_factory=dict)
    standing: Standing = NOTHING_KNOWN


YES, LATE, EARLY, AWAY = ("attended",), ("late",), ("left_early",), ("away",)
ONE = {"boards": [_board()]}
ASKS = {"boards": [_board()], "ask_particulars": True}
STRICT = {"boards": [_board(grace_late=5)]}
EVALUATED: dict[str, Any] = {"evaluated": True, "evaluation_required": True}
OPEN: dict[str, Any] = {
    "evaluation_required": True,
    "evaluation_closes_at": AFTER + timedelta(days=5),
}
OVER: dict[str, Any] = {
    "evaluation_required": True,
    "evaluation_closes_at": AFTER - timedelta(minutes=1),
}
CASES = (
    Case("there from beginning to end", ALL, True, YES),
    Case("fifteen minutes late is in time", ((15, 150),), True, YES),
    Case("one second more is late", ((15 + 1 / 60, 150),), False, LATE),
    Case("leaving fifteen minutes early is staying", ((0, 135),), True, YES),
    Case("leaving one second before that is leaving", ((0, 135 - 1 / 60),), False, EARLY),
    Case("fifteen minutes away in the middle are fine", ((0, 60), (75, 150)), True, YES),
    Case("one second more away is too long", ((0, 60), (75 + 1 / 60, 150)), False, AWAY),
    Case("two short absences are not one long", ((0, 40), (50, 90), (100, 150)), True, YES),
    Case("gone when one may go, and back for a moment", ((0, 136), (140, 141)), True, YES,
         attendance={"longest_gap": 1}),
    Case("late and gone early has both reasons", ((20, 120),), False, ("late", "left_early")),
    Case("all three at once has all three reasons", ((20, 50), (90, 120)), False,
         ("late", "left_early", "away")),
    Case("never there", (), False, ("absent",)),
    Case("only before the class began", ((-30, 0),), False, ("absent",)),
    Case("two devices that overlap are one presence", ((0, 80), (60, 150)), True, YES),
    Case("stayed on after the end", ((0, 200),), True, YES),
    Case("the reduced rate brings no credit", ALL, False, ("tier_without_credit",), tier="reduced"),
    Case("the supporter rate brings credit", ALL, True, YES, tier="supporter"),
    Case("a late reduced rate has both reasons", ((20, 150),), False,
         ("late", "tier_without_credit"), tier="reduced"),
    Case("a payment that is on its way", ALL, False, ("payment_pending",),
         paid=OrderStatus.PENDING),
    Case("a payment that went back", ALL, False, ("refunded",), paid=OrderStatus.REFUNDED),
    Case("a payment under dispute", ALL, False, ("payment_disputed",), paid=OrderStatus.HELD),
    Case("a scholarship without credit", ALL, False, ("award_without_credit",), award_credit=False),
    Case("a scholarship with credit", ALL, True, YES, award_credit=True),
    Case("a series that allows half an hour", ((29, 150),), True, YES,
         attendance={"grace_late": 30}),
    Case("a series that allows nothing", ((1, 150),), False, LATE, attendance={"grace_late": 0}),
    Case("enough minutes where minutes are asked", ((0, 150),), True, YES,
         attendance={"least_minutes": 135}),
    Case("too few minutes although never away long", ((14, 50), (64, 100), (114, 136)), False,
         ("too_short",), attendance={"least_minutes": 120}),
    Case("no profession told, and nobody asks", ALL, True, YES, ("nysed-sw",), credit=ONE),
    Case("no profession told, and the policy asks", ALL, False, ("particulars_missing",),
         credit=ASKS),
    Case("told, and of the board's profession", ALL, True, YES, ("nysed-sw",), credit=ASKS,
         standing=_told(NY_SW)),
    Case("told, and of another profession: the certificate without credit", ALL, True, YES,
         credit=ASKS, standing=_told(NY_PSY)),
    Case("another profession, where others get none", ALL, False, ("other_profession",),
         credit=ASKS | {"others": False}, standing=_told(PEER)),
    Case("told on the last day that counts", ALL, True, YES, ("nysed-sw",),
         credit=ASKS | {"answer_days": 30}, standing=_told(NY_SW, days_after=30)),
    Case("told a day after that", ALL, False, ("particulars_late",),
         credit=ASKS | {"answer_days": 30}, standing=_told(NY_SW, days_after=31)),
    Case("late, and nothing told: both reasons", ((20, 150),), False,
         ("late", "particulars_missing"), credit=ASKS),
    Case("licensed in the board's state", ALL, True, YES, ("nysed-sw",),
         credit={"boards": [_board(states=["NY"])]}, standing=_told(NY_SW)),
    Case("licensed in another state", ALL, True, YES,
         credit={"boards": [_board(states=["NY"])]}, standing=_told(NJ_SW)),
    Case("two licences, one of them in the state", ALL, True, YES, ("nysed-sw",),
         credit={"boards": [_board(states=["NY"])]}, standing=_told(NJ_SW, NY_SW)),
    Case("two boards, two professions, one person of both", ALL, True, YES,
         ("nysed-sw", "nysed-psy"),
         credit={"boards": [_board(), _board(id="nysed-psy", professions=[PSY])]},
         standing=_told(NY_SW, NY_PSY)),
    Case("a board that is stricter than the series", ((10, 150),), True, YES, credit=STRICT),
    Case("a board that is stricter, kept to", ((5, 150),), True, YES, ("nysed-sw",), credit=STRICT),
    Case("an approval that ends on the day of the class", ALL, True, YES, ("nysed-sw",),
         credit={"boards": [_board(approved_to=date(2025, 6, 22))]}),
    Case("an approval that ended the day before", ALL, True, YES,
         credit={"boards": [_board(approved_to=date(2025, 6, 21))]}),
    Case("an approval that begins the day after", ALL, True, YES,
         credit={"boards": [_board(approved_from=date(2025, 6, 23))]}),
    Case("a board for supporters only", ALL, True, YES,
         credit={"boards": [_board(tiers=["supporter"])]}),
    Case("a board for supporters, and a supporter", ALL, True, YES, ("nysed-sw",), tier="supporter",
         credit={"boards": [_board(tiers=["supporter"])]}),
    Case("the reduced rate has no credit of any board", ALL, False, ("tier_without_credit",),
         tier="reduced", credit=ONE),
    Case("evaluated in time", ALL, True, YES, standing=Standing(**EVALUATED)),
    Case("not evaluated yet", ALL, False, ("evaluation_missing",), standing=Standing(**OPEN)),
    Case("not evaluated while it was open", ALL, False, ("evaluation_late",),
         standing=Standing(**OVER)),
    Case("a board that asks for an evaluation nobody else asks for", ALL, True, YES,
         credit={"boards": [_board(evaluation=True)]}),
    Case("staff counted them as present", (), True, ("staff_attendance_yes",),
         standing=_said(_word("attendance", True))),
    Case("staff did not count them, though they were there", ALL, False, ("staff_attendance_no",),
         standing=_said(_word("attendance", False))),
    Case("present by staff's word, and the boards credit them too", (), True,
         ("staff_attendance_yes",), ("nysed-sw",), credit=ONE,
         standing=_said(_word("attendance", True))),
    Case("not present by staff's word, and no board credits them", ALL, False,
         ("staff_attendance_no",), credit=ONE, standing=_said(_word("attendance", False))),
    Case("present by staff's word, and a rate without credit", (), False, ("tier_without_credit",),
         tier="reduced", standing=_said(_word("attendance", True))),
    Case("staff gave the certificate, whatever the rate", ((20, 150),), True,
         ("staff_credit_yes",), tier="reduced", standing=_said(_word("credit", True))),
    Case("staff gave the certificate to nobody whose money went back", ALL, False, ("refunded",),
         paid=OrderStatus.REFUNDED, standing=_said(_word("credit", True))),
    Case("staff's word that was taken back says nothing", (), False, ("absent",),
         standing=_said(_word("attendance", True, taken_back=True))),
    Case("the later word of staff counts", ALL, False, ("staff_credit_no",),
         standing=_said(_word("credit", True), _word("credit", False, hours=2))),
    Case("the earlier word counts again once the later is taken back", (), True,
         ("staff_credit_yes",), standing=_said(
             _word("credit", True), _word("credit", False, taken_back=True, hours=2))),
)  # fmt: skip


def _catalogue(case: Case) -> Catalogue:
    policies = CLASSES.policies.model_copy(
        update={
            "attendance": AttendancePolicy(**case.attendance),
            "credit": CreditPolicy.model_validate(case.credit),
        }
    )
    return CLASSES.model_copy(update={"policies": policies})


def _decide(case: Case, catalogue: Catalogue | None = None) -> Ruling:
    rows = [
        Interval(CLASS_1.starts_at + timedelta(minutes=a), CLASS_1.starts_at + timedelta(minutes=b))
        for a, b in case.there
    ]
    grant = Grant(tier=case.tier, status=case.paid, credit=case.award_credit)
    seat = Registration(
        session=CLASS_1.id,
        series=CLASSES.series.id,
        learner="L1",
        grants={"order": grant},
        registered_at=datetime(2025, 6, 1, tzinfo=UTC),
    )
    who = presence(rows, CLASS_1.starts_at, CLASS_1.ends_at)
    return decide_session(
        catalogue or _catalogue(case), CLASS_1.id, seat, who, AFTER, case.standing
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_of_one_class(case: Case) -> None:
    ruling = _decide(case)

    assert ruling.earned.granted is case.earns
    leading = [reason.code for reason in ruling.earned.reasons][: len(case.why)]
    assert tuple(leading) == case.why
    assert tuple(one.board for one in ruling.boards if one.decision.granted) == case.credited_by


def test_there_are_cases_enough_and_no_two_have_one_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("case", [case for case in CASES if not case.earns], ids=lambda c: c.name)
def test_every_refusal_says_all_its_reasons_in_sentences(case: Case) -> None:
    ruling = _decide(case)

    assert ruling.earned.reasons
    for reason in ruling.earned.reasons:
        assert reason.text[0].isupper()
        assert reason.text.endswith(".")
        assert case.standing.overrides is None or "We know." not in reason.text, "staff's own note"


def test_hours_are_those_of_the_session_unless_the_board_says_otherwise() -> None:
    def hours(**board: Any) -> Decimal | None:
        ruling = _decide(Case("", ALL, True, YES, credit={"boards": [_board(**board)]}))
        return ruling.boards[0].hours

    assert hours() == CLASS_1.credit_hours
    assert hours(hours="2") == Decimal(2)
    assert hours(hours="2", session_hours={CLASS_1.id: "1.5"}) == Decimal("1.5")


_ROWS = st.lists(
    st.tuples(st.integers(-30, 180), st.integers(0, 120)).map(lambda row: (row[0], sum(row))),
    max_size=6,
)
_POLICY = st.fixed_dictionaries(
    {
        name: st.integers(0, 60)
        for name in ("grace_late", "grace_early", "longest_gap", "least_minutes")
    }
)


def _of(rows: list[tuple[float, float]], policy: dict[str, int]) -> tuple[bool, int]:
    case = Case("", tuple(rows), True, (), attendance=policy, credit={"boards": [_board()]})
    ruling = _decide(case)
    return ruling.earned.granted, sum(one.decision.granted for one in ruling.boards)


@given(_ROWS, _POLICY, st.data())
def test_to_take_presence_away_never_adds_credit(
    rows: list[tuple[float, float]], policy: dict[str, int], data: st.DataObject
) -> None:
    fewer = [row for row in rows if data.draw(st.booleans())]

    assert _of(fewer, policy) <= _of(rows, policy)


@given(_ROWS, _POLICY, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_rows_never_matter(
    rows: list[tuple[float, float]], policy: dict[str, int], random: Any
) -> None:
    shuffled = [*rows, *rows[:2]]
    random.shuffle(shuffled)

    assert _of(shuffled, policy) == _of(rows, policy)


def _unit(attended: dict[int, bool], made_up: frozenset[int] = frozenset()) -> Ruling:
    """Somebody with all four seats, by the number of the part."""
    parts = UNIT.sessions
    tier = next(tier.id for tier in UNIT.tiers if tier.credit)
    seats = {
        part.id: Registration(
            session=part.id,
            series=UNIT.series.id,
            learner="L1",
            grants={"order": Grant(tier=tier, status=OrderStatus.PAID)},
            registered_at=datetime(2025, 10, 1, tzinfo=UTC),
        )
        for part in parts
    }

    def said(yes: bool) -> Decision:
        return (
            granted("attendance-1", "attended", "You were there.")
            if yes
            else refused("attendance-1", *granted("", "absent", "You were not there.").reasons)
        )

    decisions = {parts[at].id: said(yes) for at, yes in attended.items()}
    by = frozenset(parts[at].id for at in made_up)
    return decide_unit(UNIT, seats, decisions, parts[-1].ends_at, made_up=by)


EVERY = dict.fromkeys(range(4), True)


@pytest.mark.parametrize(
    ("attended", "made_up", "codes"),
    [
        pytest.param(EVERY, (), ["unit_complete"], id="all four parts"),
        pytest.param(EVERY | {1: False}, (), ["part_missed"], id="one part missed"),
        pytest.param(EVERY | {1: False}, (1,), ["unit_made_up"], id="one part missed and made up"),
        pytest.param(EVERY | {1: False, 3: False}, (1,), ["part_missed"],
                     id="two parts missed, one of them made up"),
        pytest.param({0: True}, (), ["part_missed"] * 3, id="only the first part decided"),
    ],
)  # fmt: skip
def test_of_a_unit(attended: dict[int, bool], made_up: tuple[int, ...], codes: list[str]) -> None:
    ruling = _unit(attended, frozenset(made_up))

    assert [reason.code for reason in ruling.earned.reasons] == codes
    assert ruling.earned.granted is codes[0].startswith("unit_")


def test_a_unit_that_was_made_up_in_part_says_so() -> None:
    assert "one" not in _unit(EVERY).earned.why
    assert "recording" in _unit(EVERY | {1: False}, frozenset({1})).earned.why
