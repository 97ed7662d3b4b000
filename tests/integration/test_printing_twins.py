"""One promise, two printers: the one in memory and the function print the same way."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend

from functions.session_closed import print_certificate
from shared import wiring
from shared.adapters.memory import MemoryFiles, MemoryPrinting, MemoryRecords
from shared.domain.certificate_life import Draft
from shared.domain.certificates import Certificate, CertificateStatus
from shared.failures import Unavailable
from shared.ports import Files, Printing, Records
from tests.catalogues import NOW, a_certificate, classes_catalogue
from tests.cloud import CONTEXT, Cloud
from tests.machines import RUNNING

CLASSES = classes_catalogue()


@dataclass
class Shop:
    """A printer, what it reads, where it puts what it printed, and how it is switched off."""

    printing: Printing
    records: Records
    documents: Files
    close: Callable[[], object]


@pytest.fixture(params=["memory", "lambda"])
def shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Both twins, one after the other."""
    if request.param == "memory":
        records, documents = MemoryRecords(), MemoryFiles()
        memory = MemoryPrinting(records, documents)
        yield Shop(memory, records, documents, lambda: setattr(memory, "silent", True))
        return
    off: list[bool] = []

    def invoke(_: object, name: str, _version: object, body: Any, *rest: Any) -> bytes:
        assert name == "print-certificate"
        if off:
            rest[-1]["x-amz-function-error"] = "Unhandled"
            return b'{"errorType": "RuntimeError"}'
        return json.dumps(print_certificate.handler(json.loads(body), CONTEXT)).encode()

    monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
    with mock_aws(config=RUNNING):
        cloud = Cloud().make(monkeypatch)
        yield Shop(wiring.printing(), cloud.records, wiring.documents(), lambda: off.append(True))


def _reserved(shop: Shop, name: str = "Amara Osei", **changes: object) -> Certificate:
    reserved: dict[str, Any] = {"status": CertificateStatus.RESERVED, "issued_at": None, **changes}
    certificate = a_certificate(CLASSES, name, **reserved)
    shop.records.commit(certificate)
    return certificate


def test_what_is_frozen_is_printed_once_and_stands(shop: Shop) -> None:
    certificate = _reserved(shop)

    first, again = (shop.printing.print(certificate.key()) for _ in range(2))

    assert first == again
    assert (first.revision, len(first.sha256)) == (1, 64)
    assert shop.documents.read(f"certificates/{certificate.public_id}.pdf")


def test_a_correction_is_printed_beside_what_it_corrects(shop: Shop) -> None:
    text = a_certificate(CLASSES, "Amara Osei-Tutu").text
    draft = Draft(revision=2, text=text, hours=None, by="N", why="w", wanted_at=NOW)
    certificate = _reserved(shop, draft=draft, status=CertificateStatus.ISSUED, issued_at=NOW)

    printed = shop.printing.print(certificate.key())

    assert printed.revision == 2
    assert shop.documents.read(f"certificates/{certificate.public_id}-2.pdf")
    with pytest.raises(KeyError):
        shop.documents.read(f"certificates/{certificate.public_id}.pdf")


def test_what_no_font_can_draw_has_no_document(shop: Shop) -> None:
    printed = shop.printing.print(_reserved(shop, "田中太郎").key())

    assert (printed.revision, printed.sha256) == (1, "")


def test_a_printer_that_does_not_answer_is_asked_another_time(shop: Shop) -> None:
    certificate = _reserved(shop)
    shop.close()

    with pytest.raises(Unavailable):
        shop.printing.print(certificate.key())
