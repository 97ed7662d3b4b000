"""Two institutes of different shape, as samples.

They are shaped like the first two users (a series of classes with a certificate each, a unit of
parts with one certificate and a recording window) and stay put when the published files change.
"""

from datetime import UTC, datetime
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

NOW: Final = datetime(2025, 6, 1, 9, 30, tzinfo=UTC)
LEARNER_ID: Final = "lq5ndvtu7xk2mexample"
PUBLIC_ID: Final = "7K3F9Q2MXTR8VWYZ0123456789"
SITE: Final = "https://tending.example"
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
