"""Find everything that is kept of one person, wherever it stands: for them to take, or to erase.

Most of it stands on their page. The rest is found by what is known from there: reports by how they
name somebody, staff's word on who is who by session, letters to staff by what they say, files by
the events and certificates that name them. Nothing is scanned but what waits, and one session's
reports at a time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.applications import Answers, Application
from shared.domain.badges import badge_file
from shared.domain.certificates import Certificate
from shared.domain.communities import CommunityInvite
from shared.domain.erasure import Erasure
from shared.domain.kept_events import KeptEvent
from shared.domain.letters import CARRIED, FAILED, Letter
from shared.domain.letters import WAITING as OWED
from shared.domain.likeness import Likeness, SamePerson
from shared.domain.links import learner_id
from shared.domain.live_attendance import LiveFact
from shared.domain.mailboxes import AddressChange
from shared.domain.matching import Alias
from shared.domain.particulars import Particulars, ParticularsTold
from shared.domain.payments import Order
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Key, Record
from shared.domain.redaction import IMPERSONAL, personal_kinds
from shared.domain.registrations import Learner, Registration
from shared.domain.replays import Replay
from shared.domain.sightings import Identities, Sighting, identify
from shared.ports import Records


@dataclass
class Everything:
    """All that is kept of somebody. `words` are what they are called and reached by.

    `apart` are records that stand on nobody's page, or on another's, and speak of them;
    `named_by` says by which ids reports name them, session by session.
    """

    ids: tuple[str, ...]
    words: tuple[str, ...] = ()
    mine: list[Record] = field(default_factory=list)
    apart: list[Record] = field(default_factory=list)
    named_by: dict[str, set[str]] = field(default_factory=dict)
    applications: list[tuple[Application, Answers | None]] = field(default_factory=list)
    raw_events: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)

    def of(self, kind: type[Record]) -> list[Record]:
        """All records of a kind on their page."""
        return [one for one in self.mine if type(one) is kind]

    def mentions(self, text: str) -> bool:
        """Whether a text holds one of their addresses, or their full name, as such."""
        return _holds(text, (word for word in self.words if "@" in word or " " in word))

    def may_mention(self, text: str) -> bool:
        """The same, or a name of one word, which others may bear too."""
        return _holds(text, self.words)


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in words)


def gather_person(
    learner: str,
    *,
    records: Records,
    applications: Records,
    identity_key: bytes,
    now: datetime,
    in_doubt: bool = False,
) -> Everything:
    """Everything, as it is now (a moment behind where it is found by person).

    `in_doubt` counts what a bare first name may mean, too: right where it is taken away, wrong
    where it is handed out.
    """
    erasure = records.get(Erasure.key_of(learner), Erasure)
    kinds = tuple(_every_kind())
    second = [one for one in records.of_learner(learner, SamePerson) if one.holds]
    others = {one.other for one in second} | {*(erasure.others if erasure else ())}
    found = Everything(ids=(learner, *sorted(others)))
    for one in found.ids:
        found.mine += records.page_of(one, kinds)
    found.mine += [one for one in (erasure,) if one is not None and one not in found.mine]
    for one in found.ids:
        found.applications += _applications(one, applications)
    found.words = tuple(sorted(_words(found)))
    series, sessions = _where(found)
    for session in sessions:
        found.named_by[session] = _named_in(session, found, series, identity_key, in_doubt)
        seen = list(_in_reports(session, found, records))
        for row in seen:
            found.named_by[session] |= _ids_of(row.participant, row.identities)
        found.apart += seen
    for scope in (*series, *sessions):
        found.apart += _aliases(scope, found, records)
    for one in series:
        found.apart += [
            pair
            for pair in records.find(Likeness.key_of(one, "", "").partition, Likeness)
            if {*pair.pair} & {*found.ids}
        ]
    found.apart += _letters_that_speak_of(found, sessions if in_doubt else [], records, now)
    found.raw_events = _raw_events(found, records, identity_key)
    for order in found.of(Order):
        assert isinstance(order, Order)  # noqa: S101 - asked for as such
        found.apart += list(records.find(f"REPLAY#{order.order}", Replay))
    found.documents = list(_documents(found))
    return found


def _every_kind() -> Iterator[type[Record]]:
    """Every kind of record that there is, so that a new one is never forgotten."""
    ahead: list[type[Record]] = [Record]
    while ahead:
        of = ahead.pop()
        ahead += of.__subclasses__()
        if "kind" in vars(of) and (of in personal_kinds() or of.kind in IMPERSONAL):
            yield of


def _applications(learner: str, applications: Records) -> list[tuple[Application, Answers | None]]:
    return [
        (one, applications.get(Answers.key_of(one.series, one.reference), Answers))
        for one in applications.of_learner(learner, Application)
    ]


def _words(found: Everything) -> set[str]:
    """What they are called and reached by, everywhere that they told us."""
    words: set[str] = set()
    for one in found.mine:
        match one:
            case Learner():
                words |= {one.name, one.address}
            case Order():
                words |= {one.buyer_name, one.buyer_address}
            case AddressChange():
                words.add(one.address)
            case CommunityInvite():
                words.add(one.address or "")
            case Certificate():
                words.add(one.text.name)
            case Particulars() | ParticularsTold():
                words.add(one.certificate_name or "")
            case Sighting() | LiveFact():
                words |= {one.address, one.name}
    for _, answers in found.applications:
        if answers is not None:
            words |= {answers.name, answers.address}
    return {clean_name(word) for word in words if len(clean_name(word)) > 1}


def _where(found: Everything) -> tuple[list[str], list[str]]:
    """The series and the sessions in which anything of them may stand."""
    series, sessions = set(), set()
    for one in found.mine:
        match one:
            case Registration():
                series.add(one.series)
                sessions.add(one.session)
            case Order():
                series |= {one.series} if one.series else set()
                sessions |= {*one.sessions}
            case Sighting() | LiveFact():
                sessions.add(one.session)
    return sorted(series), sorted(sessions)


def _named_in(
    session: str, found: Everything, series: Iterable[str], identity_key: bytes, in_doubt: bool
) -> set[str]:
    """The ids by which a report of that session names them: what it named them by, and would."""
    ids = {*found.ids}
    for one in found.mine:
        if isinstance(one, Sighting | LiveFact) and one.session == session:
            ids |= _ids_of(one.participant, one.identities)
    clear = [word for word in found.words if in_doubt or "@" in word or " " in word]
    for word in clear:
        for of in series or ("",):
            named = identify("", word if "@" in word else "", word, of, identity_key)
            ids |= _ids_of(named.participant, named.identities)
    return ids


def _ids_of(participant: str, identities: Identities) -> set[str]:
    named = (participant, identities.registrant, identities.address, identities.name)
    return {one for one in named if one}


def _in_reports(session: str, found: Everything, records: Records) -> Iterator[Sighting | LiveFact]:
    """What reports and live events say of them without an address of theirs."""
    known = {one.key() for one in found.mine}
    ids = found.named_by[session]
    for of, prefix in ((Sighting, "SIGHTING#"), (LiveFact, "LIVE#")):
        for one in records.find(f"SESSION#{session}", of, prefix):
            assert isinstance(one, Sighting | LiveFact)  # noqa: S101 - asked for as such
            if one.key() in known:
                continue
            named = _ids_of(one.participant, one.identities)
            # Who gives another address is somebody else, whatever they are called.
            if named & ids or (one.identities.address is None and found.mentions(one.name)):
                yield one


def _aliases(scope: str, found: Everything, records: Records) -> Iterator[Alias]:
    """What staff said of who is who, where it is them."""
    for one in records.find(Alias.partition_of(scope), Alias):
        if {said.learner for said in one.confirmations} & {*found.ids} or found.mentions(
            one.seen_as
        ):
            yield one


def _letters_that_speak_of(
    found: Everything, in_doubt_of: list[str], records: Records, now: datetime
) -> Iterator[Letter]:
    """Letters to staff that name them, as long as they hold what they carried.

    Of these sessions, those too that may name them.
    """
    known = {one.key() for one in found.mine}
    seen: set[Key] = set()
    for word in (OWED, FAILED, CARRIED):
        for one in records.waiting(word, now, Letter):
            if one.key() in known | seen or not one.letter.to_staff:
                continue
            said = str([one.facts, one.lines, one.listed])
            doubtful = one.session in in_doubt_of and found.may_mention(said)
            if found.mentions(said) or doubtful:
                seen.add(one.key())
                yield one


def _raw_events(found: Everything, records: Records, identity_key: bytes) -> list[str]:
    """The files, of a month at most, in which providers speak of them or of their payments."""
    addresses = (clean_address(word) for word in found.words)
    about = {
        *found.ids,
        *(learner_id(one, identity_key) for one in addresses if one),
        *(one.order for one in found.of(Order) if isinstance(one, Order)),
    }
    return sorted(
        {
            kept.file
            for one in about
            for kept in records.find(KeptEvent.partition_of(one), KeptEvent)
        }
    )


def _documents(found: Everything) -> Iterator[str]:
    """The files of their certificates and badges."""
    for one in found.of(Certificate):
        assert isinstance(one, Certificate)  # noqa: S101 - asked for as such
        for revision in range(1, one.next_revision):
            yield badge_file(one.public_id, revision)
        yield from (document for document in (one.document,) if document)
        yield from (kept.document for kept in one.earlier)
