"""The review of a round, step by step, as its state machine calls it. Ids and times go in and out.

Every step may be repeated: it reads where things stand. Who waits for votes is woken by the last
vote, by staff, by its own clock or by the sweep, and looks again.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shared.domain.applications import Outcome
from shared.domain.awards import Award, Fund
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.reviews import decide
from shared.domain.rounds import WAITING, Round, RoundPhase, kept_counts, round_name
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.sessions import Series
from shared.ports import Records, Workflows
from shared.usecases.commit_again import until_committed
from shared.usecases.offer_awards import counting_in, policy_of, votes_by_reference
from shared.usecases.owe_letters import not_yet_owed, owe_once
from shared.usecases.reviewers import reviewer_id, reviewers, unread_by

Resume = Callable[[str, dict[str, str]], bool]
_LONGEST_WAIT = timedelta(days=300)  # a wait of Step Functions ends within a year


def start_round(series: str, closes_at: datetime, *, workflows: Workflows, now: datetime) -> bool:
    """Start the review under its business key; False if it was started before, or it is early."""
    if now < closes_at:
        return False
    data = {"series": series, "closes_at": closes_at.isoformat()}
    return workflows.start(round_name(series, closes_at), data)


def check_round(
    series: str, closes_at: datetime, *, records: Records, now: datetime
) -> dict[str, Any]:
    """Is the review due? Not if the deadline moved, is not over, or the round is."""
    around, policy = _round(series, records)
    if around is None or policy is None:
        return {"due": False, "reason": "There is no such round."}
    if around.closes_at != closes_at:
        return {"due": False, "reason": "The deadline has moved."}
    if now < closes_at:
        return {"due": False, "reason": "The deadline is not over."}
    # Closed is not yet over: the counts are written last, when everybody has been told.
    if around.phase is RoundPhase.CLOSED and around.counts:
        return {"due": False, "reason": "The round is over."}
    return {"due": True, "reason": "The deadline is over."}


def ask_reviewers(
    series: str,
    task_token: str,
    *,
    records: Records,
    applications: Records,
    key: bytes,
    resume: Resume,
    now: datetime,
) -> None:
    """Remember who waits, and ask the reviewers; if nothing is left to wait for, go on at once."""

    def attempt() -> None:
        around, policy = _round(series, records)
        if around is None or policy is None:
            raise LookupError(f"There is no round of {series}.")
        changed = {"phase": RoundPhase.VOTING, "task_token": task_token}
        waits = {"waiting": WAITING, "waiting_since": _next_moment(around, policy).isoformat()}
        records.commit(around.model_copy(update=changed | waits))

    until_committed(attempt)
    if counting_in(series, applications):
        _write_to_reviewers(LetterKind.REVIEW_WANTED, "", series, records, applications, key, now)
    stands = see_where_it_stands(
        series, records=records, applications=applications, key=key, now=now
    )
    if stands["next"] != "wait":
        resume(task_token, {"series": series})


def see_where_it_stands(
    series: str, *, records: Records, applications: Records, key: bytes, now: datetime
) -> dict[str, Any]:
    """What is next: "wait" (so many seconds at most), "remind" or "close"."""
    around, policy = _round(series, records)
    if around is None or policy is None or around.phase is RoundPhase.CLOSED:
        return {"next": "close", "wait_seconds": 1}
    over = now >= policy.voting_closes_at or around.close_asked
    if over or all_decided(series, policy, applications, key):
        return {"next": "close", "wait_seconds": 1}
    if _reminders_due(policy, now) > around.reminded:
        return {"next": "remind", "wait_seconds": 1}
    wait = min(_next_moment(around, policy) - now, _LONGEST_WAIT)
    return {"next": "wait", "wait_seconds": max(1, int(wait.total_seconds()))}


def remind_reviewers(
    series: str, *, records: Records, applications: Records, key: bytes, now: datetime
) -> None:
    """Remind whoever has not voted on everything. Reminders that were missed are one."""
    around, policy = _round(series, records)
    if around is None or policy is None:
        return
    due = _reminders_due(policy, now)
    about = f"/{due}"
    _write_to_reviewers(LetterKind.REVIEW_REMINDER, about, series, records, applications, key, now)

    def attempt() -> None:
        current, _ = _round(series, records)
        if current is not None and current.reminded < due:
            records.commit(current.model_copy(update={"reminded": due}))

    until_committed(attempt)


def close_voting(series: str, *, records: Records, now: datetime) -> None:
    """From now on nothing is taken and nobody votes."""

    def attempt() -> None:
        around, _ = _round(series, records)
        if around is not None and around.phase is not RoundPhase.CLOSED:
            ended = {"task_token": None, "waiting": None, "waiting_since": None}
            closed = {"phase": RoundPhase.CLOSED, "closed_at": now}
            records.commit(around.model_copy(update=closed | ended))

    until_committed(attempt)


def close_now(
    series: str, *, records: Records, resume: Resume, workflows: Workflows, now: datetime
) -> bool:
    """Staff end the voting before its day; False if people can still apply, or it has ended."""

    def attempt() -> Round | None:
        around, _ = _round(series, records)
        if around is None or around.phase is RoundPhase.CLOSED or now < around.closes_at:
            return None
        asked = around.model_copy(update={"close_asked": True})
        records.commit(asked)
        return asked

    around = until_committed(attempt)
    if around is None:
        return False
    if around.task_token is None or not resume(around.task_token, {"series": series}):
        start_round(series, around.closes_at, workflows=workflows, now=now)
    return True


def sum_up(series: str, *, records: Records, applications: Records, now: datetime) -> None:
    """Tell staff how the round ended, in numbers, and keep those that may be kept."""
    counting = counting_in(series, applications)
    outcomes = Counter(one.outcome for one in counting if one.outcome)
    awards = [
        award
        for one in counting
        if (award := records.get(Award.key_of(series, one.learner or ""), Award))
    ]
    decided = sum(outcomes.values()) - outcomes[Outcome.DECLINE]
    open_ones = sorted(
        one.reference
        for one in counting
        if one.decided and any(reason.code == "waits" for reason in one.decided.reasons)
    )

    def attempt() -> None:
        around, _ = _round(series, records)
        fund = records.get(Fund.key_of(series), Fund)
        if around is None or around.closed_at is None:
            return
        facts = (
            Fact(label="Applications", value=str(len(counting))),
            Fact(label="Late", value=str(sum(one.late for one in counting))),
            Fact(label="Full awards", value=str(sum(award.full for award in awards))),
            Fact(label="Partial awards", value=str(sum(not award.full for award in awards))),
            Fact(label="On the list", value=str(decided - len(awards))),
            Fact(label="Not awarded", value=str(outcomes[Outcome.DECLINE])),
            Fact(label="Left in the fund", value=str(fund.left) if fund else "nothing"),
        )
        lines = (
            (f"Too few votes, or a tie, so they wait for you to decide: {', '.join(open_ones)}.",)
            if open_ones
            else ()
        )
        letter = owe(
            LetterKind.STAFF_SCHOLARSHIP_ROUND,
            f"{series}/{around.closes_at:%Y%m%dT%H%MZ}",
            now,
            series=series,
            facts=facts,
            lines=lines,
        )
        counts = kept_counts(dict(outcomes), sum(one.priority for one in counting))
        summed = around if around.counts else around.model_copy(update={"counts": counts})
        records.commit(summed, *not_yet_owed([letter], records))

    until_committed(attempt)


def all_decided(series: str, policy: ScholarshipPolicy, applications: Records, key: bytes) -> bool:
    """Whether every application has the votes it needs."""
    votes = votes_by_reference(series, applications)
    breaker = reviewer_id(policy.tie_break, key) if policy.tie_break else None
    return all(
        decide(votes[one.reference], policy, breaker).outcome is not None
        for one in counting_in(series, applications)
    )


def _round(series: str, records: Records) -> tuple[Round | None, ScholarshipPolicy | None]:
    around = records.get(Round.key_of(series), Round)
    kept = records.get(Series.key_of(series), Series)
    return around, kept.catalogue.policies.scholarship if kept else None


def _reminders_due(policy: ScholarshipPolicy, now: datetime) -> int:
    return sum(at <= now for at in policy.reminders_at)


def _next_moment(around: Round, policy: ScholarshipPolicy) -> datetime:
    moments = (*policy.reminders_at, policy.voting_closes_at)
    return moments[min(around.reminded, len(moments) - 1)]


def _write_to_reviewers(
    kind: LetterKind,
    about: str,
    series: str,
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
) -> None:
    """Owe each reviewer a letter of their own; a reminder only to whoever has not voted on all."""
    kept = records.get(Series.key_of(series), Series)
    if kept is None:
        return
    votes = votes_by_reference(series, applications)
    counting = counting_in(series, applications)
    for reviewer, address in reviewers(policy_of(kept.catalogue), key).items():
        if unread_by(reviewer, counting, votes):
            letter: Letter = owe(
                kind, f"{series}/{reviewer}{about}", now, series=series, reviewer=address
            )
            owe_once(letter, applications)
