"""What Amazon SES says of letters, as its configuration set publishes it: JSON, one event each.

Read leniently where SES grows. Nothing of it but ids, times and the addresses it is about is kept;
which letter it was is known by the header that the letter carries.
"""

from datetime import datetime
from typing import Any
from urllib.parse import unquote

from pydantic import ConfigDict, Field, ValidationError

from shared.domain.mailboxes import Feedback, Said
from shared.domain.value import Value

_HEADER = "x-tending-letter"


class UnreadableFeedback(ValueError):
    """It is not one of SES's events as we know them."""


class _Lenient(Value):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class _Header(_Lenient):
    name: str
    value: str = ""


class _Mail(_Lenient):
    message_id: str = Field(alias="messageId", min_length=1)
    timestamp: datetime
    destination: tuple[str, ...] = ()
    headers: tuple[_Header, ...] = ()


class _Recipient(_Lenient):
    address: str = Field(alias="emailAddress")


class _Bounce(_Lenient):
    kind: str = Field(alias="bounceType", default="Undetermined")
    recipients: tuple[_Recipient, ...] = Field(alias="bouncedRecipients", default=())
    timestamp: datetime | None = None


class _Complaint(_Lenient):
    recipients: tuple[_Recipient, ...] = Field(alias="complainedRecipients", default=())
    timestamp: datetime | None = None


class _Delivery(_Lenient):
    recipients: tuple[str, ...] = ()
    timestamp: datetime | None = None


class _Event(_Lenient):
    # Event publishing calls it eventType, feedback notifications call it notificationType.
    kind: str = Field(alias="eventType", default="")
    older_kind: str = Field(alias="notificationType", default="")
    mail: _Mail
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None
    delivery: _Delivery | None = None


def read_feedback(body: str) -> Feedback | None:
    """What the event says of a letter of ours; None if of none, or nothing that we need.

    Raises UnreadableFeedback, whose message holds no personal data.
    """
    try:
        event = _Event.model_validate_json(body)
    except ValidationError:
        raise UnreadableFeedback("An event of the mail service could not be read.") from None
    said = _SAID.get(event.kind or event.older_kind)
    letter_id = next((h.value for h in event.mail.headers if h.name.lower() == _HEADER), "")
    if said is None or not letter_id:
        return None
    return Feedback.model_validate(
        {
            "said": said,
            "letter_id": unquote(letter_id),
            "message_id": event.mail.message_id,
            "at": event.mail.timestamp,
            "addresses": event.mail.destination,
            **_details(event),
        }
    )


def _details(event: _Event) -> dict[str, Any]:
    if event.bounce is not None:
        return {
            "at": event.bounce.timestamp or event.mail.timestamp,
            "addresses": tuple(one.address for one in event.bounce.recipients),
            "for_good": event.bounce.kind == "Permanent",
        }
    if event.complaint is not None:
        return {
            "at": event.complaint.timestamp or event.mail.timestamp,
            "addresses": tuple(one.address for one in event.complaint.recipients),
        }
    if event.delivery is not None:
        return {
            "at": event.delivery.timestamp or event.mail.timestamp,
            "addresses": event.delivery.recipients,
        }
    return {}


_SAID = {
    "Send": Said.SENT,
    "Delivery": Said.DELIVERED,
    "Bounce": Said.BOUNCED,
    "Complaint": Said.COMPLAINED,
    "Reject": Said.REJECTED,
    "Rendering Failure": Said.REJECTED,
}
