"""The accreditor's list by Typst: a tagged table over as many pages as it needs."""

import json
from pathlib import Path
from typing import Any, cast

import typst

from shared.adapters.typst_certificates import letters_without_glyph, packaged_fonts
from shared.domain.accreditor_export import COLUMNS, Export

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "export" / "attendance.typ"
# In place of a cell that no font on board can draw: the CSV file has it as it is written.
NOT_DRAWN = "(see the CSV file)"
_MOST_TRIES = 50


def accreditor_pdf(export: Export) -> bytes:
    """The list as PDF/UA-1 and PDF/A-2a. Equal lists give identical bytes.

    A name that cannot be drawn is left to the CSV file; everything else of its row stands.
    """
    rows = [list(row) for row in export.rows]
    for _ in range(_MOST_TRIES):
        try:
            return _compile(export, rows)
        except typst.TypstError as refusal:
            missing = letters_without_glyph(refusal, {"rows": rows})
            if not missing:
                raise
            rows = [
                [NOT_DRAWN if set(cell) & set(missing) else cell for cell in row] for row in rows
            ]
    raise ValueError("The list holds too many letters for which there is no font.")


def _compile(export: Export, rows: list[list[str]]) -> bytes:
    words = export.model_dump(mode="json") | {"rows": rows, "columns": COLUMNS}
    compiler = typst.Compiler(
        root=_TEMPLATE.parent, font_paths=packaged_fonts(), ignore_system_fonts=True
    )
    files: Any = {
        "words.json": json.dumps(words, ensure_ascii=False).encode(),
        "main.typ": _TEMPLATE.read_bytes(),
    }
    pdf = compiler.compile(
        files,
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(export.made_at.timestamp()),
    )
    return cast(bytes, pdf)
