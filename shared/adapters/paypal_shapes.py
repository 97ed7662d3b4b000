"""What is read of PayPal's events: its shapes, and nothing of what they mean.

Lenient where PayPal grows (unknown fields), strict where money is (a decimal text, a currency).
"""

from functools import lru_cache
from typing import Annotated, Required

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

_Id = Annotated[str, Field(min_length=1, max_length=255)]
_LENIENT = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Amount(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    # A text on purpose: as a number it would have been rounded before anybody looked.
    value: Annotated[str, Field(strict=True)]
    currency_code: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")]


class Link(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    rel: str | None
    href: str | None


class _RelatedIds(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    capture_id: _Id | None
    order_id: _Id | None


class _Supplementary(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    related_ids: _RelatedIds | None


class Told(TypedDict, total=False):
    """Of a capture or a refund, in an event or in the answer to a question."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    status: Required[str]
    amount: Required[Amount]
    custom_id: str | None
    # of a refund: where else whoever made it may have written something down
    invoice_id: str | None
    note_to_payer: str | None
    links: list[Link] | None
    supplementary_data: _Supplementary | None


class _Payments(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    captures: list[Told] | None
    refunds: list[Told] | None


class _Unit(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    custom_id: str | None
    payments: _Payments | None


class _Name(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    given_name: str | None
    surname: str | None


class Payer(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    email_address: str | None
    name: _Name | None


class _Source(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    paypal: Payer | None


class Checkout(TypedDict, total=False):
    """What PayPal calls an order: who pays, and the captures that came of it."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[_Id]
    payer: Payer | None
    payment_source: _Source | None
    purchase_units: Required[list[_Unit]]


class _Transaction(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    seller_transaction_id: _Id | None


class _Outcome(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    outcome_code: str | None
    amount_refunded: Amount | None


class Dispute(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    dispute_id: Required[_Id]
    status: Required[str]
    disputed_transactions: Required[list[_Transaction]]
    dispute_amount: Amount | None
    dispute_outcome: _Outcome | None
    dispute_life_cycle_stage: str | None


class Event(TypedDict):
    """An event; what its resource is depends on its kind."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: _Id
    event_type: str
    create_time: AwareDatetime
    resource: dict[str, object]


class _Kind(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    event_type: str


@lru_cache
def reads_event() -> "TypeAdapter[Event]":
    return TypeAdapter(Event)


@lru_cache
def reads_kind() -> "TypeAdapter[_Kind]":
    return TypeAdapter(_Kind)


@lru_cache
def reads_told() -> "TypeAdapter[Told]":
    return TypeAdapter(Told)


@lru_cache
def reads_checkout() -> "TypeAdapter[Checkout]":
    return TypeAdapter(Checkout)


@lru_cache
def reads_dispute() -> "TypeAdapter[Dispute]":
    return TypeAdapter(Dispute)
