"""The evaluation of a session, as the catalogue sets it: how long it is open, and what it asks."""

from typing import Annotated

from pydantic import Field

from shared.domain.catalogue_values import Line, Part


class EvaluationPolicy(Part):
    """A short form on people's own pages, from the end of each session for so many days.

    With `required` no certificate is given without it. `objectives` asks how far each of the
    session's objectives was met, `presenters` how each of its faculty taught; `questions` are
    further statements to agree with, from 1 to 5. So many hours before its end people are reminded.
    """

    days: int = Field(default=7, ge=1, le=90)
    required: bool = True
    objectives: bool = True
    presenters: bool = True
    questions: tuple[Line, ...] = Field(
        default=(
            "The content fits my work or my life.",
            "It was easy to take part, technology and access included.",
        ),
        max_length=10,
    )
    remind_hours_before: tuple[Annotated[int, Field(ge=1, le=24 * 30)], ...] = Field(
        default=(24,), max_length=4
    )
