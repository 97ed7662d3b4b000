"""Fetch one file of a recording from Zoom into the bucket, part by part.

Never more than one part is in memory. What is there already is asked of the bucket, so a worker
that was cut off costs the rest of one part; a connection that breaks costs nothing. Two orders for
the same file fetch it once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.domain.cloud_recordings import LEASE, Fetch, FetchState, left
from shared.domain.decisions import Decision
from shared.domain.recording_files import how_much, judge_file
from shared.failures import Unavailable
from shared.file_ports import (
    Broken,
    CloudAccess,
    Downloads,
    Incoming,
    LargeUploads,
    NotLetIn,
    NotThere,
    Part,
    Queue,
)
from shared.messages import FetchWanted
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.order_recording import tell_staff

PART = 16 * 1024 * 1024  # bytes; ten thousand parts, as S3 takes them, are 160 GB
LARGEST = 10_000 * PART
_BREAKS = 5  # in a row, without a byte in between: then the queue waits, and tries again


class Fetched(StrEnum):
    """What became of an order. PAUSED: time is up, and another order takes it from there."""

    DONE = "done"
    BEFORE = "before"
    PAUSED = "paused"
    LEFT = "left"


@dataclass(frozen=True)
class Means:
    """What fetching needs. `has_time` says whether there is time to go on."""

    records: Records
    uploads: LargeUploads
    downloads: Downloads
    access: CloudAccess
    queue: Queue
    now: datetime
    has_time: Callable[[], bool] = field(default=lambda: True)


def fetch_recording(wanted: FetchWanted, means: Means) -> Fetched:
    """Fetch the file, or as much of it as there is time for.

    Raises Unavailable; fetching again goes on from the last part that is there.
    """
    before = means.records.get(Fetch.key_of(wanted.session, wanted.name), Fetch)
    ours = before if before is not None and before.file == wanted.file.id else None
    if ours is not None and ours.state is FetchState.DONE:
        return Fetched.BEFORE
    refusal = _not_wanted(wanted, means) or _taken(wanted, means)
    if refusal is not None:
        return _leave(wanted, refusal, means, ours)
    fetch = _claim(wanted, means)
    if fetch is None:
        return Fetched.BEFORE
    try:
        return _Copy(wanted, fetch, means).run()
    except _Left as error:
        return _leave(wanted, error.why, means, fetch)
    except KeyError:
        # The bucket has forgotten the upload, as it does after a week: the next one begins anew.
        _save(fetch.model_copy(update={"upload": None, "claimed_until": None}), means)
        raise Unavailable("The upload is not there any more.") from None


class _Left(Exception):
    def __init__(self, why: Decision) -> None:
        super().__init__(why.reasons[0].code)
        self.why = why


def _not_wanted(wanted: FetchWanted, means: Means) -> Decision | None:
    """Why the file is not wanted any more: the catalogue may have changed."""
    found = find_session(wanted.session, means.records)
    if found is None:
        return left("unknown_session", f"There is no session '{wanted.session}' any more.")
    if not found.session.recorded:
        return left("not_recorded", "The catalogue says that this session is not recorded.")
    if wanted.file.size > LARGEST:
        return left("too_large", "It is larger than 160 GB.")
    return None


def _taken(wanted: FetchWanted, means: Means) -> Decision | None:
    """Why there is no room under its name. Our own file, of which the record says less, is."""
    there = means.uploads.standing(_key(wanted))
    if there is None or there.mark == wanted.file.id:
        return None
    return left("taken", "A file of that name is there already, and it stays as it is.")


def _claim(wanted: FetchWanted, means: Means) -> Fetch | None:
    """The fetch, claimed for us; None if it is done, or somebody is at it."""

    def attempt() -> Fetch | None:
        before = means.records.get(Fetch.key_of(wanted.session, wanted.name), Fetch)
        if before is not None and before.file == wanted.file.id:
            if before.state is FetchState.DONE:
                return None
            if before.claimed_until is not None and before.claimed_until > means.now:
                return None
        goes_on = before is not None and before.goes_on_with(wanted.file)
        fetch = Fetch(
            version=before.version if before else 0,
            session=wanted.session,
            name=wanted.name,
            file=wanted.file.id,
            size=wanted.file.size,
            upload=before.upload if before is not None and goes_on else None,
            claimed_until=means.now + LEASE,
        )
        means.records.commit(fetch)
        return fetch

    return until_committed(attempt)


class _Copy:
    """One worker's share of the copying."""

    def __init__(self, wanted: FetchWanted, fetch: Fetch, means: Means) -> None:
        self._wanted, self._fetch, self._means = wanted, fetch, means
        self._key = _key(wanted)
        self._token = wanted.token
        self._asked_for_a_token = False
        self._parts: list[Part] = []
        self._held = bytearray()

    def run(self) -> Fetched:
        """Copy until it is done or time is up."""
        there = self._means.uploads.standing(self._key)
        if there is None:
            upload = self._begun()
            if not self._copied(upload):
                return self._paused()
            try:
                self._means.uploads.finish(self._key, upload, self._parts)
            except FileExistsError:
                taken = "A file of that name was uploaded meanwhile, and it stays as it is."
                raise _Left(left("taken", taken)) from None
        done = {"state": FetchState.DONE, "upload": None, "claimed_until": None, "why": None}
        _save(self._fetch.model_copy(update=done), self._means)
        return Fetched.DONE

    def _begun(self) -> str:
        upload = self._fetch.upload
        if upload is not None:
            self._parts = _unbroken(self._means.uploads.parts(self._key, upload), self._fetch.size)
            return upload
        upload = self._means.uploads.begin(self._key, _MEDIA[self._wanted.name], self._fetch.file)
        self._fetch = _save(self._fetch.model_copy(update={"upload": upload}), self._means)
        return upload

    @property
    def _offset(self) -> int:
        """The next byte that is wanted."""
        return sum(part.size for part in self._parts) + len(self._held)

    def _copied(self, upload: str) -> bool:
        """Whether every part is in the bucket; False if time is up."""
        in_vain = 0
        while self._offset < self._fetch.size:
            before = self._offset
            try:
                address, offset = self._wanted.file.address, self._offset
                with self._means.downloads.open(address, self._token, offset) as incoming:
                    if not self._take(incoming, upload):
                        return False
            except Broken:
                pass
            except NotLetIn:
                self._renew()
            except NotThere:
                gone = "Zoom has no such file, or does not say where it is on its own addresses."
                raise _Left(left("not_there", gone)) from None
            in_vain = 0 if self._offset > before else in_vain + 1
            if in_vain == _BREAKS:
                raise Unavailable("The connection to Zoom breaks again and again.")
        return True

    def _take(self, incoming: Incoming, upload: str) -> bool:
        """Take what comes; False if time was up before it was all."""
        if incoming.total != self._fetch.size:
            other = (
                f"Zoom said that it has {self._fetch.size} bytes, and it has {incoming.total}. "
                "It may still have been worked on."
            )
            raise _Left(left("other_size", other))
        for chunk in incoming.chunks:
            self._hold(chunk, upload)
            if not self._means.has_time():
                return self._offset >= self._fetch.size
        return True

    def _hold(self, chunk: bytes, upload: str) -> None:
        """Keep the bytes; whatever makes a part is put into the bucket at once."""
        at = 0
        while at < len(chunk):
            room = min(PART, self._fetch.size - sum(part.size for part in self._parts))
            take = chunk[at : at + room - len(self._held)]
            if not take:
                return  # more than it said that it had
            self._held += take
            at += len(take)
            if len(self._held) == room:
                self._put(upload)

    def _put(self, upload: str) -> None:
        if not self._parts:
            name, size = self._wanted.name, self._fetch.size
            # A text fits into one part, so what is held is all that its judgement needs.
            judged, _ = judge_file(name, size, bytes(self._held[: how_much(name, size)]))
            if not judged.granted:
                raise _Left(judged)
        number = len(self._parts) + 1
        self._parts.append(self._means.uploads.put(self._key, upload, number, self._held))
        self._held = bytearray()

    def _renew(self) -> None:
        """Another token, by the institute's own key: the one that came with the event is over."""
        token = None if self._asked_for_a_token else self._means.access.token()
        self._asked_for_a_token = True
        if token is None:
            text = "Zoom does not let us in: what it gives us opens a recording for a day."
            raise _Left(left("not_let_in", text))
        self._token = token

    def _paused(self) -> Fetched:
        """Let go of it, and order the rest."""
        _save(self._fetch.model_copy(update={"claimed_until": None}), self._means)
        self._means.queue.put(self._wanted.model_copy(update={"token": self._token}).told())
        return Fetched.PAUSED


_MEDIA = {"main.mp4": "video/mp4", "audio.m4a": "audio/mp4", "captions.en.vtt": "text/vtt"}


def _unbroken(parts: list[Part], size: int) -> list[Part]:
    """The parts from the first on, as far as each is one of ours and none is missing."""
    found: list[Part] = []
    for expected, part in enumerate(sorted(parts), start=1):
        whole = min(PART, size - sum(one.size for one in found))
        if part.number != expected or part.size != whole:
            break
        found.append(part)
    return found


def _leave(wanted: FetchWanted, why: Decision, means: Means, fetch: Fetch | None) -> Fetched:
    """Leave it at Zoom: staff hear why, the parts are forgotten, a later order may try again."""
    about = wanted.file.id
    tell_staff(wanted.session, wanted.series, wanted.name, about, why, means.records, means.now)
    if fetch is not None:
        kept = means.records.get(fetch.key(), Fetch)
        if kept is not None and kept.upload:
            means.uploads.abandon(_key(wanted), kept.upload)
        state = {"state": FetchState.LEFT, "upload": None, "claimed_until": None, "why": why}
        _save(fetch.model_copy(update=state), means)
    return Fetched.LEFT


def _save(fetch: Fetch, means: Means) -> Fetch:
    """Save what only the holder of the claim changes."""

    def attempt() -> Fetch:
        kept = means.records.get(fetch.key(), Fetch)
        saved = fetch.model_copy(update={"version": kept.version if kept else 0})
        means.records.commit(saved)
        return saved

    return until_committed(attempt)


def _key(wanted: FetchWanted) -> str:
    return f"recordings/{wanted.session}/{wanted.name}"
