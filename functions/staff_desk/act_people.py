"""What staff do about people: who somebody is, where they are reached, what counts for them."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import desk_wiring, wiring
from shared.domain.appeals import AppealOutcome
from shared.domain.people import clean_address
from shared.domain.staff import What
from shared.usecases.answer_appeal import NothingToAnswer, answer_appeal
from shared.usecases.correct_address import NoAddress, NoSuchPerson, correct_address
from shared.usecases.make_up_part import approve_reflection
from shared.usecases.match_attendance import CannotBeMatched, confirm_match
from shared.usecases.part_people import CannotBeParted, part_people
from shared.usecases.print_again import NothingParked, print_again
from shared.usecases.rule_on_likeness import NothingToSay, say_same_person, say_two_people
from shared.usecases.send_my_page_link import send_page_link_to
from shared.usecases.who_is import who_is

routes = Router()  # type: ignore[no-untyped-call]


@routes.post("/staff/acts/match-row")
def match() -> Response[str]:
    """Say who somebody in the attendance record is, or that they are nobody of ours."""
    asked = Asked(routes, "rule on people")
    session, row = asked.said("session"), asked.said("row")
    nobody, address = asked.said("nobody") == "yes", clean_address(asked.said("address"))
    known = who_is(address, wiring.records(), wiring.identity_keys()[0]) if address else ""
    learner = None if nobody else asked.said("learner") or known

    def deed() -> None:
        if learner == "":
            raise CannotBeMatched("That is no address. With which one did they register?")
        confirm_match(
            session,
            row,
            learner,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            workflows=desk_wiring.closes(),
            now=wiring.now(),
        )

    about = (session, row, learner or "nobody")
    return asked.do("match-row", about, deed, CannotBeMatched, learner=learner)


@routes.post("/staff/acts/correct-address")
def correct() -> Response[str]:
    """Write to another address from now on, and send what was missed: letters came back."""
    return _address("correct-address", "rule on people")


@routes.post("/staff/acts/change-address")
def change_address() -> Response[str]:
    """The same from somebody's own page at the desk."""
    return _address("change-address", "rule on letters")


def _address(act: str, what: What) -> Response[str]:
    asked = Asked(routes, what)
    learner = asked.said("learner")

    def deed() -> None:
        correct_address(
            learner,
            asked.said("address"),
            by=asked.by.name,
            records=wiring.records(),
            key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do(act, (learner,), deed, NoSuchPerson, NoAddress, learner=learner)


@routes.post("/staff/acts/same-person")
def same() -> Response[str]:
    """Two who look alike are one."""
    asked = Asked(routes, "rule on people")
    pair = asked.said("pair")

    def deed() -> None:
        say_same_person(
            pair,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("same-person", (pair,), deed, NothingToSay)


@routes.post("/staff/acts/two-people")
def two() -> Response[str]:
    """They are two."""
    asked = Asked(routes, "rule on people")
    pair = asked.said("pair")

    def deed() -> None:
        say_two_people(
            pair, by=asked.by.name, why=asked.why, records=wiring.records(), now=wiring.now()
        )

    return asked.do("two-people", (pair,), deed, NothingToSay)


@routes.post("/staff/acts/two-after-all")
def two_after_all() -> Response[str]:
    """Two who count as one person are two after all."""
    asked = Asked(routes, "rule on people")
    other = asked.said("other")

    def deed() -> None:
        part_people(
            other,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )

    return asked.do("two-after-all", (other,), deed, CannotBeParted, learner=other)


@routes.post("/staff/acts/accept-reflection")
def accept_reflection() -> Response[str]:
    """What somebody took from a recording counts."""
    return _reflection(approved=True)


@routes.post("/staff/acts/refuse-reflection")
def refuse_reflection() -> Response[str]:
    """Something is missing in it; they read what, and can write another."""
    return _reflection(approved=False)


def _reflection(*, approved: bool) -> Response[str]:
    asked = Asked(routes, "rule on people")
    session, learner = asked.said("session"), asked.said("learner")

    def deed() -> None:
        spoken = approve_reflection(
            session,
            learner,
            approved=approved,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            now=wiring.now(),
        )
        if not spoken:
            raise NothingToSay("There is no reflection of theirs on that part.")

    act = "accept-reflection" if approved else "refuse-reflection"
    about = (session, learner)
    return asked.do(act, about, deed, NothingToSay, needs_why=not approved, learner=learner)


@routes.post("/staff/acts/send-page-link")
def send_link() -> Response[str]:
    """Send somebody a link to their own page."""
    asked = Asked(routes, "rule on people")
    learner = asked.said("learner")

    def deed() -> None:
        known = send_page_link_to(learner, records=wiring.records(), now=wiring.now())
        if not known:
            raise NoSuchPerson("Nobody with a seat is known by that.")

    return asked.do("send-page-link", (learner,), deed, NoSuchPerson, learner=learner)


@routes.post("/staff/acts/print-again")
def try_again() -> Response[str]:
    """Try once more to print a certificate that is parked."""
    asked = Asked(routes, "rule on people")
    scope, learner = asked.said("scope"), asked.said("learner")

    def deed() -> None:
        print_again(scope, learner, records=wiring.records(), now=wiring.now())

    return asked.do("print-again", (scope, learner), deed, NothingParked, learner=learner)


@routes.post("/staff/acts/uphold-decision")
def uphold() -> Response[str]:
    """A decision that somebody questioned stands; they read why."""
    return _answer(AppealOutcome.UPHELD, "uphold-decision")


@routes.post("/staff/acts/change-decision")
def change() -> Response[str]:
    """It is changed by staff's word; they read why, and it is decided again."""
    return _answer(AppealOutcome.CHANGED, "change-decision")


def _answer(outcome: AppealOutcome, act: str) -> Response[str]:
    asked = Asked(routes, "rule on people")
    appeal = asked.said("appeal")

    def deed() -> None:
        answer_appeal(
            appeal,
            outcome,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            workflows=desk_wiring.closes(),
            now=wiring.now(),
        )

    return asked.do(act, (appeal,), deed, NothingToAnswer)
