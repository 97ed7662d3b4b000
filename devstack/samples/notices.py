"""What the letters by the clock are made from: one session, and the notice that is due."""

from datetime import timedelta
from typing import Any

from devstack.samples.institutes import LEARNER_ID, SITE
from devstack.samples.people import a_learner
from shared.domain.catalogue import Catalogue
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind, owe
from shared.domain.notices import Notice, NoticeKind


def notice_facts(
    kind: LetterKind, catalogue: Catalogue, hours: int = 24, **changes: Any
) -> LetterFacts:
    """All that a letter about the first session may draw on, `hours` before its start or end."""
    session = catalogue.sessions[0]
    what = NoticeKind(kind.value)
    closes_at = catalogue.recording_closes_at(session.id) or session.ends_at + timedelta(days=30)
    ahead = what in (NoticeKind.REMINDER, NoticeKind.MOVED)
    end = session.starts_at if ahead else closes_at
    due_at = end - timedelta(hours=hours)
    day = timedelta(days=1)
    moved = what is NoticeKind.MOVED
    notice = Notice(
        session=session.id,
        series=catalogue.series.id,
        what=what,
        plan=(end,),
        hours=0 if moved else hours,
        due_at=due_at,
        was=(session.starts_at - day, session.ends_at - day) if moved else None,
        since=due_at if moved else None,
    )
    facts = LetterFacts(
        letter=owe(kind, f"{session.id}/{LEARNER_ID}/{notice.name}", due_at, learner=LEARNER_ID),
        catalogue=catalogue,
        learner=a_learner(),
        sessions=(session,),
        notice=notice,
        links={
            "me": f"{SITE}/me/token",
            "evaluation": f"{SITE}/me/token/evaluation/{session.id}",
            "watch": f"{SITE}/watch/token",
            f"join:{session.id}": session.joining_link or "",
        },
    )
    return facts.model_copy(update=changes)


def is_notice(kind: LetterKind) -> bool:
    """Whether letters of that kind are owed by the clock."""
    return kind.value in set(NoticeKind)
