"""Say what a catalogue file would change, before anything is changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.catalogue_difference import credit_rules_differ, differences
from shared.domain.credit import Verdict
from shared.domain.desk_catalogue import Asked, ComparedView, Otherwise, Tried
from shared.domain.registrations import Learner
from shared.domain.sessions import Series, SessionState, revision_of
from shared.domain.takings import Takings, together
from shared.ports import Records
from shared.usecases.explain_decision import decided_by, differ
from shared.usecases.object_to_catalogue import objections

Read = Callable[[bytes], Catalogue]
LineOf = Callable[[bytes, Sequence[str | int]], int]

# People on whom changed rules are tried, in all sessions together: more takes longer than a page
# may. A session that needs less than its share leaves the rest to larger ones.
TRIED, NAMED = 800, 40


def compare_catalogue(
    content: bytes, *, read: Read, line_of: LineOf, records: Records, now: datetime
) -> ComparedView:
    """What the file would change, or every question about it. Nothing is written."""
    text = content.decode("utf-8-sig", "replace")
    try:
        catalogue = read(content)
    except CatalogueQuestions as refusal:
        asked = tuple(Asked(line=one.line, text=one.text) for one in refusal.questions)
        return ComparedView(text=text, questions=asked)
    name = catalogue.series.id
    before = records.get(Series.key_of(name), Series)
    asked = tuple(
        Asked(line=line_of(content, path), text=text)
        for path, text in objections(catalogue, before, records)
    )
    over = before.revision if before else ""
    compared = ComparedView(text=text, series=name, title=catalogue.series.title, over=over)
    if asked:
        return compared.model_copy(update={"questions": asked})
    _, seats = together(records.find(Takings.partition_of(name), Takings))
    otherwise, tried = _otherwise(before, catalogue, seats, records, now)
    changes = differences(before.catalogue if before else None, catalogue, seats, now)
    same = over == revision_of(content)
    told = {"same": same, "changes": changes, "otherwise": otherwise, "tried": tried}
    return compared.model_copy(update=told)


def _otherwise(
    before: Series | None,
    after: Catalogue,
    seats: Mapping[str, int],
    records: Records,
    now: datetime,
) -> tuple[tuple[Otherwise, ...], tuple[Tried, ...]]:
    """Who would be decided otherwise, in the sessions that were decided; and how many of how many.

    It is told, not done: what was decided stays until the session is decided again.
    """
    if before is None or not credit_rules_differ(before.catalogue, after):
        return (), ()
    keys = [SessionState.key_of(session.id) for session in after.held_sessions]
    states = records.get_all(keys, SessionState)
    decided = [
        session
        for key, session in zip(keys, after.held_sessions, strict=True)
        if (state := states.get(key)) and state.was_held and state.report is not None
    ]
    found: dict[str, list[tuple[Verdict, Verdict]]] = {}
    tried: dict[str, Tried] = {}
    left = TRIED
    for number, session in enumerate(sorted(decided, key=lambda one: seats.get(one.id, 0))):
        share = left // (len(decided) - number)
        pairs = list(islice(decided_by(session.id, after, records=records, now=now), share))
        left -= len(pairs)
        found[session.id] = [
            (kept, then) for kept, then in pairs if kept is not None and differ(kept, then)
        ]
        # Whoever gave their seat back is decided too, and holds none.
        people = len(pairs) if len(pairs) < share else max(len(pairs), seats.get(session.id, 0))
        tried[session.id] = Tried(
            session=session.title,
            people=people,
            tried=len(pairs),
            otherwise=len(found[session.id]),
        )
    named = [(session, *pair) for session in decided for pair in found[session.id]][:NAMED]
    people_of = records.get_all([Learner.key_of(kept.learner) for _, kept, _ in named], Learner)
    otherwise = tuple(
        Otherwise(
            session=session.title,
            name=_name(people_of.get(Learner.key_of(kept.learner))),
            now=_say(kept),
            then=_say(then),
        )
        for session, kept, then in named
    )
    return otherwise, tuple(tried[session.id] for session in decided)


def _name(person: Learner | None) -> str:
    return person.name if person else ""


def _say(verdict: Verdict) -> str:
    return "; ".join(_outcome(verdict))


def _outcome(verdict: Verdict) -> Iterator[str]:
    yield "a certificate" if verdict.earned.granted else "no certificate"
    boards = [one.name for one in verdict.boards if one.decision.granted]
    if boards:
        yield f"credit of {', '.join(boards)}"
    if not verdict.earned.granted:
        yield verdict.earned.why
