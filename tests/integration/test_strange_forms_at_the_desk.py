"""Whatever a form of the desk holds: a page with a sentence, nobody stumbles, nothing is done."""

import unicodedata
from typing import Any

import pytest

from functions.staff_desk.acts import handler
from shared import wiring
from shared.domain.audits import Audit
from shared.domain.staff import Role
from tests.cloud import CONTEXT, Cloud
from tests.desk_forms import acts
from tests.gateway import proxy_event
from tests.season import AMARA, BO, CLASS_1, PrintsHere, closed_season
from tests.staff import Answer, Browser, signed_in

SERIES = "idha-2025"
FORM = "application/x-www-form-urlencoded"
# What a form of ours holds, so that one strange thing among it gets as far as it can.
USUAL = {
    "about": "credit",
    "address": "elsewhere@example.org",
    "amount": "10.00",
    "appeal": f"{CLASS_1.id}/{AMARA}/1",
    "days": "14",
    "granted": "no",
    "ground": "mistake",
    "late": "from_now",
    "learner": AMARA,
    "letter": "confirmation#stripe-pi_1",
    "machine": "close",
    "name": f"close-{CLASS_1.id}",
    "nobody": "",
    "offer": "general-class-1",
    "order": "stripe-pi_1",
    "other": BO,
    "over": "",
    "pair": f"{SERIES}/{AMARA}+{BO}",
    "queue": "payments",
    "request": "stripe-pi_1/1",
    "row": "P1",
    "scope": CLASS_1.id,
    "series": SERIES,
    "session": CLASS_1.id,
    "sessions": CLASS_1.id,
    "why": "She told us on the phone.",
    "word": f"{CLASS_1.id}#credit",
}
# Each refused at another place: by its length, by what it is made of, as the id of nothing.
STRANGE = {
    "far too long": "x" * 4000,
    "too long in bytes": "é" * 700,
    "nothing at its beginning": "\x00x",
    "half a letter": "\ud800",
    "separators": "#/+#/+../",
    "no breath": "\t \u00a0",
}
WORDS = {
    **STRANGE,
    "several lines": "a\r\nb",
    "from right to left": "\u202eabc",
    "other figures": "٣",
    "no end of figures": "9" * 350,
    "not a number": "-1e999",
}
# Of machines that are not there to look at, the answer is that they are not.
_MACHINES = "/staff/machine-room/"
# Free words are kept as far as they go; everything else names something that is there.
_WORDS = {"why", "back", "amount", "days", "name"}


@pytest.fixture
def robin(cloud: Cloud) -> Browser:
    """A coordinator, just after class 1 was closed."""
    closed_season(cloud)
    return signed_in(cloud, Role.COORDINATOR)


def _sent(browser: Browser, address: str, fields: dict[str, str]) -> Answer:
    long = address.endswith("-catalogue")
    return browser.send(address, file=b"", **fields) if long else browser.post(address, **fields)


def _kept(cloud: Cloud) -> list[dict[str, Any]]:
    """Everything that is kept but what says that an act was asked for and refused."""
    return [item for item in cloud.items("RECORDS_TABLE") if item["kind"]["S"] != Audit.kind]


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_field_is_answered_in_a_sentence_and_nothing_is_done(
    cloud: Cloud, robin: Browser, strange: str
) -> None:
    before = _kept(cloud)
    for address, fields in acts().items():
        usual = {name: USUAL[name] for name in fields if name in USUAL}
        for name in sorted(fields - _WORDS):
            answer = _sent(robin, address, {**usual, name: STRANGE[strange]})
            said = f"{address} {name}: {answer.status}"
            assert 400 <= answer.status < 500 or address.startswith(_MACHINES), said
            assert "Nothing was done" in answer.body or address.startswith(_MACHINES), said
    assert _kept(cloud) == before


# What is written freely: a reason, where to go back to, a sum, a number of days, a name.
_WRITTEN = {
    "hold-person": ("why", "back"),
    "accept-refund": ("amount",),
    "choose-window": ("days",),
    "correct-certificate": ("name",),
}


@pytest.mark.parametrize("strange", WORDS)
def test_nobody_stumbles_over_strange_words_either(
    cloud: Cloud, robin: Browser, strange: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reason is kept as far as it goes; what else is written freely is taken or refused."""
    monkeypatch.setattr(wiring, "printing", PrintsHere)
    for act, names in _WRITTEN.items():
        address = f"/staff/acts/{act}"
        usual = {name: USUAL[name] for name in acts()[address] if name in USUAL}
        for name in names:
            answer = _sent(robin, address, {**usual, name: WORDS[strange]})
            assert answer.status < 500, f"{address} {name}"
    kept = [audit.why for audit in cloud.everything(Audit)]
    assert kept
    assert not any(unicodedata.category(letter) == "Cc" for letter in "".join(kept))
    assert max(map(len, kept)) <= 500


def test_no_act_is_done_by_a_form_with_hundreds_of_fields(cloud: Cloud, robin: Browser) -> None:
    before = cloud.items("RECORDS_TABLE")
    many = {f"sessions{number}": CLASS_1.id for number in range(400)}
    for address in acts():
        answer = _sent(robin, address, {**many, "learner": AMARA})
        assert answer.status in (403, 409, 422) or address.startswith(_MACHINES), address
    assert cloud.items("RECORDS_TABLE") == before


@pytest.mark.parametrize(
    ("body", "base64"), [("once=\ud800&why=\udfff", False), ("/w==", True), ("%%%", True)]
)
def test_a_body_that_is_no_text_is_no_form_of_ours(robin: Browser, body: str, base64: bool) -> None:
    event = proxy_event(
        "POST", "/staff/acts/hold-person", {}, headers={"Content-Type": FORM}, body=body,
        base64=base64,
    )  # fmt: skip
    event["requestContext"]["authorizer"] = {
        "name": "robin@idha.example", "roles": "coordinator", "once": robin.once,
    }  # fmt: skip

    answer = handler(event, CONTEXT)

    assert answer["statusCode"] == 403
    assert "Nothing was done" in answer["body"]


def test_the_usual_form_is_done(cloud: Cloud, robin: Browser) -> None:
    """The control: but for what is strange, these forms are taken."""
    done = [
        act
        for act in ("hold-person", "lift-hold", "override", "revoke-certificate", "change-address")
        if robin.post(f"/staff/acts/{act}", **USUAL).status == 303
    ]

    assert len(done) == 5
