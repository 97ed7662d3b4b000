"""YAML text as a draft: plain data, the place of every value, and what the file itself leaves open.

Only the parser's events are used. Nothing is constructed from tags, no anchor is followed, and each
value stays the text that was written: what 12:00, NO or 2025-06-22 mean is for a model to say,
never for YAML to guess.
"""

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from shared.domain.catalogue_checks import CatalogueQuestions, LineQuestion
from shared.domain.catalogue_texts import Path
from shared.domain.catalogue_values import shown

MOST_DEPTH = 8
_NOTHING = ("", "~", "null", "Null", "NULL")
_CUT_OFF = re.compile(r"[ \t]+(#[^\s#]\S*)")
_INDENTED_BY_TAB = re.compile(r" *\t")
_COLON = re.compile(r":(?:\s|$)")
_MISFIT = "this line does not fit under the one above. Is it indented like its neighbours?"
# What the parser says → which of its two places it is about, and what to ask there.
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "problem",
        "there is a second colon on this line. Could you put the text after the first one in"
        " quotes?",
    ),
    ("end of stream", "context", "a quote is opened here and not closed. Where does it end?"),
    ("document separator", "context", "a quote is opened here and not closed. Where does it end?"),
    (
        "expected ',' or",
        "context",
        "a bracket is opened here and not closed. Is a comma or the closing one missing?",
    ),
    (
        "could not find expected ':'",
        "context",
        "this line has no colon after its name. Is one missing, or does it belong to the line"
        " above?",
    ),
    (
        "expected <block end>",
        "problem",
        _MISFIT,
    ),
    (
        "cannot start any token",
        "problem",
        "text may not begin with this character. Could you put it in quotes?",
    ),
)


@dataclass(frozen=True)
class Span:
    """Where a value stands: its line from 1, and [start, end) in characters of the text."""

    line: int
    start: int
    end: int


@dataclass
class Draft:
    """A file as written: plain data of dicts, lists, strings and None, and where each value stands.

    A value that is a block of its own has the line of its key. `questions` are about the file
    itself; what they are about is in `asked`, so that nothing is asked twice.
    """

    data: object = None
    spans: dict[Path, Span] = field(default_factory=dict)
    questions: list[LineQuestion] = field(default_factory=list)
    asked: set[Path] = field(default_factory=set)

    def line_of(self, path: Path) -> int:
        """The line of the value at that path, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.spans:
                return self.spans[path[:end]].line
        return 1


def read_draft(text: str) -> Draft:
    """The plain data of one YAML document and the place of everything in it.

    Raises CatalogueQuestions if the text cannot be read to its end, or is empty.
    """
    builder = _Builder(text)
    draft = builder.draft
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _UnreadableError as stop:
        draft.questions.append(stop.question)
    # Escapes of characters that do not exist surface as plain ValueErrors of the library.
    except (YAMLError, ValueError, OverflowError) as error:
        question = _unreadable(error, text, builder)
        # What was asked about this line already explains why reading stopped there.
        if question.line not in {earlier.line for earlier in draft.questions}:
            draft.questions.append(question)
    else:
        if draft.data is not None:
            return draft
        draft.questions.append(
            LineQuestion(1, "this file is empty. Could you start from another series' file?")
        )
    raise CatalogueQuestions(tuple(sorted(draft.questions)))


class _UnreadableError(Exception):
    """The rest of the file would mean nothing."""

    def __init__(self, line: int, text: str) -> None:
        self.question = LineQuestion(line, text)
        super().__init__(str(self.question))


@dataclass
class _Frame:
    """A list or mapping that is being filled, and the key that waits for its value."""

    into: dict[str, object] | list[object]
    path: Path
    key: str | None = None
    key_line: int = 1
    key_end: int = 0
    again: bool = False


class _Builder:
    """Builds a draft from the parser's events, one after the other."""

    def __init__(self, text: str) -> None:
        self.draft = Draft()
        self.line = 1
        self.quoted = range(0)
        self._text = text
        self._frames: list[_Frame] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        """Take in one event."""
        self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _UnreadableError(
                    self.line,
                    "a second file begins at this '---'. Could it be a file of its own?",
                )
        elif isinstance(event, CollectionEndEvent):
            self._frames.pop()
        elif isinstance(event, NodeEvent):
            frame = self._frames[-1] if self._frames else None
            if frame is not None and isinstance(frame.into, dict) and frame.key is None:
                self._take_key(event, frame)
            else:
                self._take_value(event, frame)

    def _take_key(self, event: NodeEvent, frame: _Frame) -> None:
        if not isinstance(event, ScalarEvent):
            raise _UnreadableError(
                self.line, "this line begins with a bracket, '?' or '*'. Could it be one word?"
            )
        self._ask_about_marks(event, (*frame.path, event.value))
        frame.key, frame.key_line = event.value, self.line
        frame.key_end = self._text.find(":", event.end_mark.index) + 1
        frame.again = event.value in frame.into
        if frame.again:
            first = self.draft.line_of((*frame.path, event.value))
            self.draft.questions.append(
                LineQuestion(
                    self.line,
                    f"{shown(event.value)} is here for the second time; the first is on line"
                    f" {first}. Which of the two is right?",
                )
            )

    def _take_value(self, event: NodeEvent, frame: _Frame | None) -> None:
        path = self._path(frame)
        value: object = None
        self._ask_about_marks(event, path)
        if isinstance(event, CollectionStartEvent):
            if len(self._frames) >= MOST_DEPTH:
                raise _UnreadableError(
                    self.line, "this is indented deeper than any catalogue. Is it meant to be?"
                )
            filled: dict[str, object] | list[object]
            filled = {} if isinstance(event, MappingStartEvent) else []
            self._frames.append(_Frame(filled, path))
            value = filled
        elif isinstance(event, ScalarEvent):
            plain = event.style is None
            value = None if plain and event.value in _NOTHING else event.value
            end = event.end_mark.index
            if plain and not event.value and frame is not None and frame.key is not None:
                # The parser finds an empty value only at the next word; people see it at its key.
                self.line, end = frame.key_line, frame.key_end
            if not plain:
                self.quoted = range(self.line, event.end_mark.line + 2)
            elif cut := _CUT_OFF.match(self._text, end):
                self._ask(
                    path,
                    f"{shown(cut[1])} is not read, because it follows a '#'. Could you put the"
                    " whole text in quotes, or a space after '#' if it is a note?",
                )
        line = self.line
        if frame is not None:
            line = self._put(frame, value, line)
        else:
            self.draft.data = value
        start, end = event.start_mark.index, event.end_mark.index
        self.draft.spans[path] = Span(line, start, start + len(self._text[start:end].rstrip()))

    def _path(self, frame: _Frame | None) -> Path:
        if frame is None:
            return ()
        if isinstance(frame.into, list):
            return (*frame.path, len(frame.into))
        # What a key says the second time is read, and stands nowhere.
        second: Path = ("", 2) if frame.again else ()
        return (*frame.path, *second, frame.key or "")

    def _put(self, frame: _Frame, value: object, line: int) -> int:
        if isinstance(frame.into, list):
            frame.into.append(value)
            return line
        if not frame.again:
            frame.into[frame.key or ""] = value
        frame.key = None
        return frame.key_line if isinstance(value, dict | list) else line

    def _ask_about_marks(self, event: NodeEvent, path: Path) -> None:
        """'*', '&' and '!' at the start of a text mean something in YAML, and nothing here."""
        tag = getattr(event, "tag", None)
        if isinstance(event, AliasEvent) or event.anchor is not None or tag is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&" if event.anchor else "!"
            self._ask(
                path, f"text that begins with '{sign}' is not read. Could you put it in quotes?"
            )

    def _ask(self, path: Path, text: str) -> None:
        self.draft.questions.append(LineQuestion(self.line, text))
        self.draft.asked.add(path)


def _unreadable(error: Exception, text: str, builder: _Builder) -> LineQuestion:
    """What to ask where the parser gave up."""
    lines = text.splitlines() or [""]
    if isinstance(error, ReaderError):
        line = text[: error.position].count("\n") + 1
        return LineQuestion(
            line, "a character here cannot be printed. Could you type this line again?"
        )
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return LineQuestion(builder.line, "this line cannot be read. Could you type it again?")
    places = {"problem": error.problem_mark, "context": error.context_mark or error.problem_mark}
    line = min(error.problem_mark.line + 1, len(lines))
    if _INDENTED_BY_TAB.match(lines[line - 1]):
        return LineQuestion(line, "this line is indented by a tab. Could you use spaces?")
    if len(builder.quoted) > 1 and line == builder.quoted[-1]:
        return LineQuestion(
            builder.quoted[0],
            f"the quote that is opened here closes only on line {line}. Where should it close?",
        )
    if "mapping values" in str(error.problem) and len(_COLON.findall(lines[line - 1])) < 2:
        return LineQuestion(line, _MISFIT)
    for problem, place, ask in _PROBLEMS:
        if problem in str(error.problem):
            return LineQuestion(min(places[place].line + 1, len(lines)), ask)
    return LineQuestion(
        line,
        "this line cannot be read. Is a quote, a colon or a space missing here or just above?",
    )
