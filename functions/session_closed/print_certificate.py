"""Print one certificate: reserved words in, a document in the bucket out.

A function of its own, because it alone carries the typesetter and the fonts, and because it need
know nothing else: one row to read, one object to write. It imports no models for the same reason as
the webhook: they would take longer than the page.
"""

import os
from functools import lru_cache
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config

from shared.adapters.s3_files import S3Files
from shared.adapters.typst_certificates import TypstCertificatePrinter
from shared.domain.printing import UnprintableText
from shared.usecases.print_certificate import print_certificate

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=2,
    read_timeout=5,
    signature_version="s3v4",
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Print what was reserved under the event's `partition` and `sort`, or its correction.

    A name that no font can draw is an outcome, not a failure: trying again would not help.
    """
    public_id, words, revision = _reserved(event["partition"], event["sort"])
    try:
        sha256 = print_certificate(
            public_id, words, revision, documents=_documents(), typeset=_printer().typeset
        )
    except UnprintableText:
        return {"printed": False, "sha256": "", "revision": revision}
    return {"printed": True, "sha256": sha256, "revision": revision}


def _reserved(partition: str, sort: str) -> tuple[str, dict[str, Any], int]:
    """The public id, the frozen words and the revision of what is to be printed."""
    answer = _client("dynamodb").get_item(
        TableName=os.environ["RECORDS_TABLE"],
        Key={"pk": {"S": partition}, "sk": {"S": sort}},
        ConsistentRead=True,
    )
    read = TypeDeserializer().deserialize
    kept = {name: read(value) for name, value in answer["Item"].items()}
    wanted = kept.get("draft") or kept
    return kept["public_id"], wanted["text"], int(wanted.get("revision", 1))


@lru_cache
def _printer() -> TypstCertificatePrinter:
    return TypstCertificatePrinter()


@lru_cache
def _documents() -> S3Files:
    return S3Files(_client("s3"), os.environ["DOCUMENTS_BUCKET"])


@lru_cache
def _session() -> boto3.Session:
    return boto3.Session()


@lru_cache
def _client(service: str) -> Any:
    return _session().client(service, config=_CONFIG if service == "s3" else None)  # type: ignore[call-overload]
