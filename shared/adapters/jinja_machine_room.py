"""What the machine room calls its queues, workflows and findings, and what each means."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Queue(NamedTuple):
    """What a dead-letter queue is called, what lies there, and what handing it over does."""

    title: str
    meaning: str
    act: str


class Words(NamedTuple):
    """Words for the page."""

    queues: Mapping[str, Queue]
    machines: Mapping[str, str]
    sweeps: Mapping[str, str]
    findings: Mapping[str, str]
    statuses: Mapping[str, str]


_ASK_THE_SWEEP: Final = "Let these go, and have the sweep look"

WORDS: Final = Words(
    queues={
        "PaymentEvents": Queue(
            "Payment events",
            "Payments that a provider told us of, and that could not be recorded in five tries.",
            "Record them again",
        ),
        "EventbriteNotices": Queue(
            "Orders at Eventbrite",
            "Orders of which Eventbrite did not tell for an hour and a half.",
            "Ask for them again",
        ),
        "ZoomEvents": Queue(
            "Zoom's events",
            "Who came and went, and could not be recorded in five tries.",
            "Record them again",
        ),
        "RecordingFetches": Queue(
            "Recordings at Zoom",
            "Files that could not be fetched in five tries, over seven hours.",
            "Fetch them again",
        ),
        "LetterFeedback": Queue(
            "What became of letters",
            "What the mail service said of letters, and could not be taken in.",
            "Take it in again",
        ),
        "Uploads": Queue(
            "Uploads",
            "Files that arrived in the bucket and could not be handled.",
            "Handle them again",
        ),
        "Schedules": Queue(
            "Alarms",
            "Alarms that rang and were not heard. The next sweep makes it good.",
            "Ring them again",
        ),
        "Letters": Queue(
            "Owed letters",
            "Notes that a letter or a decision could not be taken up. Each still waits where it "
            "stands.",
            _ASK_THE_SWEEP,
        ),
        "Refunds": Queue(
            "Money back",
            "Notes that a request for money back, or a cancelled class, could not be taken up. "
            "Each still waits where it stands.",
            _ASK_THE_SWEEP,
        ),
        "ScholarshipLetters": Queue(
            "Letters of scholarship rounds",
            "Notes that a letter could not be taken up. Each still waits where it stands.",
            _ASK_THE_SWEEP,
        ),
    },
    machines={
        "SessionClose": "The close of a session",
        "RecordingUploaded": "A recording",
        "NoticeDue": "A notice by the clock",
        "ScholarshipRound": "A scholarship round",
        "Appeal": "An appeal",
    },
    sweeps={"hourly": "Every hour", "scholarships": "Scholarship rounds, every hour"},
    findings={
        "letters": "letters put back in line",
        "letters_given_up": "letters given up",
        "payments": "payments in review decided",
        "sessions": "overdue closes started",
        "recordings": "recordings announced",
        "releases": "recordings that wait, told to staff",
        "missed_payments": "payments that the webhook had missed",
        "decisions": "people decided again",
    },
    statuses={"FAILED": "failed", "TIMED_OUT": "took too long", "ABORTED": "was stopped"},
)
