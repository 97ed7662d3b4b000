"""Gather what a letter of a scholarship round may say, as it is when it is sent.

Reviewers are told numbers only. Whatever a person wrote of themselves is in no letter at all.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from shared.domain.applications import Answers, Application, Outcome
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import Letter, LetterKind
from shared.domain.registrations import Learner
from shared.domain.rounds import Round, RoundPhase
from shared.domain.sessions import Series
from shared.failures import NoLongerTrue
from shared.ports import Records
from shared.usecases.answer_award import due_and_back
from shared.usecases.offer_awards import LETTER_OF, counting_in, policy_of, votes_by_reference
from shared.usecases.reviewers import unread_by

# A reviewer's link outlives the voting, so that a late opener is told that it is over.
LINK_OUTLIVES = timedelta(days=14)
_SAID_OF = {kind: status for status, kind in LETTER_OF.items()}


def gather_of_round(
    letter: Letter,
    records: Records,
    applications: Records,
    link: Callable[..., str],
    now: datetime,
) -> LetterFacts:
    """All that the letter may say. Raises NoLongerTrue."""
    kept = records.get(Series.key_of(letter.series or ""), Series)
    if kept is None or kept.catalogue.policies.scholarship is None:
        raise NoLongerTrue("There is no such round.")
    around = records.get(Round.key_of(kept.series), Round)
    facts = LetterFacts(letter=letter, catalogue=kept.catalogue, round=around)
    if letter.reviewer is not None:
        return _for_reviewer(facts, kept.catalogue, letter.reviewer, applications, link)
    return _for_applicant(facts, records, applications, link, now)


def _for_reviewer(
    facts: LetterFacts,
    catalogue: Catalogue,
    address: str,
    applications: Records,
    link: Callable[..., str],
) -> LetterFacts:
    policy, around = policy_of(catalogue), facts.round
    if around is None or around.phase is RoundPhase.CLOSED:
        raise NoLongerTrue("Voting has ended.")
    if address not in policy.reviewers:
        raise NoLongerTrue("They no longer review.")
    reviewer = facts.letter.about.split("/")[1]
    votes = votes_by_reference(around.series, applications)
    missing = unread_by(reviewer, counting_in(around.series, applications), votes)
    if not missing:
        raise NoLongerTrue("They have voted on everything.")
    subject = f"{around.series}/{reviewer}"
    expires_at = policy.voting_closes_at + LINK_OUTLIVES
    return facts.model_copy(
        update={
            "learner": _somebody("", address),
            "counts": {"waiting": len(missing), "late": sum(one.late for one in missing)},
            "links": {"review": link("review", subject, expires_at)},
        }
    )


def _for_applicant(
    facts: LetterFacts,
    records: Records,
    applications: Records,
    link: Callable[..., str],
    now: datetime,
) -> LetterFacts:
    series, reference = facts.letter.series or "", facts.letter.reference or ""
    application = applications.get(Application.key_of(series, reference), Application)
    answers = applications.get(Answers.key_of(series, reference), Answers)
    if application is None or answers is None or answers.erased_at is not None:
        raise NoLongerTrue("It has been erased.")
    award = records.get(Award.key_of(series, application.learner or ""), Award)
    if award is not None and award.reference != reference:
        award = None
    _still_true(facts.letter.letter, application, award, now)
    due = back = None
    if award is not None:
        due, back = due_and_back(award, records)
    catalogue = facts.catalogue
    pay = {"pay": catalogue.series.page} if catalogue is not None else {}
    return facts.model_copy(
        update={
            "learner": _somebody(answers.name, answers.address),
            "application": application,
            "award": award,
            "due": due,
            "back": back,
            "links": {"my_application": link("application", f"{series}/{reference}"), **pay},
        }
    )


def _still_true(
    kind: LetterKind, application: Application, award: Award | None, now: datetime
) -> None:
    """Raise NoLongerTrue if what the letter says is not so (any more)."""
    if kind in _SAID_OF and (award is None or award.status is not _SAID_OF[kind]):
        raise NoLongerTrue("The award is in another state by now.")
    if kind is LetterKind.SCHOLARSHIP_OFFERED and award is not None and now >= award.answer_by:
        raise NoLongerTrue("The day to answer has passed.")
    withdrawn = application.withdrawn_at is not None
    if withdrawn is not (kind is LetterKind.SCHOLARSHIP_WITHDRAWN):
        raise NoLongerTrue("It was taken back." if withdrawn else "It was not taken back.")
    if kind is LetterKind.SCHOLARSHIP_WAITING and (
        award is not None or application.decided is None or application.outcome is Outcome.DECLINE
    ):
        raise NoLongerTrue("It does not wait on the list.")


def _somebody(name: str, address: str) -> Learner:
    """Whom the letter goes to. Applicants are nobody's learners yet, and are not kept as such."""
    return Learner(
        learner="", name=name, address=address, named_by=(datetime.fromtimestamp(0, UTC), "")
    )
