"""A person's own page: gathered from their records, every right decided again at this moment.

What it reads grows with what the person has, never with how many others there are: three lookups
by person, one per series, and one or two per session that was held.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.entitlements import entitlements
from shared.domain.evaluations import may_evaluate
from shared.domain.links import read
from shared.domain.my_page import MyCertificate, MyPageView, MySeries, MySession
from shared.domain.particulars import Particulars
from shared.domain.people import mask_address
from shared.domain.progress import progress_of
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.domain.watch_links import WatchLink, subject_of
from shared.ports import Records
from shared.usecases.evaluation_of import has_evaluated
from shared.usecases.make_up_part import can_be_made_up, made_up_by
from shared.usecases.open_pages import NotFound
from shared.usecases.open_recording import programme_of

Link = Callable[..., str]


def holder_of(token: str, *, keys: list[bytes], records: Records, now: datetime) -> Learner | None:
    """Whose page this token opens now; None for any other token, and for nobody we know."""
    learner = read("me", token, keys, now)
    return records.get(Learner.key_of(learner), Learner) if learner else None


def open_my_page(
    token: str, *, keys: list[bytes], records: Records, link: Link, now: datetime
) -> MyPageView | NotFound:
    """The page. Opening it changes nothing. `link` makes an address of our own: (purpose, subject).

    Seats, verdicts and certificates are found by person, so they may be a moment behind.
    """
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    registrations = records.of_learner(person.learner, Registration)
    verdicts = {kept.scope: kept for kept in records.of_learner(person.learner, Verdict)}
    certificates = {
        kept.scope: MyCertificate(
            certificate=kept, link=link("certificate", f"{kept.scope}/{kept.learner}")
        )
        for kept in records.of_learner(person.learner, Certificate)
        if kept.given
    }
    found = [
        _series(kept.catalogue, registrations, verdicts, certificates, records, link, now)
        for kept in series_of(registrations, records)
    ]
    return MyPageView(
        token=token,
        name=person.name,
        address=mask_address(person.address),
        particulars=records.get(Particulars.key_of(person.learner), Particulars),
        series=tuple(sorted(found, key=lambda one: _in_order(one, now))),
    )


def series_of(registrations: Iterable[Registration], records: Records) -> list[Series]:
    """The series that somebody has, or had, a seat in."""
    ids = sorted({registration.series for registration in registrations})
    kept = (records.get(Series.key_of(series), Series) for series in ids)
    return [series for series in kept if series is not None]


def _series(
    catalogue: Catalogue,
    registrations: list[Registration],
    verdicts: dict[str, Verdict],
    certificates: dict[str, MyCertificate],
    records: Records,
    link: Link,
    now: datetime,
) -> MySeries:
    theirs = {one.session: one for one in registrations if one.series == catalogue.series.id}
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
        join=session.joining_link if rights.joining_link.granted else "",
        recording=rights.recording,
        watch=link("watch", subject) if may_watch else "",
        watch_generation=generation,
        watch_until=catalogue.recording_closes_at(session.id),
        verdict=verdict,
        evaluation=evaluation,
        evaluation_until=catalogue.evaluation_closes_at(session.id),
    )


def _in_order(series: MySeries, now: datetime) -> tuple[bool, float]:
    """What has something ahead first; then what was last."""
    last = max((one.session.ends_at for one in series.sessions), default=now)
    return last <= now, -last.timestamp()
