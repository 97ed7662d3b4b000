"""Scholarships at the desk: reviewers read, coordinators see numbers, nobody else anything."""

import csv

import pytest

from functions.scholarship_round import handler as rounds
from shared.domain.staff import Role
from tests.applicants import NAME, OWN_WORDS, POLICY, SERIES, TEXT, applied, reviewed
from tests.cloud import CONTEXT, Cloud
from tests.reading import Reader
from tests.season import on_sale
from tests.staff import Browser, signed_in

ROUNDS = "/staff/scholarships"
ROUND = f"{ROUNDS}/{SERIES}"
ADDRESS = "quillon@example.org"
ANA, BO = POLICY.reviewers[:2]
THEIRS = (*NAME.split(), ADDRESS, OWN_WORDS)


@pytest.fixture
def voting(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Three people applied, the deadline passed, and the reviewers were asked."""
    on_sale(cloud)
    for number in range(3):
        applied(cloud, f"{number}{ADDRESS}")
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "a-token-that-nobody-has"}, CONTEXT)
    # Here no machine waits under the token.
    monkeypatch.setattr("shared.wiring.resume", lambda token, data: False)
    return cloud


@pytest.fixture
def ana(voting: Cloud) -> Browser:
    """A reviewer whom the catalogue names."""
    return signed_in(voting, Role.REVIEWER, name=ANA)


def references(page: str) -> list[str]:
    """The numbers of the applications that a page leads to, in its order."""
    found = [part.partition('"')[0] for part in page.split(f'href="{SERIES}/S-')[1:]]
    return [f"S-{number}" for number in found]


def _text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status == 200, answer.body
    return Reader(answer.body).text


def test_where_there_is_no_round_the_page_says_what_will_stand_there(cloud: Cloud) -> None:
    assert "Rounds will stand here" in _text(signed_in(cloud, Role.REVIEWER), ROUNDS)


def test_a_reviewer_sees_each_round_and_how_many_wait_for_their_vote(
    voting: Cloud, ana: Browser
) -> None:
    text = _text(ana, ROUNDS)

    assert "3 applications wait for your vote." in text
    assert "Voting until the end of" in text
    assert "Left in the fund" in text

    of_round = ana.get(ROUND).body
    assert len(references(of_round)) == 3
    assert Reader(of_round).text.count("waits for your vote") == 3
    assert "Voting ends, unless every application has its votes before" in of_round


def test_who_wrote_it_is_not_shown_before_one_has_voted(voting: Cloud, ana: Browser) -> None:
    (reference, *_) = references(ana.get(ROUND).body)
    page = ana.get(f"{ROUND}/{reference}").body
    assert TEXT in page
    assert [word for word in THEIRS if word in page] == []

    reviewed(reference, ANA, outcome="full")

    assert NAME in ana.get(f"{ROUND}/{reference}").body
    other = signed_in(voting, Role.REVIEWER, name=BO).get(f"{ROUND}/{reference}").body
    assert TEXT in other and NAME not in other
    assert "2 applications wait for your vote." in _text(ana, ROUND)


def test_a_reviewer_whom_the_catalogue_does_not_name_reads_blind(voting: Cloud) -> None:
    strange = signed_in(voting, Role.REVIEWER, name="sam@idha.example")
    (reference, *_) = references(strange.get(ROUND).body)
    reviewed(reference, ANA, outcome="full")

    page = strange.get(f"{ROUND}/{reference}").body

    assert TEXT in page
    assert [word for word in THEIRS if word in page] == []
    assert "wait for your vote" not in _text(strange, ROUND)


def test_a_coordinator_without_the_reviewers_part_reads_no_application(voting: Cloud) -> None:
    robin = signed_in(voting, Role.COORDINATOR)
    found = references(robin.get(ROUND).body)
    reviewed(found[0], ANA, outcome="full")
    pages = [ROUNDS, ROUND, f"{ROUND}/applications.csv", *(f"{ROUND}/{one}" for one in found)]

    for page in pages:
        answer = robin.get(page)
        assert answer.status == 200
        assert [word for word in (TEXT, *THEIRS) if word in answer.body] == []
        assert "yes" not in answer.body, "nor who is in a priority group"
    assert "What people wrote to apply is shown to reviewers only" in _text(robin, pages[-1])
    assert "1 of 2 votes" in _text(robin, pages[3])
    assert len(found) == 3, "and sees all numbers"


def test_a_coordinator_whom_the_catalogue_names_reads_and_is_asked_for_their_vote(
    voting: Cloud,
) -> None:
    both = signed_in(voting, Role.COORDINATOR, name=ANA.upper())
    (reference, *_) = references(both.get(ROUND).body)

    assert TEXT in both.get(f"{ROUND}/{reference}").body
    assert "3 applications wait for your vote." in _text(both, ROUNDS)


def test_nobody_finds_an_application_of_their_own(cloud: Cloud) -> None:
    on_sale(cloud)
    own = applied(cloud, ANA)
    other = applied(cloud, ADDRESS)

    for role in (Role.REVIEWER, Role.COORDINATOR):
        ana = signed_in(cloud, role, name=ANA)
        assert references(ana.get(ROUND).body) == [other]
        assert ana.get(f"{ROUND}/{own}").status == 404
        assert own not in ana.get(f"{ROUND}/applications.csv").body
    assert own in signed_in(cloud, Role.REVIEWER, name=BO).get(ROUND).body


def test_the_page_of_a_series_leads_to_its_round_whoever_may_see_it(voting: Cloud) -> None:
    link = f"staff/scholarships/{SERIES}"
    series = f"/staff/series/{SERIES}"

    assert link in signed_in(voting, Role.COORDINATOR).get(series).body
    assert link not in signed_in(voting, Role.ACCOUNTANT).get(series).body


def test_an_accountant_sees_none_of_it(voting: Cloud) -> None:
    accountant = signed_in(voting, Role.ACCOUNTANT, name=ANA)

    for page in (ROUNDS, ROUND, f"{ROUND}/S-22222222", f"{ROUND}/applications.csv"):
        answer = accountant.get(page)
        assert (answer.status, "This page is for staff" in answer.body) == (403, True)
    assert "scholarships" not in accountant.get("/staff").body


@pytest.mark.parametrize("address", ["nowhere", f"{SERIES}/S-NOTHERE", "a b"])
def test_what_is_not_there_is_said_to_be_that(ana: Browser, address: str) -> None:
    assert ana.get(f"{ROUNDS}/{address}").status == 404


def test_all_rounds_and_the_fund_are_files_too(voting: Cloud, ana: Browser) -> None:
    heading, only = csv.reader(ana.get(f"{ROUNDS}.csv").body.splitlines())
    assert dict(zip(heading, only, strict=True))["Wait for your vote"] == "3"
    assert only[0] == SERIES

    _, moved = csv.reader(ana.get(f"{ROUND}/fund.csv").body.splitlines())
    assert moved[1:] == ["put-in/1", "1050.00", "USD", "yes"]
    assert ana.get(f"{ROUNDS}/nowhere/fund.csv").status == 404


def test_the_list_as_a_file_holds_numbers_and_no_words(ana: Browser) -> None:
    answer = ana.get(f"{ROUND}/applications.csv")
    heading, *rows = csv.reader(answer.body.splitlines())

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="applications-{SERIES}.csv"'
    )
    assert heading[0].endswith("Number")
    assert [row[:4] for row in rows] == [
        [one, "in time", "yes", "0"] for one in references(ana.get(ROUND).body)
    ]
