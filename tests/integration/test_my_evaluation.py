"""The evaluation of a session through the entry points, and what is left of it in the table."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.catalogue_published.handler import publish
from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.jinja_pages import content_security_policy
from shared.domain.evaluations import Evaluated, Evaluation, questions_of
from tests.cloud import CONTEXT, Cloud, link
from tests.integration.test_links_lead_to_pages import PRIVATE
from tests.integration.test_my_page import HOSTILE, ask, headers_of
from tests.reading import Reader
from tests.season import AMARA, BO, CLASS_1, open_season

PAGE = "/me/{token}/evaluation/{session}"
FILE = Path("events/catalogue_published/idha-2025.yaml").read_bytes()
ASKING = FILE.replace(b"\n  certificate:", b"\n  evaluation:\n    days: 5\n  certificate:")
FIELDS = [one.field for one in questions_of(read_catalogue(ASKING), CLASS_1)]


def asking_season(cloud: Cloud) -> Cloud:
    """The season with an evaluation in its catalogue, just after class 1."""
    open_season(cloud)
    cloud.wait(seconds=1)
    publish(cloud.upload("catalogue/idha-2025.yaml", ASKING), CONTEXT)
    cloud.now = CLASS_1.ends_at
    return cloud


@pytest.fixture
def over(cloud: Cloud) -> Cloud:
    """Amara and Bo have just been in class 1, and can say what it was like."""
    return asking_season(cloud)


def send(who: str = AMARA, mark: str = "4", comment: str = "", **changes: str) -> dict[str, Any]:
    fields = dict.fromkeys(FIELDS, mark) | {"comment": comment} | changes
    return ask("POST", PAGE, link("me", who), urlencode(fields))


def test_the_page_leads_to_the_form_and_the_form_is_sent_once(over: Cloud) -> None:
    token = link("me", AMARA)
    page = Reader(ask("GET", "/me/{token}", token)["body"])
    assert f"{token}/evaluation/{CLASS_1.id}" in page.links
    form = Reader(ask("GET", PAGE, token)["body"])
    for said in (CLASS_1.title, CLASS_1.objectives[0], CLASS_1.faculty[0], "I cannot say"):
        assert said in form.text

    first, second = send(comment="More breaks."), send(mark="1")

    assert (first["statusCode"], second["statusCode"]) == (200, 200)
    assert "your name is not on it" in first["body"]
    assert "You have sent your evaluation. Thank you." in Reader(second["body"]).text
    (kept,) = over.everything(Evaluation)
    assert {one.mark for one in kept.marks} == {4} and kept.comment == "More breaks."
    assert "You have sent your evaluation." in ask("GET", "/me/{token}", token)["body"]


def test_nothing_in_the_table_leads_from_a_person_to_what_they_said(over: Cloud) -> None:
    before = {str(item) for item in over.items()}
    send(AMARA, "5", "Warm.")
    send(BO, "1", "Cold.")

    written = [item for item in over.items() if str(item) not in before]
    answers = [item for item in written if item["kind"]["S"] == "evaluation"]
    others = [item for item in written if item["kind"]["S"] != "evaluation"]
    assert len(answers) == 2 and len(over.everything(Evaluated)) == 2
    for item in answers:
        assert set(item) == {"pk", "sk", "kind", "version", "session", "number", "marks", "comment"}
        assert AMARA not in str(item) and BO not in str(item)
        # The only thing that tells the two apart is what they said and a number drawn for it.
        assert all(item["number"]["S"] not in str(other) for other in others)
        assert item["sk"] == item["number"]
    found = over.dynamodb.query(
        TableName="records", IndexName="by_learner",
        KeyConditionExpression="learner = :who",
        ExpressionAttributeValues={":who": {"S": AMARA}},
    )["Items"]  # fmt: skip
    assert "evaluation" not in {item["kind"]["S"] for item in found}


def test_a_question_that_was_left_open_is_asked_about_and_the_rest_is_still_chosen(
    over: Cloud,
) -> None:
    answer = send(comment="So far", **{FIELDS[0]: ""})

    page = Reader(answer["body"])
    assert answer["statusCode"] == 422
    assert f"#{FIELDS[0]}" in page.links
    assert sum(name == "checked" for _, name, _ in page.attributes) == len(FIELDS) - 1
    assert over.everything(Evaluation) == [] == over.everything(Evaluated)


@pytest.mark.parametrize("comment", HOSTILE)
def test_no_comment_is_ever_more_than_words(over: Cloud, comment: str) -> None:
    plain = send(comment="Hello", **{FIELDS[0]: ""})["body"]
    hostile = send(comment=comment, **{FIELDS[0]: "<b>"})["body"]

    assert Reader(plain).tags == Reader(hostile).tags
    assert content_security_policy(plain) == content_security_policy(hostile)


def test_the_form_and_its_answers_are_private(over: Cloud) -> None:
    for answer in (ask("GET", PAGE, link("me", AMARA)), send(mark="9"), send()):
        headers = headers_of(answer)
        assert PRIVATE.items() <= headers.items()
        assert headers["Content-Security-Policy"] == content_security_policy(answer["body"])


def test_comments_are_in_no_log_and_no_metric(
    over: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    send(comment="SECRET-4711")

    out = capsys.readouterr().out
    assert '"EvaluationTaken":[1.0]' in out
    assert "SECRET-4711" not in out and AMARA not in out


@pytest.mark.parametrize("session", ["idha-2025-2", "no-such-class", "%2e%2e", "x" * 300])
def test_a_session_without_a_seat_is_the_same_page_as_a_wrong_link(
    over: Cloud, session: str
) -> None:
    wrong = ask("GET", PAGE, "made-up.token")

    answer = ask("GET", PAGE, link("me", AMARA), session=session)

    assert (answer["statusCode"], answer["body"]) == (404, wrong["body"])
