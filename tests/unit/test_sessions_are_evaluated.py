"""The evaluation of a session: who may send it and when, once, and never joined to who sent it."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.catalogue import Catalogue
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.evaluation_policy import EvaluationPolicy
from shared.domain.evaluations import (
    FEWEST_SHOWN,
    Evaluated,
    Evaluation,
    Mark,
    questions_of,
    read_evaluation,
    sum_up,
)
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.my_page import EvaluationView
from shared.usecases.evaluate_session import open_evaluation, send_evaluation
from shared.usecases.list_desk import list_evaluations
from shared.usecases.open_pages import NotFound
from shared.usecases.sum_up_evaluations import sum_up_evaluations
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who

ANA, BO, CY = (f"{name}@example.org" for name in ("ana", "bo", "cy"))
_numbers = count(1)


def asks(catalogue: Catalogue, **policy: Any) -> Catalogue:
    """The catalogue with an evaluation."""
    evaluation = EvaluationPolicy.model_validate(policy)
    policies = catalogue.policies.model_copy(update={"evaluation": evaluation})
    return catalogue.model_copy(update={"policies": policies})


CLASSES = asks(classes_catalogue())
CLASS_1 = CLASSES.sessions[0]
CLOSES = CLASSES.evaluation_closes_at(CLASS_1.id) or CLASS_1.ends_at
QUESTIONS = questions_of(CLASSES, CLASS_1)


def token_of(address: str) -> str:
    return sign("me", who(address), KEY)


def opened(world: World, address: str = ANA, session: str = CLASS_1.id) -> Any:
    return open_evaluation(
        token_of(address), session, keys=[KEY], records=world.records, now=world.now
    )


def why(world: World, address: str = ANA) -> str:
    view = opened(world, address)
    assert isinstance(view, EvaluationView)
    return view.decision.reasons[0].code


def send(world: World, address: str = ANA, mark: str = "4", comment: str = "") -> Any:
    fields = {one.field: [mark] for one in QUESTIONS} | {"comment": [comment]}
    return send_evaluation(
        token_of(address),
        CLASS_1.id,
        fields,
        keys=[KEY],
        records=world.records,
        random_number=lambda: f"{next(_numbers):032x}",
        now=world.now,
    )


def told(world: World) -> dict[str, Any]:
    found = sum_up_evaluations(CLASS_1.id, records=world.records, now=world.now)
    assert found is not None
    return found


def listed(world: World) -> tuple[tuple[str, ...], ...]:
    """The same as the desk's file has it."""
    found = list_evaluations(CLASS_1.id, records=world.records, now=world.now)
    assert found is not None
    return found.rows


@pytest.fixture
def over(world: World) -> World:
    """Class 1 is just over; Ana, Bo and Cy paid for it, Cy the reduced rate."""
    world.publish(CLASSES)
    for address, tier in ((ANA, "general"), (BO, "supporter"), (CY, "reduced")):
        world.pay(CLASSES, f"{CLASS_1.id}-{tier}", address)
    world.now = CLASS_1.ends_at
    return world


def test_it_asks_for_every_objective_every_presenter_and_what_the_catalogue_adds() -> None:
    groups = [one.group for one in QUESTIONS]

    assert [one.asked for one in QUESTIONS] == [
        *CLASS_1.objectives,
        *CLASS_1.faculty,
        *CLASSES.policies.evaluation.questions,  # type: ignore[union-attr]
    ]
    assert len(set(groups)) == 3 and groups == sorted(groups, key=groups.index)
    bare = asks(classes_catalogue(), objectives=False, presenters=False, questions=[])
    assert questions_of(bare, CLASS_1) == ()


def test_it_opens_with_the_end_of_the_session_and_closes_days_later_to_the_second(
    over: World,
) -> None:
    for at, code in (
        (CLASS_1.ends_at - timedelta(seconds=1), "not_over"),
        (CLASS_1.ends_at, "open"),
        (CLOSES - timedelta(seconds=1), "open"),
        (CLOSES, "closed"),
    ):
        over.now = at
        assert why(over) == code


def test_what_is_sent_is_kept_apart_from_who_sent_it(over: World) -> None:
    assert send(over, comment="More breaks.").sent

    (said,) = over.records.everything(Evaluation)
    (marker,) = over.records.everything(Evaluated)
    assert marker.learner == who(ANA)
    kept = said.model_dump()
    assert set(kept) == {
        "version", "learner", "waiting", "waiting_since", "expires_at",
        "session", "number", "marks", "comment",
    }  # fmt: skip
    assert kept["learner"] is None and kept["waiting_since"] is None
    assert not any(isinstance(value, datetime) for value in kept.values())
    in_both = {str(one) for one in kept.values()} & {str(one) for one in dict(marker).values()}
    assert in_both <= {CLASS_1.id, "None", "1"}


def test_whoever_joined_the_two_by_anything_they_share_would_learn_nothing(over: World) -> None:
    for address in (ANA, BO, CY):
        send(over, address)

    said = over.records.everything(Evaluation)
    markers = over.records.everything(Evaluated)
    # Every answer shares the same with every marker, so no pair is likelier than another.
    shared = {
        frozenset(set(map(str, dict(one).values())) & set(map(str, dict(other).values())))
        for one in said
        for other in markers
    }
    assert len(shared) == 1


def test_the_certificate_is_decided_on_at_once(over: World) -> None:
    send(over)

    (wanted,) = over.records.everything(DecisionWanted)
    assert (wanted.session, wanted.learner, wanted.cause) == (CLASS_1.id, who(ANA), "evaluation")


def test_sent_twice_is_sent_once(over: World) -> None:
    assert send(over, mark="5").sent
    again = send(over, mark="1")

    assert not again.sent and again.decision.reasons[0].code == "done"
    (kept,) = over.records.everything(Evaluation)
    assert {one.mark for one in kept.marks} == {5}


def test_a_question_without_an_answer_is_asked_about_and_nothing_is_lost(over: World) -> None:
    fields = {one.field: ["3"] for one in QUESTIONS[1:]} | {"comment": ["So far so good"]}
    view = send_evaluation(
        token_of(ANA), CLASS_1.id, fields, keys=[KEY], records=over.records,
        random_number=lambda: "0" * 32, now=over.now,
    )  # fmt: skip

    assert isinstance(view, EvaluationView)
    assert [one.field for one in view.problems] == [QUESTIONS[0].field]
    assert view.chosen["comment"] == "So far so good"
    assert over.records.everything(Evaluated) == []


def test_i_cannot_say_is_an_answer(over: World) -> None:
    assert send(over, mark="-").sent
    (kept,) = over.records.everything(Evaluation)
    assert {one.mark for one in kept.marks} == {None}


@pytest.mark.parametrize("mark", ["0", "6", "", "five", "5\r\n", "٥"])
def test_a_mark_that_was_not_offered_is_none(over: World, mark: str) -> None:
    assert send(over, mark=mark).problems and over.records.everything(Evaluation) == []


def test_who_was_not_there_is_not_asked(over: World) -> None:
    over.wait(minutes=15)
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.close(CLASS_1.id)

    assert (why(over, ANA), why(over, BO)) == ("open", "absent")


@pytest.mark.parametrize("session", ["tfc-2-resistance", "no-such-class", "", "../x"])
def test_nobody_evaluates_a_session_they_have_no_seat_in(over: World, session: str) -> None:
    assert isinstance(opened(over, ANA, session), NotFound)


def test_nobody_evaluates_for_somebody_else(over: World) -> None:
    for token in (sign("watch", who(ANA), KEY), sign("me", "lnobody", KEY), "made-up.token"):
        shown = send_evaluation(
            token, CLASS_1.id, {}, keys=[KEY], records=over.records,
            random_number=lambda: "0" * 32, now=over.now,
        )  # fmt: skip
        assert isinstance(shown, NotFound)


def test_a_series_that_asks_for_none_has_none(world: World) -> None:
    plain = classes_catalogue()
    world.publish(plain)
    world.pay(plain, f"{CLASS_1.id}-general", ANA)
    world.now = CLASS_1.ends_at

    assert why(world) == "not_asked"
    world.tell()
    assert world.letters(LetterKind.EVALUATION_WANTED) == []


def test_people_hear_when_it_opens_and_once_more_before_it_closes_unless_they_sent_it(
    over: World,
) -> None:
    over.tell()
    asked = over.letters(LetterKind.EVALUATION_WANTED)
    # The reduced rate brings no certificate, so nobody presses Cy for one.
    assert {one.learner for one in asked} == {who(ANA), who(BO)}

    send(over, ANA)
    over.now = CLOSES - timedelta(hours=24)
    over.tell()
    again = [one for one in over.letters(LetterKind.EVALUATION_WANTED) if one not in asked]
    assert [one.learner for one in again] == [who(BO)]


def test_who_was_not_there_is_not_reminded(over: World) -> None:
    over.wait(minutes=15)
    over.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    over.close(CLASS_1.id)
    over.now = CLOSES - timedelta(hours=24)
    over.tell()

    reminded = over.letters(LetterKind.EVALUATION_WANTED)
    assert {one.learner for one in reminded} == {who(ANA)}


def test_a_letter_that_is_still_owed_when_the_evaluation_comes_is_withdrawn(over: World) -> None:
    over.tell()
    send(over, ANA)
    over.post()

    (letter,) = [
        one for one in over.letters(LetterKind.EVALUATION_WANTED) if one.learner == who(ANA)
    ]
    assert letter.status == "WITHDRAWN"


def test_an_evaluation_that_is_for_everybody_is_asked_of_everybody(world: World) -> None:
    open_to_all = asks(classes_catalogue(), required=False)
    world.publish(open_to_all)
    world.pay(open_to_all, f"{CLASS_1.id}-reduced", CY)
    world.now = CLASS_1.ends_at
    world.tell()

    assert [one.learner for one in world.letters(LetterKind.EVALUATION_WANTED)] == [who(CY)]


def test_staff_see_nothing_but_a_count_while_it_is_open(over: World) -> None:
    for address in (ANA, BO, CY):
        send(over, address, comment="Hello")

    assert (told(over)["answers"], told(over)["shown"]) == (3, False)
    assert told(over)["questions"] == told(over)["comments"] == []
    (only,) = listed(over)
    assert only[0].startswith("3 answered. People can answer until")


def test_staff_see_sums_and_comments_when_it_is_closed(over: World) -> None:
    for address, mark, comment in ((ANA, "5", "Warm."), (BO, "4", ""), (CY, "-", "More breaks.")):
        send(over, address, mark, comment)
    over.now = CLOSES

    found = told(over)

    assert found["shown"] and found["comments"] == ["More breaks.", "Warm."]
    first = found["questions"][0]
    assert first == {
        "asked": QUESTIONS[0].asked, "average": 4.5, "marks": [0, 0, 0, 1, 1], "cannot_say": 1,
    }  # fmt: skip
    head, question, *_, said = listed(over)
    assert head[0] == "3 answered."
    assert question == (QUESTIONS[0].asked, "4.50", "0", "0", "0", "1", "1", "1")
    assert said[0] == "They say: Warm."


@pytest.mark.parametrize("sent", range(FEWEST_SHOWN))
def test_too_few_answers_are_never_shown(over: World, sent: int) -> None:
    for address in (ANA, BO, CY)[:sent]:
        send(over, address, comment="I am easily known.")
    over.now = CLOSES + timedelta(days=999)

    assert told(over)["answers"] == sent and not told(over)["shown"]
    assert "easily known" not in str(told(over))


def test_of_a_session_that_does_not_exist_there_is_nothing_to_sum_up(world: World) -> None:
    assert sum_up_evaluations("no-such-class", records=world.records, now=world.now) is None


@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=2, max_size=2), max_size=12)
)
def test_sums_do_not_depend_on_the_order_and_lose_nobody(given: list[list[int | None]]) -> None:
    said = [
        Evaluation(
            session="s", number=f"{at:032x}", comment=str(marks),
            marks=tuple(Mark(asked=q, mark=m) for q, m in zip("ab", marks, strict=True)),
        )
        for at, marks in enumerate(given)
    ]  # fmt: skip
    forwards, backwards = sum_up(said), sum_up(reversed(said))

    assert forwards == backwards
    for one in forwards[0]:
        assert sum(one.marks) + one.cannot_say == len(said)
        assert one.average is None or 1 <= one.average <= 5


def test_a_comment_is_kept_in_its_paragraphs_and_without_what_cannot_be_seen() -> None:
    fields = {one.field: ["3"] for one in QUESTIONS}
    typed = "Thank you.\r\n\r\n\u202eMore\x00 breaks."

    read = read_evaluation(fields | {"comment": [typed]}, QUESTIONS, "s", "0" * 32)
    long = read_evaluation(fields | {"comment": ["x" * 2001]}, QUESTIONS, "s", "0" * 32)

    assert isinstance(read, Evaluation) and read.comment == "Thank you.\n\nMore breaks."
    assert isinstance(long, tuple) and [one.field for one in long] == ["comment"]
