"""A small season in the account in memory, played through the entry points: who paid, who came."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from functions.attendance_reported.handler import report
from functions.catalogue_published.handler import publish
from functions.payment_webhook.record import handler as record
from functions.session_closed import handler as close
from functions.session_closed import print_certificate
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Session
from shared.domain.printing import Printed
from shared.domain.record import Key
from tests.cloud import CONTEXT, Cloud, Snapshot, who
from tests.gateway import queue_event
from tests.payments import checkout

IDHA = read_catalogue(Path("events/catalogue_published/idha-2025.yaml").read_bytes())
CLASS_1 = IDHA.sessions[0]
AMARA, BO, DEVIKA = (who(f"{name}@example.org") for name in ("amara", "bo", "devika"))
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100
# What is played through the entry points once is put back as it was for the next test.
_played: dict[str, Snapshot] = {}
_HEADINGS = "Name (original name),Email,Join time,Leave time,Duration (minutes),In waiting room"


def on_sale(cloud: Cloud) -> Cloud:
    """IDHA's series is published, and its alarms are not looked at."""
    return _once("on sale", cloud, lambda: publish(cloud.publish("idha-2025"), CONTEXT))


def open_season(cloud: Cloud, *, devika: str = "Devika") -> Cloud:
    """IDHA's series is on sale; Amara (general), Bo (reduced) and Devika (supporter) paid."""

    def play() -> None:
        on_sale(cloud)
        pay("general-class-1", "Amara", 1)
        pay("reduced-class-1", "Bo", 2)
        pay("supporter-class-1", devika, 3, address="devika@example.org")

    return _once(devika, cloud, play)


def _once(what: str, cloud: Cloud, play: Callable[[], object]) -> Cloud:
    if what in _played:
        cloud.put_back(_played[what])
    else:
        play()
        _played[what] = cloud.snapshot()
    return cloud


def pay(offer: str, name: str, number: int, *, address: str = "") -> None:
    """Somebody paid, and the event was recorded."""
    body = checkout(IDHA, offer, name, number, address=address)
    assert record(queue_event(body), CONTEXT) == {"batchItemFailures": []}


def pay_later(offer: str, name: str, number: int, *, arrives: bool) -> None:
    """A bank debit: first it is on its way (`arrives` false), then it has arrived."""
    told = json.loads(checkout(IDHA, offer, name, number))
    told["id"] += "_arrived" if arrives else ""
    if arrives:
        told["type"] = "checkout.session.async_payment_succeeded"
    else:
        told["data"]["object"]["payment_status"] = "unpaid"
    assert record(queue_event(json.dumps(told)), CONTEXT) == {"batchItemFailures": []}


def after(cloud: Cloud, session: Session = CLASS_1) -> Cloud:
    """It is a quarter of an hour after the session."""
    cloud.now = session.ends_at + timedelta(minutes=15)
    return cloud


def zoom_report(session: Session, *people: str, late: int = 0) -> bytes:
    """Zoom's report: <person>@example.org was there, from so many minutes late, to the end."""
    joined = _written(session.starts_at + timedelta(minutes=late), session.zone)
    left = _written(session.ends_at, session.zone)
    rows = (f"{name.title()},{name}@example.org,{joined},{left},150,No" for name in people)
    return ("\ufeff" + "\r\n".join((_HEADINGS, *rows)) + "\r\n").encode()


def _written(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%m/%d/%Y %I:%M:%S %p}"


def report_came(cloud: Cloud, session: Session, *people: str, late: int = 0) -> str:
    """Staff uploaded the report of a session; what became of it."""
    content = zoom_report(session, *people, late=late)
    event = cloud.upload(f"attendance/{session.id}/participants.csv", content)
    return str(report(event, CONTEXT)["outcome"])


def certificate_steps(earned: dict[str, str]) -> None:
    """One line of the roster: reserved, printed, posted."""
    reserved = close.reserve_certificate(earned, CONTEXT)
    printed = print_certificate.handler(reserved, CONTEXT)
    close.post_certificate({**earned, "sha256": printed["sha256"]}, CONTEXT)


def closed_season(cloud: Cloud) -> Cloud:
    """A season whose first class was closed step by step on a report with everyone in it."""

    def play() -> None:
        after(open_season(cloud))
        report_came(cloud, CLASS_1, "amara", "bo", "devika")
        decided = close.decide_credit({"session": CLASS_1.id}, CONTEXT)
        for line in cloud.document(decided["roster"]).decode().splitlines():
            certificate_steps(json.loads(line))
        close.report_to_staff({"session": CLASS_1.id}, CONTEXT)

    return _once("closed", cloud, play)


class PrintsHere:
    """The printing function, called without Lambda in between."""

    def print(self, key: Key) -> Printed:
        told = {"partition": key.partition, "sort": key.sort}
        answer = print_certificate.handler(told, CONTEXT)
        return Printed(answer["revision"], answer["sha256"])
