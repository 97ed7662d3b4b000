"""Find what an order bought: a line of the price book, or what is left to pay of an award."""

from shared.domain.awards import Award, AwardStatus, Fund, is_award
from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.payment_parts import Ruling
from shared.domain.payments import Order, OrderStatus
from shared.domain.people import clean_address, mailable
from shared.domain.price_book import RULE_VERSION, find_offer
from shared.domain.sessions import OfferPointer, Series
from shared.ports import Records
from shared.usecases.grant_order import Purchase, personal_offer
from shared.usecases.who_is import who_is


def find_purchase(
    order: Order, records: Records, live: bool, identity_key: bytes
) -> Purchase | Decision | None:
    """What the order bought, why staff must say, or None while only its refund is known."""
    if order.series and order.offer:
        series = records.get(Series.key_of(order.series), Series)
        if series and any(offer.id == order.offer for offer in series.catalogue.prices):
            return Purchase(series, series.catalogue.offer(order.offer))
    if order.price is None:
        return None
    if order.ruling is not None:
        return _as_ruled(order.ruling, records)
    if order.live is not live:
        kind = "real" if order.live else "test"
        return no("other_mode", f"This is a {kind} payment, and this system takes the other kind.")
    if clean_address(order.buyer_address) is None or not mailable(order.buyer_address):
        return _whose(order, records)
    if order.unclear == "same_address":
        return _same_address()
    pointer = _pointer(order, records)
    series = records.get(Series.key_of(pointer.series), Series) if pointer else None
    if pointer is None or series is None:
        return no("unknown_offer", "No published series lists what this payment names.")
    award = _award_paid_by(order, pointer, series, records, identity_key)
    if award is not None:
        return _of_award(order, award, series, records)
    found = find_offer(order, series.catalogue)
    return found if isinstance(found, Decision) else Purchase(series, found)


def _as_ruled(ruling: Ruling, records: Records) -> Purchase | Decision | None:
    """What staff say it bought; nothing if they refused it."""
    if ruling.offer is None:
        return None
    pointer = records.get(OfferPointer.key_of(ruling.offer), OfferPointer)
    series = records.get(Series.key_of(pointer.series), Series) if pointer else None
    listed = series and any(offer.id == ruling.offer for offer in series.catalogue.prices)
    if series is None or not listed:
        return no("unknown_offer", f"No published series has a price called '{ruling.offer}'.")
    return Purchase(series, series.catalogue.offer(ruling.offer))


def series_of(order: Order, records: Records) -> Series | None:
    """The series that lists what the order names."""
    pointer = _pointer(order, records)
    return records.get(Series.key_of(pointer.series), Series) if pointer else None


def _whose(order: Order, records: Records) -> Decision:
    """A payment of nobody we can write to, with what it would be if we could."""
    series = series_of(order, records)
    bought = find_offer(order, series.catalogue) if series else None
    title = f" It is the price of {bought.title}." if isinstance(bought, Offer) else ""
    text = f"Look up at the provider who paid, and accept it under their address.{title}"
    return refused(
        RULE_VERSION,
        Reason(
            code="no_address", text="The payment came without an e-mail address we can write to."
        ),
        Reason(code="suggestion", text=text),
    )


def no(code: str, text: str) -> Decision:
    """A question to staff."""
    return refused(RULE_VERSION, Reason(code=code, text=text))


def _same_address() -> Decision:
    return refused(
        RULE_VERSION,
        Reason(
            code="same_address",
            text="Somebody bought several such seats at once and gave one address for all of them. "
            "The first seat is theirs; nobody knows who sits in this one.",
        ),
        Reason(
            code="suggestion",
            text="Ask the buyer who it is for, and accept it with that person's address. Or the "
            "buyer puts it in at the provider, and it is granted by itself.",
        ),
    )


def _pointer(order: Order, records: Records) -> OfferPointer | None:
    """What the order names: somebody's award before a line of the price book."""
    awards_first = sorted(order.offer_ids, key=lambda offer_id: not is_award(offer_id))
    found = (records.get(OfferPointer.key_of(offer_id), OfferPointer) for offer_id in awards_first)
    return next((pointer for pointer in found if pointer is not None), None)


def _award_paid_by(
    order: Order, named: OfferPointer, series: Series, records: Records, identity_key: bytes
) -> Award | None:
    """The award that the order pays the rest of: named by it, or its buyer's own.

    The buyer's own counts only if they paid exactly what it asks, through the covered line.
    """
    if named.award is not None:
        return records.get(Award.key_of(named.series, named.award), Award)
    if series.catalogue.policies.scholarship is None:
        return None
    buyer = who_is(clean_address(order.buyer_address) or "", records, identity_key)
    award = records.get(Award.key_of(series.series, buyer), Award)
    if award is None or award.full or order.price != award.asks:
        return None
    return award if _names_covered(order, award, series.catalogue) else None


def _names_covered(order: Order, award: Award, catalogue: Catalogue) -> bool:
    covered = next((offer for offer in catalogue.prices if offer.id == award.covers), None)
    if covered is None:
        return False
    return bool({covered.id, *covered.provider_ids.values()} & set(order.offer_ids))


def _of_award(order: Order, award: Award, series: Series, records: Records) -> Purchase | Decision:
    if order.price != award.asks:
        return no(
            "amount_differs",
            f"{order.price} was paid for an award of which {award.asks} is left to pay.",
        )
    bought = Purchase(series, personal_offer(award, series.catalogue), award)
    if award.order == order.order:
        return bought
    if award.status is AwardStatus.TAKEN:
        return no("award_taken", "The seats of this award have been taken before.")
    if not award.status.holds_money and order.status is OrderStatus.PAID:
        fund = records.get(Fund.key_of(series.series), Fund)
        if fund is None or not fund.covers(award.amount):
            return no(
                "award_over",
                "The award had lapsed when its rest was paid, and the fund no longer reaches.",
            )
    return bought
