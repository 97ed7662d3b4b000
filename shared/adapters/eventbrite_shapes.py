"""What is read of Eventbrite's orders: their shapes, and nothing of what they mean.

Lenient where Eventbrite grows (unknown fields), strict where money is (whole cents, a currency).
"""

from functools import lru_cache
from typing import Annotated, Required

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

_Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]
_Id = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
_LENIENT = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Sum(TypedDict):
    """An amount: `value` in minor units."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    value: _Minor
    currency: str


class Costs(TypedDict, total=False):
    """What makes up a price: gross = base_price + eventbrite_fee + payment_fee + tax."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    base_price: Required[Sum]
    gross: Required[Sum]
    tax: Sum | None
    # Of orders only, and not of all: the price as it was listed, whoever bears the fees.
    display_price: Sum | None


class _Profile(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    name: str | None
    email: str | None


class Attendee(TypedDict, total=False):
    """One ticket, and who sits there."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    changed: Required[AwareDatetime]
    ticket_class_id: Required[_Id]
    costs: Required[Costs]
    profile: _Profile | None
    cancelled: bool | None
    refunded: bool | None
    status: str | None


class Order(TypedDict, total=False):
    """What one buyer bought at once."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    created: Required[AwareDatetime]
    changed: Required[AwareDatetime]
    status: Required[str]
    costs: Costs | None
    name: str | None
    email: str | None
    attendees: Required[list[Attendee]]


@lru_cache
def reads_order() -> "TypeAdapter[Order]":
    return TypeAdapter(Order)
