"""Once an hour: whatever an event should have done and did not. A missed event is a delay, no loss.

Everything the sweep does, it does through the same doors as the events, so doing it again is
harmless.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.decisions_wanted import WAITING as DECISIONS
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.likeness import MOVING, PARTING, Likeness, SamePerson
from shared.domain.notices import WAITING as NOTICES
from shared.domain.notices import Notice
from shared.domain.payments import REVIEW, Order
from shared.domain.sessions import CLOSE_AFTER, SessionState
from shared.domain.sessions import WAITING as SESSIONS
from shared.ports import Files, Printing, Records, Workflows
from shared.usecases.ask_erasure import wake_erasures
from shared.usecases.cancel_class import sweep_cancellations
from shared.usecases.close_session import start_close
from shared.usecases.correct_certificate import finish_corrections
from shared.usecases.decide_again import start_decision
from shared.usecases.follow_appeal import sweep_appeals
from shared.usecases.move_money import sweep_refunds
from shared.usecases.part_people import finish_parting
from shared.usecases.record_payment import decide_review_again
from shared.usecases.rule_on_likeness import finish_moving
from shared.usecases.sweep_letters import PATIENCE, empty_carried, sweep_letters
from shared.usecases.sweep_recordings import sweep_recordings
from shared.usecases.tell_of_notice import start_notice


@dataclass(frozen=True)
class Swept:
    """What was left lying and is on its way now.

    `decisions` are people whose credit is decided again.
    `releases` are recordings that wait for something, of which staff are told now.
    `missed_payments` are payment events that never reached us, taken in by reconcile_payments.
    """

    letters: int
    letters_given_up: int
    payments: int
    sessions: int
    recordings: int
    same_people: int = 0
    notices: int = 0
    decisions: int = 0
    refunds: int = 0
    cancellations: int = 0
    missed_payments: int = 0
    corrections: int = 0
    releases: int = 0
    recordings_expired: int = 0
    recordings_deleted: int = 0
    appeals: int = 0
    letters_emptied: int = 0
    erasures: int = 0


def sweep(
    *,
    records: Records,
    uploads: Files,
    close_machine: Workflows,
    recording_machine: Workflows,
    notice_machine: Workflows,
    appeal_machine: Workflows,
    printing: Printing,
    identity_key: bytes,
    live: bool,
    now: datetime,
) -> Swept:
    """Put owed letters back in line, start overdue closes, announce forgotten recordings.

    And decide payments in review again: staff may have corrected the price book since. And print
    corrections of certificates that were cut off.
    """
    again, given_up = sweep_letters(records, records, now)
    payments = sum(
        decide_review_again(
            order.order, records=records, identity_key=identity_key, live=live, now=now
        )
        for order in records.waiting(REVIEW, now, Order)
    )
    same_people = sum(
        finish_moving(pair, records=records, identity_key=identity_key, now=now)
        for pair in records.waiting(MOVING, now, Likeness)
    )
    same_people += sum(
        finish_parting(same, records=records, identity_key=identity_key, now=now)
        for same in records.waiting(PARTING, now, SamePerson)
    )
    found = sweep_recordings(records, uploads, recording_machine, now)
    return Swept(
        same_people=same_people,
        letters=again,
        letters_given_up=given_up,
        payments=payments,
        sessions=_sessions(records, close_machine, now),
        recordings=found.announced,
        releases=found.asked,
        recordings_expired=found.expired,
        recordings_deleted=found.deleted,
        notices=_notices(records, notice_machine, now),
        refunds=sweep_refunds(records=records, now=now),
        cancellations=sweep_cancellations(records=records, now=now),
        corrections=finish_corrections(
            records=records, printing=printing, now=now, until=now - PATIENCE
        ),
        decisions=_decisions(records, close_machine, now),
        appeals=sweep_appeals(records, appeal_machine, now, PATIENCE),
        letters_emptied=empty_carried(records, now),
        erasures=wake_erasures(records, now, PATIENCE),
    )


def _sessions(records: Records, workflows: Workflows, now: datetime) -> int:
    overdue = records.waiting(SESSIONS, now - CLOSE_AFTER, SessionState)
    return sum(
        start_close(state.session, state.ends_at, workflows=workflows, now=now) for state in overdue
    )


def _notices(records: Records, workflows: Workflows, now: datetime) -> int:
    return sum(
        start_notice(notice.session, notice.name, workflows=workflows, again=f"{now:%Y%m%dT%H}")
        for notice in records.waiting(NOTICES, now - PATIENCE, Notice)
    )


def _decisions(records: Records, workflows: Workflows, now: datetime) -> int:
    """A decision that is still wanted was not started, or its run failed: it gets another run."""
    return sum(
        start_decision(
            wanted, records=records, workflows=workflows, now=now, again=f"{now:%Y%m%dT%H}"
        )
        for wanted in records.waiting(DECISIONS, now - PATIENCE, DecisionWanted)
    )
