"""What scholarship pages and letters must say alike: dates of the round, and what an award gives.

A catalogue may lose its round while somebody still asks for theirs; then what is known is said.
"""

from datetime import datetime, time
from typing import Any, Final

from shared.adapters.jinja_words import counted, last_day, moment
from shared.domain.applications import Ask
from shared.domain.awards import Award, AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.money import Money
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.zones import say_elsewhere, say_last_day, to_utc, zone_name

_LAST_MINUTE: Final = time(23, 59)

Rows = list[tuple[str, str]]


def round_words(catalogue: Catalogue) -> dict[str, Any]:
    """`zone`, `classes`, the `first` session; of the round (`policy`) its `price` and dates.

    Without a round, `policy` and `price` are None and the dates are empty texts.
    """
    policy = catalogue.policies.scholarship
    words: dict[str, Any] = {
        "policy": policy,
        "zone": policy.zone if policy else catalogue.institute.zone,
        "classes": _classes(catalogue),
        "first": min(catalogue.sessions, key=lambda session: session.starts_at),
        "price": _price(catalogue),
        "deadline": "",
        "deadline_elsewhere": "",
        "voting_ends": "",
        "keeps": "",
    }
    if policy is not None:
        words |= {
            "deadline": _deadline(policy),
            "deadline_elsewhere": say_elsewhere(to_utc(policy.deadline, policy.zone), policy.zone),
            "voting_ends": last_day(policy.voting_closes_at, policy.zone),
            "keeps": say_number(policy.keep_days, "day"),
        }
    return words


def award_rows(award: Award, due: Money | None, back: Money | None, credit: str) -> Rows:
    """What an award gives, leaves to pay and gives back; `credit` as `credit_name` says it."""
    left = due or award.asks
    returned = back or award.back
    rows = [("Your scholarship gives", str(award.amount))]
    if award.status is not AwardStatus.TAKEN:
        rows.append(("Left to pay", str(left) if left.minor else "Nothing"))
    if returned is not None and returned.minor:
        rows.append(("Goes back to you", str(returned)))
    label = "CE credits" if credit == "CE credits" else "Certificate"
    rows.append((label, "Included" if award.credit else "Not included"))
    return rows


def say_number(number: int, of_what: str) -> str:
    """ "1 vote", "90 days"."""
    return f"{number} {of_what}{'' if number == 1 else 's'}"


def by_day(ends: datetime, zone: str) -> str:
    """ "Friday, June 20, 2025, New York time": the day by whose end something is to be done."""
    return f"{say_last_day(ends, zone)}, {zone_name(zone)} time"


def asked(ask: Ask, price: Money | None) -> str:
    """ "A full scholarship", "A partial scholarship, and could pay $50.00 of $210.00"."""
    if ask.full or ask.could_pay is None:
        return "A full scholarship" if ask.full else "A partial scholarship"
    of_price = f" of {price}" if price else ""
    return f"A partial scholarship, and could pay {ask.could_pay}{of_price}"


def _price(catalogue: Catalogue) -> Money | None:
    """What a full award pays, if it is still in the price book."""
    policy = catalogue.policies.scholarship
    prices = {offer.id: offer.price for offer in catalogue.prices}
    return prices.get(policy.covers) if policy else None


def _deadline(policy: ScholarshipPolicy) -> str:
    """ "the end of Friday, June 13, 2025, New York time", or the day with its time."""
    if policy.deadline.time() == _LAST_MINUTE:
        return last_day(policy.closes_at, policy.zone)
    return moment(to_utc(policy.deadline, policy.zone), policy.zone)


def _classes(catalogue: Catalogue) -> str:
    """ "all 5 classes", or what the one session is called."""
    sessions = catalogue.sessions
    return f"all {counted(sessions)}" if len(sessions) > 1 else f"the {sessions[0].kind}"
