"""Reading a printed certificate the way people and machines do: its words, its tags, its ink."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

from shared.domain.certificate_text import CertificateText


def a_certificate(**changes: Any) -> CertificateText:
    """A certificate of one class with four objectives, with the named fields changed."""
    words: dict[str, Any] = {
        "institute": "Institute for the Development of Human Arts",
        "name": "Ana Ruiz-Gómez",
        "sentence": "has completed the live class",
        "title": "In All Things a Wisdom: Complexity Theory & Practice for Liberatory Care",
        "details": "Sunday, June 22, 2025 · live online · 2.25 CE hours",
        "faculty": ("Zena Sharman", "Kai Cheng Thom"),
        "objectives": (
            "Describe frameworks that help to make sense of complexity",
            "Bring these frameworks to oneself, to others and to systems",
            "Move toward practice that collaborates and frees",
            "Practice embodied skills that grow equanimity",
        ),
        "statements": ("There is no conflict of interest or commercial support.",),
        "signatory_name": "Mara Okafor, LCSW",
        "signatory_office": "Director of Training",
        "number": "IDHA-2025-7K3M",
        "public_url": "https://tending.example.org/c/7K3MQ9TDX4VB2NH6",
        "issued_at": datetime(2025, 6, 22, 18, 45, tzinfo=UTC),
    }
    return CertificateText(**{**words, **changes})


def filled_with(word: str, **changes: Any) -> CertificateText:
    """As long as the model allows in every field, made of one word again and again."""

    def up_to(limit: int) -> str:
        return (word * limit)[:limit]

    return a_certificate(
        institute=up_to(120),
        heading=up_to(40),
        name=up_to(120),
        sentence=up_to(250),
        title=up_to(250),
        details=up_to(250),
        faculty=(up_to(120),) * 8,
        objectives=(up_to(250),) * 8,
        statements=(up_to(600),) * 4,
        signatory_name=up_to(120),
        signatory_office=up_to(120),
        number="N" * 40,
        public_url="https://tending.example.org/" + "W" * 92,
        **changes,
    )


def read(pdf: bytes) -> str:
    """All words in reading order, lines joined by single spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def picture(pdf: bytes, dots_per_inch: int) -> Image.Image:
    """The first page in greys, 0 (black) to 255 (white)."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=dots_per_inch / 72, grayscale=True).to_pil()
    assert isinstance(page, Image.Image)
    return page.convert("L")


def letter_boxes(pdf: bytes, after: str, before: str) -> list[tuple[tuple[float, ...], str]]:
    """Every letter between two texts, with its box (left, bottom, right, top) in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        words = page.get_text_range()
        start = words.index(after) + len(after)
        places = range(start, words.index(before, start))
        letters = [(page.get_charbox(at), page.get_text_range(at, 1)) for at in places]
    return [(box, letter) for box, letter in letters if letter.strip()]


def darkest(image: Image.Image) -> int:
    """The darkest grey in the picture."""
    return next(grey for grey, dots in enumerate(image.histogram()) if dots)


def darkest_between(image: Image.Image, outer: float, inner: float) -> int:
    """The darkest grey in the band between two distances, in mm, from the edges of an A4 page."""
    dots = image.width / 297
    band = image.copy()
    right, bottom = image.size
    far, near = round(inner * dots), round(outer * dots)
    band.paste(255, (far, far, right - far, bottom - far))
    return darkest(band.crop((near, near, right - near, bottom - near)))


def fonts(pdf: bytes) -> str:
    """The names of all fonts it carries."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return " ".join(
            str(item["/BaseFont"])
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        )


def elements(pdf: bytes) -> list[tuple[str, str]]:
    """Every tagged element in reading order: its type and its alternative text, if it has one."""

    def walk(node: Any) -> Iterator[tuple[str, str]]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node["/S"]).lstrip("/"), str(node.get("/Alt", ""))
            yield from walk(node.get("/K"))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(walk(document.Root["/StructTreeRoot"]))
