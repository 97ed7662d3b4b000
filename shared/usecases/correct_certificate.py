"""Correct a certificate: a new revision under the same number, and the earlier one kept.

The new words are frozen with the wish, in one commit; until their document stands, what was issued
counts. A crash in between leaves the wish, and the hourly sweep finishes it.
"""

from datetime import datetime

from shared.domain.certificate_life import Act, Draft, Revision
from shared.domain.certificate_text import CertificateText
from shared.domain.certificates import (
    Certificate,
    CertificateStatus,
    certificate_hours,
    certificate_text,
)
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.people import clean_name
from shared.domain.printing import document_of
from shared.domain.sessions import Series
from shared.domain.zones import say_day
from shared.failures import Unavailable
from shared.ports import Printing, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.revoke_certificate import (
    NothingToChange,
    letter_about,
    note_badge,
    the_certificate,
)

# A correction that is frozen and not printed yet.
WAITING = "correction"


def correct_certificate(
    scope: str,
    learner: str,
    *,
    by: str,
    why: str,
    name: str | None = None,
    from_catalogue: bool = False,
    records: Records,
    printing: Printing,
    now: datetime,
) -> Certificate:
    """Issue it anew with another name, or in the words of today's catalogue, or both.

    Nothing else changes: without `from_catalogue` every other word stays as it was printed. The
    same wish again only finishes what was begun. Raises NothingToChange, with what to do, if there
    is nothing to correct or the name cannot be printed; Unavailable if it could not be printed now.
    """
    until_committed(lambda: _wish(scope, learner, by, why, name, from_catalogue, records, now))
    corrected = finish_correction(scope, learner, records=records, printing=printing, now=now)
    if corrected is None:
        raise NothingToChange("The name has letters for which there is no font. It stays as it is.")
    return corrected


def finish_correction(
    scope: str, learner: str, *, records: Records, printing: Printing, now: datetime
) -> Certificate | None:
    """Print what is frozen and let it count; None if no font can draw it, and nothing changes.

    Raises Unavailable if it could not be printed now.
    """
    certificate = the_certificate(scope, learner, records)
    if certificate.draft is None:
        return certificate
    printed = printing.print(certificate.key())
    return until_committed(
        lambda: _settle(scope, learner, printed.revision, printed.sha256, records, now)
    )


def finish_corrections(
    *, records: Records, printing: Printing, now: datetime, until: datetime
) -> int:
    """Finish every correction that has waited since before `until`; how many now count."""
    finished = 0
    for waiting in records.waiting(WAITING, until, Certificate):
        try:
            corrected = finish_correction(
                waiting.scope, waiting.learner, records=records, printing=printing, now=now
            )
        except Unavailable:
            continue  # the next hour tries again
        finished += corrected is not None
    return finished


def _wish(
    scope: str,
    learner: str,
    by: str,
    why: str,
    name: str | None,
    from_catalogue: bool,
    records: Records,
    now: datetime,
) -> None:
    certificate = the_certificate(scope, learner, records)
    if certificate.status is not CertificateStatus.ISSUED:
        raise NothingToChange("Only a certificate that counts can be corrected.")
    series = records.get(Series.key_of(certificate.series), Series)
    if series is None:
        raise NothingToChange(f"The series '{certificate.series}' is not published any more.")
    text = certificate.text
    if name is not None and not clean_name(name):
        raise NothingToChange("There is no letter in that name.")
    wanted = clean_name(name) if name is not None else text.name
    base = text.model_copy(update={"statements": _first_words(certificate).statements})
    verdict = records.get(Verdict.key_of(scope, learner), Verdict) if from_catalogue else None
    boards = verdict.boards if verdict else ()
    if from_catalogue:
        base = certificate_text(
            series.catalogue,
            scope,
            wanted,
            certificate.public_id,
            text.public_url,
            now,
            text.seal,
            boards,
            made_up=verdict is not None and verdict.made_up,
        ).model_copy(update={"number": text.number})
    said = base.model_dump() | {"name": wanted}
    if _same(said, text.model_dump() | {"statements": _first_words(certificate).statements}):
        raise NothingToChange("The certificate says exactly that already.")
    zone = series.catalogue.institute.zone
    replaces = say_day(certificate.corrected_at or certificate.issued_at or now, zone)
    note = f"It replaces the certificate of the same number that was issued on {replaces}."
    statements = (*base.statements, f"Corrected on {say_day(now, zone)}. {note}")
    said |= {"statements": statements, "issued_at": now}
    draft = Draft(
        revision=certificate.next_revision,
        text=CertificateText.model_validate(said),
        hours=certificate_hours(series.catalogue, scope, boards)
        if from_catalogue
        else certificate.hours,
        by=by,
        why=why,
        wanted_at=now,
    )
    known = certificate.draft
    if known is not None:
        if _same(known.text.model_dump(), draft.text.model_dump()):
            return
        raise NothingToChange("Another correction is being printed. Try again in a moment.")
    waiting = {"waiting": WAITING, "waiting_since": now.isoformat()}
    records.commit(certificate.model_copy(update={"draft": draft, **waiting}))


def _first_words(certificate: Certificate) -> CertificateText:
    """The latest words without the sentence about what they replace."""
    text = certificate.text
    if certificate.earlier:
        return text.model_copy(update={"statements": text.statements[:-1]})
    return text


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two certificates say the same, whenever they were issued."""
    return one | {"issued_at": None} == other | {"issued_at": None}


def _settle(
    scope: str, learner: str, revision: int, sha256: str, records: Records, now: datetime
) -> Certificate | None:
    """Let the draft count now that its document stands, or drop it if there is no document."""
    certificate = the_certificate(scope, learner, records)
    draft = certificate.draft
    if draft is None or draft.revision != revision:
        return certificate  # somebody else finished it, or it was withdrawn meanwhile
    done = {"draft": None, "waiting": None, "waiting_since": None}
    if not sha256:
        act = Act(what="not_corrected", by=draft.by, why=draft.why, at=now)
        records.commit(certificate.done(act, **done))
        return None
    superseded = Revision(
        revision=certificate.revision,
        text=certificate.text,
        document=certificate.document or "",
        sha256=certificate.sha256 or "",
        issued_at=certificate.corrected_at or certificate.issued_at or now,
        superseded_at=now,
    )
    corrected = certificate.done(
        Act(what="corrected", by=draft.by, why=draft.why, at=now),
        text=draft.text,
        hours=draft.hours,
        document=document_of(certificate.public_id, draft.revision),
        sha256=sha256,
        revision=draft.revision,
        corrected_at=now,
        earlier=(*certificate.earlier, superseded),
        badge_place=None,
        **done,
    )
    letter = letter_about(corrected, LetterKind.CERTIFICATE_CORRECTED, "corrected", now)
    noted = note_badge(certificate, records, revoked=True)  # the new revision gets its own badge
    records.commit(corrected, *noted, *not_yet_owed([letter], records))
    return corrected
