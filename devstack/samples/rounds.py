"""What pages and letters of a scholarship round are made from: small, valid, in every state."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args

from devstack.samples.institutes import CATALOGUES, LEARNER_ID, SITE
from shared.domain.applications import Answers, Application, Ask, Outcome
from shared.domain.awards import Award, AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, granted, refused
from shared.domain.forms import FieldProblem
from shared.domain.money import Money
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.scholarship_views import (
    FormView,
    MyApplicationView,
    MyState,
    ReceivedView,
    ReviewListView,
    ReviewRow,
    ReviewView,
)

REFERENCE: Final = "S-3KQ7M2XA"
SENT_AT: Final = datetime(2025, 6, 10, 15, 4, tzinfo=UTC)
DECIDED_AT: Final = datetime(2025, 6, 17, 14, 0, tzinfo=UTC)
TEXT: Final = "I am a peer worker.\n\nWhat I would bring back to my team is hard to buy."
OWN_WORDS: Final = "Kutchi speaker, first of my family to study"
STATES: Final[tuple[MyState, ...]] = get_args(MyState)
_ROLES = ("Mental health provider", "Peer", "Activist or advocate")
_GROUPS = ("Person of color", "LGBTQI", "Low income", "Disabled")


def with_round(catalogue: Catalogue, **changes: Any) -> Catalogue:
    """The catalogue with a scholarship round; keywords replace fields of its policy."""
    offer = max(catalogue.prices, key=lambda line: (len(line.sessions), line.tier == "general"))
    first = min(session.starts for session in catalogue.sessions)
    fields = {
        "deadline": (first - timedelta(days=9)).replace(hour=23, minute=59),
        "zone": catalogue.institute.zone,
        "covers": offer.id,
        "fund": 5 * offer.amount,
        "reviewers": ("one@readers.example", "two@readers.example", "three@readers.example"),
        "review_days": 4,
        "answer_days": 2,
        "pay_days": 2,
        "roles": _ROLES,
        "priorities": _GROUPS,
    }
    policy = ScholarshipPolicy.model_validate(fields | changes)
    policies = catalogue.policies.model_copy(update={"scholarship": policy})
    return catalogue.model_copy(update={"policies": policies})


def round_catalogue(shape: str = "classes", **changes: Any) -> Catalogue:
    """One of the two institutes of `tests.catalogues`, with a round."""
    return with_round(CATALOGUES[shape](), **changes)


def policy_of(catalogue: Catalogue) -> ScholarshipPolicy:
    """The policy of a catalogue that has a round."""
    if catalogue.policies.scholarship is None:
        raise ValueError("This catalogue has no round.")
    return catalogue.policies.scholarship


def price_of(catalogue: Catalogue) -> Money:
    """What a full award pays."""
    return catalogue.offer(policy_of(catalogue).covers).price


def an_application(catalogue: Catalogue, **changes: Any) -> Application:
    """An application that was sent in time, for a part of the price."""
    price = price_of(catalogue)
    application = Application(
        series=catalogue.series.id,
        reference=REFERENCE,
        learner=LEARNER_ID,
        submitted_at=SENT_AT,
        content_sha256="ab" * 32,
        late=False,
        priority=True,
        ask=Ask(full=False, could_pay=part_of(price, 60)),
    )
    return application.model_copy(update=changes)


def part_of(price: Money, percent: int) -> Money:
    """So much of a price."""
    return Money(minor=price.minor * percent // 100, currency=price.currency)


def some_answers(catalogue: Catalogue, **changes: Any) -> Answers:
    """What the person of that application wrote."""
    answers = Answers(
        series=catalogue.series.id,
        reference=REFERENCE,
        name="Amara Osei",
        address="amara@example.org",
        roles=_ROLES[1:],
        text=TEXT,
        priorities=_GROUPS[:2],
        own_words=OWN_WORDS,
        profession="",
        consented_at=SENT_AT,
    )
    return answers.model_copy(update=changes)


def an_award(catalogue: Catalogue, percent: int = 100, **changes: Any) -> Award:
    """An award over so much of the price, offered when the round was decided."""
    policy, price = policy_of(catalogue), price_of(catalogue)
    amount = part_of(price, percent)
    award = Award(
        series=catalogue.series.id,
        learner=LEARNER_ID,
        reference=REFERENCE,
        amount=amount,
        to_pay=Money(minor=price.minor - amount.minor, currency=price.currency),
        covers=policy.covers,
        credit=policy.credit,
        offered_at=DECIDED_AT,
        answer_by=policy.answer_by(DECIDED_AT),
    )
    return award.model_copy(update=changes)


def an_accepted_award(catalogue: Catalogue, percent: int = 60, **changes: Any) -> Award:
    """A partial award that waits for the rest to be paid."""
    award = an_award(catalogue, percent)
    accepted = {
        "status": AwardStatus.ACCEPTED,
        "due": award.to_pay,
        "pay_by": policy_of(catalogue).pay_by(award.answer_by),
    }
    return award.model_copy(update=accepted | changes)


def form_view(catalogue: Catalogue, *, problems: tuple[str, ...] = (), **changes: Any) -> FormView:
    """The form; `problems` are the fields of which something is to be put right."""
    found = tuple(FieldProblem(field=field, text=f"About the {field}.") for field in problems)
    view = FormView(catalogue=catalogue, token="form-token", problems=found)  # noqa: S106
    return view.model_copy(update=changes)


def sent_fields(catalogue: Catalogue, name: str = "Amara Osei") -> dict[str, tuple[str, ...]]:
    """A form filled in, as a browser sends it."""
    return {
        "name": (name,),
        "email": ("amara@example.org",),
        "roles": _ROLES[1:],
        "ask": ("partial",),
        "could_pay": ("84",),
        "text": (TEXT,),
        "priorities": _GROUPS[:1],
        "own_words": (OWN_WORDS,),
        "profession": catalogue.policies.certificate.professions[:1],
        "consent": ("yes",),
    }


def received_view(catalogue: Catalogue, **changes: Any) -> ReceivedView:
    """That it arrived."""
    view = ReceivedView(catalogue=catalogue, reference=REFERENCE, late=False)
    return view.model_copy(update=changes)


def a_row(number: int, **changes: Any) -> ReviewRow:
    """One line of a reviewer's list."""
    reference = f"S-{number:08d}".replace("0", "A").replace("1", "B")
    row = ReviewRow(
        reference=reference, late=False, priority=False, votes=0, voted=False,
        stood_aside=False, decided=False, link=f"{SITE}/review/token/{reference}",
    )  # fmt: skip
    return row.model_copy(update=changes)


def list_view(catalogue: Catalogue, *rows: ReviewRow, closed: bool = False) -> ReviewListView:
    """A reviewer's list of these rows."""
    return ReviewListView(
        catalogue=catalogue,
        rows=rows,
        voting_closes_at=policy_of(catalogue).voting_closes_at,
        closed=closed,
    )


def review_view(catalogue: Catalogue, **changes: Any) -> ReviewView:
    """One application before the reviewer has voted."""
    price = price_of(catalogue)
    view = ReviewView(
        catalogue=catalogue,
        reference=REFERENCE,
        late=False,
        priority=True,
        roles=_ROLES[1:],
        ask=Ask(full=False, could_pay=part_of(price, 40)),
        price=price,
        texts=(TEXT,),
        voted=False,
        closed=False,
        back=f"{SITE}/review/token",
    )
    return view.model_copy(update=changes)


def my_view(catalogue: Catalogue, state: MyState, **changes: Any) -> MyApplicationView:
    """A person's own page in that state, with all that belongs there."""
    if state == "erased":
        return MyApplicationView(catalogue=catalogue, reference=REFERENCE, state=state)
    fields: dict[str, Any] = {
        "application": an_application(catalogue),
        "answers": some_answers(catalogue),
        "award": _award_in(catalogue, state),
        "may": _MAY.get(state, ("erase",)),
        "export": f"{SITE}/my-application/token/export",
    }
    if state in _DECIDED:
        fields |= {
            "application": an_application(catalogue, outcome=_DECIDED[state]),
            "decision": _decision(state),
            "erase_at": policy_of(catalogue).erase_at(DECIDED_AT),
        }
    view = MyApplicationView(catalogue=catalogue, reference=REFERENCE, state=state, **fields)
    return view.model_copy(update=changes)


_MAY: Final[dict[str, tuple[str, ...]]] = {
    "received": ("withdraw", "erase"),
    "replaced": ("withdraw", "erase"),
    "in_review": ("withdraw", "erase"),
    "waiting": ("withdraw", "erase"),
    "offered": ("accept", "decline", "erase"),
    "to_pay": ("decline", "erase"),
}
_DECIDED: Final = {
    "waiting": Outcome.FULL,
    "offered": Outcome.FULL,
    "to_pay": Outcome.PARTIAL,
    "taken": Outcome.FULL,
    "not_awarded": Outcome.DECLINE,
    "turned_down": Outcome.FULL,
    "lapsed": Outcome.FULL,
}


def _decision(state: str) -> Decision:
    said = "2 of 3 reviewers recommended this."
    if state == "not_awarded":
        return refused("scholarship-review-1", *granted("", "majority", said).reasons)
    return granted("scholarship-review-1", "majority", said)


def _award_in(catalogue: Catalogue, state: str) -> Award | None:
    status = {
        "offered": AwardStatus.OFFERED,
        "to_pay": AwardStatus.ACCEPTED,
        "taken": AwardStatus.TAKEN,
        "turned_down": AwardStatus.DECLINED,
        "lapsed": AwardStatus.LAPSED,
    }.get(state)
    if status is None:
        return None
    if status is AwardStatus.ACCEPTED:
        return an_accepted_award(catalogue)
    return an_award(catalogue, status=status)
