"""A person's own page of their application, in words: where it stands, and what they sent."""

from typing import Any, Final

from shared.adapters.jinja_scholarship_words import Rows, asked, award_rows, by_day
from shared.adapters.jinja_words import credit_name, last_day, listed, moment
from shared.domain.money import Money
from shared.domain.scholarship_views import MyApplicationView, say_outcome

_STANDINGS: Final = {
    "received": "We have your application",
    "replaced": "A newer application counts",
    "in_review": "Your application is being read",
    "waiting": "You are on the waiting list",
    "offered": "We offer you a {kind} scholarship",
    "to_pay": "One step is left",
    "taken": "Your seats are confirmed",
    "not_awarded": "No scholarship this time",
    "turned_down": "You declined the scholarship",
    "lapsed": "The offer has ended",
    "withdrawn": "You took your application back",
    "erased": "What you sent is erased",
}
_AWARD_WORDS: Final = ("left", "back", "answer_by", "pay_by", "last", "code", "offer_title")
# What else it means to erase everything.
_ERASING: Final = {
    "received": "Your application is then no longer in the round.",
    "replaced": "Your application is then no longer in the round.",
    "in_review": "Your application is then no longer in the round.",
    "waiting": "You are then no longer on the waiting list.",
    "offered": "The scholarship then goes to the next person on the list.",
    "to_pay": "The scholarship then goes to the next person on the list.",
    "taken": "Your seats stay yours, with the name and address you are registered under.",
}


def my_application_words(view: MyApplicationView, zone: str, price: Money | None) -> dict[str, Any]:
    """What the templates of the page may name, beside the words of the round."""
    kind = "full" if view.award is not None and view.award.full else "partial"
    return _of_award(view, zone) | {
        "view": view,
        "heading": _STANDINGS[view.state].format(kind=kind),
        "late": view.application is not None and view.application.late,
        "recommended": view.decision is not None and view.decision.granted,
        "rows": _rows(view, zone),
        "sent": _sent(view, zone, price),
        "erased_at": last_day(view.erase_at, zone) if view.erase_at else "",
        "erasing": _ERASING.get(view.state, ""),
    }


def _of_award(view: MyApplicationView, zone: str) -> dict[str, str]:
    """What the person's own page says of an award; empty texts for what there is none of."""
    award = view.award
    words = dict.fromkeys(_AWARD_WORDS, "")
    if award is not None:
        left, back = view.due or award.asks, view.back or award.back
        titles = {offer.id: offer.title for offer in view.catalogue.prices}
        words |= {
            "left": str(left) if left.minor else "",
            "back": str(back) if back and back.minor else "",
            "answer_by": last_day(award.answer_by, zone),
            "pay_by": last_day(award.pay_by, zone) if award.pay_by else "",
            "last": by_day(award.pay_by or award.answer_by, zone),
            "code": award.promotion_code or "",
            "offer_title": titles.get(award.covers, ""),
        }
    return words


def _rows(view: MyApplicationView, zone: str) -> Rows:
    """The facts of where it stands."""
    rows: Rows = []
    award = view.award
    if award is not None and view.state in ("offered", "to_pay", "taken"):
        rows += award_rows(award, view.due, view.back, credit_name(view.catalogue.policies))
        if view.state == "offered":
            rows.append(("Answer by", by_day(award.answer_by, zone)))
        if view.state == "to_pay" and award.pay_by is not None:
            rows.append(("Pay by", by_day(award.pay_by, zone)))
    if view.decision is not None:
        outcome = view.application.outcome if view.application else None
        said = f"{say_outcome(outcome, None)}: " if outcome else ""
        rows.append(("How it was decided", f"{said}{view.decision.why}"))
    return rows


def _sent(view: MyApplicationView, zone: str, price: Money | None) -> Rows:
    """What the person told us, but for the long text."""
    answers, application = view.answers, view.application
    if answers is None or answers.erased_at is not None:
        return []
    rows = [("Name", answers.name), ("E-mail", answers.address)]
    if application is not None:
        rows.append(("Sent", moment(application.submitted_at, zone)))
        rows.append(("Arrived", "After the deadline" if application.late else "In time"))
        rows.append(("You ask for", asked(application.ask, price)))
    rows += [
        ("You describe yourself as", listed(answers.roles) if answers.roles else ""),
        ("Priority", listed(answers.priorities) if answers.priorities else ""),
        ("In your own words", answers.own_words),
        ("Profession", answers.profession),
    ]
    return [row for row in rows if row[1]]
