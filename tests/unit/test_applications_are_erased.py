"""What people wrote goes when its term ends or when they ask, and nothing old brings it back."""

import json
from typing import Any

import pytest

from shared.domain.applications import Answers, Application
from shared.domain.awards import AwardStatus
from shared.domain.letters import Letter
from shared.domain.links import sign
from shared.domain.reviews import Vote
from shared.domain.rounds import Round
from shared.usecases.open_application import export_application, open_application
from shared.usecases.review_applications import NotFound
from tests.scholarships import PRICE, Scholarships, form_of
from tests.world import KEY

CANARIES: dict[str, Any] = {
    "name": ["Quillfeather Zanzibar"],
    "text": ["My word is petrichorine."],
    "own_words": ["I would say vellichorish."],
    "roles": ["Peer"],
    "priorities": ["Disabled"],
}
WORDS = ("quillfeather", "zanzibar", "petrichorine", "vellichorish", "disabled", "peer")


def everything(world: Scholarships) -> str:
    """All that both tables hold, except the catalogue, in small letters."""
    kept = [
        record.model_dump_json()
        for table in (world.records, world.applications)
        for record in table._kept.values()
        if record.kind not in ("series", "series_revision")
    ]
    return "\n".join(kept).lower()


@pytest.fixture
def world() -> Scholarships:
    world = Scholarships()
    world.apply("ana", **CANARIES)
    world.apply("ben")
    world.begin_review()
    world.both_vote("ana", "decline")
    world.both_vote("ben", "full")
    world.close_round()
    return world


def test_until_its_term_ends_what_was_written_is_there(world: Scholarships) -> None:
    """The negative control: the search does find what is there."""
    assert all(word in everything(world) for word in WORDS)
    world.wait(days=90)
    assert world.sweep_round().erased == 0
    assert world.page("ana").erase_at is not None


def test_ninety_days_after_the_decision_nothing_is_left_of_it(world: Scholarships) -> None:
    world.wait(days=92)
    assert world.sweep_round().erased == 2
    found = everything(world)
    assert [word for word in WORDS if word in found] == []
    assert world.application("ana").outcome is None
    assert all(vote.outcome is None for vote in world.applications.everything(Vote))
    assert world.page("ana").state == "erased"


def test_no_old_event_brings_anything_back(world: Scholarships) -> None:
    before_close = Scholarships()
    before_close.apply("ana", **CANARIES)
    before_close.act("ana", "erase")
    assert before_close.apply("ana", **CANARIES) == before_close.reference("ana")
    assert before_close.apply("ana", text=["Other words."]) == before_close.reference("ana")
    found = everything(before_close)
    assert [word for word in (*WORDS, "other words") if word in found] == []
    world.wait(days=92)
    world.sweep_round()
    world.send({**form_of("ana"), **CANARIES}, "ana")
    world.post_round()
    world.close_round()
    world.sweep_round()
    found = everything(world)
    assert [word for word in WORDS if word in found] == []
    assert not any("quillfeather" in letter.text.lower() for _, letter in world.mailer.sent)


def test_who_asks_is_erased_at_once_with_every_version() -> None:
    world = Scholarships()
    world.apply("ana", **CANARIES)
    world.wait(minutes=1)
    world.apply("ana", nonce="second", **CANARIES)
    assert world.act("ana", "erase").state == "erased"
    found = everything(world)
    assert [word for word in WORDS if word in found] == []
    assert world.application("ana", "second").erased_at is not None


def test_who_is_erased_with_an_offer_open_gives_it_to_the_next() -> None:
    world = Scholarships()
    world.change(fund=PRICE)
    world.apply("ana")
    world.apply("ben")
    world.begin_review()
    world.both_vote("ana", "full", strength="3")
    world.both_vote("ben", "full", strength="1")
    world.close_round()
    world.act("ana", "erase")
    assert world.award("ana").status is AwardStatus.DECLINED  # type: ignore[union-attr]
    assert world.page("ben").state == "offered"


def test_who_has_a_seat_keeps_it_when_the_application_is_erased() -> None:
    world = Scholarships()
    world.apply("ana")
    world.begin_review()
    world.both_vote("ana", "full")
    world.close_round()
    world.act("ana", "accept")
    world.act("ana", "erase")
    assert world.seats_of("ana") == 5
    assert world.answers("ana").name == ""


def test_who_withdraws_leaves_the_round_with_every_version_and_gets_a_letter() -> None:
    world = Scholarships()
    world.apply("ana")
    world.wait(minutes=1)
    world.apply("ana", nonce="second")
    assert world.act("ana", "withdraw").state == "withdrawn"
    world.begin_review()
    world.close_round()
    assert not world.award("ana")
    assert world.told("ana").count("scholarship_withdrawn") == 1
    assert world.page("ana").erase_at is not None
    assert world.act("ana", "withdraw").problem


def test_the_export_holds_everything_that_is_kept_of_the_person(world: Scholarships) -> None:
    found = export_application(world.token("ana"), keys=[KEY], **world.both, now=world.now)
    assert isinstance(found, dict)
    written = json.dumps(found, default=str).lower()
    assert all(word in written for word in WORDS)
    assert [letter["letter"] for letter in found["letters"]] == [
        "scholarship_received", "scholarship_not_awarded",
    ]  # fmt: skip
    assert "ben" not in written


@pytest.mark.parametrize("purpose", ["review", "watch", "certificate", "form"])
def test_a_link_for_something_else_opens_no_application(world: Scholarships, purpose: str) -> None:
    token = sign(purpose, f"{world.series}/{world.reference('ana')}", KEY)  # type: ignore[arg-type]
    how = {"keys": [KEY], **world.both, "now": world.now}
    assert isinstance(open_application(token, **how), NotFound)
    assert isinstance(open_application(token[:-3], **how), NotFound)


def test_opening_the_page_changes_nothing(world: Scholarships) -> None:
    before = everything(world)
    world.page("ana")
    world.page("ben")
    assert everything(world) == before


def test_of_a_small_round_no_number_is_kept(world: Scholarships) -> None:
    (around,) = world.records.everything(Round)
    kept = {one.what: one.number for one in around.counts}
    assert kept["all"] is None
    assert kept["outcome:full"] is None


def test_letters_hold_no_word_of_what_was_written(world: Scholarships) -> None:
    for letter in world.applications.everything(Letter):
        assert not any(word in letter.model_dump_json().lower() for word in WORDS[:4])
    assert world.applications.everything(Application)
    assert world.applications.everything(Answers)
