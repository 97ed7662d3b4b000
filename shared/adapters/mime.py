"""A letter as the bytes that travel: one MIME message, the same bytes for the same letter.

Names are chosen by whoever pays, so no header may be left to chance: the standard library folds
a long name with commas into several recipients (seen on Python 3.11). Headers are therefore
encoded here and written as they are.
"""

import hashlib
import re
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any, Final
from urllib.parse import quote as percent

from email_validator import EmailNotValidError, validate_email

from shared.domain.letter_facts import Composed, Envelope
from shared.domain.people import clean_name

_LINE: Final = 75
# Plain words need no quotes and no encoding; anything else gets one of them.
_PLAIN = re.compile(r"[A-Za-z0-9 '-]+")
# What may stand in a header without quotes.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_ASCII = re.compile(r"[ -~]+")
_HEADER_ID_SAFE: Final = "#/:@!$&'()*+,;=-._~"
_HEADER_ID_LIMIT: Final = 900


class _Ready(str):
    """A header's value that is encoded and folded already."""

    __slots__ = ()


class _AsWritten(EmailPolicy):
    """The policy of the mail standards, but for headers that are ready: those stay untouched."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if isinstance(value, _Ready):
            return name, value
        return super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value if isinstance(value, _Ready) else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        if isinstance(value, _Ready):
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if isinstance(value, _Ready):
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


_POLICY: Final = _AsWritten(linesep="\r\n", cte_type="7bit")


def to_bytes(envelope: Envelope, letter: Composed) -> bytes:
    """The message (RFC 5322, lines ending in CRLF, 7-bit), without Date and Message-ID.

    Names may hold anything. Raises ValueError, without naming it, for an address that no mail
    can reach.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox("From", envelope.sender_name, envelope.sender)
    if len(envelope.to) == 1:
        message["To"] = _mailbox("To", envelope.to_name, envelope.to[0])
    else:
        message["To"] = _Ready(",\r\n ".join(ascii_address(one) for one in envelope.to))
    message["Reply-To"] = _Ready(ascii_address(envelope.reply_to))
    message["Subject"] = _Ready(_words("Subject", _one_line(letter.subject)))
    message["X-Tending-Letter"] = _Ready(
        percent(envelope.letter_id, safe=_HEADER_ID_SAFE)[:_HEADER_ID_LIMIT]
    )
    message["Auto-Submitted"] = _Ready("auto-generated")
    if envelope.unsubscribe is not None:
        # One click, without a page between (RFC 8058).
        message["List-Unsubscribe"] = _Ready(f"<{envelope.unsubscribe}>")
        message["List-Unsubscribe-Post"] = _Ready("List-Unsubscribe=One-Click")
    message.set_content(_sendable(letter.text), cte="quoted-printable")
    message.add_alternative(_sendable(letter.html), subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content,
            maintype=main,
            subtype=sub,
            filename=attachment.filename,
            params=attachment.parameters or None,
        )
    _set_boundaries(message, envelope, letter)
    return message.as_bytes()


def _mailbox(header: str, name: str, address: str) -> _Ready:
    """A name and an address, the name in as many encoded words as it takes."""
    name = clean_name(name)
    bare = ascii_address(address)
    if not name:
        return _Ready(bare)
    if _ASCII.fullmatch(name) and "=?" not in name and len(name) + len(bare) < _LINE - 10:
        phrase = name if _PLAIN.fullmatch(name) else f'"{quote(name)}"'
        return _Ready(f"{phrase} <{bare}>")
    return _Ready(f"{_encoded(header, name)}\r\n <{bare}>")


def _words(header: str, text: str) -> str:
    """Free text: as it is where that is safe, else encoded."""
    plain = _ASCII.fullmatch(text) and "=?" not in text and len(header) + len(text) < _LINE
    return text if plain else _encoded(header, text)


def _encoded(header: str, text: str) -> str:
    return Header(text, charset="utf-8", maxlinelen=_LINE, header_name=header).encode(
        linesep="\r\n"
    )


def ascii_address(address: str) -> str:
    """The address as servers take it, its domain in ASCII.

    Raises ValueError, without naming it, for an address that mail cannot carry.
    """
    if _ADDRESS.fullmatch(address):
        return address
    try:
        ascii_form = validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        ascii_form = None
    if ascii_form is None:
        raise ValueError("A letter has an address that mail cannot be sent to.")
    return ascii_form


def _one_line(text: str) -> str:
    return " ".join(
        "".join(character if character.isprintable() else " " for character in text).split()
    )


def _sendable(text: str) -> str:
    """The text without half characters, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode()


def _set_boundaries(message: EmailMessage, envelope: Envelope, letter: Composed) -> None:
    """Boundaries from the content, so that a letter composed twice is the same bytes."""
    words = "\n".join((envelope.letter_id, letter.subject, letter.text, letter.html))
    content = hashlib.sha256(_sendable(words).encode()).hexdigest()
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_tending-{content[:40]}-{depth}")
