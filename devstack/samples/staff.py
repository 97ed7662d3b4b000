"""What letters to staff carry, as samples: of each kind, as the use cases write it."""

from typing import Final

from shared.domain.letters import Fact, LetterKind, Listed

Told = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

_ORDER: Final = "pi_3RVexample0001"
_NUMBER: Final = "IDHA-2025-7K3F-9Q2M"
_TITLE: Final = "What Emerges in Dialogue: Relational Practice & the Ethics of Uncertainty"
_APPEAL: Final = "tfc-5-dialogue/Lk3q7m2xav5n4wq2c6yd8zf9u/001"
_REFERENCE: Final = "S-3KQ7M2XA"
_SEATS_OF_BOTH: Final = "amara@example.org", "amara.osei@work.example"

_TOLD: Final[dict[LetterKind, Told]] = {
    LetterKind.STAFF_DIGEST: ((), ()),
    LetterKind.STAFF_APPEAL: (
        (("Appeal", _APPEAL), ("About", _TITLE), ("Answer by", "Sunday, October 5, 2025")),
        (),
    ),
    LetterKind.STAFF_APPEAL_OVERDUE: (
        (
            ("Appeal", _APPEAL),
            ("Asked on", "Sunday, September 21, 2025"),
            ("Answer was due", "Sunday, October 5, 2025"),
        ),
        (),
    ),
    LetterKind.STAFF_ERASED: ((("Seats that are free again", "2"),), ()),
    LetterKind.STAFF_REVIEW: (
        (
            ("Payment", _ORDER),
            ("Amount", "$60.00"),
            ("Came through", "plink_1RVexampleA"),
            ("From", "Amara Osei <amara@example.org>"),
        ),
        ("$60.00 was paid for One class, and its price is $30.00.",),
    ),
    LetterKind.STAFF_CATALOGUE: (
        (("File", "catalogue/tending-2025.yaml"),),
        (
            "Line 12: 'tfc-2-resistance' ends before it starts. Are the two swapped?",
            "Line 48: The accent #F5B942 is hard to read on paper (1.6:1). Is there a darker one?",
        ),
    ),
    LetterKind.STAFF_REPORT_MISSING: (
        (
            ("Session", _TITLE),
            ("Held", "Sunday, September 14, 2025, 12:00–2:30 pm, New York time"),
            ("Folder", "attendance/tfc-5-dialogue/"),
        ),
        (),
    ),
    LetterKind.STAFF_REPORT_GIVEN_UP: ((("Folder", "attendance/tfc-5-dialogue/"),), ()),
    LetterKind.STAFF_REPORT_REFUSED: (
        (("File", "attendance/tfc-5-dialogue/participants.csv"),),
        (
            "Line 7: “half past two” is not a time that Zoom writes.",
            "Line 19: this person leaves before they join.",
        ),
    ),
    LetterKind.STAFF_CLOSE: (
        (
            ("Session", _TITLE),
            ("Registered", "41"),
            ("Attended in full", "36"),
            ("Certificates", "34"),
            ("Certificates that need you", "1"),
        ),
        ("Was there and is nobody registered: Bo's iPad.",),
    ),
    LetterKind.STAFF_RECORDING: (
        (("File", "recordings/tfc-5-dialogue/main.mp4"),),
        ("The file is empty: nothing of it arrived.",),
    ),
    LetterKind.STAFF_CLOUD_RECORDING: (
        (("File", "recordings/tfc-5-dialogue/main.mp4"),),
        ("A file of that name is there already, and it stays as it is.",),
    ),
    LetterKind.STAFF_RECORDING_WAITS: (
        (("Session", "tfc-5-dialogue"),),
        ("Captions are missing: upload captions.en.vtt beside the video.",),
    ),
    LetterKind.STAFF_SHARING: (
        (
            ("Whose link", "amara@example.org"),
            ("Recording", _TITLE),
            ("Session", "tfc-5-dialogue"),
        ),
        ("It was opened from 9 places within a day.",),
    ),
    LetterKind.STAFF_CERTIFICATE: (
        (("Name", "王小明"), ("For", _TITLE)),
        ("No typeface that we have holds: 王小明.",),
    ),
    LetterKind.STAFF_LETTER: (
        (("Letter", "confirmation"),),
        ("The mail service never said whether it was sent.",),
    ),
    LetterKind.STAFF_ADDRESS: ((("Letter", "certificate"),), ()),
    LetterKind.STAFF_DISPUTE: (
        (("Payment", _ORDER), ("Amount", "$210.00"), ("The dispute is", "open")),
        (),
    ),
    LetterKind.STAFF_REFUND_UNCLEAR: (
        (("Payment", _ORDER), ("Paid", "$210.00"), ("Given back", "$84.00")),
        ("$84.00 went back, and two classes, or none, would be as likely.",),
    ),
    LetterKind.STAFF_REFUND_CASE: (
        (
            ("Request", f"{_ORDER}-r1"),
            ("Payment", _ORDER),
            ("For", "tfc-5-dialogue"),
            ("To give back", "$42.00"),
            ("They say", "My mother is in hospital."),
        ),
        ("It was asked for 2 days before the class; the terms say 7.",),
    ),
    LetterKind.STAFF_CLASS_CANCELLED: (
        (
            ("People who held a seat", "41"),
            ("Goes back in all", "$1,932.00"),
            ("For you to give back", "2"),
        ),
        (),
    ),
    LetterKind.STAFF_PAID_TWICE: (
        (
            ("Payment", f"{_ORDER}, $60.00"),
            ("Payment", "pi_3RVexample0002, $210.00"),
            ("Suggestion", "Give back $42.00, from the dearer of the two."),
        ),
        (),
    ),
    LetterKind.STAFF_SAME_PERSON: (
        tuple(("Person", f"Amara Osei <{address}>") for address in _SEATS_OF_BOTH),
        ("Both give the same full name.",),
    ),
    LetterKind.STAFF_CERTIFICATE_KEPT: (
        (
            ("Certificate", _NUMBER),
            ("Payment", _ORDER),
            ("To withdraw it", "certificate revoke EMAIL tfc-5-dialogue --why TEXT"),
        ),
        (),
    ),
    LetterKind.STAFF_CERTIFICATE_NAME: (
        (
            ("Certificate", _NUMBER),
            ("For", _TITLE),
            ("Name on it", "Amara Ose"),
            ("Name they want", "Amara Osei, LCSW"),
            ("Registered as", "Amara Ose"),
        ),
        ("They ask for the certificate to be issued anew with the name they chose.",),
    ),
    LetterKind.STAFF_SCHOLARSHIP_ROUND: (
        (
            ("Applications", "31"),
            ("Late", "2"),
            ("Full awards", "4"),
            ("Partial awards", "3"),
            ("On the list", "9"),
            ("Not awarded", "14"),
            ("Left in the fund", "$35.00"),
        ),
        (f"Too few votes, or a tie, so they wait for you to decide: {_REFERENCE}.",),
    ),
    LetterKind.STAFF_SCHOLARSHIP_REFUND: (
        (
            ("Application", _REFERENCE),
            ("To give back", "$60.00"),
            ("Payment", f"{_ORDER}, $60.00"),
        ),
        (),
    ),
    LetterKind.STAFF_SCHOLARSHIP_PAYMENT: (
        (
            ("Application", _REFERENCE),
            ("Amount", "$84.00"),
            ("Reference for the link", f"scholarship-{_REFERENCE}"),
        ),
        (),
    ),
    LetterKind.STAFF_SCHOLARSHIP_FULL: (
        (("Application", _REFERENCE), ("No seat left", _TITLE), ("Answer by", "2025-06-19")),
        (),
    ),
}


def told_to_staff(kind: LetterKind) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The table and the lines of a letter of that kind. Raises KeyError: it has no sample yet."""
    facts, lines = _TOLD[kind]
    return tuple(Fact(label=label, value=value) for label, value in facts), lines


def listed_for_staff(kind: LetterKind) -> tuple[Listed, ...]:
    """What a letter of that kind lists, each with its act."""
    return _LISTED if kind is LetterKind.STAFF_DIGEST else ()


_LISTED: Final = (
    Listed(
        title="A payment of $60.00",
        why="$60.00 was paid for One class, and its price is $30.00. It has waited for 3 days.",
        act="$60.00 is the price of Two classes.",
        anchor="payment-0a1b2c3d4e5f",
    ),
    Listed(
        title=f"2 people in the record of “{_TITLE}”",
        why="They are nobody who is registered, so they credit nobody. It has waited for a day.",
        act="Say who each of them is, or that they are nobody of ours.",
        anchor="attendance-1a1b2c3d4e5f",
    ),
    Listed(
        title="Letters to somebody come back",
        why="The address does not exist, or takes no letters. It has waited for 5 hours.",
        act="Find out their address another way, and correct it. What they missed is then sent.",
        anchor="address-2a1b2c3d4e5f",
    ),
)
