"""What is left of each kind of record once its person has taken everything away.

One table: whoever adds a kind of record says here what of it is personal, or that nothing is.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from shared.domain.appeals import Appeal, AppealOutcome
from shared.domain.audits import Audit
from shared.domain.certificates import Certificate
from shared.domain.communities import CommunityInvite
from shared.domain.decisions import Decision
from shared.domain.holds import Hold
from shared.domain.letters import Letter, LetterStatus
from shared.domain.likeness import Likeness, SamePerson, Trace
from shared.domain.live_attendance import LiveFact
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.matching import Alias
from shared.domain.openings import Origins
from shared.domain.overrides import Overrides
from shared.domain.particulars import Particulars, ParticularsTold
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner
from shared.domain.replays import Replay
from shared.domain.sightings import Sighting
from shared.domain.watch_links import WatchLink

_QUIET: Final = {"waiting": None, "waiting_since": None}
_GONE: Final = "Its reader took everything away."
_BY: Final = "Tending"


def without_words(record: Record, now: datetime) -> Record:
    """The record without a word that is of its person, or about them. The same if there is none."""
    for of, emptied in _PERSONAL.items():
        if type(record) is of:
            return emptied(record, now)
    return record


def personal_kinds() -> frozenset[type[Record]]:
    """Every kind of record in which something is of, or about, one person."""
    return frozenset(_PERSONAL)


def without_name(certificate: Certificate) -> Certificate:
    """A certificate whose term is over, or that was never given: it says of nobody what it says.

    What was earned, when, and its number stay, so that the count of what was given stays right.
    """
    nameless = {"name": ""}
    return certificate.model_copy(
        update={
            "text": certificate.text.model_copy(update=nameless),
            "earlier": tuple(
                one.model_copy(update={"text": one.text.model_copy(update=nameless)})
                for one in certificate.earlier
            ),
            "document": None,
            "draft": None,
            "name_is_public": False,
            "parked_because": None,
            **_QUIET,
        }
    )


def _learner(of: Learner, now: datetime) -> Learner:
    gone = {"name": "", "address": "", "zone": "", "corrected_at": None, "corrected_by": None}
    return of.model_copy(update={**gone, "renamed_at": None, "erased_at": of.erased_at or now})


def _order(of: Order, now: datetime) -> Order:
    return of.without_buyer(of.erased_at or now)


def _request(of: RefundRequest, _: datetime) -> RefundRequest:
    ruling = of.ruling.model_copy(update={"why": ""}) if of.ruling else None
    return of.model_copy(update={"note": "", "ruling": ruling})


def _letter(of: Letter, _: datetime) -> Letter:
    said = {"facts": (), "lines": (), "listed": (), **_QUIET}
    sent = of.status in (LetterStatus.SENT, LetterStatus.UNKNOWN)
    if of.letter.to_staff and not sent and of.learner is None:
        return of.model_copy(update={"facts": (), "lines": (), "listed": ()})
    status = of.status if sent else LetterStatus.WITHDRAWN
    return of.model_copy(update={**said, "status": status, "note": None if sent else _GONE})


def _certificate(of: Certificate, _: datetime) -> Certificate:
    acts = tuple(act.model_copy(update={"why": ""}) for act in of.acts)
    if not of.given:
        return without_name(of).model_copy(update={"acts": acts})
    hidden = {"acts": acts, "name_is_public": False, "draft": None, **_QUIET}
    return of.model_copy(update=hidden)


def _appeal(of: Appeal, now: datetime) -> Appeal:
    said = of.model_copy(update={"reason": "", "why": ""})
    if not said.open:
        return said
    return said.answered(AppealOutcome.CLOSED, by=_BY, why="", now=now)


def _mailbox(of: Mailbox, _: datetime) -> Mailbox:
    nothing = {"bounced_at": None, "complained_at": None, "unsubscribed_at": None}
    return of.model_copy(update={**nothing, **_QUIET})


def _alias(of: Alias, _: datetime) -> Alias:
    said = tuple(one.model_copy(update={"why": ""}) for one in of.confirmations)
    return of.model_copy(update={"seen_as": "", "confirmations": said})


def _hold(of: Hold, _: datetime) -> Hold:
    said = tuple(one.model_copy(update={"why": ""}) for one in of.said)
    return of.model_copy(update={"said": said})


def _likeness(of: Likeness, _: datetime) -> Likeness:
    said = of.said.model_copy(update={"why": ""}) if of.said else None
    # Nobody is to be asked any more whether one of them is somebody.
    return of.model_copy(update={"found": _codes(of.found), "said": said, **_QUIET})


def _same_person(of: SamePerson, _: datetime) -> SamePerson:
    parted = of.parted.model_copy(update={"why": ""}) if of.parted else None
    return of.model_copy(update={"why": "", "parted": parted})


def _codes(decision: Decision) -> Decision:
    reasons = tuple(one.model_copy(update={"text": ""}) for one in decision.reasons)
    return decision.model_copy(update={"reasons": reasons})


def _overrides(of: Overrides, _: datetime) -> Overrides:
    def quiet(one: Any) -> Any:
        taken = one.withdrawn.model_copy(update={"why": ""}) if one.withdrawn else None
        return one.model_copy(update={"why": "", "withdrawn": taken})

    return of.model_copy(update={"said": tuple(quiet(one) for one in of.said)})


def _made_up(of: MadeUp, _: datetime) -> MadeUp:
    return of.model_copy(update={"reflection": "", "approved_why": "", **_QUIET})


def _invite(of: CommunityInvite, _: datetime) -> CommunityInvite:
    hold = of.hold.model_copy(update={"why": ""}) if of.hold else None
    return of.model_copy(update={"address": "", "hold": hold})


def _link(of: WatchLink, _: datetime) -> WatchLink:
    acts = tuple(act.model_copy(update={"why": ""}) for act in of.acts)
    return of.model_copy(update={"acts": acts})


def _blank(**empty: Any) -> Callable[[Any, datetime], Any]:
    """Nothing more than some fields made empty."""
    return lambda of, _: of.model_copy(update=empty)


_PERSONAL: Final[dict[type[Record], Callable[[Any, datetime], Record]]] = {
    Learner: _learner,
    Order: _order,
    RefundRequest: _request,
    Letter: _letter,
    Particulars: _blank(certificate_name=None, licences=()),
    ParticularsTold: _blank(certificate_name=None, licences=()),
    Certificate: _certificate,
    Appeal: _appeal,
    Overrides: _overrides,
    MadeUp: _made_up,
    Sighting: _blank(name="", address=""),
    LiveFact: _blank(name="", address=""),
    Alias: _alias,
    CommunityInvite: _invite,
    Mailbox: _mailbox,
    AddressChange: _blank(address=""),
    Origins: _blank(seen=()),
    WatchLink: _link,
    Likeness: _likeness,
    SamePerson: _same_person,
    Trace: _blank(),
    Audit: _blank(why="", form=""),
    Hold: _hold,
    Replay: _blank(why="", changes=()),
}

# Kinds that hold nothing of a person but ids that tell nothing without our key, times and amounts.
IMPERSONAL: Final = frozenset(
    {
        "award", "badge_list", "badge_place", "badge_revoked", "cancellation", "catalogue_applied",
        "certificate_pointer", "cloud_fetch", "community_pointer", "decision_wanted", "erasure",
        "evaluated", "event", "failed_message", "finding", "forgotten", "fund",
        "fund_entry", "kept_event", "meeting_pointer",
        "notice", "offer_pointer", "opening", "presence", "attendance_account",
        "attendance_report", "recording", "registration", "release", "round", "seats",
        "sent_count", "series", "series_pointer", "series_revision", "session", "session_counts",
        "sweep_runs", "takings", "unmatched_rows",
        "verdict", "zoom_recording", "zoom_registration",
    }
)  # fmt: skip
# What nobody can lead back to a person, not even we; and what has an erasure of its own, among the
# applications for scholarships.
APART: Final = frozenset({"evaluation", "application", "answers", "vote"})
