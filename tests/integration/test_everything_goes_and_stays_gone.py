"""Everything of one person, through the entry points and over every store: taken along, taken away.

The search is the witness: it looks through both tables and all three buckets, every version of
every file, and knows nothing of how anything is kept.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.attendance_reported.handler import report
from functions.erasure.handler import erase
from functions.learner_pages import my_export
from functions.payment_webhook.record import handler as record
from shared import wiring
from shared.adapters.memory import MemoryWorkflows
from shared.domain.certificates import Certificate
from shared.domain.erasure import Erasure
from shared.domain.letters import LetterKind
from shared.domain.registrations import Learner
from tests.cloud import CONTEXT, ENVIRON, Cloud, link
from tests.gateway import proxy_event, queue_event, stream_event
from tests.integration.test_my_page import ask, tell
from tests.payments import checkout
from tests.reading import Reader
from tests.season import AMARA, CLASS_1, IDHA, closed_season, zoom_report

# Amara is the only one whose address and licence hold these.
WORDS = ("amara", "licence-4711")
PAGE = "/me/{token}/erase"


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class is closed, Amara holds a certificate and has told her licence."""
    closed_season(cloud)
    # What a provider sent lies there as it came; a season that is put back holds no files of it.
    again = checkout(IDHA, "general-class-1", "Amara", 1)
    assert record(queue_event(again), CONTEXT) == {"batchItemFailures": []}
    cloud.upload(
        f"attendance/{CLASS_1.id}/participants.csv", zoom_report(CLASS_1, "amara", "bo", "devika")
    )
    row = {"profession_0": "other", "other_0": "Nurse", "state_0": "other"}
    tell(link("me", AMARA), number_0="licence-4711", **row)
    return cloud


def _search(cloud: Cloud) -> dict[str, set[str]]:
    """Which of her words are found where: by kind of record, and by folder of every bucket."""
    hits: dict[str, set[str]] = {}
    for table in ("RECORDS_TABLE", "SCHOLARSHIPS_TABLE"):
        for item in cloud.items(table):
            text = json.dumps(item, ensure_ascii=False).lower()
            hits.setdefault(item["kind"]["S"], set()).update(w for w in WORDS if w in text)
    for bucket in ("UPLOADS_BUCKET", "DOCUMENTS_BUCKET", "RAW_EVENTS_BUCKET"):
        name = ENVIRON[bucket]
        for page in cloud.s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for one in page.get("Versions", []):
                found = cloud.s3.get_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
                text = f"{one['Key']} {found['Body'].read()!r}".lower()
                place = one["Key"].split("/")[0]
                hits.setdefault(place, set()).update(w for w in WORDS if w in text)
    return {where: words for where, words in hits.items() if words}


def _export(token: str, path: str = "/me/{token}/export.json") -> dict[str, Any]:
    answer: dict[str, Any] = my_export.handler(proxy_event("GET", path, {"token": token}), CONTEXT)
    return answer


def _take_away(cloud: Cloud) -> str:
    """She says the word on her page, and the table's stream tells of it; what the page says."""
    answer = ask("POST", PAGE, link("me", AMARA), urlencode({"understood": "yes"}))
    assert answer["statusCode"] == 200
    (item,) = [one for one in cloud.items() if one["kind"]["S"] == "erasure"]
    erase(stream_event(item), CONTEXT)
    return Reader(answer["body"]).text


def test_what_the_search_finds_is_in_the_export(season: Cloud) -> None:
    found = _search(season)
    assert {"order", "learner", "sighting", "particulars", "certificate"} <= set(found)
    assert {"payment-events", "attendance"} <= set(found)

    answer = _export(link("me", AMARA))

    assert answer["statusCode"] == 200
    told = json.loads(answer["body"])
    text = answer["body"].lower()
    assert all(word in text for words in found.values() for word in words)
    assert {kind for kind in found if kind not in _FOLDERS} <= set(told["kept"])
    assert told["from_payment_providers"] and told["files"]
    for other in ("bo@example.org", "devika@example.org"):
        assert other not in text
    readable = _export(link("me", AMARA), "/me/{token}/export")
    assert "licence-4711" in Reader(readable["body"]).text
    text = Reader(readable["body"]).text
    assert "$60.00" in text and ", 2025, " in text and " UTC time" in text
    assert not re.search(r"\d{4}-\d\d-\d\dT|\bTrue\b|\bFalse\b", text), "said as people say it"


_FOLDERS = {"payment-events", "attendance", "certificates"}


def test_afterwards_the_search_finds_only_what_the_accreditor_asks_for(season: Cloud) -> None:
    said = _take_away(season)

    assert set(_search(season)) <= {"certificate", "certificates"}
    assert "Your certificate for" in said and "until Tuesday, June 22, 2032" in said
    (kept,) = [one for one in season.everything(Certificate) if one.learner == AMARA]
    assert kept.given and not kept.name_is_public
    person = season.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None and (person.name, person.address) == ("", "")
    (letter,) = season.letters(LetterKind.STAFF_ERASED)
    assert "amara" not in letter.model_dump_json().lower()


def test_playing_everything_again_brings_nothing_back(
    season: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_away(season)
    monkeypatch.setattr(wiring, "close_machine", MemoryWorkflows)

    body = json.loads(checkout(IDHA, "general-class-1", "Amara", 1))
    for event in (body["id"], "evt_again"):
        record(queue_event(json.dumps({**body, "id": event})), CONTEXT)
    for file in ("participants.csv", "again.csv"):
        content = zoom_report(CLASS_1, "amara", "bo", "devika") + (b"" if file[0] == "p" else b"\n")
        report(season.upload(f"attendance/{CLASS_1.id}/{file}", content), CONTEXT)

    assert set(_search(season)) <= {"certificate", "certificates"}


def test_a_report_that_is_gone_by_the_time_it_is_told_of_again_is_no_failure(
    season: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_away(season)
    monkeypatch.setattr(wiring, "close_machine", MemoryWorkflows)
    told = season.upload(f"attendance/{CLASS_1.id}/again.csv", zoom_report(CLASS_1, "amara", "bo"))

    assert [report(told, CONTEXT)["outcome"] for _ in range(2)] == ["taken", "gone"]


def test_every_link_of_hers_is_the_same_page_as_a_wrong_one(season: Cloud) -> None:
    wrong = ask("GET", "/me/{token}", "made-up")
    _take_away(season)

    for method, path in (("GET", "/me/{token}"), ("GET", PAGE), ("POST", PAGE)):
        answer = ask(method, path, link("me", AMARA))
        assert answer["statusCode"] == 404
    assert ask("GET", "/me/{token}", link("me", AMARA))["body"] == wrong["body"]
    assert _export(link("me", AMARA))["statusCode"] == 404


def test_without_the_tick_nothing_goes(season: Cloud) -> None:
    before = sorted(map(str, season.items()))

    answer = ask("POST", PAGE, link("me", AMARA), "understood=")

    assert answer["statusCode"] == 422
    assert sorted(map(str, season.items())) == before


def test_a_file_is_taken_away_in_every_version(season: Cloud) -> None:
    files = wiring.raw_events()
    for content in (b"one", b"two"):
        files.write("payment-events/stripe/a.json", content, "application/json")
    files.write("payment-events/stripe/a.json.txt", b"another", "text/plain")

    files.forget("payment-events/stripe/a.json")
    files.forget("payment-events/stripe/a.json")

    found = season.s3.list_object_versions(
        Bucket=ENVIRON["RAW_EVENTS_BUCKET"], Prefix="payment-events/stripe/a.json"
    )
    assert [one["Key"] for one in found["Versions"]] == ["payment-events/stripe/a.json.txt"]
    assert "DeleteMarkers" not in found


def test_the_tombstone_names_nobody(season: Cloud) -> None:
    _take_away(season)

    tombstone = season.records.get(Erasure.key_of(AMARA), Erasure)
    assert tombstone is not None and "amara" not in tombstone.model_dump_json().lower()


def test_nothing_is_said_of_her_in_a_log(season: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    _export(link("me", AMARA))
    _take_away(season)

    said = capsys.readouterr().out.lower()
    assert '"erased":[1.0]' in said
    assert "amara" not in said and "licence-4711" not in said
