"""Issue one certificate: reserve it, print it, post it, each exactly once.

What is printed is frozen with the reservation, under a random public id. A crash in between is
repaired by doing it again: the same words give the same bytes, and the bytes that stand are kept.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from shared.domain.certificates import (
    Certificate,
    CertificatePointer,
    CertificateStatus,
    certificate_text,
    public_id,
)
from shared.domain.credit import Verdict
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.registrations import Learner
from shared.domain.sessions import Series
from shared.ports import CertificatePrinter, Files, Records
from shared.usecases.commit_again import until_committed


def issue_certificate(
    scope: str,
    learner: str,
    *,
    records: Records,
    documents: Files,
    printer: CertificatePrinter,
    random_bytes: Callable[[int], bytes],
    page_of: Callable[[str], str],
    now: datetime,
) -> bool:
    """Print and post the certificate that was earned; True if it is issued (now or before).

    `page_of` gives the address of the public page of a public id. Raises UnprintableText if the
    name needs a script there is no font for: nothing was printed, the reservation stands.
    """
    certificate = until_committed(
        lambda: _reserve(scope, learner, records, random_bytes, page_of, now)
    )
    if certificate is None or certificate.status is CertificateStatus.ISSUED:
        return certificate is not None
    document = f"certificates/{certificate.public_id}.pdf"
    # The bytes that stand there decide: whoever printed first, printed it for good.
    printed = documents.write_once(document, printer.print(certificate.text), "application/pdf")
    until_committed(lambda: _issue(scope, learner, document, printed, records, now))
    return True


def park_certificate(scope: str, learner: str, why: str, *, records: Records, now: datetime) -> None:
    """Set a certificate aside that could not be printed, and ask staff; the others go on."""

    def attempt() -> None:
        certificate = records.get(Certificate.key_of(scope, learner), Certificate)
        if certificate is None or certificate.status is CertificateStatus.ISSUED:
            return
        parked = certificate.model_copy(
            update={
                "status": CertificateStatus.PARKED,
                "parked_because": why,
                "waiting": "certificate",
                "waiting_since": certificate.waiting_since or now.isoformat(),
            }
        )
        letter = owe(
            LetterKind.STAFF_CERTIFICATE,
            f"{scope}/{learner}",
            now,
            series=certificate.series,
            learner=learner,
            facts=(
                Fact(label="Name", value=certificate.text.name),
                Fact(label="For", value=certificate.text.title),
            ),
            lines=(why,),
        )
        owed = records.get(letter.key(), Letter)
        records.commit(parked, *([] if owed else [letter]))

    until_committed(attempt)


def _reserve(
    scope: str,
    learner: str,
    records: Records,
    random_bytes: Callable[[int], bytes],
    page_of: Callable[[str], str],
    now: datetime,
) -> Certificate | None:
    """The certificate of that person in that scope, made if there is none; None if not earned."""
    known = records.get(Certificate.key_of(scope, learner), Certificate)
    if known is not None and known.status is not CertificateStatus.PARKED:
        return known
    verdict = records.get(Verdict.key_of(scope, learner), Verdict)
    person = records.get(Learner.key_of(learner), Learner)
    if verdict is None or person is None or not verdict.earned.granted:
        return known
    series = records.get(Series.key_of(verdict.series), Series)
    if series is None:
        return known
    of_public_id = known.public_id if known else public_id(random_bytes(16))
    text = certificate_text(
        series.catalogue, scope, person.name, of_public_id, page_of(of_public_id), now
    )
    if known is not None:
        # It was parked for its name; try it with the name as it is now, under the same id.
        if known.text.name == text.name:
            return known
        renamed = known.model_copy(update={"text": text, "status": CertificateStatus.RESERVED})
        records.commit(renamed)
        return renamed
    certificate = Certificate(
        scope=scope,
        series=verdict.series,
        learner=learner,
        public_id=of_public_id,
        text=text,
        reserved_at=now,
    )
    pointer = CertificatePointer(public_id=of_public_id, scope=scope, holder=learner)
    records.commit(certificate, pointer)
    return certificate


def _issue(
    scope: str, learner: str, document: str, printed: bytes, records: Records, now: datetime
) -> None:
    certificate = records.get(Certificate.key_of(scope, learner), Certificate)
    if certificate is None or certificate.status is CertificateStatus.ISSUED:
        return
    issued = certificate.model_copy(
        update={
            "status": CertificateStatus.ISSUED,
            "document": document,
            "sha256": hashlib.sha256(printed).hexdigest(),
            "issued_at": now,
            "parked_because": None,
            "waiting": None,
            "waiting_since": None,
        }
    )
    letter = owe(
        LetterKind.CERTIFICATE,
        f"{scope}/{learner}",
        now,
        learner=learner,
        series=certificate.series,
        session=scope if scope != certificate.series else None,
    )
    owed = records.get(letter.key(), Letter)
    records.commit(issued, *([] if owed else [letter]))
