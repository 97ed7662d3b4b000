"""Names and addresses of people: kept as typed, made safe for every place they will be printed.

No real name is ever refused. What is removed is only what is not part of a name: control
characters, direction overrides, runs of white space.
"""

import unicodedata

from pydantic import EmailStr, ValidationError

from shared.domain.value import Value

NAME_LIMIT = 120
_JOINERS = "\u200c\u200d"  # needed inside words of Persian, Hindi and other scripts


class _Address(Value):
    address: EmailStr


def clean_name(name: str) -> str:
    """A name in NFC, one line, without control or direction characters, at most 120 code points."""
    kept = "".join(
        " " if character.isspace() else character
        for character in name
        if character.isspace()
        or character in _JOINERS
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    # Composed last: what was removed may have stood between a letter and its accent.
    words = (word.lstrip(_JOINERS) for word in unicodedata.normalize("NFC", kept).split())
    return " ".join(word for word in words if word)[:NAME_LIMIT].strip()


def mask_name(name: str) -> str:
    """A name that its owner recognises and a stranger does not: "A•• R•••••••••"."""
    words = clean_name(name).split(" ")
    return " ".join(_first_letter(word) + "•" * max(2, len(word) - 1) for word in words if word)


def mask_address(address: str) -> str:
    """An address that its owner recognises and a stranger cannot write to: "a•••@example.org"."""
    local, _, domain = address.rpartition("@")
    return f"{_first_letter(local)}•••@{domain}" if local else "•••"


def _first_letter(word: str) -> str:
    """The first letter with the marks that belong to it (a vowel sign is not a letter)."""
    end = 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return word[:end]


def clean_address(address: str) -> str | None:
    """The address as it is compared: NFC, domain in small letters; None if it is not one.

    The local part keeps its letters but is compared without case, as every mailbox in use does;
    look-alikes and "+tags" stay apart, because merging two people is worse than greeting one twice.
    """
    try:
        parsed = _Address(address=unicodedata.normalize("NFC", address.strip())).address
    except ValidationError:
        return None
    return parsed.lower()


def mailable(address: str) -> bool:
    """Whether SES can carry the address: its local part must be ASCII."""
    return address.isascii() or address.split("@")[0].isascii()
