"""Check what somebody sends to apply: a form of ours, or a signed message of another form tool.

Nothing is stored here. What cannot be taken comes back whole, with what is to be put right.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.catalogue import Catalogue
from shared.domain.forms import FieldProblem, Fields
from shared.domain.links import has_expired, read, sign
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_form import (
    FIELDS,
    HONEYPOT,
    Submission,
    read_form,
)
from shared.domain.scholarship_views import FormView
from shared.domain.sessions import Series
from shared.ports import Records

# People write slowly; bots do not.
FORM_LIVES = timedelta(days=7)
SHORTEST_FILL = timedelta(seconds=4)


@dataclass(frozen=True)
class NoRound:
    """There is no such series, or it awards no scholarships."""


@dataclass(frozen=True)
class RoundClosed:
    """The round is over (or never was open): nothing more is taken."""

    catalogue: Catalogue


@dataclass(frozen=True)
class Ready:
    """An application that can be stored. `form` names what it was sent with, once for ever."""

    series: str
    form: str
    submission: Submission

    def payload(self) -> dict[str, Any]:
        """All of it as plain data."""
        return self.submission.model_dump(mode="json")

    @property
    def content_sha256(self) -> str:
        """What tells this content from another."""
        return hashlib.sha256(json.dumps(self.payload(), sort_keys=True).encode()).hexdigest()


def open_form(
    series: str, *, records: Records, key: bytes, nonce: str, now: datetime
) -> FormView | RoundClosed | NoRound:
    """An empty form for that series; `nonce` is random and makes this form unlike any other."""
    found = round_of(series, records)
    if not isinstance(found, Catalogue):
        return found
    return _form(found, key, nonce, now)


def check_form(
    fields: Fields, *, records: Records, keys: list[bytes], nonce: str, now: datetime
) -> Ready | FormView | RoundClosed | NoRound:
    """The application in a sent form, or the form again with what is to be put right.

    Whoever could not be told from a bot gets the form again with all they wrote, and need only
    send it once more.
    """
    token = (fields.get("token") or ("",))[0]
    series, of_form, issued_at = _read_token(token, keys, now)
    if not series:
        return NoRound()
    found = round_of(series, records)
    if not isinstance(found, Catalogue):
        return found
    read_as = read_form(fields, found)
    notice = ""
    if has_expired("form", token, keys, now):
        notice = "This page had been open for very long. All you wrote is still here."
    elif _is_a_machine(fields, now - issued_at):
        notice = "We could not tell you from a machine. All you wrote is still here."
    elif isinstance(read_as, Submission):
        return Ready(series, of_form, read_as)
    view = _form(found, keys[0], nonce, now)
    again = {
        "fields": {name: tuple(fields[name]) for name in FIELDS if name in fields},
        "problems": () if isinstance(read_as, Submission) else read_as,
        "notice": f"{notice} Please send it again." if notice else "",
    }
    if not has_expired("form", token, keys, now):
        # The same form, so that it stays one application however often it is sent.
        again["token"] = token
    return view.model_copy(update=again)


def check_message(
    data: Mapping[str, Any], message_id: str, *, records: Records
) -> Ready | tuple[FieldProblem, ...] | RoundClosed | NoRound:
    """The application in a signed message: `series` and the form's fields."""
    found = round_of(str(data.get("series", "")), records)
    if not isinstance(found, Catalogue):
        return found
    fields = {name: _texts(data[name]) for name in FIELDS if name in data}
    read_as = read_form(fields, found)
    if isinstance(read_as, Submission):
        return Ready(found.series.id, f"message.{message_id}", read_as)
    return read_as


def round_of(series: str, records: Records) -> Catalogue | RoundClosed | NoRound:
    """The catalogue of a series whose round takes applications."""
    kept = records.get(Series.key_of(series), Series) if series else None
    if kept is None or kept.catalogue.policies.scholarship is None:
        return NoRound()
    around = records.get(Round.key_of(series), Round)
    if around is None or around.phase is RoundPhase.CLOSED:
        return RoundClosed(kept.catalogue)
    return kept.catalogue


def _form(catalogue: Catalogue, key: bytes, nonce: str, now: datetime) -> FormView:
    policy = catalogue.policies.scholarship
    assert policy is not None  # noqa: S101 - there is a round
    subject = f"{catalogue.series.id}/{nonce}/{int(now.timestamp())}"
    return FormView(
        catalogue=catalogue,
        token=sign("form", subject, key, now + FORM_LIVES),
        late=now >= policy.closes_at,
    )


def _is_a_machine(fields: Fields, filled_in: timedelta) -> bool:
    return filled_in < SHORTEST_FILL or any(value.strip() for value in fields.get(HONEYPOT, ()))


def _read_token(token: str, keys: list[bytes], now: datetime) -> tuple[str, str, datetime]:
    """The series, the form's own id and when it was made; no series if it is not one of ours."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    subject = read("form", token, keys, long_ago)  # also an expired form says what it was for
    parts = (subject or "").split("/")
    if len(parts) != 3:
        return "", "", now
    series, nonce, issued = parts
    return series, f"form.{nonce}", datetime.fromtimestamp(int(issued), UTC)


def _texts(value: Any) -> list[str]:
    """A field of a message as the form would have sent it."""
    if isinstance(value, bool):
        return ["yes"] if value else []
    if isinstance(value, list):
        return [str(one) for one in value if isinstance(one, str | int)]
    return [str(value)] if isinstance(value, str | int) else []
