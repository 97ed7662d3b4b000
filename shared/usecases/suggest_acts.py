"""Suggest what can be done about each thing that waits: one act first, then the others.

A few reads by key for each, however many people there are.
"""

from datetime import datetime

from shared.domain.desk_today import Offered
from shared.domain.staff import Staff
from shared.domain.waiting_items import WaitingItem, WaitingKind
from shared.ports import Records
from shared.usecases import suggest_acts_of_money as of_money
from shared.usecases import suggest_acts_of_people as of_people
from shared.usecases import suggest_acts_of_rounds as of_rounds
from shared.usecases import suggest_acts_of_things as of_things


def suggest_acts(
    item: WaitingItem, asks: Staff, *, records: Records, now: datetime
) -> tuple[Offered, ...]:
    """What they can do about it; nothing if it was settled while the page was made."""
    match item.kind:
        case WaitingKind.PAYMENT:
            return of_money.about_payment(item, records, now)
        case WaitingKind.REFUND:
            return of_money.about_refund(item, records)
        case WaitingKind.ATTENDANCE:
            return of_people.about_attendance(item, records)
        case WaitingKind.ADDRESS:
            return of_people.about_address(item)
        case WaitingKind.CERTIFICATE:
            return of_people.about_certificate(item)
        case WaitingKind.LIKENESS:
            return of_people.about_likeness(item)
        case WaitingKind.REFLECTION:
            return of_people.about_reflection(item, records)
        case WaitingKind.APPEAL:
            return of_people.about_appeal(item, records)
        case WaitingKind.RECORDING:
            return of_things.about_recording(item, records)
        case WaitingKind.LETTER:
            return of_things.about_letter(item)
        case WaitingKind.JOINING_LINK:
            return of_things.about_joining_link(item)
        case WaitingKind.REPORT:
            return of_things.about_report(item)
        case WaitingKind.APPLICATION:
            return of_rounds.about_application(item, asks, records)
        case WaitingKind.ROUND_LETTER:
            return of_rounds.about_round_letter(item)
