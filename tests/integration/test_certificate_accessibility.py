"""The printed certificate as a screen reader, an archive, a scanner and a photocopier meet it."""

import io
from pathlib import Path

import pdfua
import pikepdf
import pytest

from shared.adapters.typst_certificates import TypstCertificatePrinter
from tests.paper import a_certificate, darkest, elements, filled_with, letter_boxes, picture

PRINTER = TypstCertificatePrinter()


def checked(pdf: bytes, folder: Path) -> pdfua.Report:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    return pdfua.validate(str(path))


def test_the_document_says_what_it_is_who_made_it_and_when() -> None:
    text = a_certificate()
    with pikepdf.open(io.BytesIO(PRINTER.print(text))) as document:
        assert str(document.docinfo["/Title"]) == f"{text.heading}: {text.name}, {text.title}"
        assert str(document.docinfo["/Author"]) == text.institute
        assert str(document.docinfo["/CreationDate"]).startswith("D:20250622184500")
        assert str(document.Root["/Lang"]) == "en"
        assert document.Root["/ViewerPreferences"]["/DisplayDocTitle"]
        with document.open_metadata() as claims:
            assert claims["pdfuaid:part"] == "1"
            assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("2", "A")


def test_a_screen_reader_meets_headings_lists_a_link_and_a_described_code() -> None:
    text = a_certificate()
    found = elements(PRINTER.print(text))
    kinds = [kind for kind, _ in found]
    assert kinds[:2] == ["Document", "P"]
    assert [kind for kind in kinds if kind.startswith("H")] == ["H1", "H2"]
    assert kinds.count("LI") == len(text.objectives)
    assert kinds.count("Link") == 1
    assert [alternative for kind, alternative in found if kind == "Figure"] == [text.qr_alt]


def test_the_accessibility_check_finds_nothing_wrong(tmp_path: Path) -> None:
    for text in (
        a_certificate(),
        a_certificate(name="प्रियंका मित्तक", objectives=(), statements=()),
        filled_with("Wilhelmina Montgomery "),
    ):
        report = checked(PRINTER.print(text), tmp_path)
        assert [finding.message for finding in report.findings] == []
        skipped = {outcome.rule_id for outcome in report.outcomes if outcome.skipped_reason}
        assert skipped <= {"UA-14-001"}  # the checker cannot read our headings; we did, above


def test_the_accessibility_check_notices_a_page_without_tags(tmp_path: Path) -> None:
    untagged = io.BytesIO()
    with pikepdf.open(io.BytesIO(PRINTER.print(a_certificate()))) as document:
        del document.Root["/StructTreeRoot"]
        del document.Root["/MarkInfo"]
        document.save(untagged)
    report = checked(untagged.getvalue(), tmp_path)
    assert {"UA-01-005", "UA-01-002"} <= {finding.rule_id for finding in report.findings}


def test_the_code_opens_the_public_page_even_from_a_grey_photocopy() -> None:
    scanner = pytest.importorskip("zxingcpp")
    for text in (a_certificate(), filled_with("Wilhelmina Montgomery ")):
        photocopy = picture(PRINTER.print(text), 120).point(lambda grey: 250 if grey > 130 else 60)
        assert [code.text for code in scanner.read_barcodes(photocopy)] == [text.public_url]


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ("Human Arts", "Ana Ruiz"),  # the heading, in the accent
        ("Gómez", "In All Things"),  # the sentence, in quiet ink
        ("equanimity", "Mara Okafor"),  # the statement, small and quiet
        ("2.25 CE hours", "Zena"),  # a label
    ],
)
def test_every_kind_of_print_stays_dark_enough_on_a_grey_photocopy(after: str, before: str) -> None:
    pdf = PRINTER.print(a_certificate())
    boxes = [box for box, _ in letter_boxes(pdf, after, before)]
    page = picture(pdf, 400)
    dots = page.width / 841.89
    left, bottom = (min(box[side] for box in boxes) for side in (0, 1))
    right, top = (max(box[side] for box in boxes) for side in (2, 3))
    area = (left * dots, page.height - top * dots, right * dots, page.height - bottom * dots)
    assert darkest(page.crop(area)) < 118  # that grey is 4.5 to 1 on white
