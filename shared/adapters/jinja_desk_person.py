"""What the desk's page of one person says beside what it shows."""

from collections.abc import Mapping
from typing import Any, Final

from shared.adapters.jinja_desk_also import also
from shared.domain.desk_deeds import deeds_of_person, letter_name
from shared.domain.desk_person import PersonPage
from shared.domain.ledger import for_money
from shared.domain.letters import Letter, LetterStatus

_BECAME: Final[Mapping[LetterStatus, str]] = {
    LetterStatus.PENDING: "on its way",
    LetterStatus.SENDING: "on its way",
    LetterStatus.SENT: "sent",
    LetterStatus.UNKNOWN: "handed over; whether it was sent is not known",
    LetterStatus.FAILED: "could not be sent",
    LetterStatus.WITHDRAWN: "not wanted any more",
    LetterStatus.RETURNED: "came back, or was kept because letters come back",
}


def person_words(view: PersonPage, *, words: bool) -> dict[str, Any]:
    """What the template draws. Without `words`, nothing that tells of anybody's health."""
    houses = [one.catalogue.institute for one in view.mine.series]
    return {
        "words": words,
        # By whose clocks staff read it; by Greenwich's of somebody who never had a seat.
        "zone": houses[0].zone if houses else "UTC",
        "ledger": view.ledger if words else for_money(view.ledger),
        "letters": [(letter_name(one, view.titles), _became(one), one) for one in view.letters],
        "acts": deeds_of_person(view) if words else (),
        "also": also(view, words=words),
        "sessions": [(series, one) for series in view.mine.series for one in series.sessions],
    }


def _became(letter: Letter) -> str:
    """What became of it, as far as anybody knows."""
    if letter.delivered_at is not None and letter.status is LetterStatus.SENT:
        return "arrived"
    return _BECAME[letter.status]
