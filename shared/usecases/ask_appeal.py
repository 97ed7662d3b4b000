"""Ask for a decision to be looked at again, on one's own page.

One commit holds the appeal and the letters that say it came in; the table's stream starts the
machine that waits for staff. Asking twice is one appeal.
"""

from datetime import datetime

from shared.domain.appeals import REASON_LIMIT, WAITING, Appeal, may_appeal, refused_about
from shared.domain.catalogue import Catalogue
from shared.domain.credit import Verdict
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.my_page import AppealView
from shared.domain.registrations import Learner
from shared.domain.sessions import Series
from shared.domain.zones import days_later, say_day
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound
from shared.usecases.owe_letters import not_yet_owed

_NOTHING_SAID = "Please tell us in a sentence or two what we should look at."


def open_appeal(
    token: str, scope: str, *, keys: list[bytes], records: Records, now: datetime
) -> AppealView | NotFound:
    """What was decided, the form if it can be questioned now, else why not and what was asked."""
    person = holder_of(token, keys=keys, records=records, now=now)
    return NotFound() if person is None else _view(token, scope, person, records, now)


def ask_appeal(
    token: str, scope: str, reason: str, *, keys: list[bytes], records: Records, now: datetime
) -> AppealView | NotFound:
    """Take the appeal in, or say what is to be put right."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()

    def attempt() -> AppealView | NotFound:
        view = _view(token, scope, person, records, now)
        if isinstance(view, NotFound) or not view.decision.granted or view.verdict is None:
            return view
        written = reason.strip()
        if not written:
            return view.model_copy(update={"problem": _NOTHING_SAID})
        if len(written) > REASON_LIMIT:
            problem = f"There is room for {REASON_LIMIT:,} characters; these are {len(written):,}."
            return view.model_copy(update={"reason": written, "problem": problem})
        appeal = _appeal(view, view.verdict, person.learner, written, now)
        records.commit(appeal, *not_yet_owed(_letters(appeal, view, now), records))
        after = _view(token, scope, person, records, now)
        return after if isinstance(after, NotFound) else after.model_copy(update={"sent": True})

    return until_committed(attempt)


def appeals_of(scope: str, learner: str, records: Records) -> list[Appeal]:
    """Every appeal of that person about that scope, the first one first."""
    return list(records.find(Appeal.partition_of(scope), Appeal, f"{learner}#"))


def _view(
    token: str, scope: str, person: Learner, records: Records, now: datetime
) -> AppealView | NotFound:
    verdict = records.get(Verdict.key_of(scope, person.learner), Verdict)
    series = records.get(Series.key_of(verdict.series), Series) if verdict else None
    if verdict is None or series is None:
        return NotFound()
    catalogue = series.catalogue
    asked = appeals_of(scope, person.learner, records)
    latest = asked[-1] if asked else None
    zone = _zone(scope, catalogue)
    return AppealView(
        token=token,
        scope=scope,
        catalogue=catalogue,
        title=_title(scope, catalogue),
        zone=zone,
        verdict=verdict,
        decision=may_appeal(verdict, latest, catalogue.policies.appeal, zone, now),
        latest=latest,
        answer_by=days_later(now, catalogue.policies.appeal.answer_days, zone),
    )


def _appeal(view: AppealView, verdict: Verdict, learner: str, reason: str, now: datetime) -> Appeal:
    about = refused_about(verdict)
    assert about is not None and view.answer_by is not None  # noqa: S101 - it may be questioned
    return Appeal(
        scope=verdict.scope,
        series=verdict.series,
        learner=learner,
        number=view.latest.number + 1 if view.latest else 1,
        about=about,
        reason=reason,
        decided_at=verdict.decided_at,
        asked_at=now,
        answer_by=view.answer_by,
        waiting=WAITING,
        waiting_since=now.isoformat(),
    )


def _letters(appeal: Appeal, view: AppealView, now: datetime) -> list[Letter]:
    """That it came in; and to staff what it is about, without what the person wrote."""
    return [
        owe(
            LetterKind.APPEAL_RECEIVED, appeal.id, now, learner=appeal.learner, series=appeal.series
        ),
        owe(
            LetterKind.STAFF_APPEAL,
            appeal.id,
            now,
            learner=appeal.learner,
            series=appeal.series,
            facts=(
                Fact(label="Appeal", value=appeal.id),
                Fact(label="About", value=view.title),
                Fact(label="Answer by", value=say_day(appeal.answer_by, view.zone)),
            ),
        ),
    ]


def _title(scope: str, catalogue: Catalogue) -> str:
    titles = {session.id: session.title for session in catalogue.sessions}
    return titles.get(scope, catalogue.series.title)


def _zone(scope: str, catalogue: Catalogue) -> str:
    zones = {session.id: session.zone for session in catalogue.sessions}
    return zones.get(scope, catalogue.institute.zone)
