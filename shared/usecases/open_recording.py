"""What opens a recording: the watch page, its files and its captions, by a personal link.

The right is decided again at each of them, so that a page which stands open all night opens nothing
in the morning that its reader has lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from shared.domain.catalogue import Catalogue, Session
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import RULE_VERSION, entitlements
from shared.domain.links import read
from shared.domain.recordings import Recording, when_deleted
from shared.domain.registrations import Registration
from shared.domain.watch_links import WatchLink, read_subject, subject_of
from shared.domain.watching import Programme, WatchView, group_files, media_type_of
from shared.domain.zones import say_day
from shared.ports import Files, Records
from shared.usecases.check_recording import files_of
from shared.usecases.find_session import Found, find_session
from shared.usecases.open_pages import NoAccess, NotFound, has_left

# Signed only to see which place our addresses lead on to; nobody is told the rest.
_TO_LOOK_AT = timedelta(minutes=1)


@dataclass(frozen=True)
class Media:
    """An address at which a file can be had for some minutes."""

    url: str


@dataclass(frozen=True)
class Captions:
    """Captions in full, as WebVTT."""

    content: bytes


@dataclass(frozen=True)
class Allowed:
    """Somebody who may watch a session now, and what there is of it."""

    found: Found
    learner: str
    generation: int
    programme: Programme

    @property
    def session(self) -> Session:
        return self.found.session

    @property
    def catalogue(self) -> Catalogue:
        return self.found.catalogue


def who_may_watch(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> Allowed | NoAccess | NotFound:
    """Whom this link lets watch what. A link that a newer one has replaced is not found."""
    linked = read_subject(read("watch", token, keys, now) or "")
    found = find_session(linked.session, records) if linked else None
    if linked is None or found is None:
        return NotFound()
    session, learner, generation = linked
    registration = records.get(Registration.key_of(session, learner), Registration)
    if registration is None or generation != _generation(session, learner, records):
        return NotFound()
    if has_left(learner, records):
        return NotFound()
    right = entitlements(found.catalogue, session, registration, now).recording
    if not right.granted:
        right = _with_deletion(right, found, records)
        return NoAccess(right, found.catalogue, found.session.title)
    programme = programme_of(found.catalogue, session, records)
    if not programme.played:
        soon = Reason(code="not_here", text="The recording is not here yet. We write when it is.")
        return NoAccess(refused(RULE_VERSION, soon), found.catalogue, found.session.title)
    return Allowed(found, learner, generation, programme)


def open_watch_page(
    token: str, wish: str, allowed: Allowed, *, uploads: Files
) -> WatchView | NotFound:
    """The page, playing what was wished for if there is such a thing."""
    role = allowed.programme.wished(wish)
    if role is None:
        return NotFound()
    address = _address(allowed.programme.files[role], uploads, _TO_LOOK_AT)
    place = urlsplit(address)
    return WatchView(
        token=token,
        catalogue=allowed.catalogue,
        session=allowed.session,
        programme=allowed.programme,
        role=role,
        closes_at=allowed.catalogue.recording_closes_at(allowed.session.id),
        media_origin=f"{place.scheme}://{place.netloc}",
    )


def open_media(
    wish: str, allowed: Allowed, *, uploads: Files, lasts: timedelta
) -> Media | NotFound:
    """Where the file that stands for that role can be had now. Browsers seek in it alone."""
    role = next((role for role in allowed.programme.files if role == wish), None)
    if role is None:
        return NotFound()
    return Media(_address(allowed.programme.files[role], uploads, lasts))


def open_captions(language: str, allowed: Allowed, *, uploads: Files) -> Captions | NotFound:
    """Captions in that language. They come from the page's own place, or browsers show none."""
    kept = allowed.programme.captions.get(language)
    if kept is None:
        return NotFound()
    return Captions(uploads.read(kept.object_key, kept.object_version or None))


def programme_of(catalogue: Catalogue, session: str, records: Records) -> Programme:
    """What there is to watch of a session."""
    return group_files(files_of(session, records), catalogue.institute.languages[0])


def watch_subject(session: str, learner: str, records: Records) -> str:
    """What a link to that recording is to be signed for, so that it is the one that counts."""
    return subject_of(session, learner, _generation(session, learner, records))


def _with_deletion(right: Decision, found: Found, records: Records) -> Decision:
    """The refusal, and that the files are gone if they are: then nobody need be asked for them."""
    deleted_at = when_deleted(files_of(found.session.id, records))
    if right.reasons[0].code != "window_closed" or deleted_at is None:
        return right
    text = f"It was deleted on {say_day(deleted_at, found.session.zone)}."
    return refused(RULE_VERSION, *right.reasons, Reason(code="deleted", text=text))


def _generation(session: str, learner: str, records: Records) -> int:
    link = records.get(WatchLink.key_of(session, learner), WatchLink)
    return link.generation if link else 0


def _address(recording: Recording, uploads: Files, lasts: timedelta) -> str:
    return uploads.link(
        recording.object_key,
        recording.object_version or None,
        int(lasts.total_seconds()),
        media_type_of(recording),
        recording.name,
    )
