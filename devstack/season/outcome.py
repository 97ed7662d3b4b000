"""What came of the season: counted from the records, the inbox and the opened links, and judged."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from devstack import desk
from devstack.mailbox import Letter, read_inbox
from devstack.season import people
from devstack.season.people import Person
from devstack.season.play import IDHA, MISA, VIDEO, Season
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.letters import Letter as Owed
from shared.domain.payments import EventMarker, Order
from shared.domain.record import Record
from shared.domain.registrations import Registration

EXPECTED: dict[str, dict[str, Any]] = {
    IDHA: {
        "registrations": 20,
        "in_review": 1,
        "letters": {
            "certificate": 4,
            "confirmation": 8,
            "no_certificate": 1,
            "payment_pending": 1,
            "recording": 8,
            "refunded": 1,
            "staff_close": 1,
            "staff_report_missing": 1,
            "staff_review": 1,
        },
        "certificates": 4,
        "recording_links": {"opened": 7, "refused": 1},
        "refused": {"absent": 1, "forged_signature": 1, "left_early": 1, "tier_without_credit": 2},
        "duplicates_ignored": 4,
    },
    MISA: {
        "registrations": 12,
        "in_review": 0,
        "letters": {
            "certificate": 1,
            "confirmation": 3,
            "no_certificate": 2,
            "recording": 3,
            "staff_close": 4,
        },
        "certificates": 1,
        "recording_links": {"opened": 0, "refused": 3},
        "refused": {"part_missed": 2},
        "duplicates_ignored": 0,
    },
}


def summarise(season: Season) -> dict[str, Any]:
    """Counts per institute, and how many seconds each step took."""
    kept = _everything(season)
    institutes = {series: _of_series(season, series, kept) for series in (IDHA, MISA)}
    return {"institutes": institutes, "seconds": season.seconds}


def differences(summary: dict[str, Any], season: Season) -> list[str]:
    """Everything that is not as it must be; nothing if the season went right."""
    found = []
    for series, expected in EXPECTED.items():
        for what, wanted in expected.items():
            got = summary["institutes"][series][what]
            if got != wanted:
                found.append(f"{series}: {what} should be {wanted} and is {got}.")
    return found + list(_wrong_links(season)) + list(_wrong_certificates(season))


def save(season: Season, summary: dict[str, Any], folder: Path) -> None:
    """Leave the summary, every letter and every certificate where a person can look at them."""
    shutil.rmtree(folder, ignore_errors=True)  # nothing of an earlier season among this one
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(
        json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "letters").mkdir()
    (folder / "certificates").mkdir()
    for number, letter in enumerate(read_inbox(season.stack.letters_folder), start=1):
        kind = "".join(c if c.isalnum() else "-" for c in letter.subject.lower())[:50].strip("-")
        (folder / "letters" / f"{number:03}-{kind}.eml").write_bytes(letter.raw)
        for attachment in letter.attachments:
            if attachment.content_type == "application/pdf":
                (folder / "certificates" / attachment.name).write_bytes(attachment.content)


def rows(season: Season) -> list[tuple[str, str, str, str, str]]:
    """What each person got: (name, bought, letters, certificate, recording)."""
    return [_row(season, person) for person in (*people.IDHA, *people.MISA)]


def _row(season: Season, person: Person) -> tuple[str, str, str, str, str]:
    letters = season.letters(person)
    numbers = [a.name for letter in letters for a in _pdfs(letter)]
    certificate = numbers[0].removeprefix("certificate-").removesuffix(".pdf") if numbers else "–"
    opened = season.opened.get(person.address)
    recording = "–" if opened is None else ("plays" if opened.status == 200 else "refused")
    return person.name, person.offer, str(len(letters)), certificate, recording


def _everything(season: Season) -> list[Record]:
    pages = season.stack.client("dynamodb").get_paginator("scan")
    reader = desk.records(season.stack)
    counted = (Registration, Order, EventMarker, Owed, Verdict, Certificate)
    return [
        record
        for page in pages.paginate(TableName=season.stack.table, ConsistentRead=True)
        for item in page["Items"]
        for kind in counted
        if (record := reader.record(item, kind)) is not None
    ]


def _of_series(season: Season, series: str, kept: list[Record]) -> dict[str, Any]:
    own = [record for record in kept if getattr(record, "series", None) == series]
    orders = {record.order for record in own if isinstance(record, Order)}
    reviews = [
        record
        for record in kept
        if isinstance(record, Order) and record.waiting == "review" and _through(record, series)
    ]
    of_reviews = {order.order for order in reviews}
    letters = [record for record in kept if isinstance(record, Owed) and record.series == series]
    markers = [
        record
        for record in kept
        if isinstance(record, EventMarker) and record.order in orders | of_reviews
    ]
    codes = Counter(
        code
        for record in own
        if isinstance(record, Verdict) and not record.earned.granted
        for code in {reason.code for reason in record.earned.reasons}
        if code not in ("part_of_unit", "refunded")
    )
    forged = season.answers[f"{series} 400"]
    watched = [season.opened[p.address] for p in _cast(series) if p.address in season.opened]
    return {
        "registrations": sum(isinstance(record, Registration) for record in own),
        "in_review": len(reviews),
        "letters": dict(sorted(Counter(str(letter.letter) for letter in letters).items())),
        "certificates": sum(
            isinstance(record, Certificate) and record.status is CertificateStatus.ISSUED
            for record in own
        ),
        "recording_links": {
            "opened": sum(link.status == 200 for link in watched),
            "refused": sum(link.status != 200 for link in watched),
        },
        "refused": dict(sorted((codes + Counter({"forged_signature": forged})).items())),
        "duplicates_ignored": season.accepted[series] - len(markers),
    }


def _through(order: Order, series: str) -> bool:
    """Whether an order in review came through one of that series' links."""
    return any(person.offer in order.offer_ids for person in _cast(series))


def _cast(series: str) -> tuple[Person, ...]:
    return people.IDHA if series == IDHA else people.MISA


def _wrong_links(season: Season) -> list[str]:
    wrong = []
    for person in people.IDHA:
        opened = season.opened.get(person.address)
        if person is people.UNDERPAID:
            if opened is not None:
                wrong.append("The buyer in review was sent a recording.")
        elif opened is None:
            wrong.append(f"{person.offer}: no recording link was sent.")
        elif person is people.REFUNDED:
            if opened.status == 200 or "access has ended" not in opened.text:
                wrong.append("The refunded buyer was not told that access has ended.")
        elif not opened.body.startswith(VIDEO):
            wrong.append(f"{person.offer}: the link did not bring the recording.")
    closed = season.opened.get(people.COMES_TOO_LATE.address)
    if closed is None or closed.status == 200 or "until" not in closed.text:
        wrong.append("The latecomer was not told on which day the window closed.")
    return wrong


def _wrong_certificates(season: Season) -> list[str]:
    return [
        f"{person.name}: {'no' if person.certificate else 'a'} certificate arrived."
        for person in (*people.IDHA, *people.MISA)
        if person.certificate is not any(_pdfs(letter) for letter in season.letters(person))
    ]


def _pdfs(letter: Letter) -> list[Any]:
    return [a for a in letter.attachments if a.content_type == "application/pdf"]
