"""Answer an award: accept it, turn it down, or let its day pass. Its money moves with it.

A full award brings its seats at once; a partial one brings them with the payment of the rest. What
comes back goes to the next on the list.
"""

from datetime import datetime, timedelta

from shared.domain.applications import Answers
from shared.domain.awards import WAITING, Award, AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Record
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.failures import SoldOut
from shared.ports import PromotionCodes, Records
from shared.usecases.be_found import to_be_found
from shared.usecases.commit_again import until_committed
from shared.usecases.grant_order import Purchase, grant_order, money_back, personal_offer
from shared.usecases.offer_awards import offer_down_the_list, policy_of, tell_of_offer
from shared.usecases.owe_letters import not_yet_owed, owe_once

SCHOLARSHIP = "scholarship"


def accept_award(
    series: str,
    learner: str,
    *,
    records: Records,
    applications: Records,
    codes: PromotionCodes,
    key: bytes,
    now: datetime,
) -> Award | None:
    """Accept what is offered; the award as it is then, None if there is none.

    An award that was answered before, or whose day has passed, stays as it is. Raises SoldOut when
    a class has no seat left: the award stays offered, and staff are told.
    """

    def attempt() -> Award | None:
        award, catalogue = _award(series, learner, records)
        if award is None or catalogue is None:
            return None
        if award.status is not AwardStatus.OFFERED or now >= award.answer_by:
            return award
        answers = applications.get(Answers.key_of(series, award.reference), Answers)
        if answers is None or answers.erased_at is not None:
            return award
        due, back = due_and_back(award, records)
        award = award.model_copy(update={"due": due, "back": back})
        if due.minor == 0:
            return _take(award, catalogue, answers, records, key, now)
        return _await_payment(award, catalogue, answers, records, codes, key, now)

    try:
        award = until_committed(attempt)
    except SoldOut as sold_out:
        _tell_staff_it_is_full(series, learner, sold_out.session, records, now)
        raise
    if award is not None:
        tell_of_offer(award, applications, now)
    return award


def turn_down_award(
    series: str, learner: str, *, records: Records, applications: Records, now: datetime
) -> Award | None:
    """Turn it down before its seats are taken; the next on the list is offered one."""
    return _give_back(series, learner, AwardStatus.DECLINED, records, applications, now)


def lapse_award(
    series: str, learner: str, *, records: Records, applications: Records, now: datetime
) -> Award | None:
    """Let an award go whose day has passed without an answer, or without the payment."""
    award, _ = _award(series, learner, records)
    if award is None or not has_run_out(award, now):
        return award
    if any(order.status is OrderStatus.PENDING for order in orders_of(award, records)):
        return award  # the money is on its way
    return _give_back(series, learner, AwardStatus.LAPSED, records, applications, now)


def has_run_out(award: Award, now: datetime) -> bool:
    """Whether its holder can no longer answer, or pay."""
    if award.status is AwardStatus.OFFERED:
        return now >= award.answer_by
    return award.status is AwardStatus.ACCEPTED and award.pay_by is not None and now >= award.pay_by


def due_and_back(award: Award, records: Records) -> tuple[Money, Money]:
    """What is left to pay of it, and what of earlier payments for the series it gives back."""
    paid = sum(
        order.paid.minor - (order.refunded.minor if order.refunded else 0)
        for order in orders_of(award, records)
        if order.status is OrderStatus.PAID
        and order.paid is not None
        and order.paid.currency == award.to_pay.currency
        and order.order != award.order
    )
    left = award.to_pay.minor - paid
    currency = award.to_pay.currency
    return Money(minor=max(0, left), currency=currency), Money(
        minor=max(0, -left), currency=currency
    )


def orders_of(award: Award, records: Records) -> list[Order]:
    """What its holder has ordered of the series, other than by the award itself."""
    return [
        order
        for order in records.of_learner(award.learner, Order)
        if order.series == award.series and order.provider != SCHOLARSHIP
    ]


def _award(series: str, learner: str, records: Records) -> tuple[Award | None, Catalogue | None]:
    award = records.get(Award.key_of(series, learner), Award) if learner else None
    kept = records.get(Series.key_of(series), Series)
    return award, kept.catalogue if kept else None


def _take(
    award: Award,
    catalogue: Catalogue,
    answers: Answers,
    records: Records,
    key: bytes,
    now: datetime,
) -> Award:
    """All seats of the series in one commit, without a payment."""
    order = Order(
        order=award.offer_id,
        provider=SCHOLARSHIP,
        first_seen_at=now,
        live=False,
        paid=Money(minor=0, currency=award.to_pay.currency),
        buyer_name=answers.name,
        buyer_address=answers.address,
        offer_ids=(award.offer_id,),
    )
    series = records.get(Series.key_of(award.series), Series)
    assert series is not None  # noqa: S101 - its catalogue was just read from it
    bought = Purchase(series, personal_offer(award, catalogue), award)
    letters = not_yet_owed(_refund_letters(award, records, now), records)
    grant_order(order, bought, *letters, records=records, identity_key=key, now=now)
    return award.at(AwardStatus.TAKEN, now)


def _await_payment(
    award: Award,
    catalogue: Catalogue,
    answers: Answers,
    records: Records,
    codes: PromotionCodes,
    key: bytes,
    now: datetime,
) -> Award:
    """The rest is to be paid: by a code of the provider's, or by a link that staff make."""
    pay_by = policy_of(catalogue).pay_by(now)
    award = award.model_copy(update={"pay_by": pay_by})
    code = codes.make(award, catalogue.series.title, answers.address)
    waits = {"pay_by": pay_by, "waiting": WAITING, "waiting_since": pay_by.isoformat()}
    accepted = award.at(AwardStatus.ACCEPTED, now, promotion_code=code, **waits)
    letters: list[Letter] = []
    if code is None:
        facts = (
            Fact(label="Application", value=award.reference),
            Fact(label="Amount", value=str(award.asks)),
            Fact(label="Reference for the link", value=award.offer_id),
        )
        letters.append(_to_staff(LetterKind.STAFF_SCHOLARSHIP_PAYMENT, award, now, facts))
    known = records.get(Learner.key_of(award.learner), Learner)
    person = _learner(award, answers, now)
    new = [] if known else [person, *to_be_found(None, person, key, records)]
    records.commit(accepted, *new, *not_yet_owed(letters, records))
    return accepted


def _learner(award: Award, answers: Answers, now: datetime) -> Learner:
    """Whoever accepts is somebody we greet, also if somebody else pays for them."""
    return Learner(
        learner=award.learner,
        name=clean_name(answers.name),
        address=clean_address(answers.address) or "",
        named_by=(now, award.offer_id),
    )


def _refund_letters(award: Award, records: Records, now: datetime) -> list[Letter]:
    """Staff give back what the award covers of what was paid before."""
    if award.back is None or award.back.minor == 0:
        return []
    paid = [order for order in orders_of(award, records) if order.status is OrderStatus.PAID]
    facts = (
        Fact(label="Application", value=award.reference),
        Fact(label="To give back", value=str(award.back)),
        *(Fact(label="Payment", value=f"{order.order}, {order.paid}") for order in paid),
    )
    return [_to_staff(LetterKind.STAFF_SCHOLARSHIP_REFUND, award, now, facts)]


def _give_back(
    series: str,
    learner: str,
    status: AwardStatus,
    records: Records,
    applications: Records,
    now: datetime,
) -> Award | None:
    """End the award and return its money, then offer it to the next."""

    def attempt() -> Award | None:
        award, _ = _award(series, learner, records)
        if award is None or award.status not in (AwardStatus.OFFERED, AwardStatus.ACCEPTED):
            return award
        # It waits on until its letter is owed; the sweep goes on where this is cut off.
        ended = award.at(status, now)
        if status is AwardStatus.LAPSED:
            ended = ended.model_copy(update={"waiting": WAITING, "waiting_since": now.isoformat()})
        records.commit(ended, *money_back(award, records, now), *_forgotten(award, records))
        return ended.model_copy(update={"version": award.version + 1})

    award = until_committed(attempt)
    if award is not None and award.status is status:
        finish_ending(award, records=records, applications=applications, now=now)
    return award


def finish_ending(award: Award, *, records: Records, applications: Records, now: datetime) -> None:
    """Tell whoever let it go, and offer its money to the next. May be repeated."""
    tell_of_offer(award, applications, now)
    offer_down_the_list(award.series, records=records, applications=applications, now=now)
    if award.waiting is not None:
        records.commit(award.model_copy(update={"waiting": None, "waiting_since": None}))


def _forgotten(award: Award, records: Records) -> list[Record]:
    """Who accepted and then got no seat is nobody we write to: name and address go."""
    known = records.get(Learner.key_of(award.learner), Learner)
    if known is None or known.named_by[1] != award.offer_id:
        return []
    if records.of_learner(award.learner, Registration):
        return []
    return [known.model_copy(update={"name": "", "address": ""})]


def _tell_staff_it_is_full(
    series: str, learner: str, session: str, records: Records, now: datetime
) -> None:
    award, catalogue = _award(series, learner, records)
    if award is None or catalogue is None:
        return
    facts = (
        Fact(label="Application", value=award.reference),
        Fact(label="No seat left", value=catalogue.session(session).title),
        Fact(label="Answer by", value=f"{award.answer_by - timedelta(seconds=1):%Y-%m-%d}"),
    )
    owe_once(_to_staff(LetterKind.STAFF_SCHOLARSHIP_FULL, award, now, facts), records)


def _to_staff(kind: LetterKind, award: Award, now: datetime, facts: tuple[Fact, ...]) -> Letter:
    return owe(kind, f"{award.series}/{award.reference}", now, series=award.series, facts=facts)
