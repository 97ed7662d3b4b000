"""Decide what reviewers left open: staff say what becomes of an application without its votes.

After that it stands on the list like every other.
"""

from datetime import datetime

from shared.domain.applications import KEPT, Application, Outcome
from shared.domain.decisions import Decision, Reason
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.reviews import RULE_VERSION
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.offer_awards import closed_round, offer_down_the_list, policy_of
from shared.usecases.owe_letters import letter_to, owe_once


class CannotBeDecided(Exception):
    """The application does not wait for staff, or the decision is not whole; the message says."""


def decide_application(
    series: str,
    reference: str,
    outcome: Outcome,
    award: Money | None,
    *,
    by: str,
    why: str,
    records: Records,
    applications: Records,
    now: datetime,
) -> Application:
    """Give it its outcome, with who and why, and go down the list again. Raises CannotBeDecided."""
    catalogue = closed_round(series, records)
    if catalogue is None:
        raise CannotBeDecided("Voting is still open, or there is no such round.")
    policy = policy_of(catalogue)
    price = catalogue.offer(policy.covers).price
    if outcome is Outcome.PARTIAL and (award is None or not 0 < award.minor < price.minor):
        raise CannotBeDecided(f"How much of {price} should the award pay?")

    def attempt() -> Application:
        one = applications.get(Application.key_of(series, reference), Application)
        if one is None or one.decided is None or not one.left_open:
            raise CannotBeDecided(f"No application '{reference}' waits for the institute.")
        reason = Reason(code="staff", text=f"Decided by {by}: {why}")
        decided = Decision(
            granted=outcome in (Outcome.FULL, Outcome.PARTIAL),
            reasons=(*one.decided.reasons, reason),
            rule_version=RULE_VERSION,
        )
        given = award if outcome is Outcome.PARTIAL else None
        changes = {"outcome": outcome, "award": given, "strength": 200, "decided": decided}
        # What was written is kept as long after this decision as after any other.
        waits = {"waiting": KEPT, "waiting_since": policy.erase_at(now).isoformat()}
        one = one.model_copy(update=changes | waits | {"decided_at": now, "keep_until": None})
        applications.commit(one)
        return one

    decided = until_committed(attempt)
    if outcome is Outcome.DECLINE:
        owe_once(letter_to(LetterKind.SCHOLARSHIP_NOT_AWARDED, decided, now), applications)
    offer_down_the_list(series, records=records, applications=applications, now=now)
    return decided
