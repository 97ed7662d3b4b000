"""Evaluate a session on one's own page: what is said goes one way, who said something another.

Both are one commit, so that neither is there without the other, and nothing that is stored joins
them again: the answers carry a random number and no time, and the mark on the person no number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.catalogue import Catalogue, Session
from shared.domain.decisions import Decision
from shared.domain.decisions_wanted import want_decision
from shared.domain.evaluations import (
    Evaluated,
    Evaluation,
    questions_of,
    read_evaluation,
)
from shared.domain.forms import Fields
from shared.domain.my_page import EvaluationView
from shared.domain.registrations import Registration
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.evaluation_of import evaluation_of
from shared.usecases.find_session import find_session
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound

_CAUSE = "evaluation"


@dataclass(frozen=True)
class _Asked:
    """One person's session, and whether they can evaluate it now."""

    learner: str
    catalogue: Catalogue
    session: Session
    decision: Decision


def open_evaluation(
    token: str, session: str, *, keys: list[bytes], records: Records, now: datetime
) -> EvaluationView | NotFound:
    """The form, or why there is none (any more). Opening it changes nothing."""
    asked = _asked(token, session, keys, records, now)
    return _view(token, asked) if asked else NotFound()


def send_evaluation(
    token: str,
    session: str,
    fields: Fields,
    *,
    keys: list[bytes],
    records: Records,
    random_number: Callable[[], str],
    now: datetime,
) -> EvaluationView | NotFound:
    """Take the evaluation, once; or give the form back with what is to be put right.

    `random_number` draws 32 hexadecimal digits that nothing else knows.
    """

    def attempt() -> EvaluationView | NotFound:
        asked = _asked(token, session, keys, records, now)
        if asked is None:
            return NotFound()
        view = _view(token, asked)
        if not asked.decision.granted:
            return view
        read = read_evaluation(fields, view.questions, session, random_number())
        if not isinstance(read, Evaluation):
            chosen = {name: values[0] for name, values in fields.items() if values}
            return view.model_copy(update={"problems": read, "chosen": chosen})
        _keep(read, asked, records, now)
        return view.model_copy(update={"sent": True})

    return until_committed(attempt)


def _keep(evaluation: Evaluation, asked: _Asked, records: Records, now: datetime) -> None:
    series = asked.catalogue.series.id
    marker = Evaluated(session=asked.session.id, series=series, learner=asked.learner)
    wanted = want_decision(asked.session.id, series, asked.learner, _CAUSE, now)
    records.commit(evaluation, marker, *not_yet_wanted([wanted], records))


def _asked(
    token: str, session: str, keys: list[bytes], records: Records, now: datetime
) -> _Asked | None:
    person = holder_of(token, keys=keys, records=records, now=now)
    found = find_session(session, records) if person else None
    if person is None or found is None:
        return None
    registration = records.get(Registration.key_of(session, person.learner), Registration)
    if registration is None:
        return None
    decision = evaluation_of(found.catalogue, registration, records, now)
    return _Asked(person.learner, found.catalogue, found.session, decision)


def _view(token: str, asked: _Asked) -> EvaluationView:
    return EvaluationView(
        token=token,
        catalogue=asked.catalogue,
        session=asked.session,
        decision=asked.decision,
        closes_at=asked.catalogue.evaluation_closes_at(asked.session.id),
        questions=questions_of(asked.catalogue, asked.session) if asked.decision.granted else (),
    )
