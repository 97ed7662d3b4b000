"""Whether a session's recording may be shared yet: the catalogue's rules, and staff's own word.

A function of what has come and what was said, in whatever order it came. What was released once
stays so: a file that is replaced or added later asks for nothing anew.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record
from shared.domain.recording_windows import WindowChoice
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.value import Value
from shared.domain.zones import say_day

RULE_VERSION = "release-1"
WAITING = "release"
# Captions often follow their video by some minutes; nobody needs to be asked for them until then.
PATIENCE = timedelta(hours=1)


class Act(StrEnum):
    """What staff can say of a recording."""

    RELEASE = "release"
    ANNOUNCE = "announce"


class Word(Value):
    """That somebody said so, when and why."""

    act: Act
    by: str
    why: str
    at: datetime


class Release(Record):
    """What was said of one session's recording, and whether it may be shared.

    It waits as "release" while a good file is there and something is missing. `first_at` is when
    the first file to watch was uploaded; `released_with` are the bytes with which all was there.
    """

    kind: ClassVar[str] = "release"

    session: str
    series: str
    decision: Decision | None = None
    first_at: datetime | None = None
    released_at: datetime | None = None
    released_with: str | None = None
    words: tuple[Word, ...] = ()
    choices: tuple[WindowChoice, ...] = ()

    @staticmethod
    def key_of(session: str) -> Key:
        """Where the release of that session's recording stands."""
        return Key(f"SESSION#{session}", "RELEASE")

    def key(self) -> Key:
        return self.key_of(self.session)

    @property
    def announcement(self) -> int:
        """How many times staff have had it announced again."""
        return sum(word.act is Act.ANNOUNCE for word in self.words)

    @property
    def announced_again_at(self) -> datetime | None:
        """When that was last."""
        return max((word.at for word in self.words if word.act is Act.ANNOUNCE), default=None)

    def decided(self, decision: Decision, now: datetime, identity: str | None) -> "Release":
        """The release after a decision; what waits is found by the sweep."""
        changes: dict[str, object] = {"decision": decision, "waiting": None, "waiting_since": None}
        if decision.granted and self.released_at is None:
            changes |= {"released_at": now, "released_with": identity}
        elif not decision.granted and decision.reasons[0].code not in _NOBODY_WAITS:
            since = self.waiting_since or now.isoformat()
            changes |= {"waiting": WAITING, "waiting_since": since}
        return self.model_copy(update=changes)


_NOBODY_WAITS = ("nothing_to_watch", "withheld")


def has_rules(catalogue: Catalogue) -> bool:
    """Whether anything could hold a good recording back, by this catalogue."""
    policy = catalogue.policies.recording
    return bool(policy.captions_required or policy.release == "staff" or policy.minimum_days)


def decide_release(catalogue: Catalogue, release: Release, files: Iterable[Recording]) -> Decision:
    """Whether the session's recording may be shared, or everything that is missing."""
    if catalogue.recording_withheld(release.session):
        return _not("withheld", "Staff chose to share this recording with nobody.")
    good = [one for one in files if one.is_good]
    played = [one for one in good if one.plays]
    if not played:
        return _not("nothing_to_watch", "There is no file to watch or hear yet.")
    if release.released_at is not None or any(one.announced_at for one in played):
        return granted(RULE_VERSION, "released", "It was released.")
    if any(word.act is Act.RELEASE for word in release.words):
        return granted(RULE_VERSION, "released_by_staff", "Staff released it.")
    missing = list(_missing(catalogue, release, good))
    if missing:
        return refused(RULE_VERSION, *missing)
    return granted(RULE_VERSION, "complete", "Everything that the catalogue asks for is there.")


def _missing(catalogue: Catalogue, release: Release, good: list[Recording]) -> Iterable[Reason]:
    policy, session = catalogue.policies.recording, catalogue.session(release.session)
    if policy.captions_required and all(one.media_type != "text/vtt" for one in good):
        text = "Captions are missing: upload captions.en.vtt beside the video."
        yield Reason(code="captions_missing", text=text)
    if policy.release == "staff" and not release.choices:
        yield Reason(code="for_staff", text="Staff release the recordings of this series.")
    closes_at = catalogue.recording_closes_at(session.id)
    if policy.minimum_days and closes_at and release.first_at and not release.choices:
        left = closes_at - max(release.first_at, session.ends_at)
        if left < timedelta(days=policy.minimum_days):
            yield Reason(
                code="too_little_time",
                text=f"It came late: it may be watched until {say_day(closes_at, session.zone)}, "
                f"which is less than {policy.minimum_days} days. Should everybody have more time "
                "(extend-all), should the time count from now (from-release), or is it shared with "
                "nobody (do-not-share)?",
            )


def statuses(decision: Decision, files: Iterable[Recording]) -> list[Recording]:
    """Those of the files whose status is another one now, changed."""
    status = RecordingStatus.READY if decision.granted else RecordingStatus.WAITING
    return [
        one.model_copy(update={"status": status})
        for one in files
        if one.plays and one.status is not status and one.status in _OPEN
    ]


_OPEN = (RecordingStatus.READY, RecordingStatus.WAITING)


def _not(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
