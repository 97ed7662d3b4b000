"""The same certificate by ReportLab: the yardstick for our speed, drawn as its users would.

Same words, fonts, sizes, frame and code, text shaped by HarfBuzz as in ours. What it leaves out is
what ReportLab cannot do: tags, archival conformance, refusing a letter that no font has.
"""

import io
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from shared.domain.certificate_text import CertificateText

_INK, _QUIET = "#1E1B18", "#544D46"
_FONTS = {
    "Serif": ("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf"),
    "Serif-Italic": ("fontpkg_noto_serif", "NotoSerif-Italic[wdth,wght].ttf"),
    "Sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    "Devanagari": ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
}


@cache
def _register_fonts() -> None:
    for name, (package, file) in _FONTS.items():
        spec = find_spec(package)
        assert spec is not None and spec.submodule_search_locations
        path = Path(spec.submodule_search_locations[0]) / "files" / file
        pdfmetrics.registerFont(TTFont(name, str(path), shapable=True))


@cache
def _style(font: str, size: float, color: str, alignment: int) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font} {size} {color} {alignment}",
        fontName=font,
        fontSize=size,
        leading=1.35 * size,
        textColor=HexColor(color),
        alignment=alignment,
        shaping=1,
    )


def print_with_reportlab(text: CertificateText) -> bytes:
    """The PDF of one certificate, untagged; one page."""
    _register_fonts()
    width, height = landscape(A4)
    file = io.BytesIO()
    page = Canvas(file, pagesize=(width, height), invariant=1, pageCompression=1, lang="en")
    page.setTitle(f"{text.heading}: {text.name}, {text.title}")
    page.setAuthor(text.institute)
    page.setStrokeColor(HexColor(text.accent))
    for inset, thickness in ((10 * mm, 0.9), (11.7 * mm, 0.35)):
        page.setLineWidth(thickness)
        page.rect(inset, inset, width - 2 * inset, height - 2 * inset)

    left, measure = 30 * mm, width - 60 * mm

    def put(
        words: str,
        top: float,
        font: str,
        size: float,
        color: str = _INK,
        alignment: int = TA_CENTER,
        x: float = left,
        room: float = measure,
    ) -> float:
        paragraph = Paragraph(escape(words), _style(font, size, color, alignment))
        _, used = paragraph.wrap(room, height)
        paragraph.drawOn(page, x, top - used)
        return float(top - used)

    top = put(text.institute, height - 27 * mm, "Serif", 15)
    top = put(text.heading, top - 3.6 * mm, "Sans", 10, text.accent)
    # ReportLab does not look for a font that has the letters; its user must know.
    script = (
        "Devanagari" if any("\u0900" <= letter <= "\u097f" for letter in text.name) else "Serif"
    )
    natural = pdfmetrics.stringWidth(text.name, script, 44)
    top = put(text.name, top - 12 * mm, script, min(44, 44 * measure / natural))
    top = put(text.sentence, top - 3.4 * mm, "Serif-Italic", 12.5, _QUIET)
    top = put(text.title, top - 7 * mm, "Serif", 17.5)
    top = put(text.details, top - 6 * mm, "Sans", 10.5)
    faculty = " · ".join(text.faculty)
    top = put(f"{text.labels.faculty} {faculty}", top - 3 * mm, "Sans", 10.5)
    top = put(text.labels.objectives, top - 10 * mm, "Sans", 8.5, text.accent, 0)

    column, half = (measure - 13 * mm) / 2, (len(text.objectives) + 1) // 2
    ends = []
    for at, items in enumerate((text.objectives[:half], text.objectives[half:])):
        x, end = left + at * (column + 13 * mm), top - 3.6 * mm
        for item in items:
            put("–", end, "Sans", 9, text.accent, 0, x, 10)
            end = put(item, end, "Sans", 9, _INK, 0, x + 11, column - 11) - 3
        ends.append(end)
    top = min(ends)
    for statement in text.statements:
        top = put(statement, top - 3 * mm, "Sans", 8, _QUIET, 0)

    foot, column = 26 * mm, 84 * mm
    put(text.signatory_name, foot + 36, "Serif-Italic", 13, _INK, 0, left, column)
    page.setStrokeColor(HexColor(_INK))
    page.setLineWidth(0.5)
    page.line(left, foot + 17, left + column, foot + 17)
    put(text.signatory_office, foot + 13, "Sans", 8.6, _QUIET, 0, left, column)
    x, room = left + 90 * mm, measure - 116 * mm
    number = f"{text.labels.number} {text.number}"
    for line, words in enumerate((text.public_url, text.labels.check, number)):
        put(words, foot + 13 + 15 * line, "Sans", 8.6, _INK, TA_RIGHT, x, room)
    page.linkURL(text.public_url, (x, foot, x + room, foot + 13))
    _draw_code(page, text.public_url, width - 51 * mm, foot, 21 * mm)
    page.showPage()
    page.save()
    return file.getvalue()


def _draw_code(page: Canvas, url: str, x: float, y: float, side: float) -> None:
    """The code as one path of squares, its mask fixed as in ours."""
    rows = segno.make_qr(url, error="m", mask=0).matrix
    module = side / len(rows)
    path = page.beginPath()
    for row, modules in enumerate(rows):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * module, y + side - (row + 1) * module, module, module)
    page.setFillColor(HexColor(_INK))
    page.drawPath(path, stroke=0, fill=1)
