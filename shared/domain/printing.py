"""What the printing of certificates needs to know, and nothing that takes long to import."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple


class Printed(NamedTuple):
    """Which revision of a certificate was printed, and the SHA-256 (hex) of what stands.

    No hash means that no font on board can draw it.
    """

    revision: int
    sha256: str


def document_of(public_id: str, revision: int = 1) -> str:
    """The object key of the document of a certificate; every revision has one of its own."""
    return f"certificates/{public_id}{f'-{revision}' if revision > 1 else ''}.pdf"


class UnprintableText(ValueError):
    """Some characters have no glyph in any font we ship, so nothing was printed.

    `characters` holds them in the order in which the certificate says them, each once. They may be
    somebody's whole name: keep them out of logs. The message therefore names only their kinds.
    """

    def __init__(self, characters: str) -> None:
        self.characters = characters
        super().__init__(
            f"The certificate was not printed: no font on board can draw {len(characters)} of its"
            f" characters ({', '.join(_kinds(characters))}). Add a font for this script, or ask"
            " the person for a spelling in another one."
        )


def _kinds(characters: Iterable[str]) -> list[str]:
    """The first word of each character's Unicode name, which for letters is the script's name."""
    return list(
        dict.fromkeys(unicodedata.name(letter, "UNNAMED").split()[0] for letter in characters)
    )
