"""Catalogue files: YAML text read into a `Catalogue`, or every question about it with its line."""

from collections.abc import Sequence

from pydantic import ValidationError

from shared.adapters.catalogue_draft import Draft, read_draft
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import (
    CatalogueQuestions,
    LineQuestion,
    Question,
    cross_checks,
    cross_checks_of_draft,
)
from shared.domain.catalogue_wording import questions_about

MOST_BYTES = 256 * 1024


def read_catalogue(text: bytes) -> Catalogue:
    """The catalogue in a file's bytes (UTF-8 YAML, at most 256 KiB).

    Raises CatalogueQuestions with everything there is to ask, in order of lines.
    """
    draft = read_draft(_decoded(text))
    try:
        catalogue = Catalogue.model_validate(draft.data)
    except ValidationError as error:
        questions = questions_about(error, draft.data)
        asked = {question.path for question in questions}
        rest = cross_checks_of_draft(draft.data)
        questions += [question for question in rest if question.path not in asked]
    else:
        questions = cross_checks(catalogue)
        if not questions and not draft.questions:
            return catalogue
    raise CatalogueQuestions(_by_line(draft, questions))


def line_of(text: bytes, path: Sequence[str | int]) -> int:
    """The line on which something stands in a file that `read_catalogue` took."""
    return read_draft(_decoded(text)).line_of(tuple(path))


def _by_line(draft: Draft, questions: list[Question]) -> tuple[LineQuestion, ...]:
    found = {
        LineQuestion(draft.line_of(question.path), question.text)
        for question in questions
        if question.path not in draft.asked
    }
    return tuple(sorted(found | set(draft.questions)))


def _decoded(text: bytes) -> str:
    if len(text) > MOST_BYTES:
        size = f"this file has {len(text) // 1024} KiB, and a catalogue has at most"
        raise CatalogueQuestions(
            (LineQuestion(1, f"{size} {MOST_BYTES // 1024}. Is it the right file?"),)
        )
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise CatalogueQuestions(
            (
                LineQuestion(
                    line,
                    "a character here is not in UTF-8. Could you save the file as UTF-8 text?",
                ),
            )
        ) from None
