"""What staff do about one person: letters, the last word on credit, certificates, their places."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import wiring
from shared.domain.certificate_life import Ground
from shared.domain.letters import LetterKind
from shared.domain.overrides import About
from shared.usecases.correct_certificate import correct_certificate
from shared.usecases.hold_person import NothingToHold, hold_person
from shared.usecases.override_decision import (
    NothingToOverride,
    override_decision,
    withdraw_override,
)
from shared.usecases.post_letter_again import CannotBePosted, post_letter_again
from shared.usecases.revoke_certificate import (
    NothingToChange,
    reinstate_certificate,
    revoke_certificate,
)

routes = Router()  # type: ignore[no-untyped-call]


class NotChosen(Exception):
    """Something that is chosen from a list was sent as something else, or not at all."""


@routes.post("/staff/acts/post-letter-again")
def post_again() -> Response[str]:
    """Post a letter once more; it says what is true by then."""
    asked = Asked(routes, "rule on letters")
    learner = asked.said("learner")
    kind, _, about = asked.said("letter").partition("#")

    def deed() -> None:
        if kind not in set(LetterKind):
            raise CannotBePosted("Choose the letter that is to be posted again.")
        post_letter_again(
            LetterKind(kind), about, learner, records=wiring.records(), now=wiring.now()
        )

    about_ids = (learner, f"{kind}#{about}")
    return asked.do("post-letter-again", about_ids, deed, CannotBePosted, learner=learner)


@routes.post("/staff/acts/override")
def override() -> Response[str]:
    """Have the last word on attendance or credit; it is decided again at once."""
    asked = Asked(routes, "rule on people")
    learner, scope = asked.said("learner"), asked.said("scope")
    granted = asked.said("granted")

    def deed() -> None:
        if granted not in ("yes", "no"):
            raise NotChosen("Choose whether it counts.")
        override_decision(
            scope,
            learner,
            _about(asked.said("about")),
            granted=granted == "yes",
            why=asked.why,
            by=asked.by.name,
            records=wiring.records(),
            now=wiring.now(),
        )

    about = (learner, scope, asked.said("about"), granted)
    return asked.do("override", about, deed, NothingToOverride, NotChosen, learner=learner)


@routes.post("/staff/acts/take-back-override")
def take_back() -> Response[str]:
    """Take such a word back: what was said before it, or the rules, decide again."""
    asked = Asked(routes, "rule on people")
    learner = asked.said("learner")
    scope, _, about = asked.said("word").partition("#")

    def deed() -> None:
        withdraw_override(
            scope,
            learner,
            _about(about),
            why=asked.why,
            by=asked.by.name,
            records=wiring.records(),
            now=wiring.now(),
        )

    ids = (learner, scope, about)
    return asked.do("take-back-override", ids, deed, NothingToOverride, NotChosen, learner=learner)


@routes.post("/staff/acts/revoke-certificate")
def revoke() -> Response[str]:
    """Withdraw a certificate; its holder reads why."""
    asked = Asked(routes, "rule on people")
    learner, scope, ground = asked.said("learner"), asked.said("scope"), asked.said("ground")

    def deed() -> None:
        if ground not in set(Ground):
            raise NotChosen("Choose what the public page is to say.")
        revoke_certificate(
            scope,
            learner,
            by=asked.by.name,
            why=asked.why,
            ground=Ground(ground),
            records=wiring.records(),
            now=wiring.now(),
        )

    about = (learner, scope, ground)
    return asked.do("revoke-certificate", about, deed, NothingToChange, NotChosen, learner=learner)


@routes.post("/staff/acts/reinstate-certificate")
def reinstate() -> Response[str]:
    """Let a certificate that was withdrawn count again."""
    asked = Asked(routes, "rule on people")
    learner, scope = asked.said("learner"), asked.said("scope")

    def deed() -> None:
        reinstate_certificate(
            scope,
            learner,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            now=wiring.now(),
        )

    about = (learner, scope)
    return asked.do("reinstate-certificate", about, deed, NothingToChange, learner=learner)


@routes.post("/staff/acts/correct-certificate")
def correct() -> Response[str]:
    """Issue a certificate anew, with another name or in the words of today's catalogue."""
    asked = Asked(routes, "rule on people")
    learner, scope, name = asked.said("learner"), asked.said("scope"), asked.said("name")

    def deed() -> None:
        correct_certificate(
            scope,
            learner,
            by=asked.by.name,
            why=asked.why,
            name=name or None,
            from_catalogue=not name,
            records=wiring.records(),
            printing=wiring.printing(),
            now=wiring.now(),
        )

    about = (learner, scope)
    return asked.do("correct-certificate", about, deed, NothingToChange, learner=learner)


@routes.post("/staff/acts/hold-person")
def hold() -> Response[str]:
    """Hold somebody's places: nothing new is given until it is lifted."""
    return _hold("hold-person", holds=True)


@routes.post("/staff/acts/lift-hold")
def lift() -> Response[str]:
    """Lift that; what was missed meanwhile follows."""
    return _hold("lift-hold", holds=False)


def _hold(act: str, *, holds: bool) -> Response[str]:
    asked = Asked(routes, "rule on people")
    learner = asked.said("learner")

    def deed() -> None:
        hold_person(
            learner,
            holds=holds,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            now=wiring.now(),
        )

    return asked.do(act, (learner,), deed, NothingToHold, learner=learner)


def _about(said: str) -> About:
    match said:
        case "attendance" | "credit":
            return said
        case _:
            raise NotChosen("Choose attendance or credit.")
