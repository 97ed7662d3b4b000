"""What the letters of a scholarship round say, and what an award changes in a confirmation.

Letters to applicants draw on their own application and award; letters to reviewers on numbers only.
"""

from typing import Any, Final

from shared.adapters.jinja_scholarship_words import (
    Rows,
    award_rows,
    by_day,
    round_words,
    say_number,
)
from shared.adapters.jinja_words import credit_name, last_day
from shared.domain.applications import Outcome
from shared.domain.catalogue import Catalogue, Tier
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order

# What each letter cannot be written without, beside a catalogue and a person.
NEEDS: Final[dict[LetterKind, tuple[str, ...]]] = {
    LetterKind.SCHOLARSHIP_RECEIVED: ("application",),
    LetterKind.SCHOLARSHIP_REPLACED: ("application",),
    LetterKind.SCHOLARSHIP_OFFERED: ("award",),
    LetterKind.SCHOLARSHIP_PAY: ("award",),
    LetterKind.SCHOLARSHIP_WAITING: ("application",),
    LetterKind.SCHOLARSHIP_NOT_AWARDED: ("application",),
    LetterKind.SCHOLARSHIP_LAPSED: ("award",),
    LetterKind.SCHOLARSHIP_WITHDRAWN: ("application",),
    LetterKind.REVIEW_WANTED: ("round", "counts", "links"),
    LetterKind.REVIEW_REMINDER: ("round", "counts", "links"),
}
_FROM_AN_AWARD: Final = "scholarship"


def of_a_round(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    """What the templates of a round's letters may name; nothing for letters of other kinds."""
    if not facts.letter.letter.of_a_round:
        return {}
    words = round_words(catalogue)
    policy, zone = words["policy"], words["zone"]
    if facts.letter.letter in (LetterKind.REVIEW_WANTED, LetterKind.REVIEW_REMINDER):
        waiting, late = facts.counts.get("waiting", 0), facts.counts.get("late", 0)
        of_them = "It" if waiting == 1 else "All of them" if late == waiting else f"{late} of them"
        return words | {
            "waiting_words": say_number(waiting, "application"),
            "wait": "waits" if waiting == 1 else "wait",
            "late": late,
            "late_words": f"{of_them} came after the deadline.",
            "each": say_number(policy.votes_needed, "vote") if policy else "",
        }
    application = facts.application
    words |= {
        "reference": facts.letter.reference or "",
        "late": False,
        "recommended": False,
    }
    if application is not None:
        recommended = application.outcome in (Outcome.FULL, Outcome.PARTIAL)
        words |= {
            "reference": application.reference,
            "late": application.late,
            "recommended": recommended,
        }
    return words | _award_words(facts, catalogue, zone)


def confirmed_by_award(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    """What a confirmation says of what comes with the seats, and of who paid for them."""
    award, tier, order = facts.award, facts.tier, facts.order
    credit = credit_name(catalogue.policies)
    covered = order is not None and order.provider == _FROM_AN_AWARD
    by_whom = "Your scholarship covers it"
    if award is None:
        without = "CE credits are" if credit == "CE credits" else "A certificate is"
        return {
            "included_heading": f"What the {tier.title} rate includes" if tier else "",
            "included": tier.includes if tier else (),
            "with_credit": tier is not None and tier.credit,
            "no_credit_words": f"{without} not part of the {tier.title} rate." if tier else "",
            "covered": covered,
            "covered_words": f" {by_whom}." if covered else "",
            "back": "",
        }
    back = facts.back or award.back
    by_whom += "" if award.full else ", with what you had paid before"
    return {
        "included_heading": "What your scholarship includes",
        "included": _included(tier, award.credit, catalogue),
        "with_credit": award.credit,
        "no_credit_words": f"Your scholarship does not include {credit}.",
        "covered": covered,
        "covered_words": f" {by_whom}." if covered else "",
        "back": str(back) if back is not None and back.minor else "",
    }


def payment_by_award(facts: LetterFacts, order: Order) -> Rows:
    """The rows of the payment's table where a scholarship paid all or a part."""
    award = facts.award
    if award is None:
        if order.provider != _FROM_AN_AWARD:
            return []
        return [("Price", "Covered by your scholarship")]
    rows = [("Covered by your scholarship", str(award.amount))]
    earlier = award.to_pay.minor - award.asks.minor
    if earlier > 0:
        rows.append(("Paid before", str(Money(minor=earlier, currency=award.to_pay.currency))))
    if order.price is not None and order.price.minor:
        rows += [("Paid", str(order.price)), ("Reference", order.order)]
    if order.refunded is not None and order.refunded.minor:
        rows.append(("Refunded", str(order.refunded)))
    if award.back is not None and award.back.minor:
        rows.append(("Goes back to you", str(award.back)))
    return [*rows, ("Application", award.reference)]


def _included(tier: Tier | None, credit: bool, catalogue: Catalogue) -> tuple[str, ...]:
    """What the covered rate includes; without credit, what rates without it include as well.

    What a rate includes is free text, and only a comparison tells which of it is the credit.
    """
    if tier is None or credit == tier.credit:
        return tier.includes if tier else ()
    others = [other.includes for other in catalogue.tiers if other.credit is credit]
    return tuple(thing for thing in tier.includes if any(thing in other for other in others))


def _award_words(facts: LetterFacts, catalogue: Catalogue, zone: str) -> dict[str, Any]:
    """What a letter says of the award it is about."""
    award = facts.award
    if award is None:
        return {}
    paying = facts.letter.letter is LetterKind.SCHOLARSHIP_PAY
    # What an accepted award asks is agreed; what an offered one would ask may still change.
    due, back = (award.asks, award.back) if paying else (facts.due, facts.back)
    left = due or award.asks
    credit = credit_name(catalogue.policies)
    titles = {offer.id: offer.title for offer in catalogue.prices}
    rows = award_rows(award, due, back, credit)
    if facts.letter.letter is LetterKind.SCHOLARSHIP_OFFERED:
        rows.append(("Answer by", by_day(award.answer_by, zone)))
    if paying and award.pay_by:
        rows.append(("Pay by", by_day(award.pay_by, zone)))
        if award.promotion_code:
            rows.append(("Your code", award.promotion_code))
    return {
        "award": award,
        "reference": award.reference,
        "left": str(left) if left.minor else "",
        "back": str(back) if back is not None and back.minor else "",
        "answer_by": last_day(award.answer_by, zone),
        "pay_by": last_day(award.pay_by, zone) if award.pay_by else "",
        "last": by_day(award.pay_by or award.answer_by, zone),
        "code": award.promotion_code or "",
        "offer_title": titles.get(award.covers, ""),
        "facts": [*rows, ("Application", award.reference)],
    }
