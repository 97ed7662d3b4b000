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
from shared.domain.decisions import Decision
from shared.domain.links import read
from shared.domain.registrations import Learner
from shared.domain.sessions import Series
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed

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
class ShownCertificate:
    """A certificate that was given and the series it is of; `document` is for its holder alone."""

    certificate: Certificate
    catalogue: Catalogue
    document: str = ""


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
    if not learner or has_left(learner, records):
        return NotFound()
    return _given(scope, learner, records)


def has_left(learner: str, records: Records) -> bool:
    """Whether that person took everything away: then none of their links opens any more."""
    person = records.get(Learner.key_of(learner), Learner)
    return person is not None and person.erased_at is not None


def _given(scope: str, learner: str, records: Records) -> ShownCertificate | NotFound:
    certificate = records.get(Certificate.key_of(scope, learner), Certificate)
    if certificate is None or not certificate.given:
        return NotFound()
    series = records.get(Series.key_of(certificate.series), Series)
    return ShownCertificate(certificate, series.catalogue) if series else NotFound()
