"""What waits in scholarship rounds: applications that votes left open, letters that did not arrive.

An application is its number: who sent it, and what they wrote, stands in no item and no letter.
"""

from shared.domain.applications import Application
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Fact, Letter
from shared.domain.waiting_items import WaitingItem, WaitingKind, reasons_of, waits_since
from shared.domain.waiting_things import of_letter_to


def of_application(application: Application, catalogue: Catalogue | None) -> WaitingItem:
    """An application whose votes came to nothing before voting ended."""
    decided = application.decided
    title = catalogue.series.title if catalogue else application.series
    return WaitingItem(
        kind=WaitingKind.APPLICATION,
        name=f"{application.series}/{application.reference}",
        since=waits_since(application.waiting_since),
        title=f"Application {application.reference} was left open by the votes",
        reasons=reasons_of(decided.reasons if decided else ())[0],
        evidence=(
            Fact(label="Scholarship for", value=title),
            Fact(label="Came", value="Late" if application.late else "In time"),
        ),
        act="Read it, and say what becomes of it. Then it stands on the list like every other.",
        series=application.series,
    )


def of_round_letter(letter: Letter) -> WaitingItem:
    """A letter of a round that was refused, or that nobody knows the fate of."""
    to_whom = letter.reviewer or f"Whoever sent application {letter.reference}"
    return of_letter_to(to_whom, letter, WaitingKind.ROUND_LETTER)
