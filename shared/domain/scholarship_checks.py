"""Whether the scholarship round of a catalogue fits the sessions and prices beside it."""

from collections.abc import Collection, Iterator

from shared.domain.catalogue import Offer, Policies, Session
from shared.domain.catalogue_texts import Path, did_you_mean
from shared.domain.catalogue_values import shown

_ROUND: Path = ("policies", "scholarship")


def scholarship_checks(
    policies: Policies | None, sessions: Collection[Session], offers: Collection[Offer]
) -> Iterator[tuple[Path, str]]:
    """(path, question) for each date that comes too late, and for an award that buys no series.

    `sessions` are all of them, or empty if one could not be read.
    """
    policy = policies.scholarship if policies else None
    if policy is None:
        return
    if sessions:
        first = min(session.starts_at for session in sessions)
        last = max(session.ends for session in sessions)
        if policy.deadline > last:
            yield (
                (*_ROUND, "deadline"),
                f"applications would close on {policy.deadline:%Y-%m-%d}, after the last"
                f" session on {last:%Y-%m-%d}. Is that the right day and year?",
            )
        elif policy.closes_at < first < policy.voting_closes_at:
            yield (
                (*_ROUND, "review_days"),
                f"with {policy.review_days} days to vote, awards would be decided after the first"
                " session. Could it be fewer?",
            )
    offer = next((offer for offer in offers if offer.id == policy.covers), None)
    if offer is None:
        ids = [offer.id for offer in offers]
        yield (
            (*_ROUND, "covers"),
            f"no price is called {shown(policy.covers)}." + did_you_mean(policy.covers, ids),
        )
    elif offer.amount == 0:
        yield (*_ROUND, "covers"), f"'{offer.id}' is free. Which price should an award pay for?"
    elif sessions and set(offer.sessions) != {session.id for session in sessions}:
        yield (
            (*_ROUND, "covers"),
            f"an award is for the entire series, and '{offer.id}' is not. Which price is?",
        )
