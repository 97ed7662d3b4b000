"""Send a fresh link to somebody's own page, to the address we know them by and to no other.

Whoever asks hears the same and as soon, whether the address is known or not, and is counted alike:
nobody can find out here who takes part.
"""

from datetime import datetime

from shared.domain.applications import origin_of
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.people import clean_address
from shared.domain.registrations import Registration, latest_of
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.count_sent import one_more
from shared.usecases.owe_letters import not_yet_owed, owe_once
from shared.usecases.who_is import who_is

# Nobody's mailbox is to be filled by a stranger; an office or a clinic shares one network address.
PER_ADDRESS_AND_HOUR = 3
PER_ORIGIN_AND_HOUR = 20
_PLACE = "my-page"


def send_my_page_link(
    address: str, sent_from: str, *, records: Records, key: bytes, now: datetime
) -> bool:
    """Owe whoever has that address a fresh link; False if it is not an address at all.

    `sent_from` is the network address that asks. Raises TooMany, Unavailable. A double click is one
    letter.
    """
    cleaned = clean_address(address)
    if cleaned is None:
        return False
    learner, hour = who_is(cleaned, records, key), f"{now:%Y%m%dT%H}"

    def attempt() -> None:
        counts = [
            one_more(origin_of(_PLACE, of, key), hour, limit, records=records, now=now)
            for of, limit in (
                (f"net.{sent_from}", PER_ORIGIN_AND_HOUR),
                (f"mail.{cleaned}", PER_ADDRESS_AND_HOUR),
            )
        ]
        records.commit(*counts, *not_yet_owed(_letters(learner, records, now), records))

    until_committed(attempt)
    return True


def send_page_link_to(learner: str, *, records: Records, now: datetime) -> bool:
    """Owe that person a fresh link, because staff say so; False if they have no seat."""
    letters = _letters(learner, records, now)
    for letter in letters:
        owe_once(letter, records)
    return bool(letters)


def _letters(learner: str, records: Records, now: datetime) -> list[Letter]:
    """The letter with the link, if somebody is known by that; one a minute."""
    latest = latest_of(records.of_learner(learner, Registration))
    if latest is None:
        return []
    about = f"{learner}/{now:%Y%m%dT%H%M}"
    told = {"learner": learner, "series": latest.series}
    return [owe(LetterKind.MY_PAGE_LINK, about, now, **told)]
