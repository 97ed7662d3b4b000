"""The page on which people give classes back: what each brings, what ends, what was asked."""

from typing import Any, Final

from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import credit_name, kind_name
from shared.domain.catalogue import Session
from shared.domain.refund_quote import RefundLine
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.refund_views import LONGEST_NOTE, RefundView

_STANDS: Final = {
    RefundState.ASKED: "{amount} is going back to you. We write to you when it has gone.",
    RefundState.MOVING: "{amount} is going back to you. We write to you when it has gone.",
    RefundState.SENT: "{amount} is on its way to you. Banks can take some days to show it.",
    RefundState.DONE: "{amount} has gone back to you.",
    RefundState.FAILED: "{amount} came back to us. Please tell us how it can reach you.",
    RefundState.STAFF: "A person reads your request about {amount} and answers you by letter.",
    RefundState.DECLINED: "A person has read it and answered you by letter.",
}


class JinjaRefundPages:
    """Writes the page. Keep one for the life of the process; it may be shared."""

    def refund(self, view: RefundView, back: str) -> str:
        """The page at any of its steps; `back` is the way to the person's own page."""
        sessions = {one.id: one for one in view.catalogue.sessions}
        about = [sessions[line.session] for line in view.lines if line.session in sessions]
        return whole_page(
            f"refund_{view.step}",
            view.catalogue,
            view=view,
            back=back,
            series=view.catalogue.series,
            kinds=kind_name(about) if about else "class",
            lines=[_line(line, sessions) for line in view.lines],
            can_choose=any(line.can_be_asked for line in view.quote.lines),
            back_now=_sum(view, "now"),
            by_person=_sum(view, "staff"),
            gives_up=any(line.way == "give_up" for line in view.lines),
            asks_person=any(line.way == "staff" for line in view.lines),
            asked=[_asked(one, sessions) for one in view.requests if _is_told(one)],
            credit=credit_name(view.catalogue.policies),
            longest_note=LONGEST_NOTE,
        )


def _line(line: RefundLine, sessions: dict[str, Session]) -> dict[str, Any]:
    return {
        "line": line,
        "session": sessions.get(line.session),
        "brings": "Nothing was paid" if line.way == "give_up" else str(line.share),
    }


def _sum(view: RefundView, way: str) -> str:
    money = view.sum_of(way)
    return str(money) if money.minor else ""


def _is_told(request: RefundRequest) -> bool:
    return request.state in _STANDS and bool(request.amount.minor)


def _asked(request: RefundRequest, sessions: dict[str, Session]) -> dict[str, Any]:
    titles = [sessions[one].title for one in request.sessions if one in sessions]
    return {"titles": titles, "stands": _STANDS[request.state].format(amount=request.amount)}
