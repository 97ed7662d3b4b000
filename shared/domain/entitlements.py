"""What a person may have of a session: one pure function of facts, catalogue and time.

Every link, letter and page asks here at the moment it is used; nothing is remembered as a right.
"""

from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.value import Value
from shared.domain.zones import say_day

RULE_VERSION = "entitlements-4"


class Entitlements(Value):
    """Each thing a registration may bring, decided, with reasons."""

    seat: Decision
    joining_link: Decision
    recording: Decision
    credit: Decision


def entitlements(
    catalogue: Catalogue, session_id: str, registration: Registration | None, now: datetime
) -> Entitlements:
    """What `registration` brings of that session at `now`."""
    seat = _seat(registration)
    return Entitlements(
        seat=seat,
        joining_link=_joining_link(catalogue, session_id, seat, now),
        recording=_recording(catalogue, session_id, seat, now),
        credit=_credit(catalogue, seat, registration),
    )


def _seat(registration: Registration | None) -> Decision:
    if registration is None:
        return refused(
            RULE_VERSION,
            Reason(code="not_registered", text="There is no registration for this class."),
        )
    match registration.status:
        case RegistrationStatus.ACTIVE:
            return granted(RULE_VERSION, "registered", "You are registered for this class.")
        case RegistrationStatus.PENDING:
            return refused(
                RULE_VERSION,
                Reason(
                    code="payment_pending",
                    text="Your payment has not arrived yet. Your seat follows as soon as it does.",
                ),
            )
        case RegistrationStatus.HELD if registration.on_hold:
            return refused(
                RULE_VERSION,
                Reason(
                    code="on_hold",
                    text="Your place in this class is kept. The institute is looking into "
                    "something, and nothing new can be given until it has.",
                ),
            )
        case RegistrationStatus.HELD:
            return refused(
                RULE_VERSION,
                Reason(
                    code="payment_disputed",
                    text="Your payment for this class is being disputed. Your place is kept until "
                    "that is settled, and nothing new can be given until then.",
                ),
            )
        case RegistrationStatus.ENDED if registration.revoked:
            return refused(
                RULE_VERSION,
                Reason(
                    code="payment_taken_back",
                    text="Your payment for this class was taken back, so your access has ended.",
                ),
            )
        case RegistrationStatus.ENDED if registration.refunded:
            return refused(
                RULE_VERSION,
                Reason(
                    code="refunded",
                    text="Your payment for this class was refunded, so your access has ended.",
                ),
            )
        case RegistrationStatus.ENDED if registration.cancelled:
            return refused(
                RULE_VERSION,
                Reason(
                    code="cancelled",
                    text="Your ticket for this class was cancelled, so your access has ended.",
                ),
            )
        case RegistrationStatus.ENDED if not registration.grants:
            return refused(
                RULE_VERSION,
                Reason(
                    code="moved",
                    text="The seat in this class is under another name or address now.",
                ),
            )
        case _:
            return refused(
                RULE_VERSION,
                Reason(
                    code="payment_failed", text="The payment for this class did not go through."
                ),
            )


def _joining_link(catalogue: Catalogue, session_id: str, seat: Decision, now: datetime) -> Decision:
    if not seat.granted:
        return seat
    session = catalogue.session(session_id)
    if session.cancelled is not None:
        return _cancelled()
    if now >= session.ends_at:
        day = say_day(session.ends_at, session.zone)
        return refused(RULE_VERSION, Reason(code="over", text=f"This class ended on {day}."))
    if session.joining_link is None:
        text = "The link to join is not set yet. It comes in your reminder, and stands here then."
        return refused(RULE_VERSION, Reason(code="no_link_yet", text=text))
    return granted(RULE_VERSION, "registered", "You can join this class live.")


def _recording(catalogue: Catalogue, session_id: str, seat: Decision, now: datetime) -> Decision:
    session = catalogue.session(session_id)
    if session.cancelled is not None:
        return _cancelled()
    if not session.recorded:
        return refused(
            RULE_VERSION, Reason(code="not_recorded", text="This session is not recorded.")
        )
    if catalogue.recording_withheld(session_id):
        text = "The institute does not share the recording of this session."
        return refused(RULE_VERSION, Reason(code="withheld", text=text))
    if not seat.granted:
        return seat
    if now < session.ends_at:
        day = say_day(session.ends_at, session.zone)
        return refused(
            RULE_VERSION,
            Reason(
                code="not_over", text=f"This class is on {day}. Its recording follows after it."
            ),
        )
    closes_at = catalogue.recording_closes_at(session_id)
    if closes_at is not None and now >= closes_at:
        days = session.recording_days or catalogue.policies.recording.days_after_event
        # Where staff gave more time, nobody can count it by themselves.
        lasted = "" if catalogue.choice(session_id) else f"for {days} days after the session, "
        return refused(
            RULE_VERSION,
            Reason(
                code="window_closed",
                text=f"This recording could be watched {lasted}"
                f"until {say_day(closes_at, session.zone)}.",
            ),
        )
    return granted(RULE_VERSION, "window_open", "You can watch this recording.")


def _cancelled() -> Decision:
    text = "This class is cancelled, and what you paid for it goes back to you."
    return refused(RULE_VERSION, Reason(code="cancelled", text=text))


def _credit(catalogue: Catalogue, seat: Decision, registration: Registration | None) -> Decision:
    if not seat.granted or registration is None:
        return seat
    tiers = {tier.id: tier for tier in catalogue.tiers}
    held = [(grant, tiers.get(grant.tier)) for grant in registration.paid_grants]
    if any(tier.credit and grant.credit is None for grant, tier in held if tier):
        return granted(RULE_VERSION, "tier_with_credit", "Your rate includes the certificate.")
    if any(grant.credit for grant, _ in held):
        text = "Your scholarship includes the certificate."
        return granted(RULE_VERSION, "award_with_credit", text)
    if any(grant.credit is False for grant, _ in held):
        text = "Your scholarship covers the class; CE credits are not part of it."
        return refused(RULE_VERSION, Reason(code="award_without_credit", text=text))
    titles = " and ".join(tier.title for tier in catalogue.tiers if tier.id in registration.tiers)
    return refused(
        RULE_VERSION,
        Reason(
            code="tier_without_credit",
            text=f"The {titles or 'chosen'} rate does not include CE credits.",
        ),
    )
