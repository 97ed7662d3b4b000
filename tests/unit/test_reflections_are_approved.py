"""Reflections on a recording wait for staff where the catalogue says so, and then they count."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.credit import Verdict
from shared.domain.credit_policy import CreditPolicy
from shared.domain.letters import LetterKind
from shared.domain.made_up import MadeUp
from shared.domain.progress import progress_of
from shared.domain.waiting_items import WaitingItem, WaitingKind
from shared.usecases.gather_letter_facts import gather
from shared.usecases.make_up_part import (
    approve_reflection,
    make_up_part,
    may_make_up,
    note_opened,
    reflections_in_review,
)
from shared.usecases.what_waits import what_waits
from tests.catalogues import unit_catalogue
from tests.world import World, who

_PLAIN = unit_catalogue()
_CREDIT = CreditPolicy(make_up=("session",), make_up_approved_by_staff=True, make_up_days=60)
UNIT = _PLAIN.model_copy(
    update={"policies": _PLAIN.policies.model_copy(update={"credit": _CREDIT})}
)
PART_2 = UNIT.sessions[1]
BO = "bo@example.org"
TEXT = "What I took from this part is how much of practice rests on who is in the room. " * 4


@pytest.fixture
def sent(world: World) -> World:
    """Bo attended all parts but the second, and has written about its recording."""
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", BO)
    for part in UNIT.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        came = () if part == PART_2 else ((BO, part.starts_at, part.ends_at),)
        world.report(part.id, [*came, ("host@misa.example", part.starts_at, part.ends_at)])
        world.close(part.id)
    note_opened(PART_2.id, who(BO), records=world.records, now=world.now)
    _write(world)
    return world


def _write(world: World, text: str = TEXT) -> None:
    made = make_up_part(PART_2.id, who(BO), text, records=world.records, now=world.now)
    assert made.granted, made.why
    world.decide_wanted()


def _say(world: World, *, approved: bool, why: str = "Well seen.") -> bool:
    said = approve_reflection(
        PART_2.id, who(BO), approved=approved, by="noor", why=why, records=world.records,
        now=world.now,
    )  # fmt: skip
    world.decide_wanted()
    return said


def _waiting(world: World) -> list[WaitingItem]:
    items = what_waits(records=world.records, now=world.now).items
    return [item for item in items if item.kind is WaitingKind.REFLECTION]


def _earned(world: World) -> bool:
    verdict = world.records.get(Verdict.key_of(UNIT.series.id, who(BO)), Verdict)
    return verdict is not None and verdict.earned.granted


def test_it_waits_for_staff_with_who_wrote_it_and_what_it_is_about(sent: World) -> None:
    (item,) = _waiting(sent)

    assert PART_2.title in item.title
    assert any(BO in fact.value for fact in item.evidence)
    assert TEXT[:40] not in item.model_dump_json(), "what they wrote is read where it is decided"
    ((kept, part),) = reflections_in_review(records=sent.records, now=sent.now)
    assert (kept.reflection, part.id) == (TEXT.strip(), PART_2.id)
    assert not _earned(sent)


def test_once_it_is_accepted_the_unit_is_decided_and_the_certificate_follows(sent: World) -> None:
    assert _say(sent, approved=True)

    assert _earned(sent)
    assert len(sent.certificates()) == 1
    assert _waiting(sent) == []
    (kept,) = sent.records.everything(MadeUp)
    assert (kept.approved_by, kept.approved_why) == ("noor", "Well seen.")


def test_who_is_told_no_reads_why_and_can_write_another(sent: World) -> None:
    _say(sent, approved=False, why="Say more of your own practice.")

    may = may_make_up(PART_2.id, who(BO), records=sent.records, now=sent.now)
    assert may.granted
    assert "Say more of your own practice." in may.why
    assert (_waiting(sent), _earned(sent)) == ([], False)

    sent.wait(hours=1)
    _write(sent, f"{TEXT} And of mine.")
    assert len(_waiting(sent)) == 1
    _say(sent, approved=True)
    assert _earned(sent)


def test_while_it_is_being_read_it_cannot_be_changed(sent: World) -> None:
    again: Any = make_up_part(PART_2.id, who(BO), TEXT, records=sent.records, now=sent.now)

    assert [reason.code for reason in again.reasons] == ["waits"]


def test_of_nobody_who_sent_none_anything_can_be_said(sent: World) -> None:
    assert not approve_reflection(
        PART_2.id, who("cy@example.org"), approved=True, by="noor", records=sent.records,
        now=sent.now,
    )  # fmt: skip


def test_where_nobody_is_to_approve_nothing_waits(world: World) -> None:
    credit = _CREDIT.model_copy(update={"make_up_approved_by_staff": False})
    policies = UNIT.policies.model_copy(update={"credit": credit})
    world.publish(UNIT.model_copy(update={"policies": policies}))
    world.pay(UNIT, "unit-standard", BO)
    world.now = PART_2.ends_at + timedelta(minutes=15)
    world.report(PART_2.id, [("host@misa.example", PART_2.starts_at, PART_2.ends_at)])
    world.close(PART_2.id)
    note_opened(PART_2.id, who(BO), records=world.records, now=world.now)
    _write(world)

    assert _waiting(world) == []
    assert world.letters(LetterKind.NO_CERTIFICATE) == []


def test_the_letter_with_the_recording_says_how_far_one_is_and_until_when_to_make_up(
    world: World,
) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", BO)
    first = UNIT.sessions[0]
    for part, came in ((first, BO), (PART_2, "host@misa.example")):
        world.now = part.ends_at + timedelta(minutes=15)
        world.report(part.id, [(came, part.starts_at, part.ends_at)])
        world.close(part.id)
        world.upload_recording(part.id)

    attended, missed = (
        gather(letter, world.desk, world.now) for letter in world.letters(LetterKind.RECORDING)
    )

    assert attended.progress is not None
    assert missed.progress is not None
    assert attended.progress.words == missed.progress.words == "1 of 4; next: Nov 22"
    assert attended.make_up_until is None
    assert missed.make_up_until == PART_2.ends_at + timedelta(days=60)
    note_opened(PART_2.id, who(BO), records=world.records, now=world.now)
    _write(world)
    _say(world, approved=True)
    (_, again) = (gather(one, world.desk, world.now) for one in world.letters(LetterKind.RECORDING))
    assert again.make_up_until is None


def test_a_part_that_was_cancelled_is_no_part_of_how_far_one_is() -> None:
    parts = [part.model_copy(update={"cancelled": "Ill."}) for part in UNIT.sessions[-1:]]
    fewer = UNIT.model_copy(update={"sessions": (*UNIT.sessions[:-1], *parts)})

    assert progress_of(fewer, {}, frozenset(), UNIT.sessions[-1].ends_at).words == "0 of 3"
