"""Who reviews: addresses in the catalogue, ids everywhere else."""

from collections.abc import Iterable, Mapping, Sequence

from shared.domain.applications import Application
from shared.domain.links import learner_id
from shared.domain.reviews import Vote
from shared.domain.scholarship_policy import ScholarshipPolicy


def reviewer_id(address: str, key: bytes) -> str:
    """The id of whoever reviews under that address."""
    return "R" + learner_id(address.lower(), key)[1:]


def reviewers(policy: ScholarshipPolicy, key: bytes) -> dict[str, str]:
    """The reviewers' addresses by their ids."""
    return {reviewer_id(address, key): address for address in policy.reviewers}


def is_own(learner: str, reviewer: str) -> bool:
    """Whether the reviewer and whoever applied are known under the same address."""
    return learner[1:] == reviewer[1:]


def unread_by(
    reviewer: str, counting: Iterable[Application], votes: Mapping[str, Sequence[Vote]]
) -> list[Application]:
    """What the reviewer has neither voted on nor stood aside from; their own is not theirs to read.

    `votes` are by reference.
    """
    return [
        one
        for one in counting
        if not is_own(one.learner or "", reviewer)
        and all(vote.reviewer != reviewer for vote in votes.get(one.reference, ()))
    ]
