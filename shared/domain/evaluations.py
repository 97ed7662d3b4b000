"""Evaluations: what people say of a session, kept apart from who said it.

Two records, written together and never to be joined again: that a person has evaluated a session,
and what somebody said of it. The second has a random number and neither a person nor a time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from shared.domain.catalogue import Catalogue, Session
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.entitlements import entitlements
from shared.domain.forms import FieldProblem, Fields, clean_text, one, problem, too_long
from shared.domain.record import Key, Record
from shared.domain.registrations import Registration
from shared.domain.value import Value
from shared.domain.zones import say_day, say_time

RULE_VERSION = "evaluation-1"
COMMENT_LIMIT = 2000
# Fewer than this, and somebody might be recognised.
FEWEST_SHOWN = 3
CANNOT_SAY = "-"
MARKS = ("1", "2", "3", "4", "5")


class Evaluated(Record):
    """That a person has evaluated a session, in time. It says nothing of when or what."""

    kind: ClassVar[str] = "evaluated"

    session: str
    series: str
    learner: str

    @staticmethod
    def prefix_of() -> str:
        """The sort-key prefix of everybody who has evaluated a session."""
        return "EVALUATED#"

    @classmethod
    def key_of(cls, session: str, learner: str) -> Key:
        """Where it stands that this person has evaluated this session."""
        return Key(f"SESSION#{session}", cls.prefix_of() + learner)

    def key(self) -> Key:
        return self.key_of(self.session, self.learner)


class Mark(Value):
    """What somebody said to one question: 1 to 5, or None for "I cannot say"."""

    asked: str
    mark: int | None = None


class Evaluation(Record):
    """What somebody said of a session. `number` is random and is nowhere else."""

    kind: ClassVar[str] = "evaluation"

    session: str
    number: str
    marks: tuple[Mark, ...]
    comment: str = ""

    @staticmethod
    def partition_of(session: str) -> str:
        """The partition that holds everything that was said of a session."""
        return f"EVALUATIONS#{session}"

    def key(self) -> Key:
        return Key(self.partition_of(self.session), self.number)


class Question(Value):
    """One question of the form. `field` is its name there, `group` the heading it stands under."""

    field: str
    group: str
    asked: str


class Summary(Value):
    """What is known of one question: how often each mark was given, and how many could not say."""

    asked: str
    marks: tuple[int, int, int, int, int]
    cannot_say: int

    @property
    def average(self) -> float | None:
        """The mean of the marks to two digits; None where nobody gave one."""
        given = sum(self.marks)
        weighed = sum(mark * count for mark, count in enumerate(self.marks, start=1))
        return round(weighed / given, 2) if given else None


def questions_of(catalogue: Catalogue, session: Session) -> tuple[Question, ...]:
    """What is asked of that session, in order."""
    policy = catalogue.policies.evaluation
    if policy is None:
        return ()
    groups: list[tuple[str, str, Sequence[str]]] = [
        ("objective", "How far was each objective met?", session.objectives),
        ("presenter", "How did each presenter teach?", session.faculty),
        ("question", "How far do you agree?", policy.questions),
    ]
    asked = {"objective": policy.objectives, "presenter": policy.presenters, "question": True}
    return tuple(
        Question(field=f"{kind}-{at}", group=group, asked=text)
        for kind, group, texts in groups
        if asked[kind]
        for at, text in enumerate(texts)
    )


def may_evaluate(
    catalogue: Catalogue,
    session: Session,
    registration: Registration | None,
    verdict: Verdict | None,
    *,
    evaluated: bool,
    now: datetime,
) -> Decision:
    """Whether that person can evaluate that session now, and why not if not."""
    closes_at = catalogue.evaluation_closes_at(session.id)
    if closes_at is None:
        return _no("not_asked", f"This {session.kind} is not evaluated.")
    rights = entitlements(catalogue, session.id, registration, now)
    if not rights.seat.granted:
        return rights.seat
    if evaluated:
        return _no("done", "You have sent your evaluation. Thank you.")
    if now < session.ends_at:
        return _no("not_over", f"The evaluation opens when the {session.kind} is over.")
    if now >= closes_at:
        day, time = say_day(closes_at, session.zone), say_time(closes_at, session.zone)
        return _no("closed", f"The evaluation was open until {day}, {time}.")
    if verdict is not None and not verdict.presence:
        return _no("absent", verdict.attended.why)
    return granted(RULE_VERSION, "open", "You can tell us what it was like.")


def read_evaluation(
    fields: Fields, questions: Iterable[Question], session: str, number: str
) -> Evaluation | tuple[FieldProblem, ...]:
    """The evaluation in a form, or everything that is to be put right first."""
    problems = []
    marks = []
    for question in questions:
        said = one(fields, question.field)
        if said not in (*MARKS, CANNOT_SAY):
            problems.append(problem(question.field, "Please choose an answer."))
        marks.append(Mark(asked=question.asked, mark=int(said) if said in MARKS else None))
    comment = clean_text(one(fields, "comment"))
    problems += too_long("comment", comment, COMMENT_LIMIT)
    if problems:
        return tuple(problems)
    return Evaluation(session=session, number=number, marks=tuple(marks), comment=comment)


def sum_up(evaluations: Iterable[Evaluation]) -> tuple[tuple[Summary, ...], tuple[str, ...]]:
    """(question by question, comments), in an order that says nothing of who sent them."""
    counts: dict[str, list[int]] = {}
    comments = []
    for evaluation in evaluations:
        for given in evaluation.marks:
            of_question = counts.setdefault(given.asked, [0] * 6)
            of_question[given.mark or 0] += 1
        if evaluation.comment:
            comments.append(evaluation.comment)
    return tuple(_summary(asked, told) for asked, told in counts.items()), tuple(sorted(comments))


def _summary(asked: str, told: Sequence[int]) -> Summary:
    none, first, second, third, fourth, fifth = told
    return Summary(asked=asked, marks=(first, second, third, fourth, fifth), cannot_say=none)


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
