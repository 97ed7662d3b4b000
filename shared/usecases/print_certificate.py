"""Print one reserved certificate, once and for good.

This runs in the one function that carries the typesetter. It knows the words and nothing of the
person, the rules or the letters, and imports no models: its cold start is the typesetter's.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from shared.domain.printing import document_of


class _Documents(Protocol):
    def write_once(self, key: str, content: bytes, media_type: str) -> bytes: ...


def print_certificate(
    public_id: str,
    words: Mapping[str, Any],
    revision: int = 1,
    *,
    documents: _Documents,
    typeset: Callable[[Mapping[str, Any]], bytes],
) -> str:
    """Print the frozen words of a certificate; the SHA-256 (hex) of the document that stands.

    The bytes that stand there decide: whoever printed first, printed it for good. Raises
    UnprintableText if a name needs a script there is no font for; then nothing was written.
    """
    printed = documents.write_once(
        document_of(public_id, revision), typeset(words), "application/pdf"
    )
    return hashlib.sha256(printed).hexdigest()
