"""How far somebody is through a unit, and what they can still make up for, as a letter says it."""

from datetime import datetime, timedelta

from shared.domain.catalogue import Catalogue
from shared.domain.credit import Verdict
from shared.domain.letter_facts import LetterFacts
from shared.domain.progress import progress_of
from shared.ports import Records
from shared.usecases.make_up_part import can_be_made_up, made_up_by


def with_progress(
    facts: LetterFacts, catalogue: Catalogue, records: Records, now: datetime
) -> LetterFacts:
    """The facts with that; as they are where each session has a certificate of its own.

    A letter about one part that the reader missed says until when it can be made up for.
    """
    if catalogue.policies.certificate.per != "unit":
        return facts
    learner = facts.letter.learner or ""
    verdicts = {
        part.id: verdict
        for part in catalogue.held_sessions
        if (verdict := records.get(Verdict.key_of(part.id, learner), Verdict))
    }
    attended = {part: verdict.attended for part, verdict in verdicts.items()}
    made_up = made_up_by(learner, catalogue, records)
    progress = progress_of(catalogue, attended, made_up, now)
    part = next((one for one in catalogue.sessions if one.id == facts.letter.session), None)
    until = part.ends_at + timedelta(days=catalogue.policies.credit.make_up_days) if part else None
    missed = (
        part is not None
        and part.id in attended
        and not attended[part.id].granted
        and part.id not in made_up
        and can_be_made_up(catalogue, part)
    )
    open_until = until if missed and until is not None and now < until else None
    return facts.model_copy(update={"progress": progress, "make_up_until": open_until})
