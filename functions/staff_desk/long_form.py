"""A form with a text or a file that is longer than other forms: a catalogue."""

import base64
import binascii
from email.parser import BytesParser
from email.policy import HTTP

from functions.staff_desk.who import Routes

# Twice what a catalogue may have, so that one which is too large is told so.
_LARGEST = 512 * 1024


def long_form(routes: Routes) -> dict[str, bytes]:
    """Every field of a form as a browser sends it with files; nothing of one that is too large.

    Of a file that was chosen its content, and nothing if none was.
    """
    event = routes.current_event
    kind = event.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return {}
    try:
        body = event.body or ""
        raw = base64.b64decode(body, validate=True) if event.is_base64_encoded else body.encode()
        head = f"Content-Type: {kind}\r\n\r\n".encode("ascii")
    except (binascii.Error, ValueError):
        return {}
    if len(raw) > 2 * _LARGEST:
        return {}
    found: dict[str, bytes] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + raw).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes) and not part.is_multipart():
            found.setdefault(name, content)
    return found


def short_fields(sent: dict[str, bytes]) -> dict[str, str]:
    """The fields of it that are words, as every other form has them."""
    return {name: said.decode("utf-8", "replace") for name, said in sent.items()}


def as_written(content: bytes) -> bytes:
    """A text with the ends of lines that files have: browsers send others."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content  # whoever reads it says on which line
    return text.replace("\r\n", "\n").encode()
