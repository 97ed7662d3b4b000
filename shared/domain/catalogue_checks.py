"""What no single line of a catalogue can show: whether its parts fit together.

Each finding is a question to the coordinator who wrote the file. The checks work on whatever parts
could be read, so that one mistake does not hide the others.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.domain.catalogue import Catalogue, Institute, Offer, Policies, SeriesText, Session
from shared.domain.catalogue_texts import Path, did_you_mean, same_person, text_checks
from shared.domain.catalogue_values import ID_PATTERN, minor_digits, shown
from shared.domain.credit_checks import credit_checks
from shared.domain.money import Money
from shared.domain.scholarship_checks import scholarship_checks

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Question:
    """A question about the part of a catalogue at `path`, e.g. ("sessions", 0, "zone")."""

    path: Path
    text: str


@dataclass(frozen=True, order=True)
class LineQuestion:
    """A question about one line (counted from 1) of a catalogue file."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}"


class CatalogueQuestions(Exception):
    """A catalogue file could not be taken as it stands; `questions` says why, in order of lines."""

    def __init__(self, questions: tuple[LineQuestion, ...]) -> None:
        self.questions = questions
        super().__init__(questions)

    def __str__(self) -> str:
        return "\n".join(str(question) for question in self.questions)


@dataclass(frozen=True)
class _Parts:
    """What could be read of a catalogue. Parts are by position; `written` is all of it, plain."""

    sessions: Mapping[int, Session]
    offers: Mapping[int, Offer]
    series: SeriesText | None
    policies: Policies | None
    written: Mapping[str, object]

    def ids(self, key: str) -> list[str | None]:
        """The ids under "sessions", "tiers" or "prices", as written; None where there is none."""
        ids = [
            item.get("id") if isinstance(item, dict) else None for item in _items(self.written, key)
        ]
        return [its_id if isinstance(its_id, str) else None for its_id in ids]

    @property
    def all_sessions_read(self) -> bool:
        """Whether no session is left out of `sessions`."""
        return len(self.sessions) == len(_items(self.written, "sessions")) > 0


def cross_checks(catalogue: Catalogue) -> list[Question]:
    """Every question about how the parts of a catalogue fit together; none if they do."""
    return cross_checks_of_draft(catalogue.model_dump(mode="json"))


def cross_checks_of_draft(written: object) -> list[Question]:
    """The same for plain data of which some does not validate: what can be said of the rest."""
    rest = written if isinstance(written, dict) else {}
    parts = _Parts(
        sessions=_readable(Session, rest, "sessions"),
        offers=_readable(Offer, rest, "prices"),
        series=_read(SeriesText, rest.get("series")),
        policies=_read(Policies, rest.get("policies")),
        written=rest,
    )
    checks: tuple[Callable[[_Parts], Iterator[Question]], ...] = (
        _same_ids, _unknown_names, _ambiguous_prices, _odd_prices, _order_of_sessions,
        _certificates, _recordings, _rounds_and_boards, _faculty,
    )  # fmt: skip
    found = [question for check in checks for question in check(parts)]
    counts: set[int] = set()
    if parts.all_sessions_read:
        kinds = [session.kind for session in parts.sessions.values()]
        counts = {len(kinds), *(kinds.count(kind) for kind in kinds)}
    return found + [Question(path, text) for path, text in text_checks(rest, counts)]


def _items(written: Mapping[str, object], key: str) -> list[object]:
    items = written.get(key)
    return items if isinstance(items, list) else []


def _well_formed(ids: list[str]) -> list[str]:
    return [its_id for its_id in ids if re.match(ID_PATTERN, its_id)]


def _read(model: type[_Model], written: object) -> _Model | None:
    try:
        return model.model_validate(written)
    except ValidationError:
        return None


def _readable(model: type[_Model], written: Mapping[str, object], key: str) -> Mapping[int, _Model]:
    read = {at: _read(model, item) for at, item in enumerate(_items(written, key))}
    return {at: part for at, part in read.items() if part is not None}


def _same_ids(parts: _Parts) -> Iterator[Question]:
    for key, noun in (("sessions", "session"), ("tiers", "tier"), ("prices", "price")):
        seen: set[str] = set()
        for at, its_id in enumerate(parts.ids(key)):
            if its_id in seen:
                yield Question(
                    (key, at, "id"),
                    f"there is already a {noun} {shown(its_id)}. What should this one be called?",
                )
            seen.add(its_id or "")


def _unknown_names(parts: _Parts) -> Iterator[Question]:
    sessions = [its_id for its_id in parts.ids("sessions") if its_id]
    tiers = [its_id for its_id in parts.ids("tiers") if its_id]
    for at, offer in parts.offers.items():
        if tiers and offer.tier not in tiers:
            yield Question(
                ("prices", at, "tier"),
                f"Price '{offer.id}' names the tier '{offer.tier}', and there is no such tier."
                + did_you_mean(offer.tier, _well_formed(tiers), " Which one is meant?"),
            )
        for place, session in enumerate(offer.sessions):
            path = ("prices", at, "sessions", place)
            if sessions and session not in sessions:
                others = [known for known in sessions if known not in offer.sessions] or sessions
                close = did_you_mean(session, _well_formed(others), " Which one is meant?")
                yield Question(
                    path,
                    f"Price '{offer.id}' names the session '{session}', and there is no such"
                    f" session.{close}",
                )
            elif session in offer.sessions[:place]:
                yield Question(
                    path, f"Price '{offer.id}' names '{session}' twice. Is another one meant?"
                )


def _ambiguous_prices(parts: _Parts) -> Iterator[Question]:
    """A payment is looked up by link, amount, currency and day: that has to find one line."""
    for (_, one), (at, other) in combinations(parts.offers.items(), 2):
        for provider, link in other.provider_ids.items():
            path = ("prices", at, "provider_ids", provider)
            if one.provider_ids.get(provider) != link:
                continue
            if one.currency != other.currency:
                yield Question(
                    path,
                    f"Prices '{one.id}' and '{other.id}' share {shown(link)}, one in"
                    f" {one.currency} and one in {other.currency}. Is one of the links another?",
                )
            elif one.amount == other.amount and _days_meet(one, other):
                yield Question(
                    path,
                    f"Prices '{one.id}' and '{other.id}' share {shown(link)} and cost {one.price}"
                    " both, so a payment could mean either. Is one of the links another?",
                )


def _days_meet(one: Offer, other: Offer) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _odd_prices(parts: _Parts) -> Iterator[Question]:
    for at, offer in parts.offers.items():
        whole = 10 ** minor_digits(offer.currency)
        if 0 < offer.amount < whole:
            meant = Money(minor=offer.amount * whole, currency=offer.currency)
            yield Question(
                ("prices", at, "amount"),
                f"Price '{offer.id}' comes to {offer.price}. Is {meant} meant, which is"
                f" {meant.minor}?",
            )
        if offer.valid_from and offer.valid_to and offer.valid_from > offer.valid_to:
            yield Question(
                ("prices", at, "valid_to"),
                f"Price '{offer.id}' ends on {offer.valid_to}, before it begins on"
                f" {offer.valid_from}. Are the two swapped?",
            )


def _order_of_sessions(parts: _Parts) -> Iterator[Question]:
    by_place = list(parts.sessions.items())
    for (_, before), (at, after) in pairwise(by_place):
        if after.starts_at < before.starts_at:
            yield Question(
                ("sessions", at, "starts"),
                f"'{after.id}' is earlier than '{before.id}', which stands above it."
                " Could you put them in the order of their dates?",
            )
    for (_, one), (at, other) in combinations(by_place, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            yield Question(
                ("sessions", at, "starts"),
                f"'{other.id}' and '{one.id}' overlap. Is one of the two on another day?",
            )


def _certificates(parts: _Parts) -> Iterator[Question]:
    if parts.policies is None:
        return
    policy = parts.policies.certificate
    if policy.per == "session" and policy.hours is None:
        for at, session in parts.sessions.items():
            if session.credit_hours is None:
                yield Question(
                    ("sessions", at),
                    f"'{session.id}' has no 'credit_hours', and its certificate prints them."
                    " How many are they, like 2.25?",
                )
    if policy.per == "unit" and policy.hours is None:
        text = "the certificate of the whole unit prints its 'hours'. How many are they"
        if parts.all_sessions_read:
            length = sum((s.ends_at - s.starts_at).total_seconds() for s in parts.sessions.values())
            text += f" (the sessions last {length / 3600:g} hours in all)"
        yield Question(("policies", "certificate"), f"{text}?")
    names = dict.fromkeys(name for s in parts.sessions.values() for name in s.faculty)
    if policy.per == "unit" and len(names) > 8:
        yield Question(
            ("policies", "certificate"),
            f"the certificate of the whole unit has room for 8 faculty, and {len(names)} teach it."
            " Could certificates be per session?",
        )


def _recordings(parts: _Parts) -> Iterator[Question]:
    if not parts.all_sessions_read or any(session.recorded for session in parts.sessions.values()):
        return
    if parts.policies and parts.policies.recording.days_after_event is not None:
        yield Question(
            ("policies", "recording", "days_after_event"),
            "recordings may be watched for"
            f" {parts.policies.recording.days_after_event} days, and no session is recorded."
            " Should a session say 'recorded: true', or can this line go?",
        )


def _rounds_and_boards(parts: _Parts) -> Iterator[Question]:
    sessions = parts.sessions.values() if parts.all_sessions_read else ()
    tiers = [its_id for its_id in parts.ids("tiers") if its_id]
    institute = _read(Institute, parts.written.get("institute"))
    for path, text in (
        *credit_checks(parts.policies, sessions, tiers, institute),
        *scholarship_checks(parts.policies, sessions, parts.offers.values()),
    ):
        yield Question(path, text)


def _faculty(parts: _Parts) -> Iterator[Question]:
    """One spelling a person, before any certificate prints it."""
    if parts.series is None:
        return
    listed = parts.series.faculty
    first: dict[str, str] = {}
    for at, session in parts.sessions.items():
        for place, name in enumerate(session.faculty):
            path = ("sessions", at, "faculty", place)
            if listed and name not in listed:
                yield Question(
                    path,
                    f"{shown(name)} is not in the faculty of the series."
                    + did_you_mean(name, listed, " Could you add the name there?"),
                )
            elif not listed and name not in first:
                for known, where in first.items():
                    if same_person(name, known):
                        yield Question(
                            path,
                            f"is {shown(name)} the same person as {shown(known)} in '{where}'?"
                            " Could you use one spelling, or list both under 'faculty' of the"
                            " series?",
                        )
            first.setdefault(name, session.id)
