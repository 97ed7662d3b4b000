"""Whether the boards of a catalogue fit the sessions, rates and professions beside them."""

from collections.abc import Collection, Iterator

from shared.domain.catalogue import Institute, Policies, Session
from shared.domain.catalogue_texts import Path, did_you_mean
from shared.domain.catalogue_values import shown
from shared.domain.credit_lines import MOST, ROOM, widest

_CREDIT: Path = ("policies", "credit")


def credit_checks(
    policies: Policies | None,
    sessions: Collection[Session],
    tiers: Collection[str],
    institute: Institute | None,
) -> Iterator[tuple[Path, str]]:
    """(path, question) for what a board names and nothing else knows, and for days that never meet.

    `sessions` are all of them, or empty if one could not be read; `tiers` are the ids as written.
    """
    if policies is None:
        return
    credit, listed = policies.credit, policies.certificate.professions
    if credit.make_up and policies.certificate.per == "session":
        yield (
            (*_CREDIT, "make_up"),
            "parts are made up where the certificate is for the whole unit, and here it is for each"
            " session. Can this line go?",
        )
    if credit.ask_particulars and not listed:
        yield (
            (*_CREDIT, "ask_particulars"),
            "people are asked for their profession, and 'professions' under 'certificate' lists"
            " none to choose from. Which are they?",
        )
    written = institute.certificate_statements if institute else ()
    if credit.boards and len(widest(credit.boards, policies.certificate)) + len(written) > MOST:
        yield (
            (*_CREDIT, "boards"),
            f"a certificate has room for {MOST} statements of {ROOM} letters, and what the boards"
            " and the institute state together is more. Could some of it be shorter?",
        )
    ids = [session.id for session in sessions]
    seen: set[str] = set()
    for at, board in enumerate(credit.boards):
        path: Path = (*_CREDIT, "boards", at)
        if board.id in seen:
            yield (
                (*path, "id"),
                f"there is already a board {shown(board.id)}. What should this one be called?",
            )
        seen.add(board.id)
        for place, profession in enumerate(board.professions):
            if profession not in listed:
                yield (
                    (*path, "professions", place),
                    f"{shown(profession)} is not among the 'professions' of the certificate."
                    + did_you_mean(profession, list(listed), " Could you add it there?"),
                )
        for place, tier in enumerate(board.tiers):
            if tiers and tier not in tiers:
                yield (
                    (*path, "tiers", place),
                    f"there is no tier {shown(tier)}."
                    + did_you_mean(tier, list(tiers), " Which one is meant?"),
                )
        for session in board.session_hours:
            if ids and session not in ids:
                yield (
                    (*path, "session_hours"),
                    f"there is no session {shown(session)}."
                    + did_you_mean(session, ids, " Which one is meant?"),
                )
        first, last = board.approved_from, board.approved_to
        if first and last and first > last:
            yield (
                (*path, "approved_to"),
                f"the approval ends on {last}, before it begins on {first}. Are the two swapped?",
            )
        elif sessions and all(
            (first and session.starts.date() < first) or (last and session.starts.date() > last)
            for session in sessions
        ):
            yield (
                (*path, "approved_to" if last else "approved_from"),
                f"no session is held while {shown(board.id)} is approved. Are the days right?",
            )
