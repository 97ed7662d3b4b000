"""Say what a catalogue file would change, before anything is changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.catalogue_difference import credit_rules_differ, differences
from shared.domain.credit import Verdict
from shared.domain.desk_catalogue import Asked, ComparedView, Otherwise
from shared.domain.sessions import Series, SessionState, revision_of
from shared.domain.takings import Takings, together
from shared.ports import Records
from shared.usecases.explain_decision import try_policy
from shared.usecases.object_to_catalogue import objections

Read = Callable[[bytes], Catalogue]
LineOf = Callable[[bytes, Sequence[str | int]], int]

# The rules are tried on everybody of a session; of a larger one that takes longer than a page may.
_TRIED_AT_MOST = 400
_NAMED_AT_MOST = 40


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
    otherwise, untried = _otherwise(before, catalogue, seats, records, now)
    changes = differences(before.catalogue if before else None, catalogue, seats, now)
    same = over == revision_of(content)
    told = {"same": same, "changes": changes, "otherwise": otherwise, "untried": untried}
    return compared.model_copy(update=told)


def _otherwise(
    before: Series | None,
    after: Catalogue,
    seats: Mapping[str, int],
    records: Records,
    now: datetime,
) -> tuple[tuple[Otherwise, ...], tuple[str, ...]]:
    """Who would be decided otherwise, in the sessions that were decided; and which were not tried.

    It is told, not done: what was decided stays until the session is decided again.
    """
    if before is None or not credit_rules_differ(before.catalogue, after):
        return (), ()
    found: list[Otherwise] = []
    untried = []
    for session in after.held_sessions:
        state = records.get(SessionState.key_of(session.id), SessionState)
        if state is None or not state.was_held or state.report is None:
            continue
        if seats.get(session.id, 0) > _TRIED_AT_MOST:
            untried.append(session.title)
            continue
        for one in try_policy(session.id, after, records=records, now=now):
            told = Otherwise(
                session=session.title, name=one.name, now=_say(one.now), then=_say(one.then)
            )
            found.append(told)
    return tuple(found[:_NAMED_AT_MOST]), tuple(untried)


def _say(verdict: Verdict) -> str:
    return "; ".join(_outcome(verdict))


def _outcome(verdict: Verdict) -> Iterator[str]:
    yield "a certificate" if verdict.earned.granted else "no certificate"
    boards = [one.name for one in verdict.boards if one.decision.granted]
    if boards:
        yield f"credit of {', '.join(boards)}"
    if not verdict.earned.granted:
        yield verdict.earned.why
