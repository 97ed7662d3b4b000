"""Staff's word on attendance and credit: kept, decided on, and taken back; and made-up parts."""

from datetime import timedelta
from typing import Any

import pytest

from devstack.commands.explain import lines_of
from shared.domain.certificates import CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.overrides import About
from shared.domain.particulars import Licence, Particulars
from shared.domain.progress import progress_of
from shared.usecases.explain_decision import explain_decision, try_policy
from shared.usecases.make_up_part import approve_reflection, make_up_part, note_opened
from shared.usecases.override_decision import (
    NothingToOverride,
    override_decision,
    withdraw_override,
)
from shared.usecases.revoke_certificate import revoke_certificate
from shared.usecases.tell_particulars import _keep as tell
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World, who

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
CLASS_1, PART_2 = CLASSES.sessions[0], UNIT.sessions[1]
ANA, BO = who("ana@example.org"), who("bo@example.org")
REFLECTION = "What I took from this part is how much of practice rests on who is in the room. " * 4


@pytest.fixture
def closed(world: World) -> World:
    """Class 1 is closed: Ana was there to the end, Bo left after half."""
    world.publish(CLASSES)
    for name in ("ana", "bo"):
        world.pay(CLASSES, f"{CLASS_1.id}-general", f"{name}@example.org")
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    half = CLASS_1.starts_at + timedelta(minutes=75)
    world.report(
        CLASS_1.id,
        [
            ("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at),
            ("bo@example.org", CLASS_1.starts_at, half),
        ],
    )
    world.close(CLASS_1.id)
    return world


def _say(world: World, learner: str, about: About, granted: bool, scope: str = CLASS_1.id) -> None:
    override_decision(
        scope, learner, about, granted=granted, why="Seen on camera.", by="Desk",
        records=world.records, now=world.now,
    )  # fmt: skip
    world.decide_wanted()
    world.wait(minutes=1)


def _take_back(world: World, learner: str, about: About, scope: str = CLASS_1.id) -> None:
    withdraw_override(
        scope, learner, about, why="It was another person.", by="Desk",
        records=world.records, now=world.now,
    )  # fmt: skip
    world.decide_wanted()
    world.wait(minutes=1)


def _verdict(world: World, learner: str, scope: str = CLASS_1.id) -> Verdict:
    found = world.records.get(Verdict.key_of(scope, learner), Verdict)
    assert found is not None
    return found


def _status(world: World, learner: str) -> CertificateStatus | None:
    return {kept.learner: kept.status for kept in world.certificates()}.get(learner)


def test_who_is_counted_as_present_by_staff_gets_the_certificate(closed: World) -> None:
    assert _status(closed, BO) is None

    _say(closed, BO, "attendance", True)

    assert _status(closed, BO) is CertificateStatus.ISSUED
    assert [reason.code for reason in _verdict(closed, BO).earned.reasons] == [
        "staff_attendance_yes"
    ]


@pytest.mark.parametrize("about", ["attendance", "credit"])
def test_a_certificate_that_staff_take_away_is_withdrawn_and_comes_back_with_their_word(
    closed: World, about: About
) -> None:
    (number,) = [c.text.number for c in closed.certificates() if c.learner == ANA]

    _say(closed, ANA, about, False)
    assert _status(closed, ANA) is CertificateStatus.REVOKED
    assert len(closed.letters(LetterKind.CERTIFICATE_REVOKED)) == 1

    _take_back(closed, ANA, about)
    assert _status(closed, ANA) is CertificateStatus.ISSUED
    assert [c.text.number for c in closed.certificates() if c.learner == ANA] == [number]
    assert _verdict(closed, ANA).earned.granted


def test_a_certificate_that_staff_withdrew_themselves_is_not_brought_back(closed: World) -> None:
    revoke_certificate(
        CLASS_1.id, ANA, by="Desk", why="Another reason.", records=closed.records, now=closed.now
    )
    _say(closed, ANA, "credit", True)

    assert _status(closed, ANA) is CertificateStatus.REVOKED


def test_taking_presence_by_staff_back_restores_what_the_report_says(closed: World) -> None:
    before = _verdict(closed, BO).earned
    _say(closed, BO, "attendance", True)
    _take_back(closed, BO, "attendance")

    assert _verdict(closed, BO).earned == before


def test_a_word_of_staff_survives_a_corrected_report(closed: World) -> None:
    _say(closed, BO, "attendance", True)
    closed.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    closed.finish_close(CLASS_1.id)

    assert _verdict(closed, BO).earned.granted


def test_without_any_report_staff_can_still_count_somebody_as_present(world: World) -> None:
    world.publish(CLASSES)
    for name in ("ana", "bo"):
        world.pay(CLASSES, f"{CLASS_1.id}-general", f"{name}@example.org")
    world.now = CLASS_1.ends_at + timedelta(days=4)

    _say(world, ANA, "attendance", True)

    assert _status(world, ANA) is CertificateStatus.ISSUED
    assert world.records.get(Verdict.key_of(CLASS_1.id, BO), Verdict) is None


@pytest.mark.parametrize(
    ("scope", "learner", "says"),
    [
        ("no-such", ANA, "no session"),
        (CLASSES.series.id, ANA, "whole series"),
        (CLASS_1.id, who("eve@example.org"), "no registration"),
    ],
)
def test_what_cannot_be_spoken_of_is_said(
    closed: World, scope: str, learner: str, says: str
) -> None:
    with pytest.raises(NothingToOverride, match=says):
        _say(closed, learner, "credit", True, scope)
    with pytest.raises(NothingToOverride, match="said nothing"):
        _take_back(closed, BO, "credit")


def test_who_said_what_when_and_why_is_kept_and_explained(closed: World) -> None:
    _say(closed, BO, "attendance", True)
    _take_back(closed, BO, "attendance")

    found = explain_decision(CLASS_1.id, BO, records=closed.records)
    assert found is not None
    (word,) = found["overrides"]
    assert (word["by"], word["why"], word["withdrawn"]["why"]) == (
        "Desk", "Seen on camera.", "It was another person.",
    )  # fmt: skip
    said = "\n".join(lines_of(found))
    assert "Seen on camera. It was taken back." in said
    assert "12:00 pm  The session began." in said
    assert "Left." in said
    assert "the certificate is not earned; 75 minutes." in said


def test_nobody_is_explained_who_has_no_seat(closed: World) -> None:
    assert explain_decision(CLASS_1.id, "nobody", records=closed.records) is None


def _with(**credit: Any) -> Any:
    policy = CLASSES.policies.credit.model_copy(update=credit)
    policies = CLASSES.policies.model_copy(update={"credit": policy})
    return CLASSES.model_copy(update={"policies": policies})


def test_a_changed_policy_is_tried_and_says_who_would_change_and_why(closed: World) -> None:
    gentle = CLASSES.policies.attendance.model_copy(update={"grace_early": 80})
    policies = CLASSES.policies.model_copy(update={"attendance": gentle})
    changed = CLASSES.model_copy(update={"policies": policies})
    everything = closed.records.everything(Verdict)

    (one,) = try_policy(CLASS_1.id, changed, records=closed.records, now=closed.now)

    assert (one.name, one.now.earned.granted, one.then.earned.granted) == ("Bo", False, True)
    assert closed.records.everything(Verdict) == everything
    assert list(try_policy(CLASS_1.id, CLASSES, records=closed.records, now=closed.now)) == []


def test_who_has_not_told_their_profession_is_asked_and_the_answer_brings_the_certificate(
    world: World,
) -> None:
    catalogue = _with(ask_particulars=True)
    world.publish(catalogue)
    world.pay(catalogue, f"{CLASS_1.id}-general", "ana@example.org")
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)
    assert [reason.code for reason in _verdict(world, ANA).earned.reasons] == [
        "particulars_missing"
    ]
    (letter,) = world.letters(LetterKind.PARTICULARS_WANTED)
    assert letter.learner == ANA
    assert world.letters(LetterKind.NO_CERTIFICATE) == []

    world.wait(days=10)
    declared = Particulars(
        learner=ANA, licences=(Licence(profession="Social Workers", state="NY", number="1"),),
        told_at=world.now,
    ).declared  # fmt: skip
    tell(ANA, declared, world.records, world.now)
    world.decide_wanted()

    assert _status(world, ANA) is CertificateStatus.ISSUED
    world.post()
    (letter,) = world.letters(LetterKind.PARTICULARS_WANTED)
    assert letter.status is LetterStatus.WITHDRAWN, "by now it would say what is not so"


@pytest.fixture
def unit(world: World) -> World:
    """All four parts are closed; Ana missed the second."""
    policy = UNIT.policies.credit.model_copy(update={"make_up": ("session",), "make_up_days": 60})
    policies = UNIT.policies.model_copy(update={"credit": policy})
    world.publish(UNIT.model_copy(update={"policies": policies}))
    world.pay(UNIT, UNIT.prices[0].id, "ana@example.org")
    for part in UNIT.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        there = "bo@example.org" if part is PART_2 else "ana@example.org"
        world.report(part.id, [(there, part.starts_at, part.ends_at)])
        world.close(part.id)
    return world


def _make_up(world: World, text: str = REFLECTION, part: str = PART_2.id) -> str:
    made = make_up_part(part, ANA, text, records=world.records, now=world.now)
    world.decide_wanted()
    return made.reasons[0].code


def test_a_missed_part_is_made_up_by_the_recording_and_a_reflection(unit: World) -> None:
    assert unit.certificates() == []
    assert _make_up(unit) == "not_opened"

    note_opened(PART_2.id, ANA, records=unit.records, now=unit.now)
    assert _make_up(unit, "Too short.") == "length"
    assert _make_up(unit) == "made_up"

    (certificate,) = unit.certificates()
    assert certificate.scope == UNIT.series.id


def test_only_what_the_policy_names_can_be_made_up_only_once_and_only_for_a_while(
    unit: World,
) -> None:
    circle = UNIT.sessions[-1].id
    note_opened(circle, ANA, records=unit.records, now=unit.now)
    assert _make_up(unit, part=circle) == "live_only"
    assert _make_up(unit, part=UNIT.sessions[0].id) == "attended"
    note_opened(PART_2.id, ANA, records=unit.records, now=unit.now)
    unit.now = PART_2.ends_at + timedelta(days=60)
    assert _make_up(unit) == "over"
    assert unit.certificates() == []


def test_where_staff_approve_reflections_the_unit_waits_for_them(unit: World) -> None:
    policy = UNIT.policies.credit.model_copy(
        update={"make_up": ("session",), "make_up_days": 60, "make_up_approved_by_staff": True}
    )
    policies = UNIT.policies.model_copy(update={"credit": policy})
    unit.publish(UNIT.model_copy(update={"policies": policies}))
    note_opened(PART_2.id, ANA, records=unit.records, now=unit.now)
    _make_up(unit)
    assert unit.certificates() == []

    assert approve_reflection(
        PART_2.id, ANA, approved=True, by="Desk", records=unit.records, now=unit.now
    )
    unit.decide_wanted()

    assert len(unit.certificates()) == 1


def test_progress_is_said_in_one_line() -> None:
    yes = _decision(True)
    before_3 = UNIT.sessions[2].starts_at - timedelta(days=1)
    decided = {UNIT.sessions[0].id: yes, PART_2.id: _decision(False)}

    assert progress_of(UNIT, decided, frozenset(), before_3).words == "1 of 4; next: Nov 22"
    made = progress_of(UNIT, decided, frozenset({PART_2.id}), before_3)
    assert made.words == "2 of 4; next: Nov 22"
    everything = {part.id: yes for part in UNIT.sessions}
    assert progress_of(UNIT, everything, frozenset(), UNIT.sessions[-1].ends_at).words == "4 of 4"


def _decision(yes: bool) -> Any:
    from shared.domain.decisions import Reason, granted, refused

    reason = Reason(code="x", text="X.")
    return granted("r", "x", "X.") if yes else refused("r", reason)
