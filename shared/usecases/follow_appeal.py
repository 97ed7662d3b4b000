"""An appeal on its way, step by step, as its state machine calls it: asked, waited for, overdue.

Ids only go in and out; what its person wrote is read by people, and by no machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.appeal_policy import AppealPolicy
from shared.domain.appeals import MOST_REMINDERS, WAITING, Appeal, wait_seconds
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.sessions import Series
from shared.domain.zones import say_day
from shared.ports import Records, Workflows
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed


@dataclass(frozen=True)
class Standing:
    """Where an appeal stands: is it open, is anybody still reminded, how long to wait till then."""

    open: bool
    reminding: bool
    wait_seconds: int


def start_appeal(appeal: str, *, records: Records, workflows: Workflows, again: str = "") -> bool:
    """Start following it under its business key; False if that was done, or it is answered."""
    known = records.get(Appeal.key_of(appeal), Appeal)
    if known is None or not known.open:
        return False
    return workflows.start(known.execution(again), {"appeal": known.id})


def where_it_stands(appeal: str, *, records: Records, now: datetime) -> Standing:
    """Whether it still waits, and for how long before staff are reminded."""
    known = records.get(Appeal.key_of(appeal), Appeal)
    if known is None or not known.open:
        return Standing(open=False, reminding=False, wait_seconds=0)
    return Standing(
        open=True,
        reminding=known.reminded < MOST_REMINDERS,
        wait_seconds=wait_seconds(known, _policy(known, records), now),
    )


def wait_for_answer(
    appeal: str,
    task_token: str,
    *,
    records: Records,
    resume: Callable[[str, dict[str, str]], bool],
) -> None:
    """Remember who waits; if it was answered meanwhile, go on at once."""

    def attempt() -> bool:
        known = records.get(Appeal.key_of(appeal), Appeal)
        if known is None or not known.open:
            return False
        if known.task_token != task_token:
            records.commit(known.model_copy(update={"task_token": task_token}))
        return True

    if not until_committed(attempt):
        resume(task_token, {"appeal": appeal})


def remind_staff(appeal: str, *, records: Records, now: datetime) -> bool:
    """Its answer is overdue: staff are reminded, once per time it was waited for."""

    def attempt() -> bool:
        known = records.get(Appeal.key_of(appeal), Appeal)
        if known is None or not known.overdue(now) or _just_reminded(known, records, now):
            return False
        reminded = known.model_copy(update={"reminded": known.reminded + 1, "reminded_at": now})
        zone = _zone(known, records)
        letter = owe(
            LetterKind.STAFF_APPEAL_OVERDUE,
            f"{known.id}/{reminded.reminded}",
            now,
            learner=known.learner,
            series=known.series,
            facts=(
                Fact(label="Appeal", value=known.id),
                Fact(label="Asked on", value=say_day(known.asked_at, zone)),
                Fact(label="Answer was due", value=say_day(known.answer_by, zone)),
            ),
        )
        records.commit(reminded, *not_yet_owed([letter], records))
        return True

    return until_committed(attempt)


def sweep_appeals(
    records: Records, workflows: Workflows, now: datetime, patience: timedelta
) -> int:
    """Follow every open appeal that nobody follows: its start, or its run, was lost."""
    return sum(
        start_appeal(one.id, records=records, workflows=workflows, again=f"{now:%Y%m%dT%H}")
        for one in records.waiting(WAITING, now - patience, Appeal)
        if one.task_token is None
    )


def _just_reminded(appeal: Appeal, records: Records, now: datetime) -> bool:
    """A step that is repeated reminds nobody again."""
    if appeal.reminded_at is None:
        return False
    return now < appeal.reminded_at + timedelta(days=_policy(appeal, records).remind_days) / 2


def _policy(appeal: Appeal, records: Records) -> AppealPolicy:
    series = records.get(Series.key_of(appeal.series), Series)
    return series.catalogue.policies.appeal if series else AppealPolicy()


def _zone(appeal: Appeal, records: Records) -> str:
    series = records.get(Series.key_of(appeal.series), Series)
    return series.catalogue.institute.zone if series else "UTC"
