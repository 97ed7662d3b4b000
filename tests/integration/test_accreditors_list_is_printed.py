"""The accreditor's list as a PDF: tagged, archivable, true to its rows, whatever the names are."""

import io
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from functions.session_closed.export import handler as export
from shared.adapters.typst_export import NOT_DRAWN, accreditor_pdf
from shared.domain.accreditor_export import COLUMNS, Export
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.paper import page_count, read
from tests.season import CLASS_1, closed_season

ROW = (
    "Ana Ruiz-Gómez", "Social Workers", "NY", "012345", "2025-06-22 12:01:03",
    "2025-06-22 14:30:00", "148", "yes", "given", "IDHA-2025-7K3F-9Q2M", "NYSED: 2.25",
    "You were there for 148 minutes.",
)  # fmt: skip


def _export(*names: str) -> Export:
    return Export(
        institute="IDHA", accent="#0B5D5A", language="en", title="In All Things a Wisdom",
        held="Sunday, June 22, 2025, 12:00–2:30 pm, New York time", statement="Two people.",
        made_at=datetime(2025, 7, 1, tzinfo=UTC),
        rows=tuple((name, *ROW[1:]) for name in names),
    )  # fmt: skip


def test_the_list_is_tagged_titled_and_archivable() -> None:
    with pikepdf.open(io.BytesIO(accreditor_pdf(_export("Ana")))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == "Attendance: In All Things a Wisdom"
        tags = _tags(pdf.Root.StructTreeRoot)
    assert {"/Table", "/TR", "/TH", "/TD", "/H1"} <= tags


def _tags(node: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(node, pikepdf.Array):
        return found.union(*(_tags(one) for one in node)) if len(node) else found
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.add(str(node.S))
        if "/K" in node:
            found |= _tags(node.K)
    return found


@pytest.mark.parametrize(
    "name", ["#panic", "*bold* _it_", "$1000", "प्रियंका", "عبد الرحمن", "</script>", "A & B <3"]
)
def test_a_name_is_printed_as_it_is_and_never_as_markup(name: str) -> None:
    page = read(accreditor_pdf(_export(name, "Bo")))

    assert all(word in page for word in ("Bo", "IDHA-2025", *COLUMNS[:1]))
    if name.isascii():
        assert name.split()[0] in page


def test_a_name_without_a_font_is_left_to_the_csv_file_and_the_others_stand() -> None:
    page = read(accreditor_pdf(_export("田中太郎", "Bo")))

    assert NOT_DRAWN.split()[0] in page
    assert "Bo" in page


def test_the_same_list_is_the_same_bytes_and_a_long_one_has_many_pages() -> None:
    assert accreditor_pdf(_export("Ana")) == accreditor_pdf(_export("Ana"))
    assert page_count(accreditor_pdf(_export(*(f"Person {n}" for n in range(200))))) > 5


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_staff_ask_for_it_and_find_it_in_the_bucket(cloud: Cloud, kind: str) -> None:
    closed_season(cloud)

    answer = export({"session": CLASS_1.id, "kind": kind}, CONTEXT)

    assert answer["rows"] == 3
    kept = cloud.s3.get_object(Bucket=ENVIRON["DOCUMENTS_BUCKET"], Key=answer["key"])
    assert kept["ContentType"].startswith({"csv": "text/csv", "pdf": "application/pdf"}[kind])


def test_of_an_unknown_session_there_is_none_and_it_is_said(cloud: Cloud) -> None:
    assert "no session" in export({"session": "no-such", "kind": "csv"}, CONTEXT)["problem"]
