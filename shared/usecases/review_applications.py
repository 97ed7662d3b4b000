"""What reviewers open and do: their list, one application, a vote.

A link is for one reviewer and one round, and lasts until voting ends. Opening it changes nothing;
who applied is not in what is shown until they have voted or stood aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from shared.domain.applications import Answers, Application, Outcome, standing
from shared.domain.catalogue import Catalogue
from shared.domain.forms import Fields
from shared.domain.links import has_expired, read
from shared.domain.money import Money
from shared.domain.reviews import Vote, decide, hide_names
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_form import read_amount
from shared.domain.scholarship_views import ReviewListView, ReviewRow, ReviewView, say_outcome
from shared.domain.sessions import Series
from shared.failures import Conflict
from shared.ports import Records
from shared.usecases.offer_awards import policy_of, sent_in, votes_by_reference, votes_on
from shared.usecases.reviewers import is_own, reviewer_id, reviewers
from shared.usecases.run_round import Resume, all_decided


@dataclass(frozen=True)
class NotFound:
    """Nothing is here, or nothing that this opener may know of."""


@dataclass(frozen=True)
class LinkExpired:
    """The link was one of ours, and its time is over."""


@dataclass(frozen=True)
class Refused:
    """A vote was not taken: `status` as HTTP says it, `view` says why and shows where it stands."""

    status: int
    view: ReviewView


@dataclass(frozen=True)
class Reading:
    """A reviewer in a round: who, of what, and everything that was sent."""

    reviewer: str
    catalogue: Catalogue
    around: Round
    sent: tuple[Application, ...]
    token: str = ""

    @property
    def series(self) -> str:
        return self.around.series

    @property
    def closed(self) -> bool:
        return self.around.phase is not RoundPhase.VOTING

    @cached_property
    def counting(self) -> dict[str, Application]:
        """The applications to be read, by reference: everybody's but the reviewer's own."""
        others = {
            reference: one
            for reference, one in standing(self.sent).items()
            if one.learner is None or not is_own(one.learner, self.reviewer)
        }
        return dict(sorted(others.items()))


def open_review(
    token: str,
    *,
    keys: list[bytes],
    records: Records,
    applications: Records,
    now: datetime,
) -> ReviewListView | LinkExpired | NotFound:
    """The reviewer's list."""
    reading = _reading(token, keys, records, applications, now)
    if not isinstance(reading, Reading):
        return reading
    return list_of(reading, applications, keys[0])


def open_one(
    token: str,
    reference: str,
    *,
    keys: list[bytes],
    records: Records,
    applications: Records,
    now: datetime,
) -> ReviewView | LinkExpired | NotFound:
    """One application, as far as this reviewer may see it."""
    reading = _reading(token, keys, records, applications, now)
    if not isinstance(reading, Reading):
        return reading
    return view_of(reading, reference, applications)


def cast_vote(
    token: str,
    reference: str,
    fields: Fields,
    *,
    keys: list[bytes],
    records: Records,
    applications: Records,
    resume: Resume,
    now: datetime,
) -> ReviewView | LinkExpired | NotFound | Refused:
    """Cast the vote in those fields; the last vote that is needed ends the voting."""
    reading = _reading(token, keys, records, applications, now)
    if not isinstance(reading, Reading):
        return reading
    return vote_as(
        reading, reference, fields, records=records, applications=applications, resume=resume,
        key=keys[0], now=now,
    )  # fmt: skip


def reading_as(
    series: str, address: str, *, records: Records, applications: Records, key: bytes
) -> Reading | NotFound:
    """The round as whoever reviews under that address sees it."""
    return _round_for(series, reviewer_id(address, key), records, applications, key)


def vote_as(
    reading: Reading,
    reference: str,
    fields: Fields,
    *,
    records: Records,
    applications: Records,
    resume: Resume,
    key: bytes,
    now: datetime,
) -> ReviewView | NotFound | Refused:
    """Store the vote, once."""
    view = view_of(reading, reference, applications)
    if isinstance(view, NotFound):
        return view
    if reading.closed:
        over = reading.around.phase is RoundPhase.CLOSED
        when = "has ended" if over else "begins after the deadline"
        return _refused(409, view, f"Voting {when}, so nothing was changed.")
    vote = _vote(reading, reference, fields, view.price, now)
    if isinstance(vote, str):
        chosen = {name: (fields.get(name) or ("",))[0] for name in ("outcome", "award", "strength")}
        return _refused(422, view.model_copy(update={"chosen": chosen}), vote)
    if view.voted:
        return _refused(409, view, "You have voted on this before. The first vote counts.")
    try:
        applications.commit(vote)
    except Conflict:
        again = view_of(reading, reference, applications)
        shown = again if isinstance(again, ReviewView) else view
        return _refused(409, shown, "You have voted on this before. The first vote counts.")
    around = records.get(Round.key_of(reading.series), Round)
    policy = policy_of(reading.catalogue)
    if around and around.task_token and all_decided(reading.series, policy, applications, key):
        resume(around.task_token, {"series": reading.series})
    return view_of(reading, reference, applications)


def list_of(reading: Reading, applications: Records, key: bytes) -> ReviewListView:
    """Every application that counts, by reference, which says nothing of anybody."""
    policy = policy_of(reading.catalogue)
    breaker = reviewer_id(policy.tie_break, key) if policy.tie_break else None
    votes = votes_by_reference(reading.series, applications)
    rows = []
    for reference, one in reading.counting.items():
        mine = next((v for v in votes[reference] if v.reviewer == reading.reviewer), None)
        rows.append(
            ReviewRow(
                reference=reference,
                late=one.late,
                priority=one.priority,
                votes=sum(vote.outcome is not None for vote in votes[reference]),
                voted=mine is not None,
                stood_aside=mine is not None and mine.outcome is None,
                decided=decide(votes[reference], policy, breaker).outcome is not None,
                link=f"{reading.token}/{reference}",
            )
        )
    return ReviewListView(
        catalogue=reading.catalogue,
        rows=tuple(rows),
        voting_closes_at=policy.voting_closes_at,
        closed=reading.closed,
    )


def view_of(reading: Reading, reference: str, applications: Records) -> ReviewView | NotFound:
    """The application without who sent it, or with, once this reviewer has voted."""
    one = reading.counting.get(reference)
    if one is None:
        return NotFound()
    return view_with(reading, one, votes_on(reading.series, reference, applications), applications)


def view_with(
    reading: Reading, one: Application, votes: Sequence[Vote], applications: Records
) -> ReviewView:
    """The same, where the votes on it are known."""
    voted = any(vote.reviewer == reading.reviewer for vote in votes)
    others = [a for a in reading.sent if a.learner == one.learner and a.open and a != one]
    sent = [one, *sorted(others, key=lambda a: a.submitted_at, reverse=True)]
    wrote = [
        answers
        for a in sent
        if (answers := applications.get(Answers.key_of(reading.series, a.reference), Answers))
    ]
    policy = policy_of(reading.catalogue)
    return ReviewView(
        catalogue=reading.catalogue,
        reference=one.reference,
        late=one.late,
        priority=one.priority,
        roles=wrote[0].roles if wrote else (),
        ask=one.ask,
        price=reading.catalogue.offer(policy.covers).price,
        texts=tuple(a.text if voted else hide_names(a.text, a) for a in wrote),
        voted=voted,
        closed=reading.closed,
        name=wrote[0].name if voted and wrote else "",
        votes=tuple(sorted(say_outcome(v.outcome, v.award) for v in votes)) if voted else (),
        back=f"../{reading.token}",
    )


def _reading(
    token: str, keys: list[bytes], records: Records, applications: Records, now: datetime
) -> Reading | LinkExpired | NotFound:
    if has_expired("review", token, keys, now):
        return LinkExpired()
    series, _, reviewer = (read("review", token, keys, now) or "").partition("/")
    if not reviewer:
        return NotFound()
    found = _round_for(series, reviewer, records, applications, keys[0])
    if isinstance(found, NotFound):
        return found
    return Reading(found.reviewer, found.catalogue, found.around, found.sent, token)


def _round_for(
    series: str, reviewer: str, records: Records, applications: Records, key: bytes
) -> Reading | NotFound:
    """The round, if the catalogue names that reviewer (still)."""
    held = round_of(series, records)
    if held is None or reviewer not in reviewers(policy_of(held[0]), key):
        return NotFound()
    return Reading(reviewer, *held, tuple(sent_in(series, applications)))


def round_of(series: str, records: Records) -> tuple[Catalogue, Round] | None:
    """What is published of a series that has a round, and where the round is."""
    kept = records.get(Series.key_of(series), Series)
    around = records.get(Round.key_of(series), Round)
    if kept is None or kept.catalogue.policies.scholarship is None or around is None:
        return None
    return kept.catalogue, around


def _vote(
    reading: Reading, reference: str, fields: Fields, price: Money, now: datetime
) -> Vote | str:
    """The vote, or what is to be put right first."""
    said = {name: (fields.get(name) or ("",))[0].strip() for name in fields}
    cast = {
        "series": reading.series,
        "reference": reference,
        "reviewer": reading.reviewer,
        "cast_at": now,
    }
    if said.get("conflict") == "yes":
        return Vote.model_validate(cast | {"outcome": None})
    if said.get("outcome") not in set(Outcome):
        return "What do you recommend?"
    outcome, award = Outcome(said["outcome"]), None
    if outcome is Outcome.PARTIAL:
        award = read_amount(said.get("award", ""), price.currency)
        if award is None or not 0 < award.minor < price.minor:
            return f"How much of {price} should the award pay?"
    if (strength := said.get("strength") or "2") not in ("1", "2", "3"):
        return "How strongly do you recommend it, 1, 2 or 3?"
    return Vote.model_validate(
        cast | {"outcome": outcome, "award": award, "strength": int(strength)}
    )


def _refused(status: int, view: ReviewView, why: str) -> Refused:
    return Refused(status, view.model_copy(update={"problem": why}))
