"""A person asks for a decision to be looked at again, and a person answers, however late."""

from datetime import timedelta

import pytest

from shared.domain.appeals import MOST_REMINDERS, REASON_LIMIT, WAITING, Appeal, AppealOutcome
from shared.domain.certificates import CertificateStatus
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.my_page import AppealView
from shared.domain.overrides import Overrides
from shared.usecases.answer_appeal import NothingToAnswer, answer_appeal
from shared.usecases.ask_appeal import ask_appeal, open_appeal
from shared.usecases.follow_appeal import (
    remind_staff,
    start_appeal,
    wait_for_answer,
    where_it_stands,
)
from shared.usecases.open_pages import NotFound
from shared.usecases.what_waits import what_waits
from tests.catalogues import classes_catalogue
from tests.unit.test_my_page_shows_what_is_mine import page_of
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
POLICY = CLASSES.policies.appeal
ANA, BO = "ana@example.org", "bo@example.org"
WHY = "Zoom lists your phone under another name; both together were there in full."
WROTE = "My connection broke and I came back on my phone: zebracorn."


@pytest.fixture
def late(world: World) -> World:
    """Ana came half an hour late, Bo was there; the class was closed."""
    world.publish(CLASSES)
    for address in (ANA, BO):
        world.pay(CLASSES, f"{CLASS_1.id}-general", address)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    joined = CLASS_1.starts_at + timedelta(minutes=30)
    world.report(
        CLASS_1.id,
        [(ANA, joined, CLASS_1.ends_at), (BO, CLASS_1.starts_at, CLASS_1.ends_at)],
    )
    world.close(CLASS_1.id)
    return world


def _token(world: World, address: str = ANA) -> str:
    return sign("me", who(address), KEY, world.now + timedelta(days=1))


def _ask(world: World, reason: str = WROTE, address: str = ANA) -> AppealView:
    shown = ask_appeal(
        _token(world, address), CLASS_1.id, reason, keys=[KEY], records=world.records, now=world.now
    )
    assert isinstance(shown, AppealView)
    return shown


def _look(world: World, address: str = ANA) -> AppealView:
    shown = open_appeal(
        _token(world, address), CLASS_1.id, keys=[KEY], records=world.records, now=world.now
    )
    assert isinstance(shown, AppealView)
    return shown


def _answer(world: World, outcome: AppealOutcome, why: str = WHY) -> Appeal:
    (appeal,) = world.records.everything(Appeal)
    return answer_appeal(
        appeal.id, outcome, by="Noor", why=why, records=world.records,
        workflows=world.appeal_machine, now=world.now,
    )  # fmt: skip


def test_asking_is_a_letter_to_them_and_one_to_staff_and_twice_is_once(late: World) -> None:
    first, second = _ask(late), _ask(late, "again")

    assert first.sent and not second.sent
    (appeal,) = late.records.everything(Appeal)
    assert (appeal.about, appeal.reason, appeal.waiting) == ("attendance", WROTE, WAITING)
    assert appeal.answer_by == late.now + timedelta(days=POLICY.answer_days)
    assert len(late.letters(LetterKind.APPEAL_RECEIVED)) == 1
    (staff,) = late.letters(LetterKind.STAFF_APPEAL)
    assert "zebracorn" not in staff.model_dump_json()


def test_it_waits_for_staff_with_what_was_decided_and_not_with_what_was_written(
    late: World,
) -> None:
    _ask(late)

    (item,) = [one for one in what_waits(records=late.records, now=late.now).items
               if one.kind == "appeal"]  # fmt: skip
    (appeal,) = late.records.everything(Appeal)
    assert (item.name, item.learner, item.session) == (appeal.id, who(ANA), CLASS_1.id)
    assert any("joined" in why for why in item.reasons)
    assert "zebracorn" not in item.model_dump_json()


def test_a_change_decides_again_gives_the_certificate_and_says_why(late: World) -> None:
    _ask(late)
    late.post()
    answered = _answer(late, AppealOutcome.CHANGED)
    late.decide_wanted()
    late.post()

    certificates = {one.learner: one.status for one in late.certificates()}
    assert certificates[who(ANA)] is CertificateStatus.ISSUED
    assert (answered.by, answered.why, answered.open) == ("Noor", WHY, False)
    (said,) = late.records.everything(Overrides)
    assert (said.said[0].by, said.said[0].granted) == ("Noor", True)
    assert len(late.letters(LetterKind.APPEAL_ANSWERED)) == 1


def test_an_upheld_decision_changes_nothing_and_is_final(late: World) -> None:
    _ask(late)
    before = late.certificates()

    _answer(late, AppealOutcome.UPHELD, "The report shows you from 12:30 on.")

    assert late.certificates() == before and late.records.everything(Overrides) == []
    view = _look(late)
    assert view.decision.reasons[0].code == "answered"
    assert view.latest is not None and view.latest.why == "The report shows you from 12:30 on."
    assert not _ask(late).sent
    assert len(late.records.everything(Appeal)) == 1


def test_the_same_answer_again_is_harmless_and_another_one_is_refused(late: World) -> None:
    _ask(late)
    _answer(late, AppealOutcome.UPHELD)
    state = dict(late.records._kept)

    _answer(late, AppealOutcome.UPHELD)

    assert late.records._kept == state
    with pytest.raises(NothingToAnswer, match="otherwise"):
        _answer(late, AppealOutcome.CHANGED)


@pytest.mark.parametrize("why", ["", "  \n "])
def test_no_answer_is_given_without_a_reason(late: World, why: str) -> None:
    _ask(late)

    with pytest.raises(NothingToAnswer):
        _answer(late, AppealOutcome.UPHELD, why)


@pytest.mark.parametrize("appeal", ["", "x", f"{CLASS_1.id}/lnobody/001", "a/b/c/d"])
def test_what_is_no_appeal_cannot_be_answered(late: World, appeal: str) -> None:
    with pytest.raises(NothingToAnswer):
        answer_appeal(
            appeal, AppealOutcome.UPHELD, by="Noor", why=WHY, records=late.records,
            workflows=late.appeal_machine, now=late.now,
        )  # fmt: skip


def test_whoever_waits_under_a_token_is_woken_by_the_answer(late: World) -> None:
    _ask(late)
    (appeal,) = late.records.everything(Appeal)
    late.appeal_machine.waiting.add("token")
    wait_for_answer(appeal.id, "token", records=late.records, resume=late.appeal_machine.resume)
    assert late.appeal_machine.resumed == []

    _answer(late, AppealOutcome.UPHELD)

    assert late.appeal_machine.resumed == [("token", {"appeal": appeal.id})]


def test_an_answer_that_came_before_the_token_wakes_at_once(late: World) -> None:
    _ask(late)
    appeal = _answer(late, AppealOutcome.UPHELD)
    late.appeal_machine.waiting.add("token")

    wait_for_answer(appeal.id, "token", records=late.records, resume=late.appeal_machine.resume)

    assert late.appeal_machine.resumed == [("token", {"appeal": appeal.id})]


def test_an_overdue_answer_reminds_staff_once_a_time_and_never_becomes_a_no(late: World) -> None:
    _ask(late)
    (appeal,) = late.records.everything(Appeal)
    assert not remind_staff(appeal.id, records=late.records, now=late.now)
    late.now = appeal.answer_by

    assert remind_staff(appeal.id, records=late.records, now=late.now)
    assert not remind_staff(appeal.id, records=late.records, now=late.now)
    late.wait(days=POLICY.remind_days)
    assert remind_staff(appeal.id, records=late.records, now=late.now)

    assert len(late.letters(LetterKind.STAFF_APPEAL_OVERDUE)) == 2
    (kept,) = late.records.everything(Appeal)
    assert kept.open and kept.waiting == WAITING
    for _ in range(MOST_REMINDERS):
        late.wait(days=POLICY.remind_days)
        remind_staff(appeal.id, records=late.records, now=late.now)
    stands = where_it_stands(appeal.id, records=late.records, now=late.now)
    assert (stands.open, stands.reminding) == (True, False)
    _answer(late, AppealOutcome.CHANGED)


def test_what_the_stream_missed_is_followed_by_the_sweep(late: World) -> None:
    _ask(late)
    late.wait(hours=1)

    late.sweep()

    (started,) = late.appeal_machine.started.items()
    assert "zebracorn" not in str(started) and len(started[0]) <= 80
    (appeal,) = late.records.everything(Appeal)
    for _ in range(2):
        start_appeal(appeal.id, records=late.records, workflows=late.appeal_machine)
    assert len(late.appeal_machine.started) == 2


def test_what_was_decided_in_ones_favor_cannot_be_questioned(late: World) -> None:
    assert not _ask(late, address=BO).sent
    assert _look(late, BO).decision.reasons[0].code == "granted"


def test_a_decision_can_be_questioned_for_sixty_days(late: World) -> None:
    late.wait(days=POLICY.within_days, minutes=-1)
    assert _look(late).decision.granted
    late.wait(minutes=1)
    assert _look(late).decision.reasons[0].code == "over"


@pytest.mark.parametrize("reason", ["", " \n ", "x" * (REASON_LIMIT + 1)])
def test_what_says_nothing_or_too_much_gets_the_form_back(late: World, reason: str) -> None:
    shown = _ask(late, reason)

    assert shown.problem and not shown.sent
    assert late.records.everything(Appeal) == []


def test_nobody_questions_what_is_somebody_elses(late: World) -> None:
    stranger = sign("me", "lnobody", KEY)
    for token, scope in (
        (stranger, CLASS_1.id),
        (_token(late), "no-such"),
        ("made-up", CLASS_1.id),
    ):
        shown = ask_appeal(token, scope, WROTE, keys=[KEY], records=late.records, now=late.now)
        assert isinstance(shown, NotFound)
    assert late.records.everything(Appeal) == []


def test_their_page_says_that_it_is_being_looked_at_and_until_when(late: World) -> None:
    (series,) = page_of(late).series
    assert series.sessions[0].appeal is not None and series.sessions[0].appeal.decision.granted
    _ask(late)

    view = page_of(late)

    assert [one.what for one in view.next] == ["appeal_answered"]
