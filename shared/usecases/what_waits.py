"""List what waits for a person, of every kind, oldest first.

One question a kind to the index of what waits, which holds nothing else; names and titles are read
for those items alone that are shown.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.domain.appeals import WAITING as APPEALS
from shared.domain.appeals import Appeal
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.letters import FAILED, Letter
from shared.domain.likeness import WAITING as LIKENESSES
from shared.domain.likeness import Likeness
from shared.domain.made_up import WAITING as REFLECTIONS
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import WAITING as MAILBOXES
from shared.domain.mailboxes import Mailbox
from shared.domain.payments import REVIEW, Order
from shared.domain.record import Record
from shared.domain.recording_release import WAITING as RELEASES
from shared.domain.recording_release import Release
from shared.domain.refund_requests import FOR_STAFF, RefundRequest
from shared.domain.registrations import Learner, Registration, latest_of
from shared.domain.sessions import WAITING as SESSIONS
from shared.domain.sessions import Series, SessionState
from shared.domain.unmatched import WAITING as UNMATCHED
from shared.domain.unmatched import UnmatchedRows
from shared.domain.waiting_items import LINK_IS_NEEDED, WaitingItem, WaitingKind, title_of
from shared.domain.waiting_money import of_payment, of_refund
from shared.domain.waiting_people import (
    of_address,
    of_appeal,
    of_attendance,
    of_certificate,
    of_likeness,
    of_reflection,
)
from shared.domain.waiting_things import of_joining_link, of_letter, of_recording, of_report
from shared.ports import Records
from shared.usecases.find_purchase import series_of
from shared.usecases.what_waits_in_rounds import what_waits_in_rounds

_LONGEST_SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class WhatWaits:
    """Some of what waits, oldest first; `after` names where the rest begins, if there is one."""

    items: tuple[WaitingItem, ...]
    in_all: int
    after: str = ""


@dataclass(frozen=True)
class _Waits:
    """Something that waits, and how it is told once it is to be shown."""

    kind: WaitingKind
    place: str
    tell: Callable[[], WaitingItem]


def what_waits(
    *,
    records: Records,
    now: datetime,
    applications: Records | None = None,
    most: int | None = None,
    after: str = "",
    kinds: Container[WaitingKind] | None = None,
    but_not_of: str = "",
) -> WhatWaits:
    """What waits now (a moment behind): at most so many items, those behind `after`.

    Without `applications`, what waits in scholarship rounds is left out; with `kinds`, only these
    are listed. An application that the reviewer `but_not_of` sent themselves is not among them.
    """
    everything = _everything(records, applications, now, but_not_of)
    wanted = [one for one in everything if kinds is None or one.kind in kinds]
    found = sorted(wanted, key=lambda one: one.place)
    rest = [one for one in found if one.place > after]
    shown = rest if most is None else rest[:most]
    more = shown[-1].place if shown and len(rest) > len(shown) else ""
    return WhatWaits(tuple(one.tell() for one in shown), len(found), more)


def _everything(
    records: Records, applications: Records | None, now: datetime, but_not_of: str
) -> Iterator[_Waits]:
    tell = _Telling(records)
    if applications is not None:
        for one in what_waits_in_rounds(applications, now, tell.catalogue, but_not_of):
            yield _waits(one.kind, one.record, one.tell)
    for order in records.waiting(REVIEW, now, Order):
        yield _waits(WaitingKind.PAYMENT, order, partial(tell.payment, order))
    for request in records.waiting(FOR_STAFF, now, RefundRequest):
        yield _waits(WaitingKind.REFUND, request, partial(tell.refund, request))
    for rows in records.waiting(UNMATCHED, now, UnmatchedRows):
        yield _waits(WaitingKind.ATTENDANCE, rows, partial(tell.attendance, rows))
    for release in records.waiting(RELEASES, now, Release):
        yield _waits(WaitingKind.RECORDING, release, partial(tell.recording, release))
    for mailbox in records.waiting(MAILBOXES, now, Mailbox):
        yield _waits(WaitingKind.ADDRESS, mailbox, partial(tell.address, mailbox))
    for letter in records.waiting(FAILED, now, Letter):
        yield _waits(WaitingKind.LETTER, letter, partial(tell.letter, letter))
    for certificate in records.waiting("certificate", now, Certificate):
        yield _waits(WaitingKind.CERTIFICATE, certificate, partial(of_certificate, certificate))
    for pair in records.waiting(LIKENESSES, now, Likeness):
        yield _waits(WaitingKind.LIKENESS, pair, partial(tell.likeness, pair))
    for made_up in records.waiting(REFLECTIONS, now, MadeUp):
        yield _waits(WaitingKind.REFLECTION, made_up, partial(tell.reflection, made_up))
    for appeal in records.waiting(APPEALS, now, Appeal):
        yield _waits(WaitingKind.APPEAL, appeal, partial(tell.appeal, appeal, now))
    soon = now + LINK_IS_NEEDED + _LONGEST_SESSION
    for state in records.waiting(SESSIONS, soon, SessionState):
        session = tell.session(state.series, state.session)
        if session is None:
            continue
        if state.task_token is not None and state.report is None:
            catalogue = tell.catalogue(state.series)
            item = of_report(state, catalogue) if catalogue else None
        else:
            missing = not session.joining_link and _is_near(session, now)
            item = of_joining_link(session, state.series) if missing else None
        if item is None:
            continue
        place = f"{item.since.isoformat()} {item.name}"
        yield _Waits(item.kind, place, partial(_same, item))


def _waits(kind: WaitingKind, record: Record, tell: Callable[[], WaitingItem]) -> _Waits:
    return _Waits(kind, f"{record.waiting_since} {'/'.join(record.key())}", tell)


def _same(item: WaitingItem) -> WaitingItem:
    return item


def _is_near(session: Session, now: datetime) -> bool:
    return now < session.starts_at <= now + LINK_IS_NEEDED and session.cancelled is None


class _Telling:
    """Reads what an item says of people and sessions, each series once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._series: dict[str, Series | None] = {}

    def payment(self, order: Order) -> WaitingItem:
        series = None if order.series else series_of(order, self._records)
        return of_payment(order, series.series if series else order.series)

    def appeal(self, appeal: Appeal, now: datetime) -> WaitingItem:
        session = self.session(appeal.series, appeal.scope)
        verdict = self._records.get(Verdict.key_of(appeal.scope, appeal.learner), Verdict)
        return of_appeal(appeal, self._person(appeal.learner), session, verdict, now)

    def refund(self, request: RefundRequest) -> WaitingItem:
        titles = [title_of(self.session(request.series, one), one) for one in request.sessions]
        return of_refund(request, self._person(request.learner), titles)

    def attendance(self, rows: UnmatchedRows) -> WaitingItem:
        return of_attendance(rows, self.session(rows.series, rows.session))

    def recording(self, release: Release) -> WaitingItem:
        return of_recording(release, self.session(release.series, release.session))

    def address(self, mailbox: Mailbox) -> WaitingItem:
        learner = mailbox.learner or ""
        latest = latest_of(self._records.of_learner(learner, Registration))
        return of_address(mailbox, self._person(learner), latest.series if latest else None)

    def letter(self, letter: Letter) -> WaitingItem:
        return of_letter(letter, self._person(letter.learner))

    def reflection(self, made_up: MadeUp) -> WaitingItem:
        session = self.session(made_up.series, made_up.session)
        return of_reflection(made_up, self._person(made_up.learner), session)

    def likeness(self, pair: Likeness) -> WaitingItem:
        return of_likeness(pair, [self._person(one) for one in pair.pair])

    def catalogue(self, series: str) -> Catalogue | None:
        if series not in self._series:
            self._series[series] = self._records.get(Series.key_of(series), Series)
        kept = self._series[series]
        return kept.catalogue if kept else None

    def session(self, series: str, session: str) -> Session | None:
        catalogue = self.catalogue(series)
        held = catalogue.sessions if catalogue else ()
        return next((one for one in held if one.id == session), None)

    def _person(self, learner: str | None) -> Learner | None:
        return self._records.get(Learner.key_of(learner), Learner) if learner else None
