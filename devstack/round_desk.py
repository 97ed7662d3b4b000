"""A scholarship round as staff see it at their own machine: the list, one application, a vote.

The same use cases as the pages: who looks here sees no more than a reviewer would.
"""

from typing import Any

from devstack import desk
from devstack.problems import Problem
from devstack.stack import Stack
from shared.domain.applications import Outcome
from shared.domain.awards import Award, Fund
from shared.domain.money import Money
from shared.domain.rounds import Round
from shared.domain.scholarship_form import read_amount
from shared.domain.scholarship_views import ReviewRow, ReviewView
from shared.domain.sessions import Series
from shared.usecases.decide_application import CannotBeDecided, decide_application
from shared.usecases.offer_awards import policy_of, sent_in
from shared.usecases.review_applications import (
    NotFound,
    Reading,
    Refused,
    list_of,
    reading_as,
    view_of,
    vote_as,
)


def look_at_round(stack: Stack, series: str) -> dict[str, Any]:
    """The round, its fund, and every application that counts, ready for JSON."""
    reading, records = _as_nobody(stack, series), desk.records(stack)
    policy = policy_of(reading.catalogue)
    fund = records.get(Fund.key_of(series), Fund)
    rows = list_of(reading, desk.applications(stack), desk.keys(stack)[0]).rows
    return {
        "series": series,
        "title": reading.catalogue.series.title,
        "phase": str(reading.around.phase),
        "closes_at": policy.closes_at.isoformat(),
        "voting_closes_at": policy.voting_closes_at.isoformat(),
        "votes_needed": policy.votes_needed,
        "reviewers": list(policy.reviewers),
        "fund": {
            "left": fund.left.model_dump() if fund else None,
            "put_in": Money(minor=fund.put_in, currency=fund.currency).model_dump()
            if fund
            else None,
        },
        "applications": [_row(row, reading, stack) for row in rows],
    }


def look_at_one(stack: Stack, series: str, reference: str, reviewer: str | None) -> ReviewView:
    """What a reviewer sees of an application; without one, what everybody may see."""
    reading = _as_nobody(stack, series) if reviewer is None else _as(stack, series, reviewer)
    return _found(view_of(reading, reference, desk.applications(stack)), series, reference)


def vote(
    stack: Stack, series: str, reference: str, reviewer: str, fields: dict[str, str]
) -> ReviewView:
    """Cast a vote as that reviewer, through the use case of the page. Raises Problem if refused."""
    cast = vote_as(
        _as(stack, series, reviewer),
        reference,
        {name: [value] for name, value in fields.items()},
        records=desk.records(stack),
        applications=desk.applications(stack),
        resume=desk.resume(stack),
        key=desk.keys(stack)[0],
        now=desk.now(stack),
    )
    if isinstance(cast, Refused):
        raise Problem(
            cast.view.problem, f"See where it stands: python -m devstack scholarships list {series}"
        )
    return _found(cast, series, reference)


def decide(
    stack: Stack, series: str, reference: str, outcome: str, award: str, by: str, why: str
) -> None:
    """Say what becomes of an application that voting left open. Raises Problem if it cannot be."""
    catalogue = _as_nobody(stack, series).catalogue
    price = catalogue.offer(policy_of(catalogue).covers).price
    try:
        decide_application(
            series,
            reference,
            Outcome(outcome),
            read_amount(award, price.currency) if award else None,
            by=by,
            why=why,
            records=desk.records(stack),
            applications=desk.applications(stack),
            now=desk.now(stack),
        )
    except CannotBeDecided as refused:
        raise Problem(
            str(refused), f"See where it stands: python -m devstack scholarships list {series}"
        ) from None


def around(stack: Stack, series: str) -> Round:
    """Where the round is. Raises Problem if there is none."""
    found = desk.records(stack).get(Round.key_of(series), Round)
    if found is None:
        raise Problem(
            f"There is no scholarship round of '{series}'.",
            "Publish its catalogue before the deadline in it: python -m devstack publish FILE",
        )
    return found


def _row(row: ReviewRow, reading: Reading, stack: Stack) -> dict[str, Any]:
    one = reading.counting[row.reference]
    award = desk.records(stack).get(Award.key_of(one.series, one.learner or ""), Award)
    return {
        "reference": row.reference,
        "late": row.late,
        "priority": row.priority,
        "votes": row.votes,
        "decided": row.decided,
        "outcome": str(one.outcome) if one.outcome else None,
        "strength": one.strength,
        "award": award.amount.model_dump() if award else None,
        "award_status": str(award.status) if award else None,
    }


def _as_nobody(stack: Stack, series: str) -> Reading:
    """The round as somebody sees it who has not voted on anything."""
    where = around(stack, series)
    kept = desk.records(stack).get(Series.key_of(series), Series)
    if kept is None or kept.catalogue.policies.scholarship is None:
        raise Problem(
            f"The series '{series}' has no scholarship policy.",
            "Look at policies in its catalogue.",
        )
    sent = tuple(sent_in(series, desk.applications(stack)))
    return Reading("", kept.catalogue, where, sent)


def _as(stack: Stack, series: str, reviewer: str) -> Reading:
    around(stack, series)
    reading = reading_as(
        series,
        reviewer,
        records=desk.records(stack),
        applications=desk.applications(stack),
        key=desk.keys(stack)[0],
    )
    if isinstance(reading, NotFound):
        raise Problem(
            f"{reviewer} is not among the reviewers of '{series}'.",
            f"See who is: python -m devstack scholarships list {series}",
        )
    return reading


def _found(view: ReviewView | NotFound, series: str, reference: str) -> ReviewView:
    if isinstance(view, NotFound):
        raise Problem(
            f"No application '{reference}' counts in the round of '{series}'. It may have been "
            "replaced by a newer one, taken back or erased.",
            f"See which do: python -m devstack scholarships list {series}",
        )
    return view
