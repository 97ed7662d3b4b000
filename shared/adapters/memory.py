"""The world in memory: the twin of every outside thing, with the same promises.

The rules and use cases are tested against these; each twin passes the same suite as its adapter.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from shared.domain.alarms import of_close, of_notice, of_round
from shared.domain.certificates import Certificate
from shared.domain.letter_facts import Composed, Envelope, LetterFacts
from shared.domain.notices import Notice
from shared.domain.printing import Printed, UnprintableText, document_of
from shared.domain.record import Key, Record
from shared.domain.registrations import SeatChange, SeatCount
from shared.failures import Conflict, NotSent, SoldOut, Unanswered, Unavailable
from shared.ports import R

COMMIT_LIMIT = 100
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class MemoryRecords:
    """Records in a dictionary; a commit is atomic under a lock."""

    def __init__(self) -> None:
        self._kept: dict[Key, Record] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, of: type[R]) -> R | None:
        found = self._kept.get(key)
        return found if type(found) is of else None

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        keys = sorted(k for k in self._kept if k.partition == partition)
        for key in keys:
            record = self._kept.get(key)
            if key.sort.startswith(prefix) and key.sort > after and type(record) is of:
                yield record

    def get_all(self, keys: Sequence[Key], of: type[R]) -> dict[Key, R]:
        if len(keys) > COMMIT_LIMIT:
            raise ValueError(f"{len(keys)} records are more than one question is for.")
        return {key: found for key in keys if (found := self.get(key, of)) is not None}

    def get_each(self, wanted: Mapping[Key, type[Record]]) -> dict[Key, Record]:
        if len(wanted) > COMMIT_LIMIT:
            raise ValueError(f"{len(wanted)} records are more than one question is for.")
        found = {key: self.get(key, of) for key, of in wanted.items()}
        return {key: record for key, record in found.items() if record is not None}

    def page(
        self, partition: str, of: type[R], prefix: str = "", after: str = "", most: int = 50
    ) -> list[R]:
        return list(islice(self.find(partition, of, prefix, after), most))

    def of_learner(self, learner: str, of: type[R]) -> list[R]:
        return [record for record in self.everything(of) if record.learner == learner]

    def page_of(self, learner: str, kinds: Sequence[type[Record]]) -> list[Record]:
        found = [record for _, record in sorted(self._kept.items()) if type(record) in kinds]
        return [record for record in found if record.learner == learner]

    def waiting(self, as_what: str, until: datetime, of: type[R]) -> list[R]:
        found = [
            record
            for record in self.everything(of)
            if record.waiting == as_what
            and record.waiting_since is not None
            and record.waiting_since <= until.isoformat()
        ]
        return sorted(found, key=lambda record: record.waiting_since or "")

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        if len(records) + len(seats) > COMMIT_LIMIT:
            raise ValueError(f"{len(records) + len(seats)} changes do not fit into one commit.")
        if len({record.key() for record in records}) < len(records):
            raise ValueError("One commit saves a record twice.")
        with self._lock:
            for record in records:
                kept = self._kept.get(record.key())
                if (kept.version if kept else 0) != record.version:
                    raise Conflict(f"{record.kind} has changed since it was read.")
            counts = [self._changed_count(change) for change in seats]
            for record in (*(record.committed() for record in records), *counts):
                self._kept[record.key()] = record

    def put_all(self, records: Iterable[Record]) -> None:
        with self._lock:
            for record in records:
                self._kept[record.key()] = record.committed()

    def everything(self, of: type[R]) -> list[R]:
        """All records of a kind, for tests to look at."""
        return [record for _, record in sorted(self._kept.items()) if type(record) is of]

    def _changed_count(self, change: SeatChange) -> SeatCount:
        count = self.get(change.key(), SeatCount) or SeatCount(session=change.session)
        taken = count.taken + change.by
        if change.by > 0 and taken > change.capacity:
            raise SoldOut(change.session)
        return count.model_copy(update={"taken": taken, "version": count.version + 1})


@dataclass
class MemoryFiles:
    """Objects in a dictionary. Only the latest version is kept, and when it came if a test says."""

    objects: dict[str, bytes] = field(default_factory=dict)
    modified: dict[str, datetime] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, key: str, version: str | None = None, first: int | None = None) -> bytes:
        return self.objects[key][:first]

    def write(self, key: str, content: bytes, media_type: str) -> None:
        self.objects[key] = content

    def write_once(self, key: str, content: bytes, media_type: str) -> bytes:
        return self.objects.setdefault(key, content)

    def link(self, key: str, version: str | None, seconds: int, media_type: str, name: str) -> str:
        return f"https://files.example/{key}?version={version}&seconds={seconds}&name={name}"

    def mark(self, key: str, version: str | None, label: str, value: str) -> None:
        self.labels.setdefault(key, {})[label] = value

    def forget(self, key: str) -> None:
        self.objects.pop(key, None)

    def under(self, prefix: str) -> Iterator[tuple[str, int, datetime]]:
        for key in sorted(self.objects):
            if key.startswith(prefix):
                yield key, len(self.objects[key]), self.modified.get(key, _LONG_AGO)


@dataclass
class MemorySchedules:
    """Alarms by session: (end of the session, when the alarm rings)."""

    alarms: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    rounds: dict[str, datetime] = field(default_factory=dict)
    notices: dict[tuple[str, str, int], Notice] = field(default_factory=dict)

    def close_at(self, session: str, ends_at: datetime, at: datetime) -> None:
        self.alarms[session] = (ends_at, at)

    def cancel(self, session: str) -> None:
        self.alarms.pop(session, None)

    def tell_at(self, notice: Notice) -> None:
        self.notices[notice.session, notice.what, notice.hours] = notice

    def round_at(self, series: str, closes_at: datetime) -> None:
        self.rounds[series] = closes_at

    def cancel_round(self, series: str) -> None:
        self.rounds.pop(series, None)

    def standing(self) -> dict[str, datetime]:
        closes = {of_close(session): at for session, (_, at) in self.alarms.items()}
        told = {of_notice(notice): notice.due_at for notice in self.notices.values()}
        rounds = {of_round(series): at for series, at in self.rounds.items()}
        found = closes | told | rounds
        return {name: at.replace(microsecond=0) for name, at in found.items()}

    def take_back(self, name: str) -> None:
        self.alarms = {one: at for one, at in self.alarms.items() if of_close(one) != name}
        self.notices = {at: one for at, one in self.notices.items() if of_notice(one) != name}
        self.rounds = {one: at for one, at in self.rounds.items() if of_round(one) != name}


@dataclass
class MemoryWorkflows:
    """Executions by name, and tokens that were resumed."""

    started: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    resumed: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def start(self, name: str, data: dict[str, str]) -> bool:
        if name in self.started:
            return False
        self.started[name] = data
        return True

    def resume(self, task_token: str, data: dict[str, str]) -> bool:
        if task_token not in self.waiting:
            return False
        self.waiting.discard(task_token)
        self.resumed.append((task_token, data))
        return True


@dataclass
class MemoryPrinting:
    """Prints what is frozen in the records of the same memory, as the function does."""

    records: MemoryRecords
    documents: MemoryFiles
    silent: bool = False

    def print(self, key: Key) -> Printed:
        if self.silent:
            raise Unavailable("Nobody prints now.")
        certificate = self.records.get(key, Certificate)
        if certificate is None:
            raise KeyError(key)
        wanted = certificate.draft or certificate
        words = wanted.text.model_dump(mode="json")
        try:
            printed = self.documents.write_once(
                document_of(certificate.public_id, wanted.revision),
                PlainPrinter().typeset(words),
                "application/pdf",
            )
        except UnprintableText:
            return Printed(wanted.revision, "")
        return Printed(wanted.revision, hashlib.sha256(printed).hexdigest())


@dataclass
class MemoryMailer:
    """Letters that were sent. `answers` scripts what happens to the next ones."""

    sent: list[tuple[Envelope, Composed]] = field(default_factory=list)
    answers: list[NotSent | Unanswered | None] = field(default_factory=list)

    def send(self, envelope: Envelope, letter: Composed) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, NotSent):
            raise answer
        self.sent.append((envelope, letter))
        if isinstance(answer, Unanswered):
            raise answer
        return f"message-{len(self.sent)}"


class PlainComposer:
    """Letters in the fewest words: what they are about, and every link."""

    def compose(self, facts: LetterFacts) -> Composed:
        about = f"{facts.letter.letter}#{facts.letter.about}"
        text = "\n".join((about, *facts.letter.lines, *facts.links.values()))
        return Composed(subject=about[:60], text=text, html=f"<pre>{text}</pre>")


class PlainPrinter:
    """Certificates as their words; like the typesetter, it knows no Chinese characters."""

    def typeset(self, text: Mapping[str, Any]) -> bytes:
        strange = "".join(letter for letter in text["name"] if "\u4e00" <= letter <= "\u9fff")
        if strange:
            raise UnprintableText(strange)
        return json.dumps(dict(text), sort_keys=True).encode()
