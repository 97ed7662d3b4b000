"""Say whether a file is the document that was issued under a certificate's public id."""

import hashlib
from dataclasses import dataclass

from shared.domain.catalogue import Catalogue
from shared.domain.certificate_life import Comparison
from shared.domain.certificates import Certificate
from shared.ports import Records
from shared.usecases.open_pages import NotFound, show_certificate


@dataclass(frozen=True)
class Compared:
    """The certificate that was asked about, and what the file is to it."""

    certificate: Certificate
    catalogue: Catalogue
    answer: Comparison


def compare_document(
    public_id: str, content: bytes | None, *, records: Records
) -> Compared | NotFound:
    """What the file is. It is compared with documents of this id only, and not kept.

    Certificates carry a random seal that is shown nowhere, so nobody can try out names this way.
    """
    shown = show_certificate(public_id, records=records)
    if isinstance(shown, NotFound):
        return shown
    digest = hashlib.sha256(content).hexdigest() if content else None
    answer = shown.certificate.compared(digest) if digest else Comparison.NO_FILE
    return Compared(shown.certificate, shown.catalogue, answer)
