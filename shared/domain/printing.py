"""What the printing of certificates needs to know, and nothing that takes long to import."""

import unicodedata
from collections.abc import Iterable


def document_of(public_id: str) -> str:
    """The object key of the document of a certificate."""
    return f"certificates/{public_id}.pdf"


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
