"""One of every kind of record, with as much in it as it can hold."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.appeals import Appeal, AppealOutcome
from shared.domain.applications import Answers, Application, Ask, Outcome, SentCount
from shared.domain.attendance import (
    AttendanceAccount,
    AttendanceReport,
    Interval,
    PresenceRow,
)
from shared.domain.audits import Audit, CameOf
from shared.domain.awards import Award, AwardStatus, Fund, FundEntry
from shared.domain.badges import BadgeList, BadgePlace, BadgeRevoked
from shared.domain.cancellations import Cancellation
from shared.domain.certificates import Certificate, CertificatePointer
from shared.domain.cloud_recordings import Fetch, FetchState
from shared.domain.communities import CommunityInvite, CommunityPointer, Hold, InviteState
from shared.domain.credit import Verdict
from shared.domain.credit_boards import BoardCredit
from shared.domain.decisions import granted
from shared.domain.decisions_wanted import DecisionWanted, want_decision
from shared.domain.desk_catalogue import CatalogueApplied
from shared.domain.erasure import Erasure, Forgotten
from shared.domain.evaluations import Evaluated, Evaluation, Mark
from shared.domain.findings import Finding
from shared.domain.holds import Hold as PlacesHeld
from shared.domain.holds import HoldWord
from shared.domain.kept_events import KeptEvent
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.likeness import Likeness, Said, SamePerson, Trace
from shared.domain.live_attendance import (
    LiveFact,
    MeetingPointer,
    Says,
    ZoomRecording,
    ZoomRegistration,
)
from shared.domain.machine_room import FailedMessage, SweepRuns
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.matching import Alias, Confirmation
from shared.domain.money import Money
from shared.domain.notices import Notice, NoticeKind
from shared.domain.openings import Opening, Origin, Origins
from shared.domain.overrides import Override, Overrides, Withdrawal
from shared.domain.particulars import Licence, Particulars, ParticularsTold
from shared.domain.payment_parts import Counted as CountedOrder
from shared.domain.payment_parts import Refund
from shared.domain.payments import EventMarker, Order, OrderStatus
from shared.domain.record import Record
from shared.domain.recording_release import Act, Release, Word
from shared.domain.recording_windows import Late, WindowChoice
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.refund_requests import AskedBack, RefundRequest, RefundRuling, RefundState
from shared.domain.registrations import Grant, Learner, Registration, SeatCount
from shared.domain.replays import Replay
from shared.domain.reviews import Vote
from shared.domain.rounds import Counted, Round, RoundPhase
from shared.domain.session_counts import SessionCounts, Tally
from shared.domain.sessions import (
    OfferPointer,
    Series,
    SeriesPointer,
    SeriesRevision,
    SessionState,
    open_session,
)
from shared.domain.sightings import Identities, Sighting
from shared.domain.takings import Line, Takings
from shared.domain.unmatched import UnmatchedRow, UnmatchedRows
from shared.domain.watch_links import LinkAct, WatchLink
from tests.catalogues import a_certificate, classes_catalogue

NOW = datetime(2025, 6, 1, 12, 0, 30, 123456, tzinfo=UTC)
CLASSES = classes_catalogue()
DECISION = granted("rule-1", "yes", "It is so.")
TOLD: dict[str, Any] = {
    "learner": "l-1", "certificate_name": "अनन्या", "revision": 2, "told_at": NOW,
    "licences": (Licence(profession="Nurse", state="other", number="PIN 12A"),),
}  # fmt: skip
SIXTY = Money(minor=6000, currency="USD")


def a_registration(session: str = "s-1", learner: str = "l-1", **changes: object) -> Registration:
    fields: dict[str, object] = {
        "session": session, "series": "x-2025", "learner": learner, "registered_at": NOW,
        "grants": {"order-1": Grant(tier="general", status=OrderStatus.PAID)},
    }  # fmt: skip
    return Registration.model_validate(fields | changes)


def a_marker(event: str = "evt_1") -> EventMarker:
    return EventMarker(
        event=event, provider="stripe", order="order-1", body_sha256="ab", seen_at=NOW,
        expires_at=1_800_000_000,
    )  # fmt: skip


def _series() -> Series:
    idha = read_catalogue(Path("events/catalogue_published/idha-2025.yaml").read_bytes())
    return Series(
        series="idha-2025", revision="r1", catalogue=idha, published_at=NOW, uploaded_at=NOW
    )


SAMPLES: dict[type[Record], Callable[[], Record]] = {
    Registration: a_registration,
    EventMarker: a_marker,
    KeptEvent: lambda: KeptEvent.kept("l-1", "stripe", "5f" * 32, NOW),
    Series: _series,
    SeriesRevision: lambda: SeriesRevision(**dict(_series())),
    Audit: lambda: Audit(
        number="ab12cd34", act="accept-payment", about=("order-1", "general"), by="a@b.example",
        at=NOW, why="It is so.", came_of=CameOf.DONE, learner="l-1",
    ),
    Order: lambda: Order(
        order="order-1", provider="stripe", first_seen_at=NOW, live=False, learner="l-1",
        paid=Money(minor=29700, currency="USD"), refunded_in_all=SIXTY, refunded_at=NOW,
        refunds={"re_1": Refund(amount=SIXTY, states=("failed",), first_said_at=NOW)},
        asked_back={"order-1-r1": AskedBack(sessions=("s-1",), amount=SIXTY, refund="re_1")},
        disputes={"dp_1": ("open", "won")}, returned=10,
        counted=CountedOrder(paid=6000, back=10, currency="USD"), given_back=("s-1",), posted=2500,
        buyer_name="Zoë \u200d ‘O’ <b>", offer_ids=("plink_1", "general"), sessions=("s-1", "s-2"),
        events=("evt_1",), review=DECISION, waiting="review", waiting_since=NOW.isoformat(),
    ),
    Replay: lambda: Replay(
        order="order-1", by="Mira", why="The reader was wrong.", at=NOW, changes=("new: paid", ""),
    ),
    RefundRequest: lambda: RefundRequest(
        request="order-1-r1", order="order-1", provider="stripe", series="x-2025", learner="l-1",
        sessions=("s-1",), shares={"s-1": 6000}, amount=SIXTY, note="Zoë’s <b>", asked_at=NOW,
        state=RefundState.STAFF, decided=DECISION, refund="re_1", attempts=2, tried_at=NOW,
        ruling=RefundRuling(by="Noor", at=NOW, why="It is so.", amount=SIXTY),
        waiting="refund_case", waiting_since=NOW.isoformat(),
    ),
    Cancellation: lambda: Cancellation(
        session="s-1", series="x-2025", why="Zoë is ill.", at=NOW, after="REG#l-1", people=2,
        for_staff=1, back={"USD": 11940, "INR": 90000}, done_at=NOW,
    ),
    Learner: lambda: Learner(
        learner="l-1", name="प्रियंका", address="p@example.org", named_by=(NOW, "order-1"),
        zone="Asia/Kathmandu",
    ),
    PlacesHeld: lambda: PlacesHeld(
        learner="l-1", said=(HoldWord(holds=True, by="noor", why="She asked.", at=NOW),)
    ),
    Finding: lambda: Finding(word="number-idha-1", person="l-1", scope="s-1"),
    Takings: lambda: Takings(
        series="x-2025", part=3, seats={"s-1": 4},
        lines=(Line(provider="stripe", tier="general", currency="USD", orders=2, paid=9, back=4),),
    ),
    SessionCounts: lambda: SessionCounts(
        session="s-1", series="x-2025", counted_at=NOW, registered=9,
        came_to=Tally(decided=9, attended=7, earned=6, issued=5, parked=1, reasons={"late": 2}),
        unit=Tally(),
    ),
    SeatCount: lambda: SeatCount(session="s-1", taken=3),
    Letter: lambda: owe(
        LetterKind.STAFF_REVIEW, "order-1", NOW, facts=(Fact(label="Amount", value="$1.00"),),
        lines=("One.", ""), staff=("staff@example.org",),
    ),
    Verdict: lambda: Verdict(
        scope="s-1", series="x-2025", learner="l-1", attended=DECISION, earned=DECISION,
        boards=(BoardCredit(board="b-1", name="A Board", hours=None, decision=DECISION),),
        presence=(Interval(NOW, NOW + timedelta(minutes=150)),), minutes=150, revision="r1",
        report="abc", decided_at=NOW,
    ),
    DecisionWanted: lambda: want_decision("s-1", "x-2025", "l-1", "payment/order-1/2", NOW),
    Overrides: lambda: Overrides(
        scope="s-1", series="x-2025", learner="l-1",
        said=(Override(about="credit", granted=False, by="Desk", why="Ja: वह।", at=NOW,
                       withdrawn=Withdrawal(by="Desk", why="Nein.", at=NOW)),),
    ),
    Appeal: lambda: Appeal(
        scope="s-1", series="x-2025", learner="l-1", number=1, about="attendance",
        reason="Ich war da: वह।", decided_at=NOW, asked_at=NOW, answer_by=NOW, task_token="t",
        reminded=2, reminded_at=NOW, outcome=AppealOutcome.CHANGED, answered_at=NOW, by="Desk",
        why="Ja.", waiting="appeal", waiting_since=NOW.isoformat(),
    ),
    Erasure: lambda: Erasure(
        learner="l-1", asked_at=NOW, others=("l-2",), done_at=NOW, kept=("s-1",), kept_until=NOW,
        waiting="erasure_kept", waiting_since=NOW.isoformat(),
    ),
    Forgotten: lambda: Forgotten(session="s-1", names=("Pabc", "Nabc")),
    MadeUp: lambda: MadeUp(
        session="s-1", series="x-2025", learner="l-1", opened_at=NOW, sent_at=NOW,
        reflection="Was ich mitnehme: वह।", approved=True, approved_by="Desk",
    ),
    Evaluated: lambda: Evaluated(session="s-1", series="x-2025", learner="l-1"),
    Evaluation: lambda: Evaluation(
        session="s-1", number="0f" * 16, comment="Mehr Pausen.",
        marks=(Mark(asked="Was it?", mark=5), Mark(asked="And that?", mark=None)),
    ),
    Notice: lambda: Notice(
        session="s-1", series="x-2025", what=NoticeKind.MOVED, plan=(NOW, NOW), due_at=NOW,
        was=(NOW, NOW), since=NOW, waiting="notice", waiting_since=NOW.isoformat(),
    ),
    Particulars: lambda: Particulars(**TOLD),
    ParticularsTold: lambda: ParticularsTold(**TOLD),
    Certificate: lambda: a_certificate(CLASSES, sha256="ab" * 32, document="certificates/x.pdf"),
    BadgeList: lambda: BadgeList(scope="s-1", series="x-2025", base="https://pages.example"),
    BadgePlace: lambda: BadgePlace(scope="s-1", place=7, public_id="7K3F", revision=1),
    BadgeRevoked: lambda: BadgeRevoked(scope="s-1", place=7),
    CertificatePointer: lambda: CertificatePointer(public_id="7K3F", scope="s-1", holder="l-1"),
    SeriesPointer: lambda: SeriesPointer(series="x-2025"),
    OfferPointer: lambda: OfferPointer(offer_id="plink_1", series="x-2025"),
    SessionState: lambda: open_session("s-1", "x-2025", NOW),
    PresenceRow: lambda: PresenceRow(
        session="s-1", report="abc", learner="l-1", rows=(Interval(NOW, NOW),)
    ),
    AttendanceReport: lambda: AttendanceReport(
        session="s-1", report="abc", file="attendance/s-1/a.csv", uploaded_at=NOW, people=2
    ),
    AttendanceAccount: lambda: AttendanceAccount(
        session="s-1", account="def", report="abc", live=True, made_at=NOW
    ),
    Sighting: lambda: Sighting(
        session="s-1", source="abc", participant="Pabc", learner="l-1",
        identities=Identities(registrant="Rabc", address="l-1", name="Nabc"), name="Ana",
        address="ana@example.org", rows=(Interval(NOW, NOW),), untimed=True, lines=(2, 9),
    ),
    FailedMessage: lambda: FailedMessage(
        message="m-1", error="Unavailable", at_place="record.py:42", failed_at=NOW, expires_at=9
    ),
    SweepRuns: lambda: SweepRuns(which="hourly").with_run(NOW, {"letters": 2, "sessions": 0}),
    CatalogueApplied: lambda: CatalogueApplied(
        series="x-2025", over="abc", revision="def", by="noor@idha.example", at=NOW
    ),
    UnmatchedRows: lambda: UnmatchedRows(session="s-1", series="x-2025", people=0).counted(
        [
            UnmatchedRow(participant="Pa", source="ab", likely="l-1"),
            UnmatchedRow(participant="Pb", source="live"),
        ],
        NOW,
    ),
    LiveFact: lambda: LiveFact(
        session="s-1", says=Says.JOINED, at=NOW, occurrence="a/b==", lane="1", participant="Pabc",
        learner="l-1", identities=Identities(address="l-1"), name="Ana", address="ana@example.org",
    ),
    MeetingPointer: lambda: MeetingPointer(meeting="81234567890", series="x-2025"),
    ZoomRegistration: lambda: ZoomRegistration(
        series="x-2025", registrant="R1", learner="l-1"
    ),
    ZoomRecording: lambda: ZoomRecording(
        session="s-1", meeting="81234567890", occurrence="a/b==", files=("f-1",), recorded_at=NOW
    ),
    Fetch: lambda: Fetch(
        session="s-1", name="main.mp4", file="f-1", size=9, upload="u-1", claimed_until=NOW,
        state=FetchState.LEFT, why=granted("v", "taken", "It stays."),
    ),
    CommunityPointer: lambda: CommunityPointer(series="x-2025"),
    CommunityInvite: lambda: CommunityInvite(
        network="n-1", learner="l-1", state=InviteState.INVITED, address="ana@example.org",
        invited_at=NOW, removed_at=NOW, hold=Hold(by="noor", why="She asked.", at=NOW),
    ),
    Alias: lambda: Alias(
        scope="x-2025", identity="Nabc", seen_as="iPhone",
        confirmations=(
            Confirmation(learner="l-1", by="noor", why="She told us.", at=NOW),
            Confirmation(learner=None, by="noor", why="It was the captioner.", at=NOW),
        ),
    ),
    Mailbox: lambda: Mailbox(
        learner="l-1", address_id="l-1", bounced_at=NOW, complained_at=NOW, unsubscribed_at=NOW,
        waiting="mailbox", waiting_since=NOW.isoformat(),
    ),
    AddressChange: lambda: AddressChange(
        learner="l-1", change="c1", address="a@example.org", asked_at=NOW, confirmed_at=NOW
    ),
    Opening: lambda: Opening(
        learner="l-1", session="s-1", count=3, first_at=NOW, last_at=NOW, fetched_at=NOW
    ),
    Origins: lambda: Origins(
        learner="l-1", session="s-1", generation=2, seen=(Origin(name="Oabc", last_at=NOW),)
    ),
    WatchLink: lambda: WatchLink(
        learner="l-1", session="s-1", generation=1,
        acts=(LinkAct(by="noor", why="It was passed on.", at=NOW),),
    ),
    Trace: lambda: Trace(series="x-2025", trace="Tabc", learners=("l-1", "l-2")),
    Likeness: lambda: Likeness(
        series="x-2025", pair=("l-1", "l-2"), noticed_at=NOW, found=DECISION,
        said=Said(same=True, by="noor", at=NOW, why="She told us."),
    ),
    SamePerson: lambda: SamePerson(
        other="l-2", person="l-1", series="x-2025", by="noor", at=NOW, why="She told us.",
        parted=Said(same=False, by="noor", at=NOW, why="Her sister wrote."),
        waiting="two_people", waiting_since=NOW.isoformat(),
    ),
    Recording: lambda: Recording(
        session="s-1", name="main.mp4", object_key="recordings/s-1/main.mp4", object_version="v1",
        media_type="video/mp4", size=5 * 1024**3, uploaded_at=NOW, judged=DECISION,
        status=RecordingStatus.READY,
    ),
    Release: lambda: Release(
        session="s-1", series="x-2025", decision=DECISION, first_at=NOW,
        words=(Word(act=Act.RELEASE, by="Noor", why="Ja: वह।", at=NOW),),
        choices=(WindowChoice(choice=Late.EXTEND_ALL, days=3, by="Noor", why="So.", at=NOW),),
        waiting="release", waiting_since=NOW.isoformat(),
    ),
    Application: lambda: Application(
        series="x-2025", reference="S-1", learner="l-1", submitted_at=NOW, content_sha256="ab",
        late=True, priority=True, ask=Ask(full=False, could_pay=SIXTY), outcome=Outcome.PARTIAL,
        award=SIXTY, strength=250, decided=DECISION, decided_at=NOW,
        waiting="application", waiting_since=NOW.isoformat(),
    ),
    Answers: lambda: Answers(
        series="x-2025", reference="S-1", name="अनन्या", address="a@example.org", roles=("Peer",),
        text="One.\n\nTwo.", priorities=("Disabled",), own_words="", consented_at=NOW,
    ),
    SentCount: lambda: SentCount(origin="abc", stretch="20250601T12", sent=3, expires_at=1),
    Vote: lambda: Vote(
        series="x-2025", reference="S-1", reviewer="R1", outcome=Outcome.PARTIAL, award=SIXTY,
        strength=3, cast_at=NOW,
    ),
    Award: lambda: Award(
        series="x-2025", learner="l-1", reference="S-1", amount=SIXTY, to_pay=SIXTY,
        covers="general-bundle", credit=False, status=AwardStatus.ACCEPTED, offered_at=NOW,
        answer_by=NOW, answered_at=NOW, pay_by=NOW, due=SIXTY,
        back=Money(minor=0, currency="USD"), waiting="award", waiting_since=NOW.isoformat(),
    ),
    Fund: lambda: Fund(series="x-2025", currency="USD", balance=21000, put_in=42000),
    FundEntry: lambda: FundEntry(series="x-2025", about="award/S-1", by=-21000, at=NOW),
    Round: lambda: Round(
        series="x-2025", closes_at=NOW, phase=RoundPhase.CLOSED, reminded=1, closed_at=NOW,
        counts=(Counted(what="all", number=40), Counted(what="outcome:full", number=None)),
    ),
}  # fmt: skip
# What is left of a record when what it said of somebody is erased.
EMPTIED: tuple[Callable[[], Record], ...] = (
    lambda: SAMPLES[Application]().erased(NOW),  # type: ignore[attr-defined]
    lambda: SAMPLES[Answers]().erased(NOW),  # type: ignore[attr-defined]
    lambda: SAMPLES[Vote]().erased(),  # type: ignore[attr-defined]
)
