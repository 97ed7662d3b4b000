"""What fetching large files needs of the world: where they are, where they go, and a queue."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from shared.domain.hand_uploads import UploadForm


class Part(NamedTuple):
    """A part of an upload that is there: counted from 1, its bytes, S3's word for its content."""

    number: int
    size: int
    etag: str


class Standing(NamedTuple):
    """An object that stands under a name, and what its maker marked it with."""

    size: int
    mark: str


class LargeUploads(Protocol):
    """Objects that are put into a bucket part by part. Every method raises Unavailable."""

    def standing(self, key: str) -> Standing | None:
        """What stands there now."""

    def begin(self, key: str, media_type: str, mark: str) -> str:
        """Begin an upload; its number."""

    def parts(self, key: str, upload: str) -> list[Part]:
        """The parts that are there, in order. Raises KeyError if there is no such upload."""

    def put(self, key: str, upload: str, number: int, content: bytearray) -> Part:
        """Put one part; the same number again replaces it. Raises KeyError as above."""

    def finish(self, key: str, upload: str, parts: list[Part]) -> None:
        """Make the object of its parts, unless something stands there: FileExistsError.

        Raises KeyError as above.
        """

    def abandon(self, key: str, upload: str) -> None:
        """Forget the upload and its parts."""


class UploadForms(Protocol):
    """Forms by which a browser puts one object into a bucket, and nothing else."""

    def form(self, key: str, media_type: str, most: int, seconds: int, then: str) -> UploadForm:
        """A form for that key, kind and most bytes, which S3 takes for so many seconds.

        `then` is where the browser goes afterwards; empty if it is told that all is well and stays.
        """


class Incoming(NamedTuple):
    """A file on its way: how large all of it is, and its bytes from where they were asked for."""

    total: int
    chunks: Iterator[bytes]


class NotLetIn(Exception):
    """The token does not open the file (any more)."""


class NotThere(Exception):
    """There is no such file, or it lies where we may not ask."""


class Broken(Exception):
    """The connection broke in the middle. What came before is good."""


class Downloads(Protocol):
    """Files at Zoom."""

    def open(self, address: str, token: str, offset: int) -> AbstractContextManager[Incoming]:
        """The file from that byte on. Raises NotLetIn, NotThere, Broken or Unavailable."""


class CloudAccess(Protocol):
    """The institute's own key at Zoom."""

    def token(self) -> str | None:
        """A token that opens its recordings now; None if no key was put in, or Zoom refuses it.

        Raises Unavailable if Zoom did not answer.
        """


class Queue(Protocol):
    """A queue of messages to a function of ours."""

    def put(self, message: str) -> None:
        """Put one in. Raises Unavailable."""
