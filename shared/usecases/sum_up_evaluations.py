"""What staff may know of what people said of a session: sums and comments, of enough people.

Shown only when nothing more can come, so that nobody learns by looking before and after one person
has answered; and only from as many answers on that nobody is recognised.
"""

from datetime import datetime
from typing import Any

from shared.domain.evaluations import (
    FEWEST_SHOWN,
    Evaluation,
    Summary,
    sum_up,
)
from shared.domain.zones import say_day, say_time
from shared.ports import Records
from shared.usecases.find_session import find_session


def sum_up_evaluations(session: str, *, records: Records, now: datetime) -> dict[str, Any] | None:
    """How many answered, and what they said if it may be shown; None without such a session."""
    found = find_session(session, records)
    if found is None:
        return None
    closes_at = found.catalogue.evaluation_closes_at(session)
    answers = list(records.find(Evaluation.partition_of(session), Evaluation))
    told: dict[str, Any] = {
        "session": session,
        "title": found.session.title,
        "closes_at": closes_at.isoformat() if closes_at else None,
        "answers": len(answers),
        "shown": False,
        "why": "",
        "questions": [],
        "comments": [],
    }
    zone = found.session.zone
    if closes_at is not None and now < closes_at:
        until = f"{say_day(closes_at, zone)}, {say_time(closes_at, zone)}"
        return told | {"why": f"People can answer until {until}. What they said is shown then."}
    if len(answers) < FEWEST_SHOWN:
        why = f"What fewer than {FEWEST_SHOWN} people said is not shown, so that nobody is known."
        return told | {"why": why}
    summaries, comments = sum_up(answers)
    return told | {
        "shown": True,
        "questions": [_told(summary) for summary in summaries],
        "comments": list(comments),
    }


def _told(summary: Summary) -> dict[str, Any]:
    return {
        "asked": summary.asked,
        "average": summary.average,
        "marks": list(summary.marks),
        "cannot_say": summary.cannot_say,
    }
