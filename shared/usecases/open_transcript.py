"""Gather a person's transcript of one series from their records, as it is at this moment."""

from datetime import datetime

from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.registrations import Registration
from shared.domain.sessions import Series
from shared.domain.transcripts import Transcript, transcript
from shared.ports import Records
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound


def open_transcript(
    token: str, series: str, *, keys: list[bytes], records: Records, now: datetime
) -> Transcript | NotFound:
    """The transcript behind a person's own link, for a series they have or had a seat in.

    Their name is the one on their latest certificate, else the one they registered with.
    """
    person = holder_of(token, keys=keys, records=records, now=now)
    kept = records.get(Series.key_of(series), Series) if person else None
    if person is None or kept is None:
        return NotFound()
    registrations = {
        one.session: one
        for one in records.of_learner(person.learner, Registration)
        if one.series == series
    }
    if not registrations:
        return NotFound()
    certificates = {
        one.scope: one
        for one in records.of_learner(person.learner, Certificate)
        if one.series == series
    }
    verdicts = {one.scope: one for one in records.of_learner(person.learner, Verdict)}
    latest = max(certificates.values(), key=lambda one: one.reserved_at, default=None)
    name = latest.text.name if latest else person.name
    return transcript(kept.catalogue, name, registrations, verdicts, certificates, now)
