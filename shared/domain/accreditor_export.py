"""What an accreditor is shown of one session: a row for each person and each of their licences."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificate_text import as_printed
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.languages import ENGLISH
from shared.domain.particulars import Licence, Particulars
from shared.domain.value import Value
from shared.domain.zones import say_span

COLUMNS: Final = (
    "Name", "Profession", "License state", "License number", "Signed in", "Signed out", "Minutes",
    "Attended", "Certificate", "Certificate number", "Credits", "Reasons",
)  # fmt: skip


class Export(Value):
    """The list of one session. Every cell is one line of text; each row has one per column."""

    institute: str
    accent: str
    language: str
    title: str
    held: str
    statement: str
    made_at: datetime
    rows: tuple[tuple[str, ...], ...]


def export_of(
    catalogue: Catalogue, session: Session, rows: tuple[tuple[str, ...], ...], now: datetime
) -> Export:
    """The list with its heading."""
    institute = catalogue.institute
    count = len({row[:1] + row[4:] for row in rows})
    return Export(
        institute=institute.name,
        accent=institute.accent,
        language=ENGLISH,
        title=session.title,
        held=say_span(session.starts_at, session.ends_at, session.zone),
        statement=f"{count} people in {len(rows)} rows, one for each license. Times are those of "
        f"{session.zone}. Time present is the union of all devices, to the second.",
        made_at=now,
        rows=rows,
    )


def rows_of(
    name: str,
    told: Particulars | None,
    verdict: Verdict,
    certificate: Certificate | None,
    zone: str,
) -> list[tuple[str, ...]]:
    """One row for each licence that the person told us; one without, if they told us none."""
    first = _clock(verdict.presence[0].joined, zone) if verdict.presence else ""
    last = _clock(verdict.presence[-1].left, zone) if verdict.presence else ""
    given = certificate is not None and certificate.given
    counts = given and certificate is not None and certificate.status is CertificateStatus.ISSUED
    credits_of = "; ".join(
        f"{one.name}: {one.hours}" for one in verdict.boards if one.decision.granted
    )
    decided = (
        first,
        last,
        str(verdict.minutes),
        "yes" if verdict.attended.granted else "no",
        "given" if counts else "withdrawn" if given else "no",
        certificate.text.number if given and certificate else "",
        credits_of,
        verdict.earned.why,
    )
    licences: tuple[Licence | None, ...] = (told.licences if told else ()) or (None,)
    return [
        tuple(str(as_printed(cell)) for cell in (name, *_licence(one), *decided))
        for one in licences
    ]


def _licence(licence: Licence | None) -> tuple[str, str, str]:
    if licence is None:
        return ("", "", "")
    return (licence.profession, licence.state if licence.held else "", licence.number)


def _clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
