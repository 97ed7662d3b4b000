"""Tell everybody of a session what a notice says: load who, owe each the letter, remember it.

A letter is owed per notice and person, so an alarm that rings twice writes to nobody twice.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.notices import Notice, NoticeKind, decide_notice, holds
from shared.domain.record import Key
from shared.domain.registrations import Registration
from shared.failures import NotEveryoneTold
from shared.ports import Files, Records, Workflows
from shared.usecases.announce_recording import may_be_watched
from shared.usecases.commit_again import until_committed
from shared.usecases.evaluation_of import decide_for, who_need_not_evaluate
from shared.usecases.find_session import find_session
from shared.usecases.owe_letters import owe_once


def start_notice(session: str, name: str, *, workflows: Workflows, again: str = "") -> bool:
    """Start telling, under the notice's name; False if it was started. `again` starts it anew."""
    digest = hashlib.sha256(f"{name}|{again}".encode()).hexdigest()[:20]
    return workflows.start(f"notice-{session}-{digest}", {"session": session, "notice": name})


def load_who_to_tell(
    session: str, name: str, *, records: Records, documents: Files, now: datetime
) -> dict[str, str | int]:
    """Who is to be told now, as JSON Lines of {"session", "notice", "learner"}.

    Answers {"roster": key, "people": n}.
    """
    people = [one.learner for one in _to_be_told(session, name, records, now)]
    roster = f"rosters/{session}/notice-{name}.jsonl"
    lines = (
        json.dumps({"session": session, "notice": name, "learner": learner}) for learner in people
    )
    documents.write(roster, "".join(f"{line}\n" for line in lines).encode(), "application/jsonl")
    return {"roster": roster, "people": len(people)}


def owe_notice_letter(
    session: str, name: str, learner: str, *, records: Records, now: datetime
) -> bool:
    """Owe that person the letter, once; False if it was owed before or is not due any more."""
    found = find_session(session, records)
    notice = records.get(Notice.key_of(session, name), Notice)
    if found is None or notice is None:
        return False
    registration = records.get(Registration.key_of(session, learner), Registration)
    if not decide_for(notice, found.catalogue, registration, records, now).granted:
        return False
    letter = owe(
        LetterKind(notice.what),
        _about(notice, learner),
        now,
        learner=learner,
        series=notice.series,
        session=session,
    )
    return owe_once(letter, records)


def remember_told(session: str, name: str, *, records: Records, now: datetime) -> None:
    """Remember that everybody who is to be told is owed the letter.

    Raises NotEveryoneTold, and remembers nothing, if somebody is not owed one yet.
    """
    notice = records.get(Notice.key_of(session, name), Notice)
    left_out = [
        one.learner
        for one in _to_be_told(session, name, records, now)
        if notice and records.get(_letter_key(notice, one.learner), Letter) is None
    ]
    if left_out:
        raise NotEveryoneTold(f"{len(left_out)} people are not owed their letter yet.")

    def attempt() -> None:
        kept = records.get(Notice.key_of(session, name), Notice)
        if kept is not None and kept.told_at is None:
            records.commit(kept.told(now))

    until_committed(attempt)


def _to_be_told(session: str, name: str, records: Records, now: datetime) -> Iterator[Registration]:
    found = find_session(session, records)
    notice = records.get(Notice.key_of(session, name), Notice)
    if found is None or notice is None or not holds(notice, found.catalogue):
        return
    if notice.what is NoticeKind.RECORDING_ENDS and not may_be_watched(session, records):
        return
    asks = notice.what is NoticeKind.EVALUATION_WANTED
    settled = who_need_not_evaluate(session, records) if asks else frozenset()
    partition, prefix = Registration.key_of(session, "")
    for registration in records.find(partition, Registration, prefix):
        wanted = registration.learner not in settled
        if wanted and decide_notice(notice, found.catalogue, registration, now).granted:
            yield registration


def _about(notice: Notice, learner: str) -> str:
    return f"{notice.session}/{learner}/{notice.name}"


def _letter_key(notice: Notice, learner: str) -> Key:
    return Letter.key_of(LetterKind(notice.what), _about(notice, learner))
