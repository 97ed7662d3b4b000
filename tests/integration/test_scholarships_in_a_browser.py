"""Scholarships at the desk in a browser without scripts: a reviewer's evening by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from functions.scholarship_round import handler as rounds
from shared.domain.applications import Application, Outcome
from shared.domain.reviews import Vote
from shared.domain.staff import Role
from tests.applicants import NAME, POLICY, SERIES, TEXT, applied, reviewed
from tests.cloud import CONTEXT, Cloud, forget_wiring
from tests.e2e.browsing import CHROMIUM, Person, browser, shortcomings, without_scripts
from tests.season import on_sale
from tests.served import served
from tests.staff import signed_in

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
WHERE = "SCHOLARSHIPS_TABLE"
ANA, BO = POLICY.reviewers[:2]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def voting(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> tuple[Cloud, list[str]]:
    """Two people applied, the deadline passed, and the reviewers were asked."""
    on_sale(cloud)
    sent = [
        applied(cloud, "quillon@example.org"),
        applied(cloud, "someone@example.org", ask="partial", could_pay="97"),
    ]
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "a-token-that-nobody-has"}, CONTEXT)
    # Over plain HTTP a browser keeps the cookie of a laptop's stage alone.
    monkeypatch.setenv("STAGE", "local")
    forget_wiring()
    # Here no machine waits under the token.
    monkeypatch.setattr("shared.wiring.resume", lambda token, data: False)
    return cloud, sorted(sent)


def test_a_reviewer_votes_and_decides_by_keyboard_and_every_page_is_for_everybody(
    voting: tuple[Cloud, list[str]], chromium: Browser, tmp_path: Path
) -> None:
    cloud, (first, second) = voting
    with served() as site:
        context = without_scripts(chromium)
        secret = signed_in(cloud, Role.REVIEWER, name=ANA).cookie
        context.add_cookies([{"name": "staff", "value": secret, "url": site}])
        ana = Person(context.new_page(), tmp_path)

        ana.opens(f"{site}/staff", "today-of-a-reviewer")
        listed = ana.follows("main a[href$='staff/scholarships']", "rounds")
        assert "2 applications wait for your vote." in listed
        assert "waits for your vote" in ana.follows(f"main a[href$='{SERIES}']", "round")
        read = ana.follows(f"main a[href$='{first}']", "to-vote")
        assert TEXT in read and NAME not in read
        ana.tabs_to("#outcome-full")
        ana.page.keyboard.press("Space")
        assert NAME in ana.follows("form button.main", "voted")
        (vote,) = cloud.everything(Vote, WHERE)
        assert vote.outcome is Outcome.FULL

        reviewed(first, BO, outcome="full")
        rounds.close_voting({"series": SERIES}, CONTEXT)
        rounds.decide_and_award({"series": SERIES}, CONTEXT)
        assert f"Application {second} was left open" in ana.opens(f"{site}/staff", "today").text
        ana.follows(f"main a[href$='{second}']", "to-decide")
        ana.tabs_to("#outcome-full")
        for _ in ("a part", "the waiting list"):
            ana.page.keyboard.press("ArrowDown")
        ana.tabs_to("#why")
        ana.page.keyboard.type("She can come next year.")
        assert "The waiting list" in ana.follows("form button.main", "decided")
        found = {one.reference: one.outcome for one in cloud.everything(Application, WHERE)}
        assert found == {first: Outcome.FULL, second: Outcome.WAITLIST}

        ana.opens(f"{site}/staff/scholarships/{SERIES}", "round-that-is-over")
        context.close()
    assert shortcomings(chromium, ana.seen.values()) == []


def test_a_coordinator_sees_numbers_alone_and_every_page_is_for_everybody(
    voting: tuple[Cloud, list[str]], chromium: Browser, tmp_path: Path
) -> None:
    cloud, (first, _) = voting
    with served() as site:
        context = without_scripts(chromium)
        secret = signed_in(cloud, Role.COORDINATOR).cookie
        context.add_cookies([{"name": "staff", "value": secret, "url": site}])
        robin = Person(context.new_page(), tmp_path)

        robin.opens(f"{site}/staff/scholarships/{SERIES}", "round-of-a-coordinator")
        assert TEXT not in robin.follows(f"main a[href$='{first}']", "numbers-alone")
        robin.follows(f"main a[href$='{SERIES}']", "back")
        robin.tabs_to("summary:has-text('End the voting now')")
        robin.page.keyboard.press("Enter")
        robin.tabs_to("form[action$='end-voting'] input[name='why']")
        robin.looks("ending")
        context.close()
    assert shortcomings(chromium, robin.seen.values()) == []
