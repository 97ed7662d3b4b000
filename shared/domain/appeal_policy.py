"""What a catalogue says of appeals: until when a decision can be questioned, and answered."""

from pydantic import Field

from shared.domain.catalogue_values import Part


class AppealPolicy(Part):
    """So many days after a decision its person can ask for it to be looked at again.

    Staff answer within `answer_days`; after that they are reminded every `remind_days`, and the
    appeal stays open: silence is no answer.
    """

    within_days: int = Field(default=60, ge=1, le=365)
    answer_days: int = Field(default=14, ge=1, le=90)
    remind_days: int = Field(default=7, ge=1, le=30)
