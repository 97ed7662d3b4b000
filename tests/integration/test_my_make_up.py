"""Making up for a missed part through the entry points: recording opened, reflection sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.catalogue_published.handler import publish
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.credit import Verdict
from shared.domain.decisions import Reason, granted, refused
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.made_up import MadeUp
from shared.domain.payments import OrderStatus
from shared.domain.registrations import Grant, Learner, Registration
from tests.cloud import CONTEXT, Cloud, link, who
from tests.integration.test_my_page import ask
from tests.reading import Reader

FILE = Path("events/catalogue_published/misa-2025.yaml").read_bytes()
ALLOWED = FILE.replace(
    b"\n  certificate:", b"\n  credit: {make_up: [session], make_up_days: 60}\n  certificate:"
)
MISA = read_catalogue(ALLOWED)
PART_1, PART_2 = MISA.sessions[:2]
PAGE = "/me/{token}/make-up/{session}"
NOOR = who("noor@example.org")
TEXT = "What I took from this part is how much of practice rests on who is in the room. " * 4


@pytest.fixture
def missed(cloud: Cloud) -> Cloud:
    """Noor attended the first part of the unit and missed the second, which is over."""
    publish(cloud.upload("catalogue/misa-2025.yaml", ALLOWED), CONTEXT)
    cloud.now = PART_2.ends_at + timedelta(days=1)
    paid = {"order-1": Grant(tier=MISA.prices[0].tier, status=OrderStatus.PAID)}
    series = MISA.series.id
    yes = granted("r", "attended", "You were there for 118 minutes.")
    no = refused("r", Reason(code="absent", text="You are not in the attendance record."))
    shared: dict[str, Any] = {"series": series, "learner": NOOR}
    records = [
        Registration(session=part.id, grants=paid, registered_at=cloud.now, **shared)
        for part in MISA.sessions
    ]
    verdicts = [
        Verdict(scope=part.id, attended=said, earned=no, revision="r", decided_at=cloud.now,
                **shared)
        for part, said in ((PART_1, yes), (PART_2, no))
    ]  # fmt: skip
    person = Learner(learner=NOOR, name="Noor", address="noor@example.org",
                     named_by=(cloud.now, "order-1"))  # fmt: skip
    cloud.records.commit(person, *records, *verdicts)
    return cloud


def _opened(cloud: Cloud) -> None:
    cloud.records.commit(
        MadeUp(session=PART_2.id, series=MISA.series.id, learner=NOOR, opened_at=cloud.now)
    )


def _ask(method: str, body: str = "") -> dict[str, object]:
    return ask(method, PAGE, link("me", NOOR), body, session=PART_2.id)


def test_the_page_says_how_far_one_is_and_leads_to_the_form(missed: Cloud) -> None:
    page = Reader(ask("GET", "/me/{token}", link("me", NOOR))["body"])

    assert "1 of 4; next: Nov 22" in page.text
    assert any(one.endswith(f"/make-up/{PART_2.id}") for one in page.links)
    assert not any(one.endswith(f"/make-up/{PART_1.id}") for one in page.links)


def test_the_recording_comes_first(missed: Cloud) -> None:
    answer = _ask("POST", urlencode({"reflection": TEXT}))

    assert "Please open the recording first." in Reader(str(answer["body"])).text
    assert missed.everything(MadeUp) == []


def test_a_reflection_is_taken_and_the_unit_decided_again(missed: Cloud) -> None:
    _opened(missed)
    assert "Your reflection" in Reader(str(_ask("GET")["body"])).text

    short = _ask("POST", urlencode({"reflection": "<b>Short</b>"}))
    assert short["statusCode"] == 422
    assert "&lt;b&gt;Short&lt;/b&gt;" in str(short["body"])
    sent = _ask("POST", urlencode({"reflection": TEXT}))

    assert sent["statusCode"] == 200
    assert "The part counts now." in Reader(str(sent["body"])).text
    (wanted,) = missed.everything(DecisionWanted)
    assert (wanted.session, wanted.waiting) == (PART_2.id, "decision")
    page = Reader(ask("GET", "/me/{token}", link("me", NOOR))["body"])
    assert "2 of 4; next: Nov 22" in page.text


def test_nobody_makes_up_on_another_persons_page(missed: Cloud) -> None:
    answer = ask("GET", PAGE, link("me", "L" + "x" * 24), session=PART_2.id)

    assert answer["statusCode"] == 404
