"""What people are told of an order: its buyer of its state, staff of what only they can do."""

from datetime import datetime

from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.payments import Order, OrderStatus
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.upgrades import paid_twice
from shared.ports import Records

_TOLD = {
    OrderStatus.PAID: LetterKind.CONFIRMATION,
    OrderStatus.PENDING: LetterKind.PAYMENT_PENDING,
    OrderStatus.FAILED: LetterKind.PAYMENT_FAILED,
    OrderStatus.REFUNDED: LetterKind.REFUNDED,
    OrderStatus.CANCELLED: LetterKind.REFUNDED,
}


def letters_of_order(order: Order, learner: str, now: datetime) -> list[Letter]:
    """What the person is told about the state their order is in now, and staff about the rest."""
    whose = {"series": order.series, "order": order.order}
    letters = []
    if order.status in _TOLD:
        kind = _TOLD[order.status]
        # Whoever has the seat after somebody else hears of it too.
        about = f"{order.order}/{learner}" if order.held_before else order.order
        letters.append(owe(kind, about, now, learner=learner, **whose))
    if order.given_back and order.status is OrderStatus.PAID:
        about = f"{order.order}/{'+'.join(order.given_back)}"
        letters.append(owe(LetterKind.REFUNDED, about, now, learner=learner, **whose))
    if order.dispute:
        about = f"{order.order}/{order.dispute}"
        facts = (
            Fact(label="Payment", value=order.order),
            Fact(label="Amount", value=str(order.price)),
            Fact(label="The dispute is", value=order.dispute),
        )
        letters.append(owe(LetterKind.STAFF_DISPUTE, about, now, facts=facts, **whose))
    if order.review is not None and order.refunded is not None:
        about = f"{order.order}/{order.refunded.minor}"
        facts = (
            Fact(label="Payment", value=order.order),
            Fact(label="Paid", value=str(order.paid)),
            Fact(label="Given back", value=str(order.refunded)),
        )
        lines = tuple(reason.text for reason in order.review.reasons)
        letters.append(
            owe(LetterKind.STAFF_REFUND_UNCLEAR, about, now, facts=facts, lines=lines, **whose)
        )
    return letters


def letters_of_kept_certificate(
    registration: Registration, order: Order, records: Records, now: datetime
) -> list[Letter]:
    """Staff hear of a certificate whose payment is gone: it stays, unless they say otherwise."""
    if registration.status is not RegistrationStatus.ENDED:
        return []
    session, learner = registration.session, registration.learner
    held = records.get(Certificate.key_of(session, learner), Certificate)
    if held is None or held.status is not CertificateStatus.ISSUED:
        return []
    facts = (
        Fact(label="Certificate", value=held.text.number),
        Fact(label="Payment", value=order.order),
        Fact(label="To withdraw it", value=f"certificate revoke EMAIL {session} --why TEXT"),
    )
    return [
        owe(
            LetterKind.STAFF_CERTIFICATE_KEPT,
            f"{session}/{learner}/{order.order}",
            now,
            series=order.series,
            session=session,
            learner=learner,
            facts=facts,
        )
    ]


def letters_of_paid_twice(
    registration: Registration, order: Order, records: Records, now: datetime
) -> list[Letter]:
    """Staff hear of a seat that two payments hold, with what would be right to give back.

    Whichever of the two comes second, it is one letter.
    """
    letters = []
    for other_id, grant in registration.grants.items():
        if other_id == order.order or not grant.status.holds_money:
            continue
        other = records.get(Order.key_of(other_id), Order)
        holds = order.status is not None and order.status.holds_money
        back = paid_twice(order, other) if other and holds else None
        if other is None or back is None:
            continue
        first, second = sorted((order, other), key=lambda one: one.order)
        facts = (
            *(Fact(label="Payment", value=f"{one.order}, {one.paid}") for one in (first, second)),
            Fact(label="Suggestion", value=f"Give back {back}, from the dearer of the two."),
        )
        about = f"{first.order}+{second.order}"
        letters.append(
            owe(LetterKind.STAFF_PAID_TWICE, about, now, series=order.series, facts=facts)
        )
    return letters
