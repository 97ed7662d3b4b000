"""A person's own page in words, series by series: seats, recordings, attendance, certificates."""

from typing import Any

from shared.adapters.jinja_my_appeal import appeal_page, appeal_said
from shared.adapters.jinja_my_contact import address_page, name_page, zone_page
from shared.adapters.jinja_my_erasure import erasure_page
from shared.adapters.jinja_my_evaluation import evaluation_page
from shared.adapters.jinja_my_letters import award_said, letters_said, next_said
from shared.adapters.jinja_my_make_up import make_up_page
from shared.adapters.jinja_my_particulars import particulars_page, say_particulars
from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import kind_name, listed, moment
from shared.domain.attendance import Interval
from shared.domain.catalogue import Catalogue
from shared.domain.my_page import (
    AddressView,
    AppealView,
    ErasureView,
    EvaluationView,
    LinkWantedView,
    MakeUpView,
    MyCertificate,
    MyPageView,
    MySeries,
    MySession,
    NameView,
    ParticularsView,
    ZoneView,
)
from shared.domain.people import clean_name
from shared.domain.zones import say_time, zone_name


class JinjaMyPages:
    """Writes these pages. Keep one for the life of the process; it may be shared."""

    def my_page(self, view: MyPageView) -> str:
        """The page."""
        return whole_page(
            "my_page",
            house_of(view),
            view=view,
            name=clean_name(view.name),
            reader_zone=view.zone,
            zone=zone_name(view.zone) if view.zone else "",
            several=len({one.catalogue.institute.id for one in view.series}) > 1,
            parts=[_series(one) for one in view.series],
            ahead=next_said(view),
            awards=[award_said(catalogue, award) for catalogue, award in view.awards],
            letters=letters_said(view),
            told=say_particulars(view.particulars) if view.particulars else [],
            asks_licences=any(
                one.catalogue.policies.certificate.professions for one in view.series
            ),
        )

    def particulars(self, view: ParticularsView) -> str:
        """The page on which they tell us of themselves."""
        return particulars_page(view)

    def evaluation(self, view: EvaluationView) -> str:
        """The page on which they evaluate a session."""
        return evaluation_page(view)

    def make_up(self, view: MakeUpView) -> str:
        """The page on which they make up for a missed part."""
        return make_up_page(view)

    def name(self, view: NameView) -> str:
        """The page on which they say how they are called."""
        return name_page(view)

    def address(self, view: AddressView) -> str:
        """The page on which they ask for another address."""
        return address_page(view)

    def zone(self, view: ZoneView) -> str:
        """The page on which they say by which clock they read times."""
        return zone_page(view)

    def appeal(self, view: AppealView) -> str:
        """The page on which they ask for a decision to be looked at again."""
        return appeal_page(view)

    def erasure(self, view: ErasureView) -> str:
        """The page on which they take everything away."""
        return erasure_page(view)

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
    """What the page says of one series: what is ahead first, because people come to join."""
    catalogue = series.catalogue
    sessions = [one.session for one in series.sessions]
    ahead = [one for one in series.sessions if not one.over]
    return {
        "series": series,
        "title": catalogue.series.title,
        "institute": catalogue.institute,
        "rates": " and ".join(tier.title for tier in series.tiers),
        "included": list(dict.fromkeys(it for tier in series.tiers for it in tier.includes)),
        "kind": kind_name(sessions) if len(sessions) == 1 else "",
        "badge": _badge(series.unit_certificate),
        "appeal": appeal_said(series.appeal, catalogue.institute.zone),
        "per_unit": catalogue.policies.certificate.per == "unit",
        "ahead": [_session(one, catalogue) for one in ahead],
        "so_far": [_session(one, catalogue) for one in reversed(series.sessions) if one.over],
        "award": award_said(catalogue, series.award) if series.award else None,
        "next": next((one.session.id for one in ahead if one.join), ""),
        "later": _later(ahead, catalogue),
    }


def _later(ahead: list[MySession], catalogue: Catalogue) -> str:
    """What will stand here after what is ahead, said once for all of it."""
    kept = [one for one in ahead if one.seat.granted]
    if not kept:
        return ""
    kind = kind_name([one.session for one in kept[:1]])
    recorded = any(one.session.recorded for one in kept)
    things = [
        *(["the recording"] if recorded else []),
        "when you were there",
        *([] if catalogue.policies.certificate.per == "unit" else ["your certificate"]),
    ]
    after = f"After the {kind}" if len(kept) == 1 else f"After each {kind}"
    return f"{after} you find here {listed(things)}. We write to you when there is something new."


def _session(one: MySession, catalogue: Catalogue) -> dict[str, Any]:
    """What the page says of one session."""
    verdict = one.verdict
    return {
        "one": one,
        "session": one.session,
        "recording": _recording(one),
        "attendance": _attendance(one, catalogue),
        "attended": _attended(one),
        "badge": _badge(one.certificate),
        "appeal": appeal_said(one.appeal, one.session.zone),
        "evaluation": _evaluation(one),
        # Where a certificate is for the whole unit, a part alone earns none, and that is no reason.
        "reasons": [
            reason.text
            for reason in (verdict.earned.reasons if verdict else ())
            if reason.code != "part_of_unit"
        ],
    }


def _recording(one: MySession) -> str:
    """What there is to say of the recording of a session that is over."""
    if one.watch:
        if one.watch_until is None:
            return "You can watch it as often as you like. It has no end date."
        return f"You can watch it until {moment(one.watch_until, one.session.zone)}."
    if one.recording.granted:
        return "It is being prepared. It appears here, and we write to you, when it is ready."
    return one.recording.why


def _attendance(one: MySession, catalogue: Catalogue) -> str:
    """When somebody was there, or when that will be known, of a session that is over."""
    verdict, zone = one.verdict, one.session.zone
    if verdict is None:
        days = max(1, round(catalogue.policies.attendance.report_within_hours / 24))
        return (
            "Not known yet. It stands here when the attendance report is in, usually within "
            f"{days} day{'s' if days > 1 else ''}."
        )
    if not verdict.presence:
        return verdict.attended.why
    there = listed(_said(interval, zone) for interval in verdict.presence)
    return f"You were there from {there}: {verdict.minutes} minutes."


def _attended(one: MySession) -> list[str]:
    """Every reason of the verdict on attendance that the times alone do not say."""
    verdict = one.verdict
    if verdict is None or not verdict.presence:
        return []
    return [reason.text for reason in verdict.attended.reasons if reason.code != "attended"]


def _badge(mine: MyCertificate | None) -> str:
    """Where the badge of a certificate that counts is fetched."""
    if mine is None or mine.certificate.revocation is not None:
        return ""
    return f"{mine.link}/badge"


def _evaluation(one: MySession) -> str:
    """Until when it can be sent, or that it was, or why it cannot; nothing where none is asked."""
    decision = one.evaluation
    if decision is None or not one.over:
        return ""
    if decision.granted and one.evaluation_until is not None:
        return f"Open until {moment(one.evaluation_until, one.session.zone)}."
    return decision.why


def _said(interval: Interval, zone: str) -> str:
    """ "12:02 pm to 1:10 pm"."""
    return f"{say_time(interval.joined, zone)} to {say_time(interval.left, zone)}"
