"""A PDF that somebody holds, sent to the public page of a certificate: is it what we issued?

It is hashed and thrown away. Where scripts run, the page does the same by itself, and nothing is
sent at all.
"""

import base64
import binascii
from email.parser import BytesParser
from email.policy import HTTP

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import not_found, page
from shared import page_wiring, wiring
from shared.observability import count
from shared.usecases.compare_document import compare_document
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]
# A certificate is some 35 kB; whatever is much larger is none of ours, and is not looked at.
_LARGEST = 1024 * 1024


@routes.post("/certificates/<public_id>")
def compare(public_id: str) -> Response[str]:
    """The public page again, with the answer."""
    event = routes.current_event
    content = sent_file(
        event.body or "", event.headers.get("content-type", ""), bool(event.is_base64_encoded)
    )
    compared = compare_document(public_id, content, records=wiring.records())
    if isinstance(compared, NotFound):
        return not_found()
    count("DocumentCompared")
    return page(
        200 if content else 422,
        page_wiring.pages().certificate(compared.certificate, compared.catalogue, compared.answer),
    )


def sent_file(body: str, content_type: str, in_base64: bool) -> bytes | None:
    """The first file of a form as a browser sends it; None if there is none, or it is too large.

    Binary bodies reach us in base64, whatever else as text.
    """
    if len(body) > 2 * _LARGEST or not content_type.lower().startswith("multipart/form-data"):
        return None
    try:
        raw = base64.b64decode(body, validate=True) if in_base64 else body.encode()
        head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii")
    except (binascii.Error, ValueError):
        return None
    for part in BytesParser(policy=HTTP).parsebytes(head + raw).walk():
        if part.get_filename() is not None:
            found = part.get_payload(decode=True)
            fits = isinstance(found, bytes) and 0 < len(found) <= _LARGEST
            return found if fits and isinstance(found, bytes) else None
    return None
