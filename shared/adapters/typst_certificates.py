"""Certificates by Typst: frozen words in, one tagged A4 page out, the same bytes every time.

Typst is the one typesetter at hand that tags its pages for screen readers, refuses a letter that it
cannot draw, and takes a few milliseconds. It gets the words as data only, so no name can be markup.
"""

import json
import os
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import segno
import typst

from shared.domain.printing import UnprintableText

if TYPE_CHECKING:
    from shared.domain.certificate_text import CertificateText

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "certificate" / "certificate.typ"
_FONT_PACKAGES = (
    "fontpkg_noto_serif",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_amiri",
)
# What Typst says of a letter that no font has, and of one from the private use area.
_REFUSED = re.compile(r'the (?:text|PDF contains the codepoint) `"(.*?)"`', re.DOTALL)
# Typst writes the page tree first, uncompressed; further on the words could imitate it.
_ONE_PAGE = re.compile(rb"1 0 obj\s*<</Type/Pages/Count 1/")
_BEGINNING = 64
_DARK_RUN = re.compile(rb"\x01+")
_WORD_TOO_LONG = re.compile(r"\S{24}(?=\S)")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class TypstCertificatePrinter:
    """Prints `CertificateText` as a tagged, archivable PDF (PDF/UA-1 and PDF/A-2a), one page.

    Keep one for the life of the process: the first page costs some 20 ms, later ones 5. It may be
    shared between threads; each gets a compiler of its own, for a compiler serves only one.
    """

    def __init__(self) -> None:
        self._own = threading.local()

    def print(self, text: "CertificateText") -> bytes:
        """The PDF of one certificate; equal texts give identical bytes, wherever they are printed.

        Raises `UnprintableText` when no font on board can draw some of the characters.
        """
        return self.typeset(text.model_dump(mode="json"))

    def typeset(self, text: Mapping[str, Any]) -> bytes:
        """The same from the fields of a `CertificateText` as JSON keeps them."""
        words = _words(text)
        code = _qr_code(text["public_url"])
        rtl = reads_from_the_right(text["name"])
        pdf = b""
        for room in range(100, -100, -10):  # nearly every certificate has room enough at once
            setting = json.dumps({"rtl": rtl, "room": room})
            pdf = self._compile(
                text, {"words.json": words, "setting.json": setting, "qr.svg": code}
            )
            if _ONE_PAGE.search(pdf, 0, _BEGINNING):
                break
        return pdf

    def _compile(self, text: Mapping[str, Any], data: dict[str, str]) -> bytes:
        # Files in memory, all of them new for every page (Typst documents this; its types do not
        # know it). Passed as `sys_inputs`, the same data would make it set the whole page anew.
        compiler = self._compiler()
        files: Any = {name: content.encode() for name, content in data.items()}
        files["main.typ"] = self._own.template
        missing = ""
        try:
            pdf = compiler.compile(
                files,
                format="pdf",
                pdf_standards=["ua-1", "a-2a"],
                timestamp=int(datetime.fromisoformat(text["issued_at"]).timestamp()),
            )
        except typst.TypstError as refusal:
            missing = letters_without_glyph(refusal, text)
            if not missing:
                raise
        if missing:  # outside the handler, so that no traceback carries Typst's copy of the name
            raise UnprintableText(missing)
        return cast(bytes, pdf)  # as it is for a PDF that is not written to a file

    def _compiler(self) -> typst.Compiler:
        compiler: typst.Compiler | None = getattr(self._own, "compiler", None)
        if compiler is None:
            # One page is too little to share: helper threads would only spin for the next task.
            os.environ.setdefault("RAYON_NUM_THREADS", "1")
            self._own.template = _TEMPLATE.read_bytes()
            compiler = self._own.compiler = typst.Compiler(
                root=_TEMPLATE.parent, font_paths=packaged_fonts(), ignore_system_fonts=True
            )
        return compiler


def packaged_fonts() -> typst.Fonts:
    """The packaged fonts and no others, so that a page looks alike on every machine."""
    folders: list[Path] = []
    for package in _FONT_PACKAGES:
        spec = find_spec(package)  # finds without importing
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(
                f"The font package {package.replace('_', '-')} is not installed, so certificates"
                " cannot be printed. Install the pinned requirements.",
                name=package,
            )
        folders.append(Path(spec.submodule_search_locations[0]) / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _words(text: Mapping[str, Any]) -> str:
    """The text as JSON, in which a word too long for a line may break inside.

    The name and the address stay whole: the page sets them smaller instead.
    """
    words = dict(text)
    for field, value in text.items():
        if field in ("name", "public_url", "seal"):
            continue
        if isinstance(value, str):
            words[field] = breakable(value)
        elif isinstance(value, list):
            words[field] = [breakable(line) for line in value]
    return json.dumps(words, ensure_ascii=False)


def breakable(line: str) -> str:
    """The line, in which a word too long for any page may break inside."""
    return _WORD_TOO_LONG.sub(lambda piece: piece[0] + "\u200b", line)


def _qr_code(url: str) -> str:
    """The address as an SVG drawing without its own quiet zone; the page keeps clear space around.

    The mask is fixed because searching for the prettiest one costs more than the whole page.
    """
    rows = segno.make_qr(url, error="m", mask=0).matrix
    strokes = "".join(
        f"M{run.start()} {row}.5h{run.end() - run.start()}"
        for row, modules in enumerate(rows)
        for run in _DARK_RUN.finditer(modules)
    )
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<path stroke="#1E1B18" d="{strokes}"/></svg>'
    )


def reads_from_the_right(name: str) -> bool:
    """Whether the first letter with a direction is Arabic, Hebrew or the like."""
    strong = (unicodedata.bidirectional(letter) for letter in name)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def letters_without_glyph(refusal: typst.TypstError, text: Mapping[str, Any]) -> str:
    """The characters Typst could not draw, each once, in the order of the text; else nothing."""
    named = "".join(
        _ESCAPED.sub(lambda code: chr(int(code[1], 16)), cluster)
        for cluster in _REFUSED.findall(refusal.diagnostic)
    )
    words = json.dumps(dict(text), ensure_ascii=False)
    return "".join(sorted(set(named) - {" "}, key=words.find))
