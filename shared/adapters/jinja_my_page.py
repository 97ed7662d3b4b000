"""A person's own page in words, series by series: seats, recordings, attendance, certificates."""

from typing import Any

from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import counted, credit_name, kind_name, moment
from shared.domain.attendance import Interval
from shared.domain.catalogue import Catalogue
from shared.domain.my_page import LinkWantedView, MyPageView, MySeries, MySession
from shared.domain.people import clean_name
from shared.domain.zones import say_day, say_time


class JinjaMyPages:
    """Writes these pages. Keep one for the life of the process; it may be shared."""

    def my_page(self, view: MyPageView) -> str:
        """The page."""
        return whole_page(
            "my_page",
            house_of(view),
            view=view,
            name=clean_name(view.name),
            several=len({one.catalogue.institute.id for one in view.series}) > 1,
            parts=[_series(one) for one in view.series],
        )

    def link_wanted(self, view: LinkWantedView) -> str:
        """The form that asks for a fresh link."""
        problems = {"address": [view.problem]} if view.problem else {}
        return whole_page("my_link_wanted", view=view, problems=problems)

    def link_sent(self) -> str:
        """That a link is on its way, if the address is one we know."""
        return whole_page("my_link_sent")

    def link_too_often(self) -> str:
        """More links were asked for than are sent within an hour."""
        return whole_page("my_link_too_often")

    def no_such_page(self, ask: str) -> str:
        """The token opens nothing; `ask` is where a fresh one is sent from."""
        return whole_page("my_page_absent", ask=ask)


def house_of(view: MyPageView) -> Catalogue | None:
    """The institute in whose name the page is shown: the one, or none where there are several."""
    houses = {one.catalogue.institute.id: one.catalogue for one in view.series}
    return next(iter(houses.values())) if len(houses) == 1 else None


def _series(series: MySeries) -> dict[str, Any]:
    """What the page says of one series."""
    catalogue = series.catalogue
    policy = catalogue.policies.certificate
    sessions = [one.session for one in series.sessions]
    included = list(dict.fromkeys(thing for tier in series.tiers for thing in tier.includes))
    return {
        "series": series,
        "title": catalogue.series.title,
        "institute": catalogue.institute,
        "rates": " and ".join(tier.title for tier in series.tiers),
        "included": included,
        "has": counted(sessions) if sessions else "",
        "kind": kind_name(sessions) if sessions else "session",
        "credit": credit_name(catalogue.policies),
        "per_unit": policy.per == "unit",
        "sessions": [_session(one, catalogue) for one in series.sessions],
    }


def _session(one: MySession, catalogue: Catalogue) -> dict[str, Any]:
    """What the page says of one session."""
    zone = one.session.zone
    verdict = one.verdict
    return {
        "one": one,
        "session": one.session,
        "recording": _recording(one),
        "attendance": _attendance(one, catalogue),
        "there": [_said(interval, zone) for interval in verdict.presence] if verdict else [],
        "decided": say_day(verdict.decided_at, zone) if verdict else "",
        # Where a certificate is for the whole unit, a part alone earns none, and that is no reason.
        "reasons": [
            reason.text
            for reason in (verdict.earned.reasons if verdict else ())
            if reason.code != "part_of_unit"
        ],
    }


def _said(interval: Interval, zone: str) -> str:
    """ "12:02 pm to 1:10 pm"."""
    return f"{say_time(interval.joined, zone)} to {say_time(interval.left, zone)}"


def _recording(one: MySession) -> str:
    """What there is to say of the recording."""
    session = one.session
    if one.watch:
        if one.watch_until is None:
            return "You can watch it as often as you like. It has no end date."
        return f"You can watch it until {moment(one.watch_until, session.zone)}."
    if one.recording.granted:
        return "It is being prepared. It appears here, and we write to you, when it is ready."
    if not one.over and session.recorded and one.seat.granted:
        return f"It appears here after the {session.kind}, and we write to you when it is ready."
    return one.recording.why


def _attendance(one: MySession, catalogue: Catalogue) -> str:
    """What there is to say of attendance while nothing is decided, or in one line once it is."""
    session, verdict = one.session, one.verdict
    if verdict is not None:
        return verdict.attended.why
    if one.over:
        hours = catalogue.policies.attendance.report_within_hours
        return (
            "It is decided when the attendance report is in, usually within "
            f"{max(1, round(hours / 24))} days. You will see here when you joined and left."
        )
    return f"After the {session.kind} you will see here when you joined and left."
