"""What staff do about scholarship rounds: vote, decide what was left open, end the voting, letters.

Why somebody decided so is kept with the application, and goes when that is erased; the record of
the act says that it was done, and by whom.
"""

from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import desk_wiring, wiring
from shared.observability import count
from shared.usecases.act_on_scholarships import NotTaken, decide_at_desk, end_voting, vote_at_desk
from shared.usecases.decide_application import CannotBeDecided
from shared.usecases.see_to_letter import NothingToSeeTo, say_seen_to, send_letter_again

routes = Router()  # type: ignore[no-untyped-call]
_KEPT: Final = "The reason is kept with it, for as long as it is."


@routes.post("/staff/acts/vote-on-application")
def vote() -> Response[str]:
    """Cast a vote, once. Which it was stands with the application alone."""
    asked = Asked(routes, "rule on scholarships")
    series, reference = asked.said("series"), asked.said("reference")

    def deed() -> None:
        vote_at_desk(
            series, reference, asked.sent, asked.by, **desk_wiring.rounds(), resume=wiring.resume,
            now=wiring.now(),
        )  # fmt: skip
        count("VoteCast")

    about = (series, reference)
    return asked.do("vote-on-application", about, deed, NotTaken, needs_why=False)


@routes.post("/staff/acts/decide-application")
def decide() -> Response[str]:
    """Decide an application that the votes left open."""
    asked = Asked(routes, "rule on scholarships")
    series, reference = asked.said("series"), asked.said("reference")

    def deed() -> None:
        decide_at_desk(
            series, reference, asked.said("outcome"), asked.said("award"), asked.by,
            why=asked.why, **desk_wiring.rounds(), now=wiring.now(),
        )  # fmt: skip

    about = (series, reference)
    return asked.do("decide-application", about, deed, CannotBeDecided, kept=_KEPT)


@routes.post("/staff/acts/end-voting")
def end() -> Response[str]:
    """End the voting of a round now."""
    asked = Asked(routes, "rule on scholarships")
    series = asked.said("series")

    def deed() -> None:
        end_voting(
            series,
            records=wiring.records(),
            resume=wiring.resume,
            workflows=wiring.round_machine(),
            now=wiring.now(),
        )

    return asked.do("end-voting", (series,), deed, NotTaken)


@routes.post("/staff/acts/send-round-letter-again")
def send_again() -> Response[str]:
    """Have a letter of a round that failed sent once more."""
    asked = Asked(routes, "rule on letters")
    letter = asked.said("letter")

    def deed() -> None:
        send_letter_again(letter, by=asked.by.name, why=asked.why, records=wiring.applications())

    return asked.do("send-round-letter-again", (letter,), deed, NothingToSeeTo, kept=_KEPT)


@routes.post("/staff/acts/round-letter-seen-to")
def seen_to() -> Response[str]:
    """Its reader was reached another way."""
    asked = Asked(routes, "rule on letters")
    letter = asked.said("letter")

    def deed() -> None:
        say_seen_to(letter, by=asked.by.name, why=asked.why, records=wiring.applications())

    return asked.do("round-letter-seen-to", (letter,), deed, NothingToSeeTo, kept=_KEPT)
