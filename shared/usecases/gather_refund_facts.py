"""What letters about a request to give classes back, and about a cancelled class, may say."""

from shared.domain.catalogue import Catalogue
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Registration
from shared.failures import NoLongerTrue
from shared.ports import Records

_SAID_IN = {
    LetterKind.REFUND_DECLINED: (RefundState.DECLINED,),
    LetterKind.REFUND_FAILED: (RefundState.FAILED,),
}


def with_request(facts: LetterFacts, catalogue: Catalogue, records: Records) -> LetterFacts:
    """The request that the letter is about, and those that were made with it."""
    letter, order = facts.letter, facts.order
    request = records.get(RefundRequest.key_of(letter.order or "", letter.about), RefundRequest)
    if request is None or order is None:
        raise NoLongerTrue("There is no such request.")
    if request.state not in _SAID_IN.get(letter.letter, (request.state,)):
        raise NoLongerTrue(f"The request is {request.state} by now.")
    requests = [request]
    if letter.letter is LetterKind.REFUND_REQUESTED:
        if request.state is RefundState.DECLINED:
            raise NoLongerTrue("The answer is on its way already.")
        partition, prefix = RefundRequest.key_of(order.order, "")
        made = records.find(partition, RefundRequest, prefix)
        requests = [
            one for one in made if one.asked_at == request.asked_at and one.cause == request.cause
        ]
    about = {session for one in requests for session in one.sessions}
    return facts.model_copy(
        update={
            "requests": tuple(requests),
            "sessions": tuple(one for one in catalogue.sessions if one.id in about),
        }
    )


def with_cancelled(facts: LetterFacts, catalogue: Catalogue, records: Records) -> LetterFacts:
    """The cancelled class, and what of it goes back to this person from all of their orders."""
    letter = facts.letter
    key = Registration.key_of(letter.session or "", letter.learner or "")
    registration = records.get(key, Registration)
    if registration is None:
        raise NoLongerTrue("There is no such seat.")
    back = [
        request
        for name in sorted(registration.grants)
        for request in _cancelled_requests(name, letter.session or "", records)
    ]
    total = [one.amount for one in back if one.amount.minor]
    money = (
        Money(minor=sum(one.minor for one in total), currency=total[0].currency)
        if total and len({one.currency for one in total}) == 1
        else None
    )
    return facts.model_copy(
        update={
            "sessions": (catalogue.session(letter.session or ""),),
            "requests": tuple(back),
            "back": money,
        }
    )


def _cancelled_requests(order_id: str, session: str, records: Records) -> list[RefundRequest]:
    order = records.get(Order.key_of(order_id), Order)
    found = [
        records.get(RefundRequest.key_of(order_id, name), RefundRequest)
        for name, asked in (order.asked_back if order else {}).items()
        if session in asked.sessions and not asked.ended
    ]
    return [one for one in found if one is not None]
