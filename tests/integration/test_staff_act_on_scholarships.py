"""What is done about scholarships at the desk: votes, what was left open, letters of a round."""

import pytest

from functions.scholarship_round import handler as rounds
from shared.domain.applications import Application, Outcome
from shared.domain.audits import Audit, CameOf
from shared.domain.awards import AwardStatus
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.reviews import Vote
from shared.domain.staff import Role
from tests.applicants import NAME, POLICY, SERIES, applied, award_of, reviewed
from tests.cloud import CONTEXT, Cloud
from tests.form_reading import hidden_in
from tests.season import on_sale
from tests.staff import Answer, Browser, signed_in

ROUND = f"/staff/scholarships/{SERIES}"
WHERE = "SCHOLARSHIPS_TABLE"
ADDRESS = "quillon@example.org"
ANA, BO = POLICY.reviewers[:2]


@pytest.fixture
def voting(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> tuple[Cloud, str]:
    """Somebody applied, the deadline passed, and the reviewers were asked."""
    on_sale(cloud)
    reference = applied(cloud, ADDRESS)
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "a-token-that-nobody-has"}, CONTEXT)
    # Here no machine waits under the token.
    monkeypatch.setattr("shared.wiring.resume", lambda token, data: False)
    return cloud, reference


@pytest.fixture
def left_open(voting: tuple[Cloud, str]) -> tuple[Cloud, str]:
    """One vote of two, and voting is over."""
    cloud, reference = voting
    reviewed(reference, BO, outcome="full")
    _close()
    return cloud, reference


def _close() -> None:
    rounds.close_voting({"series": SERIES}, CONTEXT)
    assert rounds.decide_and_award({"series": SERIES}, CONTEXT) == {"more": False}


def _does(browser: Browser, page: str, act: str, **said: str) -> Answer:
    """Open a page and send one of its forms, filled in."""
    hidden = hidden_in(browser.get(page).body, f"/{act}")
    return browser.post(f"/staff/acts/{act}", **{**hidden, **said})


def _audits(cloud: Cloud) -> list[Audit]:
    return sorted(cloud.everything(Audit), key=lambda one: one.at)


def _application(cloud: Cloud) -> Application:
    (found,) = cloud.everything(Application, WHERE)
    return found


def test_a_vote_counts_once_and_the_record_of_it_says_nothing_of_what_it_was(
    voting: tuple[Cloud, str],
) -> None:
    cloud, reference = voting
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)
    page = f"{ROUND}/{reference}"
    hidden = hidden_in(ana.get(page).body, "/vote-on-application")
    vote = {"outcome": "partial", "award": "105.00", "strength": "3"}

    answer = ana.post("/staff/acts/vote-on-application", **hidden, **vote)

    assert answer.status == 303
    (cast,) = cloud.everything(Vote, WHERE)
    assert (cast.outcome, cast.strength) == (Outcome.PARTIAL, 3)
    assert cast.award is not None and str(cast.award) == "$105.00"
    shown = ana.get(page).body
    assert NAME in shown and "A partial scholarship of $105.00" in shown
    assert "vote-on-application" not in shown

    cloud.wait(minutes=1)
    again = ana.post("/staff/acts/vote-on-application", **hidden, outcome="decline")
    assert (again.status, "The first vote counts" in again.body) == (409, True)
    assert len(cloud.everything(Vote, WHERE)) == 1
    done, refused = _audits(cloud)
    assert (done.act, done.about, done.by) == ("vote-on-application", (SERIES, reference), ANA)
    assert (done.why, done.learner, done.came_of) == ("", None, CameOf.DONE)
    assert refused.came_of is CameOf.REFUSED
    assert "partial" not in str(_audits(cloud))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, "What do you recommend?"),
        ({"outcome": "partial"}, "How much of"),
        ({"outcome": "full", "strength": "9"}, "How strongly"),
    ],
)
def test_a_vote_that_cannot_be_meant_is_asked_about(
    voting: tuple[Cloud, str], said: dict[str, str], asked: str
) -> None:
    cloud, reference = voting
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)

    answer = _does(ana, f"{ROUND}/{reference}", "vote-on-application", **said)

    assert (answer.status, asked in answer.body) == (409, True)
    assert cloud.everything(Vote, WHERE) == []


def test_whoever_knows_the_person_stands_aside(voting: tuple[Cloud, str]) -> None:
    cloud, reference = voting
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)

    answer = _does(ana, f"{ROUND}/{reference}", "vote-on-application", conflict="yes")

    assert answer.status == 303
    (cast,) = cloud.everything(Vote, WHERE)
    assert cast.outcome is None
    assert "you stood aside" in ana.get(ROUND).body


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR])
def test_whom_the_catalogue_does_not_name_does_not_vote(
    voting: tuple[Cloud, str], role: Role
) -> None:
    cloud, reference = voting
    sam = signed_in(cloud, role, name="sam@idha.example")
    assert "vote-on-application" not in sam.get(f"{ROUND}/{reference}").body

    answer = sam.post(
        "/staff/acts/vote-on-application", series=SERIES, reference=reference, outcome="full"
    )

    assert (answer.status, "names under reviewers" in answer.body) == (409, True)
    assert cloud.everything(Vote, WHERE) == []


def test_nobody_votes_on_or_decides_an_application_of_their_own(cloud: Cloud) -> None:
    on_sale(cloud)
    own = applied(cloud, ANA)
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "none"}, CONTEXT)
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)
    sent = {"series": SERIES, "reference": own, "outcome": "full", "why": "I need it."}

    assert ana.post("/staff/acts/vote-on-application", **sent).status == 409
    _close()
    assert _application(cloud).left_open
    assert ana.post("/staff/acts/decide-application", **sent).status == 409
    assert _application(cloud).outcome is None
    assert cloud.everything(Vote, WHERE) == []


def test_what_the_votes_left_open_is_decided_and_the_reason_stays_with_the_application(
    left_open: tuple[Cloud, str],
) -> None:
    cloud, reference = left_open
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)
    page = f"{ROUND}/{reference}"
    assert "1 of 2 votes have been cast." in ana.get(page).body
    hidden = hidden_in(ana.get(page).body, "/decide-application")
    said = {"outcome": "partial", "award": "97", "why": "Her words moved all of us."}

    answer = ana.post("/staff/acts/decide-application", **hidden, **said)

    assert answer.status == 303
    award = award_of(cloud, ADDRESS)
    assert (str(award.amount), award.status) == ("$97.00", AwardStatus.OFFERED)
    assert len(cloud.letters(LetterKind.SCHOLARSHIP_OFFERED)) == 1
    decided = _application(cloud).decided
    assert decided is not None and f"Decided by {ANA}: Her words moved" in decided.why
    (audit,) = _audits(cloud)
    assert (audit.act, audit.about) == ("decide-application", (SERIES, reference))
    assert "words" not in audit.why, "what tells of somebody goes when they are erased"
    assert audit.learner is None, "nor does it lead from a person to an application"
    cloud.wait(minutes=2)
    again = ana.post("/staff/acts/decide-application", **hidden, **said)
    assert (again.status, "waits for the institute" in again.body) == (409, True)


@pytest.mark.parametrize(
    ("said", "status", "asked"),
    [
        ({"outcome": "full"}, 422, "Say why"),
        ({"outcome": "maybe", "why": "So."}, 409, "What becomes of it?"),
        ({"outcome": "partial", "award": "", "why": "So."}, 409, "How much of"),
        ({"outcome": "partial", "award": "99999", "why": "So."}, 409, "How much of"),
    ],
)
def test_a_decision_that_is_not_whole_is_asked_about(
    left_open: tuple[Cloud, str], said: dict[str, str], status: int, asked: str
) -> None:
    cloud, reference = left_open
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)

    answer = _does(ana, f"{ROUND}/{reference}", "decide-application", **said)

    assert (answer.status, asked in answer.body) == (status, True)
    assert _application(cloud).left_open


def test_a_coordinator_without_the_reviewers_part_decides_nothing_unread(
    left_open: tuple[Cloud, str],
) -> None:
    cloud, reference = left_open
    robin = signed_in(cloud, Role.COORDINATOR)
    assert "decide-application" not in robin.get(f"{ROUND}/{reference}").body
    sent = {"series": SERIES, "reference": reference, "outcome": "full", "why": "So."}

    answer = robin.post("/staff/acts/decide-application", **sent)

    assert (answer.status, "Ask one of them" in answer.body) == (409, True)
    assert _application(cloud).left_open


def test_voting_is_not_ended_while_people_may_apply(cloud: Cloud) -> None:
    on_sale(cloud)
    robin = signed_in(cloud, Role.COORDINATOR)
    assert "end-voting" not in robin.get(ROUND).body

    answer = robin.post("/staff/acts/end-voting", series=SERIES, why="Enough.")

    assert (answer.status, "People may still apply" in answer.body) == (409, True)


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("send-round-letter-again", LetterStatus.PENDING),
        ("round-letter-seen-to", LetterStatus.FAILED),
    ],
)
def test_a_letter_of_a_round_that_failed_is_sent_again_or_seen_to(
    voting: tuple[Cloud, str], act: str, status: LetterStatus
) -> None:
    cloud, reference = voting
    (letter,) = cloud.letters(LetterKind.SCHOLARSHIP_RECEIVED)
    cloud.applications.commit(letter.failed("Address refused."))
    robin = signed_in(cloud, Role.COORDINATOR)
    name = f"{letter.letter}#{letter.about}"

    answer = robin.post(f"/staff/acts/{act}", letter=name, why="Her new address is on a note.")

    assert answer.status == 303, answer.body
    kept = cloud.applications.get(letter.key(), Letter)
    assert kept is not None and kept.status is status
    assert "note" in (kept.note or "")
    assert "note" not in _audits(cloud)[0].why
    assert robin.post(f"/staff/acts/{act}", letter=name, why="Again.").status == 409
    assert reference in name


def test_an_application_the_votes_left_open_waits_on_today_and_is_decided_there(
    left_open: tuple[Cloud, str],
) -> None:
    cloud, reference = left_open
    ana = signed_in(cloud, Role.REVIEWER, name=ANA)
    page = ana.get("/staff").body
    assert f"Application {reference} was left open by the votes" in page
    assert f'href="./staff/scholarships/{SERIES}/{reference}">Read it first' in page
    assert NAME not in page

    answer = _does(ana, "/staff", "decide-application", outcome="full", why="We read it together.")

    assert answer.status == 303
    assert answer.headers["Location"].endswith("../staff")
    assert award_of(cloud, ADDRESS).full
    assert "Nothing waits for you" in ana.get("/staff").body


def test_a_letter_of_a_round_that_failed_is_sent_again_from_today(
    voting: tuple[Cloud, str],
) -> None:
    cloud, reference = voting
    (letter,) = cloud.letters(LetterKind.SCHOLARSHIP_RECEIVED)
    cloud.applications.commit(letter.failed("Address refused."))
    robin = signed_in(cloud, Role.COORDINATOR)
    page = robin.get("/staff").body
    assert f"Whoever sent application {reference}" in page
    assert ADDRESS not in page and NAME not in page

    answer = _does(robin, "/staff", "send-round-letter-again", why="It was a slip of theirs.")

    assert answer.status == 303
    kept = cloud.applications.get(letter.key(), Letter)
    assert kept is not None and kept.status is LetterStatus.PENDING
    assert "A letter did not arrive" not in robin.get("/staff").body
