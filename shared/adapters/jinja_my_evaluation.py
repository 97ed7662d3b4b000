"""The evaluation of a session on a person's own page, in words."""

from itertools import groupby
from typing import Final

from shared.adapters.jinja_my_particulars import by_field
from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import credit_name, moment
from shared.domain.evaluations import CANNOT_SAY, COMMENT_LIMIT
from shared.domain.my_page import EvaluationView

_CHOICES: Final = (
    ("5", "5, entirely"),
    ("4", "4"),
    ("3", "3, half"),
    ("2", "2"),
    ("1", "1, not at all"),
    (CANNOT_SAY, "I cannot say"),
)


def evaluation_page(view: EvaluationView) -> str:
    """The page."""
    policy = view.catalogue.policies.evaluation
    return whole_page(
        "my_evaluation",
        view.catalogue,
        view=view,
        groups=[
            (group, list(asked))
            for group, asked in groupby(view.questions, key=lambda one: one.group)
        ],
        choices=_CHOICES,
        until=moment(view.closes_at, view.session.zone) if view.closes_at else "",
        required=policy is not None and policy.required,
        credit=credit_name(view.catalogue.policies),
        room=f"{COMMENT_LIMIT:,}",
        problems=by_field(view.problems),
        summary=_summary(view),
    )


def _summary(view: EvaluationView) -> list[tuple[str, str]]:
    """Each field that is to be put right, and what would help, with the question it is about."""
    asked = {one.field: one.asked for one in view.questions}
    return [(one.field, f"{one.text} {asked.get(one.field, '')}".strip()) for one in view.problems]
