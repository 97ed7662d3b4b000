"""Reading the inbox: the letters that left the stack, as they arrived."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Attachment:
    """A part of a letter that is not its text."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One letter as it arrived. `raw` are the bytes of the message, `key` its name in the inbox.

    `to` are the addresses it was delivered to, which the mail server wrote down; `arrived` is when
    it did; `date` is the letter's own, or None if it bears none.
    """

    key: str
    to: tuple[str, ...]
    sender: str
    subject: str
    date: datetime | None
    arrived: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    raw: bytes

    def about(self) -> dict[str, object]:
        """What a list shows, ready for JSON."""
        return {
            "key": self.key,
            "to": list(self.to),
            "from": self.sender,
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else None,
            "arrived": self.arrived.isoformat(),
            "attachments": [
                {"name": one.name, "type": one.content_type, "size": len(one.content)}
                for one in self.attachments
            ],
        }


def read_inbox(folder: Path, address: str | None = None) -> list[Letter]:
    """All letters in the order of arrival, or only those to `address`. Reading changes nothing."""
    found = [read_letter(file) for file in _files(folder)]
    wanted = address.casefold() if address else None
    return [one for one in found if wanted is None or wanted in map(str.casefold, one.to)]


def find_letter(folder: Path, key: str) -> Letter | None:
    """The letter with this key, or None."""
    for file in _files(folder):
        if file.name == key:
            return read_letter(file)
    return None


def read_letter(file: Path) -> Letter:
    """One letter from its file."""
    return _read(file, file.stat().st_mtime_ns)


# Letters that have arrived do not change, and whoever waits for one looks at all of them again.
@lru_cache(maxsize=4096)
def _read(file: Path, arrived: int) -> Letter:
    raw = file.read_bytes()
    message: EmailMessage = BytesParser(policy=policy.default).parsebytes(raw)
    return Letter(
        key=file.name,
        to=_addresses(message, "X-RcptTo") or _addresses(message, "To"),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        date=_date(message),
        arrived=datetime.fromtimestamp(arrived / 1e9, UTC),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
        raw=raw,
    )


def _files(folder: Path) -> list[Path]:
    # Not through `mailbox.Maildir`, which moves and touches files while it reads.
    both = [file for part in ("new", "cur") for file in (folder / part).glob("*")]
    return sorted(both, key=lambda file: (file.stat().st_mtime_ns, file.name))


def _addresses(message: EmailMessage, header: str) -> tuple[str, ...]:
    return tuple(address for _, address in getaddresses(map(str, message.get_all(header, []))))


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    except ValueError:
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for part in message.walk():
        name = part.get_filename()
        if part.is_multipart() or (
            name is None
            and part.get_content_maintype() == "text"
            and part.get_content_subtype() != "calendar"
        ):
            continue
        content = part.get_payload(decode=True)
        yield Attachment(
            name or part.get_content_type().replace("/", "."),
            part.get_content_type(),
            content if isinstance(content, bytes) else b"",
        )
