"""What reviewers and applicants open: the right page, the right status, and only a POST changes."""

import json
from io import StringIO
from typing import Any

import pytest

from functions.scholarship_pages import my_application, review
from functions.scholarship_round import handler as rounds
from shared.adapters.jinja_pages import content_security_policy
from shared.domain.applications import Answers, Application, Outcome
from shared.domain.awards import AwardStatus
from shared.domain.registrations import Registration
from shared.domain.reviews import Vote
from tests.applicants import (
    FORM,
    NAME,
    OWN_WORDS,
    POLICY,
    SERIES,
    TEXT,
    applied,
    award_of,
    on_own_page,
    review_token,
    reviewed,
)
from tests.cloud import CONTEXT, ENVIRON, IDENTITY_KEY, Cloud, link
from tests.gateway import proxy_event
from tests.season import on_sale

ADDRESS = "quillon@example.org"
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _everything(cloud: Cloud) -> list[Any]:
    return [cloud.items(), cloud.items("SCHOLARSHIPS_TABLE")]


@pytest.fixture
def voting(cloud: Cloud) -> tuple[Cloud, str]:
    """Somebody applied, the deadline passed, and the reviewers were asked."""
    on_sale(cloud)
    reference = applied(cloud, ADDRESS)
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "a-token-that-nobody-has"}, CONTEXT)
    return cloud, reference


@pytest.fixture
def offered(voting: tuple[Cloud, str], monkeypatch: pytest.MonkeyPatch) -> tuple[Cloud, str]:
    """They were awarded a full scholarship."""
    cloud, reference = voting
    _no_machine(monkeypatch)
    for reviewer in POLICY.reviewers[:2]:
        reviewed(reference, reviewer, outcome="full")
    rounds.close_voting({"series": SERIES}, CONTEXT)
    assert rounds.decide_and_award({"series": SERIES}, CONTEXT) == {"more": False}
    return cloud, reference


def _no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no machine waits under the token."""
    monkeypatch.setattr("shared.wiring.resume", lambda token, data: False)


def test_a_reviewer_sees_what_was_written_and_not_by_whom(voting: tuple[Cloud, str]) -> None:
    cloud, reference = voting
    before = _everything(cloud)

    for answer in (reviewed(), reviewed(reference)):
        assert answer["statusCode"] == 200
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        assert headers.items() >= PRIVATE.items()
        assert headers["Content-Security-Policy"] == content_security_policy(answer["body"])
        assert reference in answer["body"]
        for word in (*NAME.split(), ADDRESS, OWN_WORDS):
            assert word not in answer["body"]
    assert TEXT in reviewed(reference)["body"]
    assert _everything(cloud) == before, "opening changes nothing"


def test_a_vote_is_cast_once_and_then_the_name_is_shown(
    voting: tuple[Cloud, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, reference = voting
    _no_machine(monkeypatch)

    answer = reviewed(reference, outcome="partial", award="100", strength="3")
    again = reviewed(reference, outcome="decline")

    assert (answer["statusCode"], again["statusCode"]) == (200, 409)
    assert NAME in answer["body"]
    (vote,) = cloud.everything(Vote, "SCHOLARSHIPS_TABLE")
    assert (vote.outcome, vote.strength) == (Outcome.PARTIAL, 3)


@pytest.mark.parametrize(
    "vote", [{"outcome": "maybe"}, {"strength": "3"}, {"outcome": "partial", "award": "x"}]
)
def test_a_vote_that_says_nothing_comes_back(
    voting: tuple[Cloud, str], vote: dict[str, str]
) -> None:
    cloud, reference = voting

    assert reviewed(reference, **vote)["statusCode"] == 422
    assert cloud.everything(Vote, "SCHOLARSHIPS_TABLE") == []


def test_a_vote_with_far_too_much_in_it_is_none(voting: tuple[Cloud, str]) -> None:
    cloud, reference = voting

    assert reviewed(reference, outcome="full", more="x" * 5000)["statusCode"] == 422
    assert cloud.everything(Vote, "SCHOLARSHIPS_TABLE") == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("made.up", 404),
        ("x" * 500, 404),
        (link("application", f"{SERIES}/whatever"), 404),
        (link("review", SERIES), 404),
        (review_token("stranger@example.org"), 404),
        (review_token(series="no-such-series"), 404),
    ],
    ids=["made up", "long", "another purpose", "nobody's", "a stranger's", "another series"],
)
def test_a_link_that_is_no_reviewer_s_opens_nothing(
    voting: tuple[Cloud, str], method: str, token: str, status: int
) -> None:
    cloud, reference = voting
    before = _everything(cloud)

    answer = _opened(token, reference, method)

    assert answer["statusCode"] == status
    assert TEXT not in answer["body"]
    assert _everything(cloud) == before


def _opened(token: str, reference: str, method: str = "GET") -> dict[str, Any]:
    event = proxy_event(
        method,
        "/review/{token}/{reference}",
        {"token": token, "reference": reference},
        headers=FORM,
        body="outcome=full" if method == "POST" else None,
    )
    answer: dict[str, Any] = review.handler(event, CONTEXT)
    return answer


def test_a_reviewer_s_link_that_has_expired_says_so(voting: tuple[Cloud, str]) -> None:
    from shared.domain.links import sign
    from shared.usecases.reviewers import reviewer_id

    cloud, reference = voting
    key = IDENTITY_KEY.encode()
    subject = f"{SERIES}/{reviewer_id(POLICY.reviewers[0], key)}"
    token = sign("review", subject, key, cloud.now)

    for method in ("GET", "POST"):
        assert _opened(token, reference, method)["statusCode"] == 410
    assert cloud.everything(Vote, "SCHOLARSHIPS_TABLE") == []


def test_a_reference_that_is_not_there_and_any_other_address_are_pages(
    voting: tuple[Cloud, str],
) -> None:
    assert reviewed("S-AAAAAAAA")["statusCode"] == 404
    assert reviewed("S-AAAAAAAA", outcome="full")["statusCode"] == 404
    other = proxy_event("DELETE", "/review/{token}", {"token": "x"})
    assert review.handler(other, CONTEXT)["statusCode"] == 404
    assert my_application.handler(other, CONTEXT)["statusCode"] == 404


def test_somebody_accepts_and_has_every_seat_of_the_series(offered: tuple[Cloud, str]) -> None:
    cloud, reference = offered
    before = _everything(cloud)
    assert on_own_page(reference)["statusCode"] == 200
    assert _everything(cloud) == before, "opening changes nothing"

    answer = on_own_page(reference, "accept")

    assert answer["statusCode"] == 200
    assert award_of(cloud, ADDRESS).status is AwardStatus.TAKEN
    assert len(cloud.everything(Registration)) == 5
    assert on_own_page(reference, "decline")["statusCode"] == 409


@pytest.mark.parametrize(("act", "status"), [("accept", 409), ("dance", 422)])
def test_what_cannot_be_done_changes_nothing_and_says_why(
    voting: tuple[Cloud, str], act: str, status: int
) -> None:
    cloud, reference = voting
    before = _everything(cloud)

    assert on_own_page(reference, act)["statusCode"] == status
    assert _everything(cloud) == before


def test_somebody_erases_what_they_wrote_and_nothing_of_it_is_left(
    voting: tuple[Cloud, str],
) -> None:
    cloud, reference = voting

    assert on_own_page(reference, "erase")["statusCode"] == 200

    told = json.dumps(_everything(cloud))
    for word in (*NAME.split(), TEXT, OWN_WORDS, ADDRESS):
        assert word not in told
    assert on_own_page(reference)["statusCode"] == 200


def test_all_that_is_kept_is_handed_out_as_a_file(voting: tuple[Cloud, str]) -> None:
    _, reference = voting
    token = link("application", f"{SERIES}/{reference}")
    event = proxy_event("GET", "/my-application/{token}/export", {"token": token})

    answer = my_application.handler(event, CONTEXT)

    assert answer["statusCode"] == 200
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers.items() >= PRIVATE.items()
    kept = json.loads(answer["body"])
    assert (kept["answers"]["name"], kept["answers"]["text"]) == (NAME, TEXT)


@pytest.mark.parametrize("path", ["", "/export"])
@pytest.mark.parametrize("token", ["made.up", link("review", f"{SERIES}/x"), "x" * 500])
def test_a_link_to_nobody_s_application_opens_nothing(
    voting: tuple[Cloud, str], token: str, path: str
) -> None:
    event = proxy_event("GET", f"/my-application/{{token}}{path}", {"token": token})

    assert my_application.handler(event, CONTEXT)["statusCode"] == 404


def test_our_own_trouble_is_a_page_and_names_nobody_in_the_log(
    voting: tuple[Cloud, str], logged: StringIO
) -> None:
    cloud, reference = voting
    (written,) = cloud.everything(Answers, "SCHOLARSHIPS_TABLE")
    key = {"pk": {"S": written.key().partition}, "sk": {"S": written.key().sort}}
    cloud.dynamodb.update_item(
        TableName=ENVIRON["SCHOLARSHIPS_TABLE"],
        Key=key,
        UpdateExpression="SET consented_at = :never",
        ExpressionAttributeValues={":never": {"S": TEXT}},
    )

    assert reviewed(reference)["statusCode"] == 503
    assert on_own_page(reference)["statusCode"] == 503

    assert "error_type" in logged.getvalue()
    for word in (*NAME.split(), *TEXT.split(), OWN_WORDS, ADDRESS):
        assert word not in logged.getvalue()
    assert cloud.everything(Application, "SCHOLARSHIPS_TABLE")
