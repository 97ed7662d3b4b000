"""Who earned a certificate: attendance, rate and the series' policy, decided all or nothing.

A certificate is given per session or per unit (see credit_units). What staff say of a person's
attendance or credit goes before the rules, and is a reason.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Final

from shared.domain.attendance import UNTIMED, Interval, Presence, decide_attendance
from shared.domain.catalogue import Catalogue, Session
from shared.domain.credit_boards import (
    PARTICULARS_MISSING,
    BoardCredit,
    decide_board,
    evaluation_missing,
    particulars_late,
)
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import entitlements
from shared.domain.overrides import About, Overrides
from shared.domain.record import Key, Record
from shared.domain.registrations import Registration
from shared.domain.standing import NOTHING_KNOWN, Standing
from shared.domain.value import Value

RULE_VERSION = "credit-3"
# A unit of which some parts were made up for: nothing says of it that all was attended.
UNIT_MADE_UP: Final = "unit_made_up"


class Verdict(Record):
    """What was decided for one person in one scope (a session, or a series as a unit), and on what.

    `attended` is the attendance alone; `earned` is the certificate; `boards` are the credits that
    it states. `presence` and `revision` are the inputs, kept so that anybody can decide it again.
    """

    kind: ClassVar[str] = "verdict"

    scope: str
    series: str
    learner: str
    attended: Decision
    earned: Decision
    boards: tuple[BoardCredit, ...] = ()
    presence: tuple[Interval, ...] = ()
    minutes: int = 0
    revision: str
    report: str | None = None
    decided_at: datetime

    @staticmethod
    def partition_of(scope: str) -> str:
        """The partition that holds all verdicts of a scope."""
        return f"VERDICTS#{scope}"

    @classmethod
    def key_of(cls, scope: str, learner: str) -> Key:
        """Where that person's verdict in that scope stands."""
        return Key(cls.partition_of(scope), learner)

    def key(self) -> Key:
        return self.key_of(self.scope, self.learner)

    @property
    def made_up(self) -> bool:
        """Whether some parts of the unit were made up for by their recording."""
        return any(reason.code == UNIT_MADE_UP for reason in self.attended.reasons)

    @property
    def who(self) -> Presence:
        """The presence that it rests on."""
        untimed = any(reason.code in UNTIMED for reason in self.attended.reasons)
        return Presence(intervals=self.presence, untimed=untimed and not self.presence)


class Ruling(Value):
    """What the rules say of one person in one scope."""

    attended: Decision
    earned: Decision
    boards: tuple[BoardCredit, ...] = ()


def decide_session(
    catalogue: Catalogue,
    session_id: str,
    registration: Registration,
    who: Presence,
    now: datetime,
    standing: Standing = NOTHING_KNOWN,
) -> Ruling:
    """One registration of one session.

    Where certificates are per unit, nothing is earned by one session alone.
    """
    session = catalogue.session(session_id)
    policy = catalogue.policies.attendance
    found = decide_attendance(policy, who, session.starts_at, session.ends_at, session.zone)
    attended = as_staff_say(standing.overrides, "attendance", found)
    rights = entitlements(catalogue, session_id, registration, now)
    if catalogue.policies.certificate.per == "unit":
        part = Reason(
            code="part_of_unit", text="The certificate follows when all parts are complete."
        )
        return Ruling(attended=attended, earned=refused(RULE_VERSION, part))
    boards = _boards(catalogue, session, registration, who, attended, rights.credit, standing, now)
    earned = with_terms(catalogue, session, both(attended, rights.credit), boards, standing, now)
    if rights.seat.granted:
        earned = as_staff_say(standing.overrides, "credit", earned)
    return Ruling(attended=attended, earned=earned, boards=boards)


def _boards(
    catalogue: Catalogue,
    session: Session,
    registration: Registration,
    who: Presence,
    attended: Decision,
    credit: Decision,
    standing: Standing,
    now: datetime,
) -> tuple[BoardCredit, ...]:
    """Every board's credit. Each needs the rate too, and staff's word on attendance holds."""
    said = standing.overrides is not None and standing.overrides.counts("attendance") is not None
    if said and attended.granted:
        who = Presence(intervals=(Interval(session.starts_at, session.ends_at),))
    decided = []
    for board in catalogue.policies.credit.boards:
        found = decide_board(board, catalogue, session, who, registration, standing, now)
        beside = [] if credit.granted else list(credit.reasons)
        if said and not attended.granted:
            beside += attended.reasons
        if beside:
            own = () if found.decision.granted else found.decision.reasons
            reasons = dict.fromkeys((*beside, *own))
            found = found.model_copy(update={"decision": refused(RULE_VERSION, *reasons)})
        decided.append(found)
    return tuple(decided)


def with_terms(
    catalogue: Catalogue,
    session: Session,
    earned: Decision,
    boards: tuple[BoardCredit, ...],
    standing: Standing,
    now: datetime,
) -> Decision:
    """What else the series asks before it gives a certificate: particulars, evaluation, a board."""
    policy = catalogue.policies.credit
    reasons: list[Reason] = []
    if policy.ask_particulars and standing.practices is None:
        reasons.append(PARTICULARS_MISSING)
    reasons += particulars_late(catalogue, session, standing)
    if standing.evaluation_required:
        reasons += evaluation_missing(session, standing, now)
    if boards and not policy.others and not any(one.decision.granted for one in boards):
        reasons += [reason for one in boards for reason in one.decision.reasons]
    if not reasons:
        return earned
    before = () if earned.granted else earned.reasons
    return refused(RULE_VERSION, *dict.fromkeys((*before, *reasons)))


def can_still_be_earned(
    earned: Decision, catalogue: Catalogue, session: Session, now: datetime
) -> bool:
    """Whether all that speaks against it is something that they can still send, and in time."""
    until = {
        "evaluation_missing": catalogue.evaluation_closes_at(session.id),
        "particulars_missing": session.ends_at
        + timedelta(days=catalogue.policies.credit.answer_days),
    }
    times = [until.get(reason.code) for reason in earned.reasons]
    return not earned.granted and all(time is not None and now < time for time in times)


def as_staff_say(overrides: Overrides | None, about: About, found: Decision) -> Decision:
    """What staff say, where they do; the rules' own reasons stay beside it."""
    word = overrides.counts(about) if overrides else None
    if word is None:
        return found
    says = Reason(
        code=f"staff_{about}_{'yes' if word.granted else 'no'}", text=_WORDS[about][word.granted]
    )
    if word.granted:
        return Decision(granted=True, reasons=(says,), rule_version=RULE_VERSION)
    return refused(RULE_VERSION, says, *(() if found.granted else found.reasons))


_WORDS: Mapping[About, Mapping[bool, str]] = {
    "attendance": {
        True: "The institute has looked at your attendance and counted you as present.",
        False: "The institute has looked at your attendance again and could not count it as "
        "complete.",
    },
    "credit": {
        True: "The institute has decided to give you this certificate.",
        False: "The institute has decided that this certificate cannot be given.",
    },
}


def both(attended: Decision, credit: Decision) -> Decision:
    """Earned if both say so; otherwise every reason of those that do not."""
    missing = [decision for decision in (attended, credit) if not decision.granted]
    if not missing:
        return Decision(granted=True, reasons=attended.reasons, rule_version=RULE_VERSION)
    return refused(RULE_VERSION, *(reason for decision in missing for reason in decision.reasons))
