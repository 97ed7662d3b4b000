"""The same round by people who sign in at the desk: the machine goes on when they have voted."""

from datetime import timedelta

import pytest

from functions.scholarship_round import handler as rounds
from shared.domain.applications import Application, Outcome
from shared.domain.letters import LetterKind
from shared.domain.reviews import Vote
from shared.domain.rounds import Round, RoundPhase
from shared.domain.staff import Role
from tests.applicants import POLICY, SERIES, applied
from tests.cloud import CONTEXT, Cloud
from tests.form_reading import hidden_in
from tests.machines import Stage
from tests.season import on_sale
from tests.staff import Browser, signed_in

MACHINE = "ROUND_STATE_MACHINE_ARN"
ROUND = f"/staff/scholarships/{SERIES}"
ALARM = {"series": SERIES, "closes_at": POLICY.closes_at.isoformat()}


@pytest.fixture
def voting(stage: Stage) -> tuple[Stage, list[str]]:
    """Three people applied, the deadline passed, and the machine waits for votes."""
    on_sale(stage.cloud)
    sent = [applied(stage.cloud, f"person{number}@example.org") for number in range(3)]
    stage.cloud.now = POLICY.closes_at + timedelta(minutes=5)
    rounds.start(ALARM, CONTEXT)
    stage.until(lambda: _round(stage.cloud).task_token is not None)
    with stage._turn:  # it remembers the token first, and then writes to people
        return stage, sorted(sent)


def _round(cloud: Cloud) -> Round:
    state = cloud.records.get(Round.key_of(SERIES), Round)
    assert state is not None
    return state


def _votes(reviewer: Browser, reference: str, **said: str) -> None:
    page = reviewer.get(f"{ROUND}/{reference}").body
    answer = reviewer.post("/staff/acts/vote-on-application",
                           **{**hidden_in(page, "vote-on-application"), **said})  # fmt: skip
    assert answer.status == 303, answer.body
    assert answer.headers["Location"].endswith(f"{ROUND}/{reference}")


def test_a_reviewer_signs_in_votes_on_three_applications_and_the_last_vote_ends_the_voting(
    voting: tuple[Stage, list[str]],
) -> None:
    stage, references = voting
    ana, bo = (
        signed_in(stage.cloud, Role.REVIEWER, name=reviewer) for reviewer in POLICY.reviewers[:2]
    )
    assert "3 applications wait for your vote." in ana.get("/staff/scholarships").body
    for reference in references:
        _votes(bo, reference, outcome="full", strength="3")

    first, second, last = references
    _votes(ana, first, outcome="full", strength="3")
    _votes(ana, second, outcome="full", strength="2")
    assert "1 application waits for your vote." in ana.get(ROUND).body
    assert stage.executions(MACHINE)[0].status == "RUNNING"
    _votes(ana, last, outcome="full", strength="1")

    assert stage.ended(MACHINE).status == "SUCCEEDED"
    assert _round(stage.cloud).phase is RoundPhase.CLOSED
    assert {one.outcome for one in stage.cloud.everything(Application, "SCHOLARSHIPS_TABLE")} == {
        Outcome.FULL
    }
    assert len(stage.cloud.letters(LetterKind.SCHOLARSHIP_OFFERED)) == 3
    assert "Voting ended on" in ana.get(ROUND).body


def test_staff_end_the_voting_at_the_desk_and_what_was_not_voted_on_is_left_open(
    voting: tuple[Stage, list[str]],
) -> None:
    stage, references = voting
    robin = signed_in(stage.cloud, Role.COORDINATOR)
    sent = hidden_in(robin.get(ROUND).body, "end-voting")

    answer = robin.post("/staff/acts/end-voting", **sent, why="Everybody who can has read them.")

    assert answer.status == 303, answer.body
    assert stage.ended(MACHINE).status == "SUCCEEDED"
    assert stage.cloud.everything(Vote, "SCHOLARSHIPS_TABLE") == []
    left = [one.left_open for one in stage.cloud.everything(Application, "SCHOLARSHIPS_TABLE")]
    assert left == [True] * 3
    page = robin.get(ROUND).body
    assert "were left open by the votes" in page and "end-voting" not in page
    again = robin.post("/staff/acts/end-voting", **sent, why="Once more.")
    assert (again.status, "no voting to end" in again.body) == (409, True)
    assert [one for one in references if one not in page] == []
