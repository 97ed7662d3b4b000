"""What else a person sees of themselves, for staff: scholarships, what they asked and told."""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.adapters.jinja_my_particulars import say_particulars
from shared.domain.awards import AwardStatus
from shared.domain.desk_person import PersonPage
from shared.domain.my_page import MyAward
from shared.domain.refund_requests import RefundState
from shared.domain.zones import say_short_day, zone_name

Line = tuple[str, str]

_AWARD: Final[Mapping[AwardStatus, str]] = {
    AwardStatus.OFFERED: "offered, and not answered yet",
    AwardStatus.ACCEPTED: "accepted; the rest is still to be paid",
    AwardStatus.TAKEN: "taken, with its seats",
    AwardStatus.DECLINED: "given back",
    AwardStatus.LAPSED: "lapsed: it was not answered in time",
}
_REQUEST: Final[Mapping[RefundState, str]] = {
    RefundState.ASKED: "the provider is asked next",
    RefundState.MOVING: "the provider is being asked",
    RefundState.SENT: "on its way back",
    RefundState.DONE: "went back",
    RefundState.FAILED: "did not arrive; it waits under Today",
    RefundState.STAFF: "waits under Today",
    RefundState.DECLINED: "declined",
    RefundState.WITHDRAWN: "nothing came of it",
}


def also(view: PersonPage, *, words: bool) -> list[Line]:
    """One line for each thing. Without `words`, nothing that people told of themselves."""
    return [*_of_series(view), *_of_money(view), *(_of_themselves(view) if words else ())]


def _of_series(view: PersonPage) -> Iterator[Line]:
    for series in view.mine.series:
        title = series.catalogue.series.title
        if series.tiers:
            yield f"Rate, {title}", ", ".join(tier.title for tier in series.tiers)
        if series.progress is not None:
            yield f"Parts that count, {title}", series.progress.words
        if series.award is not None:
            yield f"Scholarship, {title}", _award(series.award)
    for catalogue, award in view.mine.awards:
        yield f"Scholarship, {catalogue.series.title}", _award(award)


def _award(mine: MyAward) -> str:
    return f"{mine.award.amount}, {_AWARD[mine.award.status]}"


def _of_money(view: PersonPage) -> Iterator[Line]:
    for request in view.requests:
        classes = ", ".join(view.titles.get(one, one) for one in request.sessions)
        yield (
            "Asked back",
            f"{request.amount} of order {request.order} ({classes}): {_REQUEST[request.state]}",
        )


def _of_themselves(view: PersonPage) -> Iterator[Line]:
    for appeal in view.appeals:
        title = view.titles.get(appeal.scope, appeal.scope)
        stands = f"answered: {appeal.outcome}" if appeal.outcome else "waits under Today"
        yield f"Questioned, {title}", f"{appeal.about}; {stands}"
    for series in view.mine.series:
        for one in series.sessions:
            if one.evaluation is None:
                continue
            until = one.evaluation_until
            day = f" until {say_short_day(until, one.session.zone)}" if until else ""
            said = f"can be sent{day}" if one.evaluation.granted else one.evaluation.why
            yield f"Evaluation, {one.session.title}", said
    if view.mine.particulars is not None:
        yield from say_particulars(view.mine.particulars)
    if view.mine.zone:
        yield "Reads times by", zone_name(view.mine.zone)
