"""What staff do about money: a payment in review, a refund in part, money that is asked back."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import wiring
from shared.usecases.rule_on_payment import (
    CannotBeRuled,
    accept_payment,
    name_refunded_classes,
    refuse_payment,
)
from shared.usecases.rule_on_refund import accept_refund, decline_refund, read_part

routes = Router()  # type: ignore[no-untyped-call]


@routes.post("/staff/acts/accept-payment")
def accept() -> Response[str]:
    """Let a payment count as a line of the price book."""
    asked = Asked(routes, "rule on money")
    order, offer = asked.said("order"), asked.said("offer")

    def deed() -> None:
        accept_payment(
            order,
            offer,
            by=asked.by.name,
            why=asked.why,
            address=asked.said("address") or None,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("accept-payment", (order, offer), deed, CannotBeRuled)


@routes.post("/staff/acts/refuse-payment")
def refuse() -> Response[str]:
    """Let a payment buy nothing; its money goes back at the provider."""
    asked = Asked(routes, "rule on money")
    order = asked.said("order")

    def deed() -> None:
        refuse_payment(
            order, by=asked.by.name, why=asked.why, records=wiring.records(), now=wiring.now()
        )

    return asked.do("refuse-payment", (order,), deed, CannotBeRuled)


@routes.post("/staff/acts/name-refunded-classes")
def name_classes() -> Response[str]:
    """Say which classes a refund in part is for."""
    asked = Asked(routes, "rule on money")
    order, sessions = asked.said("order"), asked.all_said("sessions")

    def deed() -> None:
        name_refunded_classes(
            order,
            sessions,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("name-refunded-classes", (order, *sessions), deed, CannotBeRuled)


@routes.post("/staff/acts/accept-refund")
def accept_request() -> Response[str]:
    """Give back what a request asks for, or a part of it."""
    asked = Asked(routes, "rule on money")
    request, amount = asked.said("request"), asked.said("amount")

    def deed() -> None:
        accept_refund(
            request,
            by=asked.by.name,
            why=asked.why,
            minor=read_part(request, amount, records=wiring.records()) if amount else None,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("accept-refund", (request,), deed, CannotBeRuled)


@routes.post("/staff/acts/decline-refund")
def decline_request() -> Response[str]:
    """Give nothing back; they read why."""
    asked = Asked(routes, "rule on money")
    request = asked.said("request")

    def deed() -> None:
        decline_refund(
            request,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("decline-refund", (request,), deed, CannotBeRuled)
