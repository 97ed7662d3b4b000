"""Decide what voting came to, and offer awards down the list as far as the fund reaches.

Nobody is passed over: the money goes down one list in order, and waits where it does not reach. So
who is offered an award depends on the list and on how much money there is, and on nothing else.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from shared.domain.applications import KEPT, LEFT_OPEN, Application, Outcome, standing
from shared.domain.awards import WAITING, Award, AwardStatus, Fund, FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.reviews import Vote, award_of, decide, down_the_list, without_quorum
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.sessions import OfferPointer, Series
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import letter_to, owe_once
from shared.usecases.reviewers import reviewer_id

# What the holder of an award is told of the state it is in; the rest is told with the seats.
LETTER_OF = {
    AwardStatus.OFFERED: LetterKind.SCHOLARSHIP_OFFERED,
    AwardStatus.ACCEPTED: LetterKind.SCHOLARSHIP_PAY,
    AwardStatus.LAPSED: LetterKind.SCHOLARSHIP_LAPSED,
}


def decide_and_award(
    series: str,
    *,
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
    at_most: int = 100,
) -> dict[str, bool]:
    """Decide up to so many applications of a closed round; when all are, offer and tell everybody.

    {"more": True} asks to be called again. Calling again is always safe.
    """
    catalogue = closed_round(series, records)
    if catalogue is None:
        return {"more": False}
    sent = list(sent_in(series, applications))
    counting = standing(sent)
    undecided = [one for one in sent if _to_decide(one, one.reference in counting)]
    votes = votes_by_reference(series, applications)
    for one in undecided[:at_most]:
        _decide(one, one.reference in counting, votes[one.reference], catalogue, applications,
                key, now)  # fmt: skip
    if len(undecided) > at_most:
        return {"more": True}
    offer_down_the_list(series, records=records, applications=applications, now=now)
    _tell_the_others(series, records, applications, now)
    return {"more": False}


def offer_down_the_list(
    series: str, *, records: Records, applications: Records, now: datetime
) -> int:
    """Offer awards to whoever is next, while the fund reaches; how many were offered now."""
    catalogue = closed_round(series, records)
    if catalogue is None or now >= min(session.starts_at for session in catalogue.sessions):
        return 0  # an award is for the entire series
    offered = 0
    for application in down_the_list(counting_in(series, applications)):
        held = records.get(Award.key_of(series, application.learner or ""), Award)
        if held is None:
            held = until_committed(lambda one=application: _offer(one, catalogue, records, now))  # type: ignore[misc]
            if held is None:
                break
            offered += 1
        tell_of_offer(held, applications, now)
    return offered


def tell_of_offer(award: Award, applications: Records, now: datetime) -> None:
    """Owe the letter that says what is offered, or how to pay what is left of it."""
    if award.status in LETTER_OF:
        owe_once(letter_to(LETTER_OF[award.status], award, now), applications)


def closed_round(series: str, records: Records) -> Catalogue | None:
    """The catalogue of a series whose round is over."""
    kept = records.get(Series.key_of(series), Series)
    around = records.get(Round.key_of(series), Round)
    if kept is None or kept.catalogue.policies.scholarship is None or around is None:
        return None
    return kept.catalogue if around.phase is RoundPhase.CLOSED else None


def sent_in(series: str, applications: Records) -> Iterator[Application]:
    """Everything that was sent to a round, in the order of references."""
    partition, prefix = Application.key_of(series, "").partition, Application.prefix()
    return applications.find(partition, Application, prefix)


def counting_in(series: str, applications: Records) -> list[Application]:
    """The applications that count: one of each person."""
    return list(standing(sent_in(series, applications)).values())


def votes_on(series: str, reference: str, applications: Records) -> list[Vote]:
    """The votes on one application."""
    partition = Vote.key_of(series, "", "").partition
    return list(applications.find(partition, Vote, f"{reference}#"))


def votes_by_reference(series: str, applications: Records) -> dict[str, list[Vote]]:
    """All votes of a round, by what they are on."""
    votes: dict[str, list[Vote]] = defaultdict(list)
    for vote in applications.find(Vote.key_of(series, "", "").partition, Vote):
        votes[vote.reference].append(vote)
    return votes


def policy_of(catalogue: Catalogue) -> ScholarshipPolicy:
    """The scholarship policy of a series that has one. Raises LookupError."""
    policy = catalogue.policies.scholarship
    if policy is None:
        raise LookupError(f"The series {catalogue.series.id} awards no scholarships.")
    return policy


def _to_decide(application: Application, counts: bool) -> bool:
    """Whether it is neither decided nor left to the institute, as only what counts can be."""
    settled = (KEPT, LEFT_OPEN) if counts else (KEPT,)
    return application.open and application.waiting not in settled


def _decide(
    application: Application,
    counts: bool,
    votes: list[Vote],
    catalogue: Catalogue,
    applications: Records,
    key: bytes,
    now: datetime,
) -> None:
    """Write down what the votes came to, and until when what was written is kept."""
    policy = policy_of(catalogue)
    changes: dict[str, object] = {
        "waiting": KEPT,
        "waiting_since": policy.erase_at(now).isoformat(),
    }
    if counts:
        breaker = reviewer_id(policy.tie_break, key) if policy.tie_break else None
        verdict = decide(votes, policy, breaker)
        if verdict.outcome is None:
            verdict = without_quorum(verdict)
            changes |= {
                "waiting": LEFT_OPEN,
                "waiting_since": now.isoformat(),
                "keep_until": policy.erase_at(now),
            }
        changes |= {
            "outcome": verdict.outcome,
            "award": verdict.award,
            "strength": verdict.strength,
            "decided": verdict.decided,
            "decided_at": now,
        }

    def attempt() -> None:
        current = applications.get(application.key(), Application)
        if current is not None and _to_decide(current, counts):
            applications.commit(current.model_copy(update=changes))

    until_committed(attempt)


def _offer(
    application: Application, catalogue: Catalogue, records: Records, now: datetime
) -> Award | None:
    """The award, paid by the fund in one commit; None if the fund does not reach."""
    policy, learner = policy_of(catalogue), application.learner or ""
    known = records.get(Award.key_of(application.series, learner), Award)
    if known is not None:
        return known
    price = catalogue.offer(policy.covers).price
    amount = award_of(application, price)
    fund = records.get(Fund.key_of(application.series), Fund)
    if fund is None or not fund.covers(amount):
        return None
    answer_by = policy.answer_by(now)
    award = Award(
        series=application.series,
        learner=learner,
        reference=application.reference,
        amount=amount,
        to_pay=Money(minor=price.minor - amount.minor, currency=price.currency),
        covers=policy.covers,
        credit=policy.credit,
        offered_at=now,
        answer_by=answer_by,
        waiting=WAITING,
        waiting_since=answer_by.isoformat(),
    )
    entry = FundEntry(
        series=award.series, about=f"award/{award.reference}", by=-amount.minor, at=now
    )
    pointer = OfferPointer(offer_id=award.offer_id, series=award.series, award=learner)
    records.commit(award, fund.moved(-amount.minor, now), entry, pointer)
    return award.model_copy(update={"version": 1})


def _tell_the_others(series: str, records: Records, applications: Records, now: datetime) -> None:
    """Whom nothing is offered now: who waits on the list, and who gets no award this time."""
    for application in counting_in(series, applications):
        if records.get(Award.key_of(series, application.learner or ""), Award) is not None:
            continue
        declined = application.outcome is Outcome.DECLINE
        kind = LetterKind.SCHOLARSHIP_NOT_AWARDED if declined else LetterKind.SCHOLARSHIP_WAITING
        owe_once(letter_to(kind, application, now), applications)
