"""The page on which somebody asks for a decision to be looked at again, in words."""

from typing import Any

from shared.adapters.jinja_pages import whole_page
from shared.domain.appeals import REASON_LIMIT, AppealOutcome
from shared.domain.my_page import AppealView, MyAppeal
from shared.domain.zones import say_day, say_short_day


def appeal_page(view: AppealView) -> str:
    """The page."""
    latest, verdict = view.latest, view.verdict
    per_unit = view.catalogue.policies.certificate.per == "unit"
    decided = []
    if verdict is not None:
        of_part = per_unit and view.scope != view.catalogue.series.id
        decisions = [verdict.attended] if of_part else [verdict.attended, verdict.earned]
        decided = [reason.text for decision in decisions for reason in decision.reasons]
    return whole_page(
        "my_appeal",
        view.catalogue,
        view=view,
        decided=list(dict.fromkeys(decided)),
        room=f"Up to {REASON_LIMIT:,} characters.",
        answer_by=say_day(view.answer_by, view.zone) if view.answer_by else "",
        due=say_day(latest.answer_by, view.zone) if latest else "",
        answered=say_day(latest.answered_at, view.zone) if latest and latest.answered_at else "",
        changed=latest is not None and latest.outcome is AppealOutcome.CHANGED,
        problems={"reason": [view.problem]} if view.problem else {},
    )


def appeal_said(mine: MyAppeal | None, zone: str) -> dict[str, Any] | None:
    """What the person's own page says of it; nothing where there is nothing to ask or to read."""
    if mine is None or not (mine.decision.granted or mine.latest):
        return None
    if mine.decision.granted or mine.latest is None:
        return {"label": "Is this not right?", "ask": True, "said": ""}
    if mine.latest.open:
        due = say_short_day(mine.latest.answer_by, zone)
        said = f"You asked us to look again. We answer by {due}"
    else:
        said = "We have looked again. Read our answer"
    return {"label": "Looked at again", "ask": False, "said": said}
