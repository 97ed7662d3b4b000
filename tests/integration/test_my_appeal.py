"""Asking for a decision to be looked at again, through the entry point of one's own page."""

from typing import Any
from urllib.parse import urlencode

import pytest

from shared.adapters.memory import MemoryWorkflows
from shared.domain.appeals import Appeal, AppealOutcome
from shared.usecases.answer_appeal import answer_appeal
from tests.cloud import Cloud, link
from tests.integration.test_my_page import HOSTILE, ask
from tests.reading import Reader
from tests.season import AMARA, BO, CLASS_1, closed_season

PAGE = "/me/{token}/appeal/{scope}"
WROTE = "I was there from 12:00 on, on my phone."


def _ask(token: str, reason: str = WROTE, scope: str = CLASS_1.id) -> dict[str, Any]:
    return ask("POST", PAGE, token, urlencode({"reason": reason}), scope=scope)


def test_bo_asks_is_told_until_when_and_reads_the_answer(cloud: Cloud) -> None:
    closed_season(cloud)
    token = link("me", BO)
    page = Reader(ask("GET", "/me/{token}", token)["body"])
    assert f"{token}/appeal/{CLASS_1.id}" in page.links
    form = Reader(ask("GET", PAGE, token, scope=CLASS_1.id)["body"])
    assert "rate does not include CE credits" in form.text

    sent = _ask(token)

    assert sent["statusCode"] == 200
    assert "A person reads it and answers by Sunday, July 6, 2025." in Reader(sent["body"]).text
    (appeal,) = cloud.everything(Appeal)
    assert (appeal.about, appeal.reason) == ("credit", WROTE)
    answer_appeal(
        appeal.id, AppealOutcome.UPHELD, by="Noor", why="The reduced rate brings no credits.",
        records=cloud.records, workflows=MemoryWorkflows(), now=cloud.now,
    )  # fmt: skip
    answered = Reader(ask("GET", PAGE, token, scope=CLASS_1.id)["body"])
    assert "What was decided stands." in answered.text
    assert "The reduced rate brings no credits." in answered.text and "Noor" not in answered.text


def test_whoever_got_all_has_nothing_to_ask(cloud: Cloud) -> None:
    closed_season(cloud)
    token = link("me", AMARA)

    assert (
        f"{token}/appeal/{CLASS_1.id}" not in Reader(ask("GET", "/me/{token}", token)["body"]).links
    )
    assert "There is nothing to look at again." in Reader(_ask(token)["body"]).text
    assert cloud.everything(Appeal) == []


def test_an_empty_form_comes_back(cloud: Cloud) -> None:
    closed_season(cloud)

    answer = _ask(link("me", BO), "  ")

    assert answer["statusCode"] == 422
    assert "Please tell us in a sentence or two" in Reader(answer["body"]).text


@pytest.mark.parametrize("scope", ["no-such-class", "%2e%2e", "idha-2025"])
def test_what_was_not_decided_is_the_same_page_as_a_wrong_link(cloud: Cloud, scope: str) -> None:
    closed_season(cloud)
    wrong = ask("GET", PAGE, "made-up", scope=CLASS_1.id)

    answer = _ask(link("me", BO), scope=scope)

    assert (answer["statusCode"], answer["body"]) == (404, wrong["body"])


@pytest.mark.parametrize("written", HOSTILE)
def test_what_is_written_is_never_more_than_words_and_in_no_log_or_key(
    cloud: Cloud, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    closed_season(cloud)
    capsys.readouterr()
    token = link("me", BO)

    _ask(token, f"zebracorn {written}")

    shown = ask("GET", PAGE, token, scope=CLASS_1.id)["body"]
    assert written in Reader(shown).text and "<script>alert" not in shown
    assert "zebracorn" not in capsys.readouterr().out
    holding = {item["kind"]["S"] for item in cloud.items() if "zebracorn" in str(item)}
    assert holding == {"appeal"}
