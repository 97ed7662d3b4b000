"""Who earned a certificate: attendance, rate and the series' policy, decided all or nothing.

A certificate is given per session or per unit. A unit asks for every session of the series.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from shared.domain.attendance import Interval, Presence, decide_attendance
from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import entitlements
from shared.domain.record import Key, Record
from shared.domain.registrations import Registration
from shared.domain.zones import say_short_day

RULE_VERSION = "credit-1"


class Verdict(Record):
    """What was decided for one person in one scope (a session, or a series as a unit), and on what.

    `attended` is the attendance alone; `earned` is the certificate. `presence` and `revision` are
    the inputs, kept so that anybody can decide it again.
    """

    kind: ClassVar[str] = "verdict"

    scope: str
    series: str
    learner: str
    attended: Decision
    earned: Decision
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


def decide_session(
    catalogue: Catalogue,
    session_id: str,
    registration: Registration,
    who: Presence,
    now: datetime,
) -> tuple[Decision, Decision]:
    """(attended, earned) for one registration of one session.

    Where certificates are per unit, nothing is earned by one session alone.
    """
    session = catalogue.session(session_id)
    attended = decide_attendance(
        catalogue.policies.attendance, who, session.starts_at, session.ends_at, session.zone
    )
    rights = entitlements(catalogue, session_id, registration, now)
    if catalogue.policies.certificate.per == "unit":
        return attended, refused(
            RULE_VERSION,
            Reason(
                code="part_of_unit", text="The certificate follows when all parts are complete."
            ),
        )
    return attended, _both(attended, rights.credit)


def decide_unit(
    catalogue: Catalogue,
    registrations: Mapping[str, Registration],
    attended: Mapping[str, Decision],
    now: datetime,
) -> tuple[Decision, Decision]:
    """(attended, earned) for one person over all sessions of the series, both keyed by session id.

    A session without an entry in `attended` has not been decided for this person: they were not
    registered for it.
    """
    reasons: list[Reason] = []
    credit: Decision | None = None
    for session in catalogue.sessions:
        registration = registrations.get(session.id)
        rights = entitlements(catalogue, session.id, registration, now)
        if not rights.seat.granted:
            reasons += [
                Reason(code=why.code, text=f"{session.title}: {why.text}")
                for why in rights.seat.reasons
            ]
            continue
        credit = rights.credit
        verdict = attended.get(session.id)
        if verdict is None or not verdict.granted:
            why_not = verdict.why if verdict else "No attendance was recorded."
            day = say_short_day(session.starts_at, session.zone)
            reasons.append(Reason(code="part_missed", text=f"{session.title} ({day}): {why_not}"))
    if reasons or credit is None:
        whole = refused(RULE_VERSION, *reasons)
        return whole, whole
    parts = len(catalogue.sessions)
    whole = Decision(
        granted=True,
        reasons=(Reason(code="unit_complete", text=f"You attended all {parts} parts."),),
        rule_version=RULE_VERSION,
    )
    return whole, _both(whole, credit)


def _both(attended: Decision, credit: Decision) -> Decision:
    """Earned if both say so; otherwise every reason of those that do not."""
    missing = [decision for decision in (attended, credit) if not decision.granted]
    if not missing:
        return Decision(granted=True, reasons=attended.reasons, rule_version=RULE_VERSION)
    return refused(RULE_VERSION, *(reason for decision in missing for reason in decision.reasons))
