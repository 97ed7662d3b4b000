"""What learners and the public open: every right is decided again at the moment of opening."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.certificates import (
    Certificate,
    CertificatePointer,
    CertificateStatus,
    is_public_id,
)
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import RULE_VERSION, entitlements
from shared.domain.links import read
from shared.domain.recordings import Recording
from shared.domain.registrations import Registration
from shared.domain.sessions import Series
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.make_up_part import note_opened

# Long enough to begin watching, short enough that a copied address is worthless.
MEDIA_LINK_SECONDS = 600
DOCUMENT_LINK_SECONDS = 300


@dataclass(frozen=True)
class NotFound:
    """Nothing is here, or nothing that this opener may know of."""


@dataclass(frozen=True)
class NoAccess:
    """Something is here and cannot be opened (any more), with the reason."""

    decision: Decision
    catalogue: Catalogue
    title: str


@dataclass(frozen=True)
class Media:
    """An address at which the recording plays for some minutes."""

    url: str


@dataclass(frozen=True)
class ShownCertificate:
    """A certificate that was given and the series it is of; `document` is for its holder alone."""

    certificate: Certificate
    catalogue: Catalogue
    document: str = ""


def open_watch_link(
    token: str, *, keys: list[bytes], records: Records, uploads: Files, now: datetime
) -> Media | NoAccess | NotFound:
    """The recording behind a personal link, if its holder may watch it now."""
    subject = read("watch", token, keys, now)
    session_id, _, learner = (subject or "").partition("/")
    found = find_session(session_id, records) if learner else None
    if found is None:
        return NotFound()
    catalogue, title = found.catalogue, found.session.title
    registration = records.get(Registration.key_of(session_id, learner), Registration)
    right = entitlements(catalogue, session_id, registration, now).recording
    if not right.granted:
        return NoAccess(right, catalogue, title)
    recording = _playable(session_id, records)
    if recording is None:
        soon = Reason(code="not_here", text="The recording is not here yet. We write when it is.")
        return NoAccess(refused(RULE_VERSION, soon), catalogue, title)
    # Whoever makes up for a missed part has opened its recording first; no other use is noted.
    note_opened(session_id, learner, records=records, now=now)
    return Media(
        uploads.link(
            recording.object_key,
            recording.object_version or None,
            MEDIA_LINK_SECONDS,
            recording.media_type or "video/mp4",
            recording.name,
        )
    )


def _playable(session: str, records: Records) -> Recording | None:
    """What people come for: a video before a sound file, and among equals the newest."""
    partition = Recording.key_of(session, "").partition
    found = [
        recording
        for recording in records.find(partition, Recording, Recording.prefix_of())
        if recording.playable
    ]
    return max(found, key=lambda r: (r.media_type == "video/mp4", r.uploaded_at), default=None)


def show_certificate(public_id: str, *, records: Records) -> ShownCertificate | NotFound:
    """What the public may see of a certificate. Reserved and parked ones do not exist for it."""
    if not is_public_id(public_id):
        return NotFound()
    pointer = records.get(CertificatePointer.key_of(public_id), CertificatePointer)
    return _given(pointer.scope, pointer.holder, records) if pointer else NotFound()


def open_my_certificate(
    token: str, *, keys: list[bytes], records: Records, documents: Files, now: datetime
) -> ShownCertificate | NotFound:
    """The holder's own page, with an address at which the document can be fetched if it counts."""
    shown = _of_token(token, keys, records, now)
    if isinstance(shown, NotFound):
        return shown
    certificate = shown.certificate
    if certificate.status is CertificateStatus.REVOKED:
        return shown
    name = f"certificate-{certificate.text.number}.pdf"
    document = documents.link(
        certificate.document or "", None, DOCUMENT_LINK_SECONDS, "application/pdf", name
    )
    return ShownCertificate(certificate, shown.catalogue, document)


def choose_name_shown(
    token: str, shown: bool, *, keys: list[bytes], records: Records, now: datetime
) -> bool:
    """Let the holder choose whether the public page shows the name; False for any other token."""

    def attempt() -> bool:
        found = _of_token(token, keys, records, now)
        if isinstance(found, NotFound):
            return False
        if found.certificate.name_is_public is not shown:
            records.commit(found.certificate.model_copy(update={"name_is_public": shown}))
        return True

    return until_committed(attempt)


def holders_certificate(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> ShownCertificate | NotFound:
    """The certificate of whoever holds this token."""
    return _of_token(token, keys, records, now)


def _of_token(
    token: str, keys: list[bytes], records: Records, now: datetime
) -> ShownCertificate | NotFound:
    scope, _, learner = (read("certificate", token, keys, now) or "").partition("/")
    return _given(scope, learner, records) if learner else NotFound()


def _given(scope: str, learner: str, records: Records) -> ShownCertificate | NotFound:
    certificate = records.get(Certificate.key_of(scope, learner), Certificate)
    if certificate is None or not certificate.given:
        return NotFound()
    series = records.get(Series.key_of(certificate.series), Series)
    return ShownCertificate(certificate, series.catalogue) if series else NotFound()
