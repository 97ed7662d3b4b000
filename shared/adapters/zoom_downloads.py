"""Files at Zoom over HTTPS, from any byte on: only Zoom's own addresses, wherever they lead.

The token goes in a header, and to the address it came with alone: where Zoom sends us on to, its
own address is the key. Nothing that is raised here says an address.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import certifi
import urllib3

from shared.domain.cloud_recordings import may_be_asked
from shared.failures import Unavailable
from shared.file_ports import Broken, Incoming, NotLetIn, NotThere

_PATIENCE = urllib3.Timeout(connect=5.0, read=20.0)  # for each piece, not for the whole
_PIECE = 256 * 1024
_MOMENT = 1.0
_HOPS = 5
_ON = (301, 302, 303, 307, 308)
_REFUSED = (401, 403)
_GONE = (404, 410)
_BUSY = 429
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)", re.ASCII)


class ZoomDownloads:
    """Files at Zoom. `allowed` says of an address whether it may be asked."""

    def __init__(
        self,
        allowed: Callable[[str], bool] = may_be_asked,
        patience: urllib3.Timeout = _PATIENCE,
    ) -> None:
        self._allowed = allowed
        self._pool = urllib3.PoolManager(timeout=patience, retries=False, ca_certs=certifi.where())

    @contextmanager
    def open(self, address: str, token: str, offset: int) -> Iterator[Incoming]:
        answer = self._answered(address, token, offset)
        try:
            total, skip = _extent(answer, offset)
            yield Incoming(total, _pieces(answer, skip))
        finally:
            # Closed rather than drained: what is left may be gigabytes.
            answer.close()

    def _answered(self, address: str, token: str, offset: int) -> Any:
        """The answer that holds the file, after as many hops as Zoom wants."""
        first = urlsplit(address).netloc
        for _ in range(_HOPS):
            if not self._allowed(address):
                raise NotThere
            headers = {"accept-encoding": "identity", "range": f"bytes={offset}-"}
            if token and urlsplit(address).netloc == first:
                headers["authorization"] = f"Bearer {token}"
            try:
                answer = self._pool.request(
                    "GET", address, headers=headers, redirect=False, preload_content=False
                )
            except urllib3.exceptions.HTTPError:
                raise Unavailable("Zoom did not answer.") from None
            if answer.status not in _ON:
                try:
                    _refuse(answer)
                except BaseException:
                    answer.close()
                    raise
                return answer
            answer.close()
            address = urljoin(address, answer.headers.get("location") or "")
        raise NotThere


def _refuse(answer: Any) -> None:
    """Raise what the answer means, unless it is the file."""
    if answer.status in _REFUSED:
        raise NotLetIn
    if answer.status in _GONE:
        raise NotThere
    if answer.status not in (200, 206):
        raise Unavailable(f"Zoom answered {answer.status}.")
    # Whom Zoom does not know, it shows a page on which one can sign in, and calls that a success.
    if "text/html" in (answer.headers.get("content-type") or "").lower():
        raise NotLetIn


def _extent(answer: Any, offset: int) -> tuple[int, int]:
    """How large the whole file is, and how many bytes come before the first that is wanted."""
    if answer.status == 206:
        found = _RANGE.fullmatch(answer.headers.get("content-range") or "")
        if found is None or int(found[1]) != offset:
            raise Unavailable("Zoom gave another part than was asked for.")
        return int(found[2]), 0
    length = answer.headers.get("content-length") or ""
    if not (length.isascii() and length.isdigit()):
        raise Unavailable("Zoom did not say how large the file is.")
    return int(length), offset


def _pieces(answer: Any, skip: int) -> Iterator[bytes]:
    broken = False
    while not broken:
        piece, broken = _piece(answer)
        if not piece and not broken:
            return
        if skip < len(piece):
            yield piece[skip:]
        skip = max(0, skip - len(piece))
    raise Broken


def _piece(answer: Any) -> tuple[bytes, bool]:
    """What comes within a moment, at most a piece and nothing at the end; and whether it broke.

    From a server that drips a whole piece may take for ever, and whoever reads has only so long.
    """
    came, until = bytearray(), time.monotonic() + _MOMENT
    try:
        while len(came) < _PIECE and time.monotonic() < until:
            more = answer.read1(_PIECE - len(came), decode_content=False)
            if not more:
                break
            came += more
    except urllib3.exceptions.HTTPError:
        return bytes(came), True
    return bytes(came), False
