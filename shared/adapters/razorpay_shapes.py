"""What is read of Razorpay's events: its shapes, and nothing of what they mean.

Lenient where Razorpay grows (unknown fields), strict where money is (whole paise, a currency).
"""

from functools import lru_cache
from typing import Annotated, Generic, Literal, Required, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

from shared.adapters.epoch import LAST_SECOND, EpochSeconds

_Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]
_Id = Annotated[str, Field(min_length=1, max_length=255)]
_LENIENT = ConfigDict(extra="ignore", hide_input_in_errors=True)
# Razorpay writes an object without content as an empty list.
_OrEmptyList = BeforeValidator(lambda given: None if given == [] else given)

_What = TypeVar("_What")


class Notes(TypedDict, total=False):
    """Free text of whoever made the link, the order or the refund; any of it may be anything."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    offer: object
    award: object
    name: object
    sessions: object
    request: object


_MaybeNotes = Annotated[Notes | None, _OrEmptyList]


class _Person(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    name: str | None
    email: str | None


_MaybePerson = Annotated[_Person | None, _OrEmptyList]


class Payment(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    amount: _Minor | None
    currency: str | None
    status: str | None
    created_at: Annotated[int, Field(le=LAST_SECOND)] | None
    description: str | None
    email: str | None
    card: _MaybePerson
    notes: _MaybeNotes


class _Order(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    notes: _MaybeNotes


class _Link(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    customer: _MaybePerson
    notes: _MaybeNotes


class _Refund(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    payment_id: Required[_Id]
    amount: Required[_Minor]
    currency: Required[str]
    notes: _MaybeNotes


class _Dispute(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    payment_id: Required[_Id]
    amount: Required[_Minor]
    currency: Required[str]
    status: Required[Literal["open", "under_review", "won", "lost", "closed"]]
    phase: str | None
    amount_deducted: _Minor | None


class _Holds(TypedDict, Generic[_What]):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    entity: _What


class _Payload(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    payment: _Holds[Payment]
    order: _Holds[_Order]
    payment_link: _Holds[_Link]
    refund: _Holds[_Refund]
    dispute: _Holds[_Dispute]


class _Kind(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    event: str


class Event(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    event: str
    created_at: EpochSeconds
    payload: _Payload


@lru_cache
def reads_event() -> "TypeAdapter[Event]":
    return TypeAdapter(Event)


@lru_cache
def reads_kind() -> "TypeAdapter[_Kind]":
    return TypeAdapter(_Kind)
