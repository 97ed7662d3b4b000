"""Take an application in: from our own form, or from a signed message of the institute's form tool.

One commit holds the application, what was written, the letter that says it arrived, and the count
of what came from there. What is sent twice by one form is one application, for ever.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.applications import (
    UNDECIDED,
    Answers,
    Application,
    origin_of,
    reference_of,
    standing,
)
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.links import learner_id
from shared.failures import Conflict
from shared.ports import Records
from shared.usecases.check_application import (
    NoRound,
    Ready,
    RoundClosed,
    check_form,
    check_message,
    open_form,
    round_of,
)
from shared.usecases.count_sent import TooMany, one_more
from shared.usecases.owe_letters import letter_to

__all__ = [
    "FormUsed",
    "NoRound",
    "Ready",
    "Receipt",
    "RoundClosed",
    "RoundIsClosed",
    "TooMany",
    "check_form",
    "check_message",
    "open_form",
    "submit",
]

# Letters go to whoever is named: nobody's mailbox is to be filled by a stranger.
PER_ADDRESS_AND_DAY = 5
_ATTEMPTS = 12


@dataclass(frozen=True)
class Receipt:
    """That an application is stored, and under which number."""

    series: str
    reference: str
    late: bool


class FormUsed(Exception):
    """The form was sent before, with other content, as `reference`. Nothing was changed."""

    def __init__(self, reference: str) -> None:
        super().__init__("The form was sent before.")
        self.reference = reference


class RoundIsClosed(Exception):
    """The round closed while the form was on its way. Nothing was stored."""


def submit(
    ready: Ready,
    sent_from: str,
    limit: int,
    *,
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
) -> Receipt:
    """Store it, exactly once. `sent_from` is a network address, of which `limit` an hour are taken.

    Raises TooMany, FormUsed, RoundIsClosed; Unavailable if it could not be written.
    """
    for _ in range(_ATTEMPTS):
        found = round_of(ready.series, records)
        if not isinstance(found, Catalogue):
            raise RoundIsClosed
        try:
            return _store(ready, found, sent_from, limit, applications, key, now)
        except Conflict:
            continue
    # Whoever sends so much at once that even counting it fails is told to slow down.
    raise TooMany


def _store(
    ready: Ready,
    catalogue: Catalogue,
    sent_from: str,
    limit: int,
    applications: Records,
    key: bytes,
    now: datetime,
) -> Receipt:
    policy = catalogue.policies.scholarship
    assert policy is not None  # noqa: S101 - there is a round
    series, sent = ready.series, ready.submission
    reference = reference_of(series, ready.form, key)
    known = applications.get(Application.key_of(series, reference), Application)
    if known is not None:
        if known.content_sha256 not in (None, ready.content_sha256):
            raise FormUsed(reference)
        return Receipt(series, reference, known.late)
    counts = [
        one_more(origin_of(series, f"net.{sent_from}", key), f"{now:%Y%m%dT%H}", limit,
                 records=applications, now=now),
        one_more(origin_of(series, f"mail.{sent.address}", key), f"{now:%Y%m%d}",
                 PER_ADDRESS_AND_DAY, records=applications, now=now),
    ]  # fmt: skip
    application = Application(
        series=series,
        reference=reference,
        learner=learner_id(sent.address, key),
        submitted_at=now,
        content_sha256=ready.content_sha256,
        late=now >= policy.closes_at,
        priority=sent.priority,
        ask=sent.ask,
        waiting=UNDECIDED,
        waiting_since=policy.voting_closes_at.isoformat(),
    )
    answers = Answers(
        series=series,
        reference=reference,
        name=sent.name,
        address=sent.address,
        roles=sent.roles,
        text=sent.text,
        priorities=sent.priorities,
        own_words=sent.own_words,
        profession=sent.profession,
        consented_at=now,
    )
    letter = letter_to(_greeting(application, applications), application, now)
    applications.commit(application, answers, letter, *counts)
    return Receipt(series, reference, application.late)


def _greeting(application: Application, applications: Records) -> LetterKind:
    """Whether this is the person's first, and if not, whether it is now the one that counts."""
    earlier = [
        other
        for other in applications.of_learner(application.learner or "", Application)
        if other.series == application.series and other.open
    ]
    counts = application.reference in standing([*earlier, application])
    replaces = earlier and counts
    return LetterKind.SCHOLARSHIP_REPLACED if replaces else LetterKind.SCHOLARSHIP_RECEIVED
