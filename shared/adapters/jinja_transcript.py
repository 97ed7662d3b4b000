"""The page of a transcript: sums first, then every class with its reason or its date."""

from typing import Final

from shared.adapters.jinja_pages import whole_page
from shared.domain.transcripts import Transcript

_STATES: Final = {
    "earned": "Counts",
    "withdrawn": "Withdrawn",
    "on_its_way": "On its way",
    "not_earned": "Not earned",
    "undecided": "Being looked at",
    "ahead": "Ahead",
    "no_seat": "No seat",
}


def transcript_page(view: Transcript, token: str) -> str:
    """The page. `token` is that of the person's own page, to which it leads back."""
    label = view.catalogue.policies.certificate.hours_label
    return whole_page(
        "my_transcript", view.catalogue, view=view, states=_STATES, label=label, token=token
    )
