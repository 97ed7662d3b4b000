"""What differs between two parts of a catalogue, field by field, in words.

Every field of every part is looked at, also one that was added later: it is said by its own name
until it is given better words here.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shared.domain.catalogue_values import Part

# Words for fields whose own name says little to a coordinator.
_WORDS: Mapping[str, str] = {
    "zone": "time zone",
    "objectives": "learning objectives",
    "credit_hours": "hours of credit",
    "recorded": "being recorded",
    "recording_days": "days to watch the recording",
    "sign_language": "sign language",
    "capacity": "number of seats",
    "cancelled": "being cancelled",
    "provider_ids": "payment links",
    "valid_from": "first day",
    "valid_to": "last day",
    "example": "being an example",
    "includes": "what it includes",
    "staff": "staff",
    "sender": "address that letters come from",
    "contact": "address for questions",
    "languages": "languages of letters",
    "accent": "colour",
    "alias_domain": "domain of addresses for Zoom",
    "signatory": "who signs certificates",
    "certificate_statements": "statements on certificates",
    "short_name": "short name",
    "page": "web page",
    "before_class": "what people read before class",
    "refund": "giving back",
    "days_before": "days before a class until which it can be given back",
    "wording": "wording",
    "recording": "recordings",
    "days_after_event": "days a recording may be watched",
    "remind_days_before_end": "days before its end on which people are reminded",
    "release": "who shares it",
    "captions_required": "waiting for captions",
    "minimum_days": "fewest days to watch",
    "delete_days_after_end": "days after which files are deleted",
    "grace_late": "minutes that one may be late",
    "grace_early": "minutes that one may leave early",
    "longest_gap": "longest time away, in minutes",
    "least_minutes": "fewest minutes to be there",
    "report_within_hours": "hours that a close waits for its report",
    "certificate": "certificates",
    "per": "what one is given for",
    "hours_label": "word for hours",
    "credit": "credit",
    "ask_particulars": "asking for the profession first",
    "answer_days": "days to answer",
    "within_days": "days within which a decision can be questioned",
    "remind_days": "days between two reminders",
    "others": "certificates for those for whom no board speaks",
    "make_up": "parts that may be made up for",
    "make_up_days": "days to make up for a part",
    "make_up_approved_by_staff": "staff approving what was made up",
    "reminder_hours_before": "hours before a session at which people are reminded",
    "remind_hours_before": "hours before its end at which people are reminded",
    "required": "being needed for the certificate",
    "presenters": "asking about the faculty",
    "keep_days": "days until applications are erased",
    "zoom": "Zoom meeting",
    "meeting_id": "number of the meeting",
    "report_zone": "time zone of Zoom's reports",
}
_LONG = 90


def changed_fields(before: Part, after: Part, skip: Collection[str] = ()) -> Iterator[str]:
    """One sentence for each field that differs, those of its parts included."""
    for name in type(after).model_fields:
        if name in skip:
            continue
        yield from _changed(word_for(name), getattr(before, name), getattr(after, name))


def word_for(name: str) -> str:
    """What a field is called."""
    return _WORDS.get(name, name.replace("_", " "))


def _changed(word: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, Part) and isinstance(after, Part) and type(before) is type(after):
        yield from (f"{word}: {said}" for said in changed_fields(before, after))
    elif _has_ids(before) and _has_ids(after):
        yield from _changed_list(word, before, after)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _changed(f"{word}, {key}", before.get(key), after.get(key))
    else:
        yield f"{word} is now {say_value(after)}; it was {say_value(before)}."


def _changed_list(word: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[str]:
    was, will = ({one.id: one for one in parts} for parts in (before, after))
    for name in will.keys() - was.keys():
        yield f"{word}: “{name}” is new."
    for name in was.keys() - will.keys():
        yield f"{word}: “{name}” is taken out."
    for name in [one.id for one in after if one.id in was]:
        yield from (f"{word}, “{name}”: {said}" for said in changed_fields(was[name], will[name]))
    if [*was] != [*will] and was.keys() == will.keys():
        yield f"{word}: in another order."


def _has_ids(value: Any) -> bool:
    """Whether it is a list of parts that are known by their ids, or an empty one."""
    return isinstance(value, tuple) and all(hasattr(one, "id") for one in value)


def say_value(value: Any) -> str:
    """A value as a sentence shows it."""
    match value:
        case None | () | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Part():
            told = (f"{word_for(n)} {say_value(v)}" for n, v in value if v not in (None, (), ""))
            return _cut("; ".join(told))
        case tuple():
            return _cut(", ".join(say_value(one) for one in value))
        case Mapping():
            return _cut(", ".join(f"{key} {say_value(one)}" for key, one in value.items()))
        case int():
            return str(value)
        case _:
            return f"“{_cut(str(value))}”"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else f"{line[: _LONG - 1]}…"
