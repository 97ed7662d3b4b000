"""Issue one certificate: reserve it, (print it,) post it, each exactly once.

What is printed is frozen with the reservation, under a random public id. A crash in between is
repaired by doing it again: the same words give the same bytes, and the bytes that stand are kept.
"""

from collections.abc import Callable
from datetime import datetime

from shared.domain.certificates import (
    Certificate,
    CertificatePointer,
    CertificateStatus,
    certificate_hours,
    certificate_text,
    public_id,
)
from shared.domain.credit import Verdict
from shared.domain.findings import Finding, number_word
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.particulars import Particulars
from shared.domain.printing import document_of
from shared.domain.record import Key, Record
from shared.domain.registrations import Learner
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed

# Nothing is left to print: its holder has it, or staff have withdrawn it.
_SETTLED = (CertificateStatus.ISSUED, CertificateStatus.REVOKED)


def reserve_certificate(
    scope: str,
    learner: str,
    *,
    records: Records,
    random_bytes: Callable[[int], bytes],
    page_of: Callable[[str], str],
    now: datetime,
) -> Key | None:
    """Freeze what will be printed; where it is reserved, or None if there is nothing to print.

    `page_of` gives the address of the public page of a public id.
    """
    certificate = until_committed(
        lambda: _reserve(scope, learner, records, random_bytes, page_of, now)
    )
    if certificate is None or certificate.status in _SETTLED:
        return None
    return certificate.key()


def post_certificate(
    scope: str, learner: str, sha256: str, *, records: Records, now: datetime
) -> None:
    """The document stands: remember its hash, and owe its holder the letter."""
    until_committed(lambda: _issue(scope, learner, sha256, records, now))


def park_certificate(
    scope: str, learner: str, why: str, *, failed: bool, records: Records, now: datetime
) -> None:
    """Set a certificate aside that could not be printed, and ask staff; the others go on.

    `failed` says that a step failed, so that the document may stand all the same.
    """

    def attempt() -> None:
        certificate = records.get(Certificate.key_of(scope, learner), Certificate)
        if certificate is not None and certificate.status in _SETTLED:
            return
        changes: list[Record] = []
        if certificate is not None:
            parked = {
                "status": CertificateStatus.PARKED,
                "parked_because": why,
                "may_stand": certificate.may_stand or failed,
                "waiting": "certificate",
                "waiting_since": certificate.waiting_since or now.isoformat(),
            }
            changes.append(certificate.model_copy(update=parked))
        letter = _question(scope, learner, certificate, why, records, now)
        if records.get(letter.key(), Letter) is None:
            changes.append(letter)
        if changes:
            records.commit(*changes)

    until_committed(attempt)


def _question(
    scope: str,
    learner: str,
    certificate: Certificate | None,
    why: str,
    records: Records,
    now: datetime,
) -> Letter:
    """What staff are asked; also of a certificate that could not even be reserved."""
    verdict = records.get(Verdict.key_of(scope, learner), Verdict)
    person = records.get(Learner.key_of(learner), Learner)
    name = certificate.text.name if certificate else person.name if person else learner
    return owe(
        LetterKind.STAFF_CERTIFICATE,
        f"{scope}/{learner}",
        now,
        series=certificate.series if certificate else verdict.series if verdict else None,
        learner=learner,
        facts=(
            Fact(label="Name", value=name),
            Fact(label="For", value=certificate.text.title if certificate else scope),
        ),
        lines=(why,),
    )


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
    if known is not None and (known.status is not CertificateStatus.PARKED or known.may_stand):
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
        series.catalogue,
        scope,
        _name_to_print(person, records),
        of_public_id,
        page_of(of_public_id),
        now,
        seal=known.text.seal if known else public_id(random_bytes(16)),
        boards=verdict.boards,
        made_up=verdict.made_up,
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
        hours=certificate_hours(series.catalogue, scope, verdict.boards),
        reserved_at=now,
    )
    pointer = CertificatePointer(public_id=of_public_id, scope=scope, holder=learner)
    found = Finding(word=number_word(text.number), person=learner, scope=scope)
    records.commit(certificate, pointer, found)
    return certificate


def _name_to_print(person: Learner, records: Records) -> str:
    """The name they chose on their own page, else the one they are registered under."""
    told = records.get(Particulars.key_of(person.learner), Particulars)
    return (told.certificate_name if told else None) or person.name


def _issue(scope: str, learner: str, sha256: str, records: Records, now: datetime) -> None:
    certificate = records.get(Certificate.key_of(scope, learner), Certificate)
    if certificate is None or certificate.status in _SETTLED:
        return
    issued = certificate.model_copy(
        update={
            "status": CertificateStatus.ISSUED,
            "document": document_of(certificate.public_id),
            "sha256": sha256,
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
    records.commit(issued, *not_yet_owed([letter], records))
