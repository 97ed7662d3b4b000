"""Publishing a catalogue the way staff do: a file in the bucket, a report beside it."""

import hashlib
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from devstack import desk
from devstack.problems import Problem
from devstack.shift import shift_catalogue
from devstack.stack import Stack
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.sessions import SeriesRevision


def publish(stack: Stack, file: Path, shift_to: datetime | None = None, timeout: float = 60) -> str:
    """Upload the file (its dates moved, if asked), wait, and return what the system said of it."""
    text = file.read_text(encoding="utf-8")
    if shift_to is not None:
        text = shift_catalogue(text, shift_to)
    _verify_sender(stack, text)
    key = f"catalogue/{file.name}"
    bucket = stack.uploads
    s3 = stack.client("s3", "staff")
    before = _report(s3, bucket, key)
    revision = hashlib.sha256(text.encode()).hexdigest()[:16]
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        report = _report(s3, bucket, key)
        if report is not None and report != before:
            return report[1]
        if report is not None and _is_published(stack, text, revision):
            return f"{report[1].strip()} (It was published before; nothing changed.)"
        time.sleep(0.3)
    raise Problem(
        f"{file.name} was uploaded, and nothing came of it in {timeout:.0f} seconds.",
        "Look into .devstack/logs, and run: python -m devstack status",
    )


def _verify_sender(stack: Stack, text: str) -> None:
    """On AWS an institute's domain is verified once, by its owner; see the runbook."""
    catalogue = _read(text)
    if catalogue is not None:
        stack.verify_sender(catalogue.institute.sender)


def _read(text: str) -> Catalogue | None:
    try:
        return read_catalogue(text.encode())
    except CatalogueQuestions:
        return None


def _report(s3: Any, bucket: str, key: str) -> tuple[str, str] | None:
    """(version, text) of the report beside the file, if there is one."""
    try:
        answer = s3.get_object(Bucket=bucket, Key=f"{key}.report.txt")
    except s3.exceptions.NoSuchKey:
        return None
    return answer.get("VersionId", answer["ETag"]), answer["Body"].read().decode()


def _is_published(stack: Stack, text: str, revision: str) -> bool:
    catalogue = _read(text)
    if catalogue is None:
        return False
    key = SeriesRevision.key_of(catalogue.series.id, revision)
    return desk.records(stack).get(key, SeriesRevision) is not None
