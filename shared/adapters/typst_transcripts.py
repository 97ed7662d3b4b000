"""Transcripts by Typst: words in, a tagged A4 document out, the same bytes for the same words."""

import json
from pathlib import Path
from typing import Any, cast

import typst

from shared.adapters.typst_certificates import (
    breakable,
    letters_without_glyph,
    packaged_fonts,
    reads_from_the_right,
)
from shared.domain.printing import UnprintableText
from shared.domain.transcript_text import TranscriptText

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "transcript" / "transcript.typ"
# Addresses are followed, so nothing is put into them; a colour and a language are no words.
_AS_THEY_ARE = frozenset({"checked_at", "accent", "language"})


def transcript_pdf(text: TranscriptText) -> bytes:
    """The transcript as PDF/UA-1 and PDF/A-2a, on as many pages as it needs.

    Raises `UnprintableText` when no font on board can draw some of the characters.
    """
    words = text.model_dump(mode="json")
    compiler = typst.Compiler(
        root=_TEMPLATE.parent, font_paths=packaged_fonts(), ignore_system_fonts=True
    )
    setting = {"rtl": reads_from_the_right(text.name)}
    files: Any = {
        "words.json": json.dumps(_breakable(words), ensure_ascii=False).encode(),
        "setting.json": json.dumps(setting).encode(),
        "main.typ": _TEMPLATE.read_bytes(),
    }
    missing = ""
    try:
        pdf = compiler.compile(
            files,
            format="pdf",
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(text.made_at.timestamp()),
        )
    except typst.TypstError as refusal:
        missing = letters_without_glyph(refusal, words)
        if not missing:
            raise
    if missing:  # outside the handler, so that no traceback carries Typst's copy of the name
        raise UnprintableText(missing)
    return cast(bytes, pdf)


def _breakable(words: Any) -> Any:
    """The same, in which a word too long for a line may break inside."""
    match words:
        case dict():
            return {
                name: value if name in _AS_THEY_ARE else _breakable(value)
                for name, value in words.items()
            }
        case list():
            return [_breakable(one) for one in words]
        case str():
            return breakable(words)
    return words
