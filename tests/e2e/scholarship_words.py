"""Where the words are that only people who applied ever wrote. Each word is in the world once.

What holds a word by right is told apart: a seat's holder is a learner like every other, with a name
and an address in the records and on their own letters.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from devstack import desk
from devstack.functions import invoke
from devstack.mailbox import read_inbox
from devstack.providers import deliver
from devstack.season import scholarships as web
from devstack.stack import Stack
from shared.domain.applications import Application
from shared.domain.letters import Letter
from shared.domain.rounds import Round
from tests.e2e import scholarship_cast as cast
from tests.e2e.scholarship_outcome import Rounds
from tests.e2e.searching import found, items, places, streamed

WORD = re.compile(r"zq(?:name|text|own|mail)[a-z]+[a-z0-9]*?x")
APPLICATIONS, RECORDS = "applications", "records"
# What of the records may name a person who holds a seat.
_MAY_NAME = ("learner", "order")

Found = dict[str, set[str]]


def search(rounds: Rounds) -> Found:
    """Every word that is found anywhere, by the place; places without one are there and empty."""
    return {place: found(WORD, text) for place, text in read_everything(rounds).items()}


def read_everything(rounds: Rounds) -> dict[str, str]:
    """All that is written anywhere, by the place."""
    stack = rounds.stack
    return {
        **places(stack, rounds.kept),
        "submission tokens": _written(items(stack, stack.outputs["SubmissionTokensTable"])),
        "stream of the applications": _written(streamed(stack, stack.scholarships)),
        APPLICATIONS: _written(items(stack, stack.scholarships)),
        RECORDS: _written(items(stack, stack.table)),
    }


def not_of_a_holder(rounds: Rounds, of: Found) -> Found:
    """The same, without what the records may hold of people who have a seat."""
    allowed = {
        cast.words_of(who, one.series)[part]
        for one in rounds.played
        for who in cast.CAST
        for part in ("name", "mail")
        if who.taken
    }
    elsewhere = found(
        WORD,
        _written(
            item
            for item in items(rounds.stack, rounds.stack.table)
            if item["kind"]["S"] not in _MAY_NAME
        ),
    )
    return of | {RECORDS: (of[RECORDS] - allowed) | elsewhere}


def words_of_everybody(rounds: Rounds) -> set[str]:
    """Every word that was sent, and stored by right."""
    return {
        word
        for one in rounds.played
        for who in cast.CAST
        for part, word in cast.words_of(who, one.series).items()
        if part != "own" or any(sent.priority for sent in who.sent)
    }


def words_in_letters_to_others(rounds: Rounds) -> dict[str, set[str]]:
    """What letters say of somebody who is not whom they are for, by whom they are for."""
    by_address = {
        cast.address_of(who, one.series): set(cast.words_of(who, one.series).values())
        for one in rounds.played
        for who in cast.CAST
    }
    wrong: dict[str, set[str]] = {}
    for letter in read_inbox(rounds.stack.letters_folder):
        text = "\n".join([letter.raw.decode("utf-8", "replace"), letter.text, letter.html])
        for address in letter.to:
            foreign = found(WORD, text) - by_address.get(address, set())
            if foreign:
                wrong.setdefault(address, set()).update(foreign)
    return wrong


def words_in_own_letters(rounds: Rounds) -> set[str]:
    """What people wrote that comes back to them in a letter. Their name may; no more."""
    return {
        word
        for letter in read_inbox(rounds.stack.letters_folder)
        for word in found(WORD, "\n".join([letter.text, letter.html, letter.subject]))
        if word.startswith(("zqtext", "zqown"))
    }


def replay(rounds: Rounds) -> list[str]:
    """Everything that ever came in comes in once more; what was not refused as it must be."""
    stack, wrong = rounds.stack, []
    for one in rounds.played:
        for page, fields in one.posted:
            answer = web.send_form(page, fields, "203.0.113.7")
            if answer.status != 410:
                wrong.append(f"form: {answer.status}")
        wrong += [
            f"message: {answer.status}"
            for answer in [deliver(stack, "form", one.message.encode())]
            if answer.status != 410
        ]
        for event in one.paid:
            deliver(stack, "stripe", event.encode())
        for url in one.own_pages.values():
            wrong += _press_everything(url)
        wrong += [
            f"review: {web.open_page(url).opened.status}"
            for url in one.review_pages
            if web.open_page(url).opened.status != 410
        ]
        closes_at = one.around().closes_at.isoformat()
        invoke(stack, "ScholarshipRoundStart", {"series": one.series, "closes_at": closes_at})
    _stream_again(stack)
    return wrong


def tombstones(rounds: Rounds) -> list[Application]:
    """What is left of all applications."""
    partitions = [Application.key_of(one.series, "").partition for one in rounds.played]
    table = desk.applications(rounds.stack)
    return [one for partition in partitions for one in table.find(partition, Application)]


def rounds_kept(rounds: Rounds) -> list[Round]:
    """What is left of the rounds."""
    return [one.around() for one in rounds.played]


def _press_everything(url: str) -> Iterator[str]:
    """Press each button that an own page ever had."""
    for act in (b"act=accept", b"act=withdraw", b"act=decline"):
        answer = web.post(url, act, {})
        if found(WORD, answer.text):
            yield f"own page: {answer.status}"


def _stream_again(stack: Stack) -> None:
    """Every letter of the table is announced anew, as when it was owed."""
    keys = [
        {name: item[name] for name in ("pk", "sk")}
        for item in items(stack, stack.scholarships)
        if item["kind"]["S"] == Letter.kind
    ]
    assert keys
    for at in range(0, len(keys), 10):
        announced = [
            {
                "eventID": str(number),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "eventVersion": "1.1",
                "awsRegion": stack.region,
                "dynamodb": {
                    "Keys": key,
                    "SequenceNumber": str(number),
                    "StreamViewType": "KEYS_ONLY",
                },
            }
            for number, key in enumerate(keys[at : at + 10], start=at + 1)
        ]
        invoke(stack, "ScholarshipOutbox", {"Records": announced})


def _written(several: Iterator[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(one, default=str, ensure_ascii=False) for one in several)
