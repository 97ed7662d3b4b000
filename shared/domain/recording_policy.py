"""What a catalogue says of recordings: how long, on what conditions, and when they are deleted."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.catalogue_values import Part


class RecordingPolicy(Part):
    """How many days after the event a recording may be watched; None is without end.

    So many days before that end people are reminded of it, and so many after it the files are
    deleted (None keeps them). It is shared once captions are there, if they are required, and staff
    have released it, if they are to; and staff are asked if it came so late that fewer than
    `minimum_days` would be left.
    """

    days_after_event: int | None = Field(default=None, ge=1, le=3650)
    remind_days_before_end: tuple[Annotated[int, Field(ge=1, le=365)], ...] = Field(
        default=(3, 1), max_length=4
    )
    release: Literal["automatic", "staff"] = "automatic"
    captions_required: bool = False
    minimum_days: int | None = Field(default=None, ge=1, le=365)
    delete_days_after_end: int | None = Field(default=30, ge=1, le=3650)
