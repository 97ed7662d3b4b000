"""What the desk's page of one person says beside what it shows."""

from typing import Any

from shared.domain.desk_deeds import deeds_of_person, letter_name
from shared.domain.desk_person import PersonPage
from shared.domain.ledger import for_money


def person_words(view: PersonPage, *, words: bool) -> dict[str, Any]:
    """What the template draws. Without `words`, nothing that tells of anybody's health."""
    return {
        "words": words,
        "ledger": view.ledger if words else for_money(view.ledger),
        "letters": [(letter_name(one, view.titles), one) for one in view.letters],
        "acts": deeds_of_person(view) if words else (),
        "sessions": [(series, one) for series in view.mine.series for one in series.sessions],
    }
