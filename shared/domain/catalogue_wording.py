"""How a catalogue that does not validate is talked about: every finding as a question.

The reader is a coordinator, not a programmer. They are told which part it is about, what they wrote
and what would help; the vocabulary of the validator never reaches them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.domain import catalogue as models
from shared.domain.appeal_policy import AppealPolicy
from shared.domain.catalogue_checks import Question
from shared.domain.catalogue_texts import Path, closest, did_you_mean
from shared.domain.catalogue_values import (
    CURRENCY_PATTERN,
    ID_PATTERN,
    LINK_PATTERN,
    MONEY_POINT,
    minor_digits,
    shown,
)
from shared.domain.credit_policy import Board, CreditPolicy
from shared.domain.evaluation_policy import EvaluationPolicy
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.zoom_meetings import ZoomMeeting

# Each part of the file: what people call it, and what may stand in it. "*" is any place in a list.
PLACES: Mapping[tuple[str, ...], tuple[str, type[BaseModel]]] = {
    (): ("this file", models.Catalogue),
    ("institute",): ("the institute", models.Institute),
    ("institute", "signatory"): ("the signatory", models.Signatory),
    ("series",): ("the series", models.SeriesText),
    ("series", "community"): ("the community", models.Community),
    ("sessions", "*"): ("this session", models.Session),
    ("sessions", "*", "zoom"): ("its Zoom meeting", ZoomMeeting),
    ("tiers", "*"): ("this tier", models.Tier),
    ("prices", "*"): ("this price", models.Offer),
    ("policies",): ("the policies", models.Policies),
    ("policies", "refund"): ("the refund policy", models.RefundPolicy),
    ("policies", "recording"): ("the recording policy", models.RecordingPolicy),
    ("policies", "attendance"): ("the attendance policy", models.AttendancePolicy),
    ("policies", "credit"): ("the credit policy", CreditPolicy),
    ("policies", "credit", "boards", "*"): ("this board", Board),
    ("policies", "certificate"): ("the certificate policy", models.CertificatePolicy),
    ("policies", "evaluation"): ("the evaluation policy", EvaluationPolicy),
    ("policies", "appeal"): ("the policy on appeals", AppealPolicy),
    ("policies", "scholarship"): ("the scholarship policy", ScholarshipPolicy),
}
# What to ask when something is missing; the longest ending of its path that is listed here.
ASKED: Mapping[tuple[str, ...], str] = {
    ("catalogue",): "Could it begin with 'catalogue: 1'?",
    ("institute",): "Who offers the series?",
    ("series",): "Which series is it?",
    ("sessions",): "When do people meet?",
    ("prices", "*", "sessions"): "Which sessions does it buy?",
    ("tiers",): "Which rates can people choose?",
    ("prices",): "What does it cost?",
    ("policies",): "Which rules hold for refunds and certificates?",
    ("id",): "Which short name should it have, in small letters, digits and hyphens?",
    ("name",): "What is the name?",
    ("short_name",): "What is it called for short?",
    ("sender",): "From which address should letters come?",
    ("contact",): "Where can people write for help?",
    ("staff",): "Which addresses hear about what needs a person?",
    ("zone",): "Where do its clocks stand, like America/New_York?",
    ("signatory",): "Who signs certificates?",
    ("office",): "In which office do they sign?",
    ("title",): "What is it called?",
    ("kind",): "Is it a class, a session or a circle?",
    ("starts",): "When does it start, like 2025-06-22 12:00?",
    ("ends",): "When does it end, like 2025-06-22 14:30?",
    ("faculty",): "Who teaches it?",
    ("recorded",): "Will it be recorded, true or false?",
    ("captions",): "Are there captions: none, automated or human?",
    ("includes",): "What comes with it?",
    ("credit",): "Does it come with credit, true or false?",
    ("tier",): "Which tier is it for?",
    ("amount",): "How much is it, in cents (6000 for $60.00)?",
    ("currency",): "In which currency is it, like USD?",
    ("page",): "Where on the web is it described?",
    ("accessibility",): "What can people count on, such as captions?",
    ("invitation",): "Which link invites people in?",
    ("refund",): "Until when can a class be given back?",
    ("wording",): "How should we say it to people?",
    ("certificate",): "What is a certificate given for?",
    ("board",): "What is the board called that approves it?",
    ("per",): "Is a certificate given for each session or for the whole unit?",
    ("deadline",): "Until when can people apply, like 2025-06-13 23:59?",
    ("covers",): "Which line of the price book does a full award pay?",
    ("reviewers",): "Which addresses read the applications and vote?",
}
# Findings that may well be about a block of lines; any other finding about one says it is no text.
_ABOUT_BLOCKS = frozenset(
    {"missing", "extra_forbidden", "too_short", "too_long", "tuple_type", "model_type", "dict_type"}
)
_MINOR_UNITS = {"USD": "cents", "EUR": "cents", "CAD": "cents", "AUD": "cents", "INR": "paise"}


def questions_about(error: ValidationError, written: object) -> list[Question]:
    """Every finding of a failed `Catalogue.model_validate(written)`, as questions."""
    details = error.errors(include_url=False)
    mistyped = dict(_mistyped(details))
    return [
        Question(_path(detail), _text(detail, written, mistyped))
        for detail in details
        if not (detail["type"] == "missing" and detail["loc"] in mistyped.values())
        and not _counted_short(detail)
    ]


def _counted_short(detail: ErrorDetails) -> bool:
    """Whether a list only seems short because entries that are asked about do not count."""
    return detail["type"] == "too_short" and len(detail["input"]) > 0


def _mistyped(details: list[ErrorDetails]) -> Iterator[tuple[Path, Path]]:
    """Unknown keys and the missing key each of them seems to stand for."""
    missing = [detail["loc"] for detail in details if detail["type"] == "missing"]
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *place, key = detail["loc"]
            near = [str(loc[-1]) for loc in missing if list(loc[:-1]) == place]
            if meant := closest(str(key), near):
                yield detail["loc"], (*place, meant)


def _path(detail: ErrorDetails) -> Path:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    about = detail.get("ctx", {}).get("about")
    return (*path, about) if about else path


def _pattern(path: Path) -> tuple[str, ...]:
    return tuple("*" if isinstance(part, int) else part for part in path)


def _text(detail: ErrorDetails, written: object, mistyped: Mapping[Path, Path]) -> str:
    path, value, ctx = _path(detail), detail["input"], detail.get("ctx", {})
    key = next((part for part in reversed(path) if isinstance(part, str)), "this file")
    empty = isinstance(value, str) and not value.strip()
    match detail["type"]:
        case "question":
            return str(ctx["text"])
        case kind if isinstance(value, dict | list) and kind not in _ABOUT_BLOCKS:
            return f"'{key}' is one text here, not several. Could you write it on one line?"
        case "value_error" if "reason" in ctx:
            return f"{shown(value)} is not an e-mail address. Is a part of it missing?"
        case "value_error":
            return str(ctx["error"])
        case "missing":
            return _missing(path)
        case "extra_forbidden":
            return _unknown_key(path, mistyped.get(path))
        case "literal_error":
            return _choice(detail, key)
        case kind if kind == MONEY_POINT:
            return _amount(path, value, written)
        case _ if (value is None or empty) and path and isinstance(path[-1], int):
            return f"one entry of '{key}' is empty. What should it be, or can it go?"
        case _ if value is None or empty:
            return f"there is nothing after '{key}'. {_asked(path)}"
        case "string_unicode":
            return f"{shown(value)} holds half a character. Could you type it again?"
        case "string_too_long":
            return (
                f"this text has {len(value)} characters, and '{key}' has room for"
                f" {ctx['max_length']}. Could it be shorter?"
            )
        case "too_long":
            return f"'{key}' has room for {ctx['max_length']}. Which of them can go?"
        case "too_short":
            return f"the list '{key}' is empty. {_asked(path)}"
        case "string_pattern_mismatch":
            return _form(ctx["pattern"], value, key)
        case "bool_parsing" | "bool_type":
            return f"'{key}' is true or false. Which one is it?"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return f"{shown(value)} is not a whole number. How many is '{key}'?"
        case "decimal_parsing" | "decimal_type" | "finite_number" | "decimal_max_digits":
            return f"{shown(value)} is not a number. Could you write it like 2.25?"
        case "decimal_max_places":
            return f"{shown(value)} is finer than we can print. Are two decimals enough?"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return _bound(detail, key)
        case "tuple_type":
            return f"'{key}' is a list. Could you start a new line with '- ' for each entry?"
        case "model_type" | "dict_type":
            return _not_a_part(path, key)
        case _:
            return f"{shown(value)} does not fit '{key}'. Could you look at it again?"


def _asked(path: Path) -> str:
    pattern = _pattern(path)
    endings = (pattern[at:] for at in range(len(pattern)))
    return next((ASKED[ending] for ending in endings if ending in ASKED), "What should it be?")


def _missing(path: Path) -> str:
    noun, _ = PLACES.get(_pattern(path[:-1]), ("this part", BaseModel))
    return f"{noun} has no '{path[-1]}'. {_asked(path)}"


def _unknown_key(path: Path, meant: Path | None) -> str:
    noun, model = PLACES.get(_pattern(path[:-1]), ("this part", BaseModel))
    key = str(path[-1])
    text = f"{noun} has no place for {shown(key)}."
    if meant:
        return f"{text} Did you mean {meant[-1]}?"
    return text + did_you_mean(key, list(model.model_fields), " Can this line go?")


def _choice(detail: ErrorDetails, key: str) -> str:
    if detail["loc"] == ("catalogue",):
        return "we read catalogues of the form 'catalogue: 1'. Could this file begin like that?"
    expected = detail.get("ctx", {})["expected"]
    value = detail["loc"][-2] if detail["loc"][-1] == "[key]" else detail["input"]
    if value is None:
        return f"there is nothing after '{key}'. Is it {expected}?"
    return f"{shown(value)} is not a choice here. Is it {expected}?"


def _form(pattern: str, value: Any, key: str) -> str:
    if pattern == CURRENCY_PATTERN:
        return f"{shown(value)} is not a currency. Could you write its three letters, like USD?"
    if pattern == LINK_PATTERN:
        return f"{shown(value)} is not a whole link. Could you paste it with https:// in front?"
    if pattern == ID_PATTERN:
        return (
            f"{shown(value)} cannot be used as '{key}'. Could you use 3 to 40 small letters,"
            " digits and hyphens, like idha-2025-1?"
        )
    return f"{shown(value)} does not fit '{key}'. Could you look at it again?"


def _bound(detail: ErrorDetails, key: str) -> str:
    ctx = detail.get("ctx", {})
    if "ge" in ctx or "gt" in ctx:
        least = f"at least {ctx['ge']}" if "ge" in ctx else f"more than {ctx['gt']}"
        return f"{shown(detail['input'])} is too little: '{key}' is {least}. What should it be?"
    most = f"at most {ctx['le']}" if "le" in ctx else f"less than {ctx['lt']}"
    return f"{shown(detail['input'])} is too much: '{key}' is {most}. What should it be?"


def _not_a_part(path: Path, key: str) -> str:
    if not path:
        return "this is not a catalogue yet. Could it begin with 'catalogue: 1'?"
    noun, model = PLACES.get(_pattern(path), ("", None))
    block = noun if isinstance(path[-1], int) else f"'{key}'"
    keys = list(model.model_fields)[:2] if model else ["stripe", "razorpay"]
    lines = " and ".join(f"'{name}:'" for name in keys)
    return f"{block} holds lines of its own, such as {lines}. Could you indent them here?"


def _amount(path: Path, value: object, written: Any) -> str:
    try:
        currency = str(written["prices"][path[1]].get("currency"))
    except (KeyError, IndexError, TypeError, AttributeError):
        currency = ""
    units = _MINOR_UNITS.get(currency, "the smallest unit of its currency")
    if value is None or value == "":
        return f"there is nothing after 'amount'. How much is it, in {units}?"
    number = str(value).strip("$€£₹ ").removesuffix(currency).strip()
    whole, _, rest = number.replace(",", "").partition(".")
    digits = minor_digits(currency) if len(currency) == 3 and currency.isupper() else 2
    if "," in number and not rest:
        return f"{shown(value)} is not a plain number. How much is it, in {units}, in digits only?"
    if not (whole.isdecimal() and whole.isascii() and len(whole) < 10 and len(rest) <= digits):
        return f"{shown(value)} is not a whole number. How much is it, in {units}?"
    if rest and not (rest.isdecimal() and rest.isascii()):
        return f"{shown(value)} is not a whole number. How much is it, in {units}?"
    meant = int(whole + rest.ljust(digits, "0"))
    what = "has a decimal point" if "." in number else "is not a plain number"
    return f"{shown(value)} {what}. Could you give it in {units}, {meant}?"
