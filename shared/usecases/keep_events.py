"""Keep every verified payment event as it came, for a month, so that it can be read again.

It is kept before anything else is done with it: one that cannot be understood today is there for
the code that will understand it.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from shared.ports import Files

FOLDER = "payment-events"
_PROVIDER = re.compile("[a-z]{1,20}")


class RawEvent(NamedTuple):
    """An event as it came: from whom, its bytes, the hash that names it, when it was last kept."""

    provider: str
    body: bytes
    name: str
    kept_at: datetime


def keep_event(provider: str, body: bytes, *, files: Files) -> str:
    """Keep it under the hash of its bytes, so that a repetition is the same object; the hash.

    Raises Unavailable if it could not be kept; then nothing of it may be done.
    """
    folder = provider if _PROVIDER.fullmatch(provider) else "unknown"
    name = hashlib.sha256(body).hexdigest()
    files.write(f"{FOLDER}/{folder}/{name}.json", body, "application/json")
    return name


def kept_events(files: Files) -> Iterator[RawEvent]:
    """Every event that is kept. Raises Unavailable if they cannot be read."""
    for key, _, kept_at in files.under(f"{FOLDER}/"):
        provider, _, file = key.removeprefix(f"{FOLDER}/").partition("/")
        yield RawEvent(provider, files.read(key), file.removesuffix(".json"), kept_at)
