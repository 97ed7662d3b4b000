"""A person's own page: gathered from their records, every right decided again at this moment.

What it reads grows with what the person has, never with how many others there are: one lookup by
person, three by key, one per series, and two to four per session that they have a seat in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.appeals import Appeal, may_appeal
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict, can_still_be_earned
from shared.domain.entitlements import entitlements
from shared.domain.evaluations import may_evaluate
from shared.domain.letters import Letter, LetterStatus
from shared.domain.links import read
from shared.domain.mailboxes import Mailbox
from shared.domain.my_page import (
    MyAppeal,
    MyAward,
    MyCertificate,
    MyLetter,
    MyPageView,
    MySeries,
    MySession,
    Upcoming,
)
from shared.domain.particulars import Particulars
from shared.domain.people import mask_address
from shared.domain.progress import progress_of
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.domain.watch_links import WatchLink, subject_of
from shared.domain.what_next import what_next
from shared.ports import Records
from shared.usecases.evaluation_of import has_evaluated
from shared.usecases.make_up_part import can_be_made_up, made_up_by
from shared.usecases.open_pages import NotFound
from shared.usecases.open_recording import programme_of

Link = Callable[..., str]


def holder_of(token: str, *, keys: list[bytes], records: Records, now: datetime) -> Learner | None:
    """Whose page this token opens now; None for any other token, and for nobody we know."""
    learner = read("me", token, keys, now)
    person = records.get(Learner.key_of(learner), Learner) if learner else None
    # Who took everything away has no page, until a payment begins anew.
    return None if person is None or person.erased_at else person


def open_my_page(
    token: str, *, keys: list[bytes], records: Records, link: Link, now: datetime
) -> MyPageView | NotFound:
    """The page. Opening it changes nothing. `link` makes an address of our own: (purpose, subject).

    Seats, verdicts and certificates are found by person, so they may be a moment behind.
    """
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    mine = _Mine.of(person.learner, records, link)
    mailbox = records.get(Mailbox.key_of(person.learner), Mailbox)
    reminded = mailbox is None or mailbox.wants_announcements
    found = [
        _series(kept.catalogue, mine, records, link, now)
        for kept in series_of(mine.registrations, records)
    ]
    found.sort(key=lambda one: _in_order(one, now))
    seated = {one.id: one.catalogue for one in found}
    elsewhere = [
        (kept.catalogue, mine.awards[series])
        for series in sorted(mine.awards.keys() - seated.keys())
        if (kept := records.get(Series.key_of(series), Series)) is not None
    ]
    catalogues = seated | {catalogue.series.id: catalogue for catalogue, _ in elsewhere}
    return MyPageView(
        token=token,
        name=person.name,
        address=mask_address(person.address),
        particulars=records.get(Particulars.key_of(person.learner), Particulars),
        series=tuple(found),
        awards=tuple(elsewhere),
        next=_next(found, elsewhere, now, reminded=reminded),
        letters=letters_of(mine.letters, catalogues),
        bounces=mailbox is not None and mailbox.bounced_at is not None,
        reminded=reminded,
        zone=person.zone,
    )


@dataclass(frozen=True)
class _Mine:
    """What stands on one person's page, by kind: the last four by their scope or series."""

    registrations: list[Registration]
    letters: list[Letter]
    verdicts: dict[str, Verdict]
    certificates: dict[str, MyCertificate]
    awards: dict[str, MyAward]
    appeals: dict[str, Appeal]

    def appeal(self, scope: str, catalogue: Catalogue, zone: str, now: datetime) -> MyAppeal | None:
        """Whether what was decided there can be questioned, if anything was."""
        verdict, latest = self.verdicts.get(scope), self.appeals.get(scope)
        if verdict is None:
            return None
        decision = may_appeal(verdict, latest, catalogue.policies.appeal, zone, now)
        return MyAppeal(decision=decision, latest=latest)

    @classmethod
    def of(cls, learner: str, records: Records, link: Link) -> "_Mine":
        """All of it, asked for once."""
        kinds = (Registration, Letter, Verdict, Certificate, Award, Appeal)
        found = records.page_of(learner, kinds)
        return cls(
            registrations=[one for one in found if isinstance(one, Registration)],
            letters=[one for one in found if isinstance(one, Letter)],
            verdicts={one.scope: one for one in found if isinstance(one, Verdict)},
            certificates={
                one.scope: MyCertificate(
                    certificate=one, link=link("certificate", f"{one.scope}/{one.learner}")
                )
                for one in found
                if isinstance(one, Certificate) and one.given
            },
            awards={
                one.series: MyAward(
                    award=one, link=link("application", f"{one.series}/{one.reference}")
                )
                for one in found
                if isinstance(one, Award)
            },
            # The last one of each scope stands, because they come in their order.
            appeals={
                one.scope: one
                for one in sorted(
                    (one for one in found if isinstance(one, Appeal)), key=lambda one: one.number
                )
            },
        )


def letters_of(letters: list[Letter], catalogues: dict[str, Catalogue]) -> tuple[MyLetter, ...]:
    """Letters that were written to the person, the latest first.

    Those to staff, those that were no longer true when they would have gone, and those of a series
    that they have nothing in are left out.
    """
    shown = [
        one
        for one in letters
        if not one.letter.to_staff
        and one.status is not LetterStatus.WITHDRAWN
        and one.series in catalogues
    ]
    shown.sort(key=lambda one: (one.sent_at or one.owed_at, one.about), reverse=True)
    return tuple(_letter(one, catalogues[one.series or ""]) for one in shown)


def _letter(letter: Letter, catalogue: Catalogue) -> MyLetter:
    titles = {one.id: one for one in catalogue.sessions}
    session = titles.get(letter.session or letter.about.partition("/")[0])
    return MyLetter(
        letter=letter.letter,
        about=session.title if session else catalogue.series.title,
        zone=session.zone if session else catalogue.institute.zone,
        **letter.model_dump(include={"status", "owed_at", "sent_at", "delivered_at"}),
    )


def _next(
    series: list[MySeries],
    elsewhere: list[tuple[Catalogue, MyAward]],
    now: datetime,
    *,
    reminded: bool,
) -> tuple[Upcoming, ...]:
    """What is ahead in all series, the soonest first."""
    found = [
        upcoming
        for one in series
        for upcoming in what_next(
            one, now, award=one.award.award if one.award else None, reminded=reminded
        )
    ]
    for catalogue, award in elsewhere:
        alone = MySeries(catalogue=catalogue, tiers=(), sessions=())
        found += what_next(alone, now, award=award.award)
    return tuple(sorted(found, key=lambda one: (one.at, one.text)))


def series_of(registrations: Iterable[Registration], records: Records) -> list[Series]:
    """The series that somebody has, or had, a seat in."""
    ids = sorted({registration.series for registration in registrations})
    kept = (records.get(Series.key_of(series), Series) for series in ids)
    return [series for series in kept if series is not None]


def _series(
    catalogue: Catalogue, mine: _Mine, records: Records, link: Link, now: datetime
) -> MySeries:
    verdicts, certificates = mine.verdicts, mine.certificates
    theirs = {one.session: one for one in mine.registrations if one.series == catalogue.series.id}
    tiers = {tier for one in theirs.values() for tier in one.tiers}
    per_unit = catalogue.policies.certificate.per == "unit"
    learner = next((one.learner for one in theirs.values()), "")
    made_up = made_up_by(learner, catalogue, records) if per_unit else frozenset()
    attended = {part: verdicts[part].attended for part in theirs if part in verdicts}
    return MySeries(
        catalogue=catalogue,
        progress=progress_of(catalogue, attended, made_up, now) if per_unit else None,
        tiers=tuple(tier for tier in catalogue.tiers if tier.id in tiers),
        sessions=tuple(
            _session(
                session, theirs[session.id], verdicts.get(session.id), catalogue, records, link, now
            ).model_copy(
                update={
                    "certificate": certificates.get(session.id),
                    "appeal": mine.appeal(session.id, catalogue, session.zone, now),
                    "made_up": session.id in made_up,
                    "make_up": session.id in attended
                    and not attended[session.id].granted
                    and can_be_made_up(catalogue, session),
                }
            )
            for session in catalogue.sessions
            if session.id in theirs
        ),
        orders=tuple(
            sorted({name for one in theirs.values() for name, of in one.grants.items() if of.holds})
        ),
        unit=verdicts.get(catalogue.series.id),
        unit_certificate=certificates.get(catalogue.series.id),
        award=mine.awards.get(catalogue.series.id),
        appeal=mine.appeal(catalogue.series.id, catalogue, catalogue.institute.zone, now),
    )


def _session(
    session: Session,
    registration: Registration,
    verdict: Verdict | None,
    catalogue: Catalogue,
    records: Records,
    link: Link,
    now: datetime,
) -> MySession:
    rights = entitlements(catalogue, session.id, registration, now)
    may_watch = rights.recording.granted and bool(
        programme_of(catalogue, session.id, records).played
    )
    replaced = records.get(WatchLink.key_of(session.id, registration.learner), WatchLink)
    generation = replaced.generation if replaced else 0
    subject = subject_of(session.id, registration.learner, generation)
    evaluation = None
    if catalogue.policies.evaluation is not None:
        over = now >= session.ends_at
        done = over and has_evaluated(session.id, registration.learner, records)
        evaluation = may_evaluate(
            catalogue, session, registration, verdict, evaluated=done, now=now
        )
    return MySession(
        session=session,
        seat=rights.seat,
        over=now >= session.ends_at,
        join=(session.joining_link or "") if rights.joining_link.granted else "",
        recording=rights.recording,
        watch=link("watch", subject) if may_watch else "",
        watch_generation=generation,
        watch_until=catalogue.recording_closes_at(session.id),
        verdict=verdict,
        not_yet=verdict is not None
        and can_still_be_earned(verdict.earned, catalogue, session, now),
        evaluation=evaluation,
        evaluation_until=catalogue.evaluation_closes_at(session.id),
    )


def _in_order(series: MySeries, now: datetime) -> tuple[bool, float]:
    """What has something ahead first; then what was last."""
    last = max((one.session.ends_at for one in series.sessions), default=now)
    return last <= now, -last.timestamp()
