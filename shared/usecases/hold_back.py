"""Records that read through and write nothing: what a use case would do, without its being done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from shared.domain.record import Key, Record
from shared.domain.registrations import SeatChange, SeatCount
from shared.failures import Conflict, SoldOut
from shared.ports import R, Records

COMMIT_LIMIT = 100


class HeldBack:
    """Other records with what would have been written over them, under the same promises.

    `written` and `seats` are what was to be committed, as it was handed over. One at a time: what
    is held is not for several threads.
    """

    def __init__(self, beneath: Records) -> None:
        self._beneath = beneath
        self._held: dict[Key, Record] = {}
        self.written: list[Record] = []
        self.seats: list[SeatChange] = []

    def get(self, key: Key, of: type[R]) -> R | None:
        if key in self._held:
            found = self._held[key]
            return found if type(found) is of else None
        return self._beneath.get(key, of)

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        found = self._beneath.find(partition, of, prefix, after)
        beneath = {record.key(): record for record in found}
        over = {
            key: record
            for key, record in self._held.items()
            if key.partition == partition
            and key.sort.startswith(prefix)
            and key.sort > after
            and type(record) is of
        }
        merged: dict[Key, R] = beneath | over
        yield from (merged[key] for key in sorted(merged))

    def get_all(self, keys: Sequence[Key], of: type[R]) -> dict[Key, R]:
        beneath = self._beneath.get_all([key for key in keys if key not in self._held], of)
        held = {key: self._held[key] for key in keys if key in self._held}
        return beneath | {key: one for key, one in held.items() if type(one) is of}

    def get_each(self, wanted: Mapping[Key, type[Record]]) -> dict[Key, Record]:
        beneath = {key: of for key, of in wanted.items() if key not in self._held}
        held = {key: self._held[key] for key in wanted if key in self._held}
        over = {key: one for key, one in held.items() if type(one) is wanted[key]}
        return self._beneath.get_each(beneath) | over

    def page(
        self, partition: str, of: type[R], prefix: str = "", after: str = "", most: int = 50
    ) -> list[R]:
        return list(islice(self.find(partition, of, prefix, after), most))

    def of_learner(self, learner: str, of: type[R]) -> list[R]:
        kept = self._under(self._beneath.of_learner(learner, of))
        return kept + [held for held in self._over(of) if held.learner == learner]

    def page_of(self, learner: str, kinds: Sequence[type[Record]]) -> list[Record]:
        return [record for of in kinds for record in self.of_learner(learner, of)]

    def waiting(self, as_what: str, until: datetime, of: type[R]) -> list[R]:
        found = self._under(self._beneath.waiting(as_what, until, of))
        found += [
            held
            for held in self._over(of)
            if held.waiting == as_what and (held.waiting_since or "~") <= until.isoformat()
        ]
        return sorted(found, key=lambda record: record.waiting_since or "")

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        if len(records) + len(seats) > COMMIT_LIMIT:
            raise ValueError(f"{len(records) + len(seats)} changes do not fit into one commit.")
        if len({record.key() for record in records}) < len(records):
            raise ValueError("One commit saves a record twice.")
        for record in records:
            kept = self.get(record.key(), type(record))
            if (kept.version if kept else 0) != record.version:
                raise Conflict(f"{record.kind} has changed since it was read.")
        counts = [self._changed_count(change) for change in seats]
        self._held |= {record.key(): record.committed() for record in records}
        self._held |= {count.key(): count for count in counts}
        self.written += records
        self.seats += seats

    def put_all(self, records: Iterable[Record]) -> None:
        for record in records:
            self._held[record.key()] = record.committed()
            self.written.append(record)

    def _changed_count(self, change: SeatChange) -> SeatCount:
        count = self.get(change.key(), SeatCount) or SeatCount(session=change.session)
        taken = count.taken + change.by
        if change.by > 0 and taken > change.capacity:
            raise SoldOut(change.session)
        return count.model_copy(update={"taken": taken, "version": count.version + 1})

    def _under(self, kept: Iterable[R]) -> list[R]:
        return [record for record in kept if record.key() not in self._held]

    def _over(self, of: type[R]) -> list[R]:
        return [record for _, record in sorted(self._held.items()) if type(record) is of]
