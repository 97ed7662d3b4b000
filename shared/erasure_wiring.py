"""Builds what taking everything along, and taking it away, reach: every store there is."""

from typing import TYPE_CHECKING

from shared import wiring

if TYPE_CHECKING:
    from shared.usecases.erase_person import Stores


def stores() -> "Stores":
    """Everywhere that something of somebody is kept."""
    from shared.usecases.erase_person import Stores

    return Stores(
        records=wiring.records(),
        applications=wiring.applications(),
        uploads=wiring.uploads(),
        documents=wiring.documents(),
        raw_events=wiring.raw_events(),
        identity_key=wiring.identity_keys()[0],
    )
