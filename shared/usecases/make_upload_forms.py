"""Make the form by which staff upload one file of a session from their browser."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from shared.domain.hand_uploads import KINDS, HandUpload, UploadForm, place_for
from shared.file_ports import UploadForms
from shared.ports import Records
from shared.usecases.find_session import Found, find_session

# How long a form can be sent. What began in time may take as long as it takes.
LASTS_SECONDS = 3600


@dataclass(frozen=True)
class Made:
    """Two forms for the same file: one that leads back to a page, one for the page's own script."""

    known: Found
    place: str
    form: UploadForm
    quiet: UploadForm

    @property
    def origin(self) -> str:
        """Where both are sent to."""
        parts = urlsplit(self.form.url)
        return f"{parts.scheme}://{parts.netloc}"


def make_upload_forms(
    session: str,
    what: HandUpload,
    here: str,
    *,
    forms: UploadForms,
    records: Records,
    now: datetime,
) -> Made | None:
    """The forms, or None if there is no such session or file of it. `here` is the page."""
    found = find_session(session, records)
    kind = KINDS[what]
    if found is None or (kind.of_recording and not found.session.recorded):
        return None
    place = place_for(what, session, now)
    return Made(
        known=found,
        place=place,
        form=forms.form(place, kind.media_type, kind.most, LASTS_SECONDS, here),
        quiet=forms.form(place, kind.media_type, kind.most, LASTS_SECONDS, ""),
    )
