"""Whether somebody can evaluate a session now, by what they have done and what was decided."""

from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision
from shared.domain.evaluations import Evaluated, may_evaluate
from shared.domain.notices import Notice, NoticeKind, decide_notice
from shared.domain.registrations import Registration
from shared.ports import Records


def has_evaluated(session: str, learner: str, records: Records) -> bool:
    """Whether that person has evaluated that session."""
    return records.get(Evaluated.key_of(session, learner), Evaluated) is not None


def evaluation_of(
    catalogue: Catalogue, registration: Registration, records: Records, now: datetime
) -> Decision:
    """Whether the holder of that registration can evaluate its session now, and why not if not."""
    session, learner = registration.session, registration.learner
    return may_evaluate(
        catalogue,
        catalogue.session(session),
        registration,
        records.get(Verdict.key_of(session, learner), Verdict),
        evaluated=has_evaluated(session, learner, records),
        now=now,
    )


def decide_for(
    notice: Notice,
    catalogue: Catalogue,
    registration: Registration | None,
    records: Records,
    now: datetime,
) -> Decision:
    """Whether that person is to be told of the notice now; who has evaluated is not asked again."""
    decision = decide_notice(notice, catalogue, registration, now)
    asks = notice.what is NoticeKind.EVALUATION_WANTED
    if not asks or registration is None or not decision.granted:
        return decision
    return evaluation_of(catalogue, registration, records, now)


def who_need_not_evaluate(session: str, records: Records) -> frozenset[str]:
    """Who has evaluated that session, and who was not in it: two questions for a whole roster."""
    evaluated = records.find(f"SESSION#{session}", Evaluated, Evaluated.prefix_of())
    verdicts = records.find(Verdict.partition_of(session), Verdict)
    return frozenset(one.learner for one in evaluated) | frozenset(
        verdict.learner for verdict in verdicts if not verdict.presence
    )
