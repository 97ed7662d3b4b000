"""Look up all that is known of one person, or of one session, with the reasons for everything."""

from datetime import datetime
from typing import Any

from shared.domain.attendance import AttendanceReport
from shared.domain.awards import Fund, FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter
from shared.domain.money import Money
from shared.domain.particulars import Particulars
from shared.domain.payments import Order
from shared.domain.recordings import Recording
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.find_attendance import unmatched_in
from shared.usecases.find_session import find_session
from shared.usecases.look_up_openings import look_up_openings


def look_up_learner(learner: str, *, records: Records, now: datetime) -> dict[str, Any] | None:
    """Everything on one person's page as plain data, or None if we know nobody of that id."""
    person = records.get(Learner.key_of(learner), Learner)
    if person is None:
        return None
    return {
        "learner": learner,
        "name": person.name,
        "address": person.address,
        "particulars": _particulars(records.get(Particulars.key_of(learner), Particulars)),
        "orders": [_order(order) for order in records.of_learner(learner, Order)],
        "registrations": [
            _registration(registration, records, now)
            for registration in records.of_learner(learner, Registration)
        ],
        "letters": [_letter(letter) for letter in records.of_learner(learner, Letter)],
        "decisions": [_verdict(verdict) for verdict in records.of_learner(learner, Verdict)],
        "certificates": [_certificate(c) for c in records.of_learner(learner, Certificate)],
    }


def _particulars(told: Particulars | None) -> dict[str, Any] | None:
    """What the person told us of themselves."""
    if told is None:
        return None
    return {
        "certificate_name": told.certificate_name,
        "licences": [licence.model_dump() for licence in told.licences],
        "told_at": told.told_at.isoformat(),
    }


def look_up_session(session: str, *, records: Records) -> dict[str, Any] | None:
    """Everything about one session as plain data, or None if there is no such session."""
    found = find_session(session, records)
    if found is None:
        return None
    state = found.state
    partition, prefix = Registration.key_of(session, "")
    recordings = records.find(partition, Recording, Recording.prefix_of())
    reports = records.find(partition, AttendanceReport, "REPORT#")
    return {
        "session": session,
        "series": state.series,
        "title": found.session.title,
        "ends_at": state.ends_at.isoformat(),
        "phase": state.phase,
        "waiting_for_report": state.task_token is not None,
        "roster": [
            {
                "learner": kept.learner,
                "status": kept.status,
                "tiers": sorted(kept.tiers),
                "name": _name(kept.learner, records),
            }
            for kept in records.find(partition, Registration, prefix)
        ],
        "reports": [
            {
                "report": report.report,
                "counts": report.report == state.uploaded,
                "people": report.people,
            }
            for report in reports
        ],
        "account": state.report,
        "unmatched": [seen.sighting.name for seen in unmatched_in(found, records)],
        "decisions": [
            _verdict(kept) for kept in records.find(Verdict.partition_of(session), Verdict)
        ],
        "certificates": look_up_certificates(session, records=records),
        "recordings": [_recording(recording) for recording in recordings],
        "openings": look_up_openings(session, records=records),
    }


def look_up_certificates(scope: str, *, records: Records) -> list[dict[str, Any]]:
    """Every certificate of a session, or of a series where they are for a unit, as plain data."""
    partition = Certificate.key_of(scope, "").partition
    return [_certificate(kept) for kept in records.find(partition, Certificate)]


def look_up_fund(series: str, *, records: Records) -> dict[str, Any] | None:
    """What the fund of a series holds and every movement, or None if it has none."""
    fund = records.get(Fund.key_of(series), Fund)
    if fund is None:
        return None
    entries = records.find(fund.key().partition, FundEntry, "ENTRY#")
    return {
        "series": series,
        "left": str(fund.left),
        "put_in": str(Money(minor=fund.put_in, currency=fund.currency)),
        "entries": [
            {
                "at": entry.at.isoformat(),
                "about": entry.about,
                "moved": f"{'-' if entry.by < 0 else ''}"
                f"{Money(minor=abs(entry.by), currency=fund.currency)}",
                "added": entry.waiting is None,
            }
            for entry in sorted(entries, key=lambda entry: entry.at)
        ],
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "order": order.order,
        "status": order.status,
        "offer": order.offer,
        "tier": order.tier,
        "paid": str(order.paid) if order.paid else None,
        "refunded": str(order.refunded) if order.refunded and order.refunded.minor else None,
        "given_back": list(order.given_back),
        "dispute": order.dispute or None,
        "review": _decision(order.review) if order.review else None,
    }


def _registration(registration: Registration, records: Records, now: datetime) -> dict[str, Any]:
    catalogue = _catalogue(registration.series, records)
    known = catalogue and any(s.id == registration.session for s in catalogue.sessions)
    rights = (
        entitlements(catalogue, registration.session, registration, now)
        if catalogue and known
        else None
    )
    return {
        "session": registration.session,
        "series": registration.series,
        "status": registration.status,
        "tiers": sorted(registration.tiers),
        "entitlements": {
            name: _decision(getattr(rights, name))
            for name in ("seat", "joining_link", "recording", "credit")
        }
        if rights
        else {},
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.letter,
        "about": letter.about,
        "status": letter.status,
        "owed_at": letter.owed_at.isoformat(),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "attempts": letter.attempts,
        "note": letter.note,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "scope": verdict.scope,
        "learner": verdict.learner,
        "attended": _decision(verdict.attended),
        "earned": _decision(verdict.earned),
        "minutes": verdict.minutes,
        "presence": [[joined.isoformat(), left.isoformat()] for joined, left in verdict.presence],
        "catalogue_revision": verdict.revision,
        "report": verdict.report,
    }


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "scope": certificate.scope,
        "learner": certificate.learner,
        "status": certificate.status,
        "number": certificate.text.number,
        "page": certificate.text.public_url,
        "sha256": certificate.sha256,
        "parked_because": certificate.parked_because,
        "name": certificate.text.name,
        "acts": [
            {
                "what": act.what,
                "by": act.by,
                "why": act.why,
                "at": act.at.isoformat(),
                "ground": act.ground,
            }
            for act in certificate.acts
        ],
    }


def _recording(recording: Recording) -> dict[str, Any]:
    return {
        "name": recording.name,
        "status": recording.status,
        "size": recording.size,
        "why": recording.judged.why,
        "announced_at": recording.announced_at.isoformat() if recording.announced_at else None,
        "deleted_at": recording.deleted_at.isoformat() if recording.deleted_at else None,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "granted": decision.granted,
        "reasons": [{"code": r.code, "text": r.text} for r in decision.reasons],
        "rule_version": decision.rule_version,
    }


def _name(learner: str, records: Records) -> str:
    person = records.get(Learner.key_of(learner), Learner)
    return person.name if person else ""


def _catalogue(series: str, records: Records) -> Catalogue | None:
    kept = records.get(Series.key_of(series), Series)
    return kept.catalogue if kept else None
