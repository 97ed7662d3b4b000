"""The page of a transcript: sums first, then every class with its reason or its date."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.transcript_text import ONLY_CERTIFICATES
from shared.domain.transcripts import STATES, Transcript


def transcript_page(view: Transcript, back: str, *, drawn: bool = True) -> str:
    """The page. `back` is the way to the person's own page, below which it stands.

    Not `drawn`: the document was asked for, and holds letters for which there is no font.
    """
    label = view.catalogue.policies.certificate.hours_label
    document = f"{back}/transcript/{view.catalogue.series.id}/pdf" if drawn else ""
    return whole_page(
        "my_transcript",
        view.catalogue,
        view=view,
        states=STATES,
        label=label,
        note=ONLY_CERTIFICATES,
        back=back,
        document=document,
    )
