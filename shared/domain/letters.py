"""Letters: the e-mails we owe people, from owed to sent.

A letter is a row that exists before it is sent. Its id says what it is about, so the same fact can
never owe the same letter twice; a claim says who is sending it, so two workers never send it both.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.domain.record import Key, Record
from shared.domain.value import Value

WAITING = "letter"
# A letter that failed waits under this word until staff have seen to it.
FAILED = "failed_letter"
# A letter to staff that was sent, and still holds what it carried; and for how long.
CARRIED = "carried_letter"
CARRIED_FOR = timedelta(days=30)

# How long a worker may hold a letter before its fate is unknown: longer than any worker lives.
CLAIM_LEASE = timedelta(minutes=15)
# An unanswered letter of these kinds is sent once more: to have it twice is better than not at all.
RESEND_ONCE = frozenset(
    {
        "confirmation",
        "certificate",
        "certificate_corrected",
        "recording",
        "recording_link",
        "reminder",
        "moved",
        "my_page_link",
    }
)


class LetterKind(StrEnum):
    """What a letter is about. Each has templates of the same name."""

    CONFIRMATION = "confirmation"
    PAYMENT_PENDING = "payment_pending"
    PAYMENT_FAILED = "payment_failed"
    REFUNDED = "refunded"
    REFUND_REQUESTED = "refund_requested"
    REFUND_DECLINED = "refund_declined"
    REFUND_FAILED = "refund_failed"
    CLASS_CANCELLED = "class_cancelled"
    CERTIFICATE = "certificate"
    CERTIFICATE_CORRECTED = "certificate_corrected"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_REINSTATED = "certificate_reinstated"
    NO_CERTIFICATE = "no_certificate"
    PARTICULARS_WANTED = "particulars_wanted"
    RECORDING = "recording"
    RECORDING_LINK = "recording_link"
    MY_PAGE_LINK = "my_page_link"
    ADDRESS_CONFIRM = "address_confirm"
    ADDRESS_AGREE = "address_agree"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_ANSWERED = "appeal_answered"
    REMINDER = "reminder"
    MOVED = "moved"
    RECORDING_ENDS = "recording_ends"
    EVALUATION_WANTED = "evaluation_wanted"
    SCHOLARSHIP_RECEIVED = "scholarship_received"
    SCHOLARSHIP_REPLACED = "scholarship_replaced"
    SCHOLARSHIP_OFFERED = "scholarship_offered"
    SCHOLARSHIP_PAY = "scholarship_pay"
    SCHOLARSHIP_WAITING = "scholarship_waiting"
    SCHOLARSHIP_NOT_AWARDED = "scholarship_not_awarded"
    SCHOLARSHIP_LAPSED = "scholarship_lapsed"
    SCHOLARSHIP_WITHDRAWN = "scholarship_withdrawn"
    REVIEW_WANTED = "review_wanted"
    REVIEW_REMINDER = "review_reminder"
    STAFF_DIGEST = "staff_digest"
    STAFF_REVIEW = "staff_review"
    STAFF_CATALOGUE = "staff_catalogue"
    STAFF_REPORT_MISSING = "staff_report_missing"
    STAFF_REPORT_GIVEN_UP = "staff_report_given_up"
    STAFF_REPORT_REFUSED = "staff_report_refused"
    STAFF_CLOSE = "staff_close"
    STAFF_RECORDING = "staff_recording"
    STAFF_SHARING = "staff_sharing"
    STAFF_CLOUD_RECORDING = "staff_cloud_recording"
    STAFF_RECORDING_WAITS = "staff_recording_waits"
    STAFF_CERTIFICATE = "staff_certificate"
    STAFF_LETTER = "staff_letter"
    STAFF_ADDRESS = "staff_address"
    STAFF_DISPUTE = "staff_dispute"
    STAFF_REFUND_UNCLEAR = "staff_refund_unclear"
    STAFF_REFUND_CASE = "staff_refund_case"
    STAFF_CLASS_CANCELLED = "staff_class_cancelled"
    STAFF_APPEAL = "staff_appeal"
    STAFF_ERASED = "staff_erased"
    STAFF_APPEAL_OVERDUE = "staff_appeal_overdue"
    STAFF_PAID_TWICE = "staff_paid_twice"
    STAFF_SAME_PERSON = "staff_same_person"
    STAFF_CERTIFICATE_KEPT = "staff_certificate_kept"
    STAFF_CERTIFICATE_NAME = "staff_certificate_name"
    STAFF_SCHOLARSHIP_ROUND = "staff_scholarship_round"
    STAFF_SCHOLARSHIP_REFUND = "staff_scholarship_refund"
    STAFF_SCHOLARSHIP_PAYMENT = "staff_scholarship_payment"
    STAFF_SCHOLARSHIP_FULL = "staff_scholarship_full"

    @property
    def to_staff(self) -> bool:
        """Whether it goes to the institute's staff rather than to a learner."""
        return self.value.startswith("staff_")

    @property
    def is_announcement(self) -> bool:
        """Whether it may be done without: it is about nothing that its reader has or did."""
        return self in _ANNOUNCEMENTS

    @property
    def of_a_round(self) -> bool:
        """Whether it belongs to a scholarship round and stands among its applications."""
        return self.value.startswith(("scholarship_", "review_"))


# What somebody who wants no more announcements does not get.
_ANNOUNCEMENTS = (LetterKind.REMINDER, LetterKind.RECORDING_ENDS)


# Between what a letter is about and the number of a copy. No id holds it.
_AGAIN = "#again-"


class LetterStatus(StrEnum):
    """Where a letter is on its way. UNKNOWN: handed over, and the mail service did not answer.

    RETURNED: it came back, or was kept back because letters to that address come back. It is sent
    again when the address has been corrected.
    """

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"
    RETURNED = "RETURNED"


class Fact(Value):
    """One line of a staff letter's table."""

    label: str
    value: str


class Listed(Value):
    """One of several things that a letter to staff names: why it waits, and where it is settled.

    `anchor` is where it stands on staff's page.
    """

    title: str
    why: str
    act: str
    anchor: str


class Letter(Record):
    """One owed letter. `about` completes its id: an order, a session and a learner, a file."""

    kind: ClassVar[str] = "letter"

    letter: LetterKind
    about: str
    # A letter that staff have posted once more, under an id of its own: how many times it was.
    again: int = 0
    learner: str | None = None
    series: str | None = None
    session: str | None = None
    order: str | None = None
    # The application it is about, or the reviewer's address that it goes to.
    reference: str | None = None
    reviewer: str | None = None
    # Staff letters carry what they are to say; learners' letters are written from the records.
    facts: tuple[Fact, ...] = ()
    lines: tuple[str, ...] = ()
    listed: tuple[Listed, ...] = ()
    # Who it goes to, if not to the staff of its series.
    staff: tuple[str, ...] = ()

    status: LetterStatus = LetterStatus.PENDING
    owed_at: datetime
    claim: str | None = None
    claimed_at: datetime | None = None
    attempts: int = 0
    message_id: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    note: str | None = None

    @staticmethod
    def key_of(letter: LetterKind, about: str) -> Key:
        """Where that letter stands."""
        return Key(f"LETTER#{letter}#{about}", "LETTER")

    def key(self) -> Key:
        return self.key_of(self.letter, self.name)

    @property
    def name(self) -> str:
        """What tells it from other letters of its kind: what it is about, and which copy it is."""
        return name_of(self.about, self.again)

    def claimed(self, claim: str, now: datetime) -> "Letter":
        """The letter while the holder of `claim` sends it."""
        return self.model_copy(
            update={
                "status": LetterStatus.SENDING,
                "claim": claim,
                "claimed_at": now,
                "attempts": self.attempts + 1,
            }
        )

    def sent(self, message_id: str, now: datetime) -> "Letter":
        """The letter after the mail service took it.

        What a letter to staff carried is kept for a while, so that it can be sent again.
        """
        sent = self._settled(LetterStatus.SENT, None, message_id=message_id, sent_at=now)
        if not self.letter.to_staff or not (self.facts or self.lines or self.listed):
            return sent
        carried = {"waiting": CARRIED, "waiting_since": now.isoformat()}
        return sent.model_copy(update=carried)

    def emptied(self) -> "Letter":
        """A letter to staff once what it carried need not be kept any more."""
        return self.model_copy(
            update={"facts": (), "lines": (), "listed": (), "waiting": None, "waiting_since": None}
        )

    def back_in_line(self, note: str) -> "Letter":
        """The letter owed as before: after a definite "not now", or for one more attempt.

        What was claimed and never handed over was no attempt.
        """
        handed_over = self.attempts - (self.status is LetterStatus.SENDING)
        return self.model_copy(
            update={
                "status": LetterStatus.PENDING,
                "claim": None,
                "attempts": handed_over,
                "note": note,
            }
        )

    def unanswered(self, note: str) -> "Letter":
        """The letter after it was handed over and no answer came."""
        return self.model_copy(update={"status": LetterStatus.UNKNOWN, "note": note})

    def failed(self, note: str) -> "Letter":
        """The letter after a definite no. It waits for staff, since it was owed."""
        since = {"waiting": FAILED, "waiting_since": self.owed_at.isoformat()}
        return self._settled(LetterStatus.FAILED, note, **since)

    def seen_to(self) -> "Letter":
        """The failed letter once staff have reached its reader another way."""
        return self.model_copy(update={"waiting": None, "waiting_since": None})

    def withdrawn(self, note: str) -> "Letter":
        """The letter when it is no longer true by the time it would be sent."""
        return self._settled(LetterStatus.WITHDRAWN, note)

    def delivered(self, at: datetime) -> "Letter":
        """The letter once it is in the mailbox."""
        return self.model_copy(update={"delivered_at": min(self.delivered_at or at, at)})

    def returned(self, message_id: str | None, note: str) -> "Letter":
        """The letter when it came back, or was kept back because it would."""
        return self._settled(LetterStatus.RETURNED, note, message_id=message_id)

    def owed_again(self, note: str) -> "Letter":
        """The letter owed anew, as if it had never been sent."""
        anew = {"attempts": 0, "message_id": None, "sent_at": None, "delivered_at": None}
        since = {"waiting": WAITING, "waiting_since": self.owed_at.isoformat()}
        return self.back_in_line(note).model_copy(update=anew | since)

    def _settled(self, status: LetterStatus, note: str | None, **more: object) -> "Letter":
        settled = {"status": status, "note": note, "waiting": None, "waiting_since": None}
        return self.model_copy(update=settled | more)

    @property
    def may_be_sent_again(self) -> bool:
        """Whether an unanswered letter of this kind is sent once more."""
        return self.letter in RESEND_ONCE and self.attempts < 2


def name_of(about: str, again: int) -> str:
    """What a letter about that is called, or the copy of it with that number."""
    return f"{about}{_AGAIN}{again}" if again else about


def owe(letter: LetterKind, about: str, now: datetime, **what: object) -> Letter:
    """A letter that is owed from `now` on."""
    owed = {"owed_at": now, "waiting": WAITING, "waiting_since": now.isoformat()}
    return Letter.model_validate({"letter": letter, "about": about, **owed, **what})
