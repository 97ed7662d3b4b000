"""Take everything away, asked for on one's own page: what goes, what stays, and then the word.

The word is one commit, and from then on the page is gone. What follows is done apart from it, step
by step, and is begun again where it stopped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.certificates import Certificate
from shared.domain.decisions import Decision
from shared.domain.entitlements import entitlements
from shared.domain.erasure import KEPT, WAITING, Erasure, kept_until, may_erase
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.likeness import SamePerson
from shared.domain.links import read
from shared.domain.my_page import ErasureView, KeptCertificate
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.failures import Conflict
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.open_my_page import holder_of, series_of
from shared.usecases.open_pages import NotFound
from shared.usecases.owe_letters import not_yet_owed

# Two clicks, or a page that was loaded again.
_A_MOMENT = timedelta(minutes=1)
_ABOUT = (Registration, Certificate, Order, RefundRequest, SamePerson)


def open_erasure(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> ErasureView | NotFound:
    """What goes, what stays until when, and what is in the way. Opening it changes nothing."""
    person = holder_of(token, keys=keys, records=records, now=now)
    return NotFound() if person is None else _view(token, person, records, now)


def ask_erasure(
    token: str, understood: bool, *, keys: list[bytes], records: Records, now: datetime
) -> ErasureView | NotFound:
    """Take everything away, if nothing is in the way and it was `understood` what that means.

    Who sends the word twice within a minute reads the same twice, and not that their link is over.
    """

    def attempt() -> ErasureView | NotFound:
        person = holder_of(token, keys=keys, records=records, now=now)
        if person is None:
            just_now = understood and _was_asked(token, keys, records, now - _A_MOMENT, now)
            return _asked(token) if just_now else NotFound()
        view = _view(token, person, records, now)
        if not view.decision.granted:
            return view
        if not understood:
            problem = "Please say that you have read what goes and cannot come back."
            return view.model_copy(update={"problem": problem})
        known = records.get(Erasure.key_of(person.learner), Erasure)
        erasure = Erasure(
            learner=person.learner,
            asked_at=now,
            others=_others(person.learner, records),
            version=known.version if known else 0,
            waiting=WAITING,
            waiting_since=now.isoformat(),
        )
        series = max((one.series.id for one in view.catalogues), default=None)
        freed = Fact(label="Seats that are free again", value=str(len(view.seats_ahead)))
        letter = owe(
            LetterKind.STAFF_ERASED,
            f"{person.learner}/{now:%Y%m%dT%H%M%SZ}",
            now,
            series=series,
            facts=(freed,),
        )
        leaving = person.model_copy(update={"erased_at": now})
        records.commit(erasure, leaving, *not_yet_owed([letter], records))
        return view.model_copy(update={"asked": True})

    return until_committed(attempt)


def _was_asked(
    token: str, keys: list[bytes], records: Records, since: datetime, now: datetime
) -> bool:
    learner = read("me", token, keys, now)
    erasure = records.get(Erasure.key_of(learner), Erasure) if learner else None
    return erasure is not None and erasure.asked_at > since


def _asked(token: str) -> ErasureView:
    return ErasureView(token=token, catalogues=(), decision=may_erase([], []), asked=True)


def wake_erasures(records: Records, now: datetime, patience: timedelta) -> int:
    """Have every erasure gone on with that stopped, or whose last term has ended; how many."""
    woken = 0
    found = records.waiting(WAITING, now - patience, Erasure)
    found += records.waiting(KEPT, now, Erasure)
    for one in found:
        try:
            # The table's stream hands it on whenever it is written.
            records.commit(one.model_copy(update={"waiting": WAITING}))
            woken += 1
        except Conflict:
            continue  # it is being gone on with
    return woken


def _others(learner: str, records: Records) -> tuple[str, ...]:
    """The ids of their further addresses."""
    return tuple(
        sorted({one.other for one in records.of_learner(learner, SamePerson) if one.holds})
    )


def _view(token: str, person: Learner, records: Records, now: datetime) -> ErasureView:
    ids = (person.learner, *_others(person.learner, records))
    found = [one for learner in ids for one in records.page_of(learner, _ABOUT)]
    registrations = [one for one in found if isinstance(one, Registration)]
    catalogues = {one.series: one.catalogue for one in series_of(registrations, records)}
    kept = []
    for one in found:
        if isinstance(one, Certificate):
            series = records.get(Series.key_of(one.series), Series)
            until = kept_until(one, series.catalogue if series else None)
            if until is not None and until > now:
                zone = series.catalogue.institute.zone if series else "UTC"
                kept.append(KeptCertificate(title=one.text.title, until=until, zone=zone))
    return ErasureView(
        token=token,
        catalogues=tuple(catalogues.values()),
        decision=_decision(found),
        kept=tuple(kept),
        seats_ahead=tuple(
            catalogues[one.series].session(one.session).title
            for one in registrations
            if one.series in catalogues
            and any(held.id == one.session for held in catalogues[one.series].sessions)
            and now < catalogues[one.series].session(one.session).ends_at
            and entitlements(catalogues[one.series], one.session, one, now).seat.granted
        ),
    )


def _decision(found: Sequence[object]) -> Decision:
    return may_erase(
        [one for one in found if isinstance(one, Order)],
        [one for one in found if isinstance(one, RefundRequest)],
    )
