"""Small, valid values for tests: two institutes of different shape, their people and their letters.

They are shaped like the first two users (a series of classes with a certificate each, a unit of
parts with one certificate and a recording window) and stay put when the published files change.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from shared.domain.catalogue import (
    Catalogue,
    CertificatePolicy,
    Community,
    Institute,
    Offer,
    Policies,
    RecordingPolicy,
    RefundPolicy,
    SeriesText,
    Session,
    Signatory,
    Tier,
)
from shared.domain.certificate_life import Act, Ground, Revision
from shared.domain.certificates import Certificate, CertificateStatus, certificate_text
from shared.domain.credit import Verdict
from shared.domain.decisions import Reason, granted, refused
from shared.domain.letters import Fact, LetterFacts, LetterKind, owe
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.registrations import Learner
from tests.refund_samples import cancelled, requests_of

NOW: Final = datetime(2025, 6, 1, 9, 30, tzinfo=UTC)
LEARNER_ID: Final = "lq5ndvtu7xk2mexample"
PUBLIC_ID: Final = "7K3F9Q2MXTR8VWYZ0123456789"
SITE: Final = "https://tending.example"
REVOKED: Final[dict[str, Any]] = {
    "status": CertificateStatus.REVOKED,
    "acts": (
        Act(
            what="revoked", by="Noor", why="You told us that you left at noon.", at=NOW,
            ground=Ground.ATTENDANCE,
        ),
    ),
}  # fmt: skip

_CLASSES = (
    ("tfc-1-wisdom", "2025-06-22", ("Zena Sharman", "Kai Cheng Thom"),
     "In All Things a Wisdom: Complexity Theory & Practice for Liberatory Mental Health"),
    ("tfc-2-resistance", "2025-07-13", ("Vivianne Guevara", "Hel Spandler"),
     "Between Resistance & Complicity: The Role of Providers in Transforming Care"),
    ("tfc-3-biomedical", "2025-08-03", ("Rupi Legha", "Robert Whitaker"),
     "Grappling with the Biomedical Model: The Case for a Paradigm Shift"),
    ("tfc-4-regulation", "2025-08-24", ("Rae Johnson", "Nkem Ndefo"),
     "The Politics of Regulation: Knocking the Nervous System Off Its Pedestal"),
    ("tfc-5-dialogue", "2025-09-14", ("Charmaine Harris", "Russell Razzaque"),
     "What Emerges in Dialogue: Relational Practice & the Ethics of Uncertainty"),
)  # fmt: skip
_PARTS = (
    ("tjc-1-lens", "Building A Social Justice Lens within Therapy Practice", "2025-11-01", 20),
    ("tjc-2-power", "Intersectionality and Power in Therapeutic Relationships", "2025-11-08", 20),
    ("tjc-3-advocacy", "Advocacy Roles within Therapeutic Services", "2025-11-22", 20),
    ("tjc-4-circle", "Supervision: Reflection Circle", "2025-11-29", 19),
)


def classes_catalogue(**institute: Any) -> Catalogue:
    """Five Sunday classes in New York, three rates, a certificate for each, recordings for ever.

    Keywords replace fields of the institute (accent="#7A1F5C").
    """
    ids = tuple(row[0] for row in _CLASSES)
    return Catalogue(
        catalogue=1,
        institute=_institute(
            {
                "id": "idha",
                "name": "Institute for the Development of Human Arts",
                "short_name": "IDHA",
                "sender": "letters@idha.example",
                "contact": "contact@idha.example",
                "staff": ("training@idha.example", "office@idha.example"),
                "zone": "America/New_York",
                "postal_address": "IDHA, 1 Example Street, New York, NY 10001, USA",
                "signatory": Signatory(name="Noor Haddad", office="Director of Training"),
                "certificate_statements": ("There is no commercial support for this class.",),
            }
            | institute
        ),
        series=SeriesText(
            id="tending-2025",
            title="Tending the Future of Care",
            subtitle="Practices & Possibilities for Transformative Mental Health",
            page="https://idha.example/tending",
            accessibility="ASL interpretation and automated captions come with every class.",
            before_class="Please install Zoom before the first class.",
            community=Community(
                name="IDHA's School for Transformative Mental Health",
                invitation="https://community.example/invitation",
            ),
        ),
        sessions=tuple(_class(*row) for row in _CLASSES),
        tiers=(
            Tier(id="reduced", title="Reduced/Member", includes=_TOGETHER, credit=False),
            Tier(id="general", title="General", includes=(*_TOGETHER, _CREDITS), credit=True),
            Tier(id="supporter", title="Supporter", includes=(*_TOGETHER, _CREDITS), credit=True),
        ),
        prices=(
            *(_single(session, tier, cents) for session in ids for tier, cents in _SINGLES),
            *(
                Offer(
                    id=f"all-five-{tier}", title=f"All five classes, {tier}", tier=tier,
                    sessions=ids, amount=cents, currency="USD",
                )
                for tier, cents in (("reduced", 10500), ("general", 21000), ("supporter", 29700))
            ),
        ),
        policies=Policies(
            refund=RefundPolicy(
                days_before=7, wording="You can have your money back up to 7 days before a class."
            ),
            certificate=CertificatePolicy(
                per="session",
                hours_label="CE hours",
                professions=("Psychologists", "Social Workers", "Counselors", "Therapists"),
            ),
        ),
    )  # fmt: skip


_TOGETHER = (
    "The live class, 2.5 hours",
    "The class recording and resource list",
    "IDHA's virtual learning community",
)
_CREDITS = "CE credits, 2.25 per class"
_SINGLES = (("reduced", 3000), ("general", 6000), ("supporter", 8500))


def _single(session: str, tier: str, cents: int) -> Offer:
    return Offer(
        id=f"{session}-{tier}", title=f"One class, {tier}", tier=tier,
        sessions=(session,), amount=cents, currency="USD",
    )  # fmt: skip


def unit_catalogue(**institute: Any) -> Catalogue:
    """Four Saturday parts in India, one rate, one certificate for all, recordings for 14 days."""
    return Catalogue(
        catalogue=1,
        institute=_institute(
            {
                "id": "misa",
                "name": "Mad in South Asia",
                "short_name": "MISA",
                "sender": "letters@misa.example",
                "contact": "workshops@misa.example",
                "staff": ("team@misa.example",),
                "zone": "Asia/Kolkata",
                "accent": "#8A2F3C",
                "signatory": Signatory(name="Asha Menon", office="Workshop Coordinator"),
            }
            | institute
        ),
        series=SeriesText(
            id="just-clinic-unit-1",
            title="Becoming a Social Justice-Informed Practitioner",
            subtitle="Advocacy through Clinical Practice",
            page="https://misa.example/just-clinic",
            accessibility="Automated captions are on in every session.",
        ),
        sessions=tuple(_part(*row) for row in _PARTS),
        tiers=(
            Tier(
                id="standard", title="Standard", credit=True,
                includes=("All four live parts, 7 hours", "Recordings of the three sessions"),
            ),
        ),
        prices=(
            Offer(
                id="unit-standard", title="The whole unit", tier="standard",
                sessions=tuple(row[0] for row in _PARTS), amount=450000, currency="INR",
            ),
        ),
        policies=Policies(
            refund=RefundPolicy(wording="Write to us about a refund; we find a way together."),
            recording=RecordingPolicy(days_after_event=14),
            certificate=CertificatePolicy(per="unit", hours=Decimal(7), hours_label="hours"),
        ),
    )  # fmt: skip


CATALOGUES: Final = {"classes": classes_catalogue, "unit": unit_catalogue}


def _institute(fields: dict[str, Any]) -> Institute:
    return Institute.model_validate(fields)


def _class(id_: str, day: str, faculty: tuple[str, ...], title: str) -> Session:
    return Session(
        id=id_, title=title, kind="class", starts=f"{day} 12:00", ends=f"{day} 14:30",  # type: ignore[arg-type]
        zone="America/New_York", faculty=faculty, credit_hours=Decimal("2.25"), recorded=True,
        captions="automated", sign_language="ASL", joining_link=f"https://zoom.example/j/{id_}",
        objectives=("Understand key frameworks", "Apply them in your own practice"),
    )  # fmt: skip


def _part(id_: str, title: str, day: str, end_hour: int) -> Session:
    circle = id_.endswith("circle")
    return Session(
        id=id_, title=title, kind="circle" if circle else "session",
        starts=f"{day} 18:00", ends=f"{day} {end_hour}:00",  # type: ignore[arg-type]
        zone="Asia/Kolkata", faculty=("Priyanka Mittak",), recorded=not circle,
        captions="automated", joining_link=f"https://zoom.example/j/{id_}",
    )  # fmt: skip


def a_learner(name: str = "Amara Osei", address: str = "amara@example.org") -> Learner:
    """A person as the records hold them."""
    return Learner(learner=LEARNER_ID, name=name, address=address, named_by=(NOW, "order-1"))


def an_order(catalogue: Catalogue, offer_id: str, **changes: Any) -> Order:
    """A paid order of that line of the price book."""
    offer = catalogue.offer(offer_id)
    order = Order(
        order="pi_3RVexample0001", provider="stripe", first_seen_at=NOW, live=False,
        paid=offer.price,
        series=catalogue.series.id, offer=offer.id, tier=offer.tier, sessions=offer.sessions,
    )  # fmt: skip
    return order.model_copy(update=changes)


def a_certificate(
    catalogue: Catalogue, name: str = "Amara Osei", scope: str | None = None, **changes: Any
) -> Certificate:
    """An issued certificate of the last class, or of the unit."""
    unit = catalogue.policies.certificate.per == "unit"
    scope = scope or (catalogue.series.id if unit else catalogue.sessions[-1].id)
    issued_at = catalogue.sessions[-1].ends_at + timedelta(hours=1)
    url = f"{SITE}/c/{PUBLIC_ID}"
    certificate = Certificate(
        scope=scope, series=catalogue.series.id, learner=LEARNER_ID, public_id=PUBLIC_ID,
        text=certificate_text(catalogue, scope, name, PUBLIC_ID, url, issued_at),
        status=CertificateStatus.ISSUED, reserved_at=issued_at, issued_at=issued_at,
    )  # fmt: skip
    return certificate.model_copy(update=changes)


def _superseded() -> dict[str, Any]:
    text = a_certificate(classes_catalogue(), "Amara Ose").text
    earlier = Revision(
        revision=1, text=text, document="certificates/x.pdf", sha256="cd" * 32,
        issued_at=text.issued_at, superseded_at=text.issued_at + timedelta(days=2),
    )  # fmt: skip
    return {"revision": 2, "corrected_at": earlier.superseded_at, "earlier": (earlier,)}


# What a certificate has that was corrected two days after it was issued.
CORRECTED: Final[dict[str, Any]] = _superseded()


# Letters that say what was decided.
DECIDED: Final = {LetterKind.NO_CERTIFICATE, LetterKind.PARTICULARS_WANTED}


def a_verdict(catalogue: Catalogue, *reasons: str) -> Verdict:
    """Who did not earn a certificate in the last class (or the unit), and why; earned without."""
    why = tuple(Reason(code="late", text=text) for text in reasons)
    earned = refused("credit-1", *why) if why else granted("credit-1", "attended", "You did.")
    return Verdict(
        scope=catalogue.sessions[-1].id, series=catalogue.series.id, learner=LEARNER_ID,
        attended=earned, earned=earned, revision="r1", decided_at=NOW,
    )  # fmt: skip


def letter_facts(kind: LetterKind, catalogue: Catalogue | None, **changes: Any) -> LetterFacts:
    """All that a letter of that kind may draw on; keywords replace fields.

    Learners' letters are about the largest offer of the catalogue, staff's about its last session.
    """
    if kind.to_staff or catalogue is None:
        session = catalogue.sessions[-1] if catalogue else None
        letter = owe(
            kind, "subject-1", NOW, session=session.id if session else None,
            staff=("staff@example.org",), order="pi_3RVexample0001",
            facts=(Fact(label="Amount", value="$60.00"), Fact(label="Where", value="line 12")),
            lines=("$60.00 was paid for One class, and its price is $30.00.", "Is that right?"),
        )  # fmt: skip
        return LetterFacts(letter=letter, catalogue=catalogue).model_copy(update=changes)
    offer = max(catalogue.prices, key=lambda line: (len(line.sessions), line.tier == "general"))
    of_certificate = kind.value.startswith("certificate")
    late = of_certificate or kind in {*OF_RECORDINGS, *DECIDED}
    withdrawn = kind is LetterKind.CERTIFICATE_REVOKED
    sessions = catalogue.sessions
    order = an_order(catalogue, offer.id, **_money(kind, offer.price))
    requests = requests_of(kind, order)
    if kind is LetterKind.CLASS_CANCELLED:
        catalogue = cancelled(catalogue, sessions[-1].id)
        sessions = catalogue.sessions[-1:]
    elif requests:
        asked = {session for one in requests for session in one.sessions}
        sessions = tuple(session for session in sessions if session.id in asked)
    elif kind in OF_RECORDINGS:
        sessions = sessions[:1]
    elif late and catalogue.policies.certificate.per == "session":
        sessions = sessions[-1:]
    facts = LetterFacts(
        letter=owe(kind, "order-1", sessions[-1].ends_at if late else NOW, learner=LEARNER_ID),
        catalogue=catalogue,
        learner=a_learner(),
        order=order,
        requests=requests,
        back=requests[0].amount if requests else None,
        sessions=sessions,
        tier=catalogue.tier(offer.tier),
        certificate=a_certificate(catalogue, **(REVOKED if withdrawn else {}))
        if of_certificate
        else None,
        document=b"%PDF-1.7 example" if of_certificate and not withdrawn else None,
        verdict=a_verdict(catalogue, "You joined at 12:24 pm; the class asks for 12:15 pm.")
        if kind in DECIDED
        else None,
        links={
            "me": f"{SITE}/me/token",
            "confirm": f"{SITE}/address/token",
            "watch": f"{SITE}/watch/token",
            "my_certificate": f"{SITE}/my/token",
            "certificate": f"{SITE}/c/{PUBLIC_ID}",
            **{f"join:{session.id}": session.joining_link for session in sessions},
        },
    )
    return facts.model_copy(update=changes)


OF_RECORDINGS = (LetterKind.RECORDING, LetterKind.RECORDING_LINK)


def _money(kind: LetterKind, price: Money) -> dict[str, Any]:
    if kind in (LetterKind.PAYMENT_PENDING, LetterKind.PAYMENT_FAILED):
        failed = kind is LetterKind.PAYMENT_FAILED
        return {"paid": None, "pending": price, "failed": failed}
    return {"refunded_in_all": price} if kind is LetterKind.REFUNDED else {}
