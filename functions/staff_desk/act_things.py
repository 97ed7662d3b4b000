"""What staff do about recordings and letters."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import desk_wiring, wiring
from shared.domain.recording_windows import Late
from shared.usecases.rule_on_recording import (
    NothingToRule,
    announce_again,
    choose_window,
    release_recording,
)
from shared.usecases.see_to_letter import NothingToSeeTo, say_seen_to, send_letter_again

routes = Router()  # type: ignore[no-untyped-call]
_MOST_DAYS = 3650


@routes.post("/staff/acts/release-recording")
def release() -> Response[str]:
    """Share a recording although something is missing."""
    asked = Asked(routes, "rule on recordings")
    session = asked.said("session")

    def deed() -> None:
        release_recording(
            session,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            workflows=desk_wiring.announcements(),
            now=wiring.now(),
            if_it_waits=True,
        )

    return asked.do("release-recording", (session,), deed, NothingToRule)


@routes.post("/staff/acts/announce-recording")
def announce() -> Response[str]:
    """Write once more to everybody who may watch it."""
    asked = Asked(routes, "rule on recordings")
    session = asked.said("session")

    def deed() -> None:
        announce_again(
            session,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            workflows=desk_wiring.announcements(),
            now=wiring.now(),
        )

    return asked.do("announce-recording", (session,), deed, NothingToRule)


@routes.post("/staff/acts/choose-window")
def choose() -> Response[str]:
    """Choose until when everybody may watch a recording that came late, or that nobody may."""
    asked = Asked(routes, "rule on recordings")
    session, late, days = asked.said("session"), asked.said("late"), asked.said("days")

    def deed() -> None:
        if late not in set(Late):
            raise NothingToRule("More days, days from now, or nobody?")
        many = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
        if late != Late.DO_NOT_SHARE and not 0 < many <= _MOST_DAYS:
            raise NothingToRule(f"How many days? Between 1 and {_MOST_DAYS}, in figures.")
        choose_window(
            session,
            Late(late),
            days=many,
            by=asked.by.name,
            why=asked.why,
            records=wiring.records(),
            workflows=desk_wiring.announcements(),
            now=wiring.now(),
            if_it_waits=True,
        )

    return asked.do("choose-window", (session, late), deed, NothingToRule)


@routes.post("/staff/acts/send-letter-again")
def send_again() -> Response[str]:
    """Have a letter that failed sent once more."""
    asked = Asked(routes, "rule on letters")
    letter = asked.said("letter")

    def deed() -> None:
        send_letter_again(letter, by=asked.by.name, why=asked.why, records=wiring.records())

    return asked.do("send-letter-again", (letter,), deed, NothingToSeeTo)


@routes.post("/staff/acts/letter-seen-to")
def seen_to() -> Response[str]:
    """Its reader was reached another way."""
    asked = Asked(routes, "rule on letters")
    letter = asked.said("letter")

    def deed() -> None:
        say_seen_to(letter, by=asked.by.name, why=asked.why, records=wiring.records())

    return asked.do("letter-seen-to", (letter,), deed, NothingToSeeTo)
