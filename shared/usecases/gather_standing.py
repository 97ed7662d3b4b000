"""Gather what is known of a person when their credit is decided."""

from shared.domain.catalogue import Catalogue
from shared.domain.evaluations import Evaluated
from shared.domain.overrides import Overrides
from shared.domain.particulars import Particulars
from shared.domain.standing import Practice, Standing
from shared.ports import Records


def standing_of(
    learner: str,
    catalogue: Catalogue,
    session: str | None,
    records: Records,
    *,
    overrides: Overrides | None,
) -> Standing:
    """Everything besides the seat and the presence; `session` is None for a unit as a whole.

    What no policy asks for is not looked up. Of a unit every part is to be evaluated.
    """
    told = _told(learner, catalogue, records)
    standing = Standing(
        practices=_practices(told) if told and told.licences else None,
        told_at=told.told_at if told else None,
        overrides=overrides,
    )
    evaluation = catalogue.policies.evaluation
    boards_ask = any(board.evaluation for board in catalogue.policies.credit.boards)
    if evaluation is None or not (evaluation.required or boards_ask):
        return standing
    parts = [session] if session else [part.id for part in catalogue.sessions]
    sent = all(records.get(Evaluated.key_of(part, learner), Evaluated) for part in parts)
    evaluated = {
        "evaluated": sent,
        "evaluation_required": evaluation.required,
        "evaluation_closes_at": catalogue.evaluation_closes_at(parts[-1]),
    }
    return standing.model_copy(update=evaluated)


def _told(learner: str, catalogue: Catalogue, records: Records) -> Particulars | None:
    credit = catalogue.policies.credit
    of_boards = any(board.professions or board.states for board in credit.boards)
    if not (credit.ask_particulars or of_boards):
        return None
    return records.get(Particulars.key_of(learner), Particulars)


def _practices(told: Particulars) -> tuple[Practice, ...]:
    return tuple(
        Practice(licence.profession, licence.state if licence.held else "")
        for licence in told.licences
    )
