"""The end of a session → attendance → credit → certificates → letters, step by step."""

import secrets
from functools import partial
from typing import Any

from shared import page_wiring, wiring
from shared.messages import (
    CloseRequest,
    CreditWanted,
    Earned,
    Parked,
    Printed,
    ReportWanted,
)
from shared.observability import count, logger, metrics
from shared.usecases import close_session, issue_certificate
from shared.usecases.decide_credit import decide_credit as decide
from shared.usecases.decide_person import decide_person


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: object) -> dict[str, bool]:
    """The schedule fired, or staff asked: start the close under its business key."""
    asked = CloseRequest.model_validate(event)
    started = close_session.start_close(
        asked.session, asked.ends_at, workflows=wiring.close_machine(), now=wiring.now()
    )
    outcome = "started" if started else "not started: it was before, or it is early"
    logger.info("Close %s", outcome, extra={"session": asked.session})
    return {"started": started}


@logger.inject_lambda_context(clear_state=True)
def check_due(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Is the close still due?"""
    asked = CloseRequest.model_validate(event)
    due = close_session.check_due(
        asked.session,
        asked.ends_at,
        asked.report or None,
        of_one=bool(asked.learner),
        records=wiring.records(),
        now=wiring.now(),
    )
    return {
        "due": due.due,
        "has_report": due.has_report,
        "wait_seconds": max(1, due.wait_seconds),
        "reason": due.reason,
    }


@logger.inject_lambda_context(clear_state=True)
def ask_for_report(event: dict[str, Any], context: object) -> None:
    """Ask staff for the attendance report."""
    wanted = ReportWanted.model_validate(event)
    close_session.ask_for_report(
        wanted.session,
        wanted.task_token,
        records=wiring.records(),
        resume=wiring.resume,
        now=wiring.now(),
    )


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def give_up_waiting(event: dict[str, Any], context: object) -> None:
    """No report came in time."""
    asked = CloseRequest.model_validate(event)
    close_session.give_up_waiting(
        asked.session, asked.ends_at, records=wiring.records(), now=wiring.now()
    )
    count("ReportNeverCame")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def decide_credit(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Decide who earned credit: everybody, or the one person of whom something has changed."""
    asked = CreditWanted.model_validate(event)
    if asked.learner:
        verb = partial(decide_person, learner=asked.learner, cause=asked.cause)
    else:
        verb = partial(decide)
    decided = verb(
        asked.session,
        records=wiring.records(),
        documents=wiring.documents(),
        now=wiring.now(),
    )
    count("CertificatesEarned", int(decided["earned"]))
    return decided


@logger.inject_lambda_context(clear_state=True)
def reserve_certificate(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Freeze what the certificate will say."""
    earned = Earned.model_validate(event)
    key = issue_certificate.reserve_certificate(
        earned.scope,
        earned.learner,
        records=wiring.records(),
        random_bytes=secrets.token_bytes,
        page_of=page_wiring.certificate_page,
        now=wiring.now(),
    )
    if key is None:
        return {"to_print": False, "partition": "", "sort": ""}
    return {"to_print": True, "partition": key.partition, "sort": key.sort}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def post_certificate(event: dict[str, Any], context: object) -> None:
    """It is printed: owe its holder the letter."""
    printed = Printed.model_validate(event)
    issue_certificate.post_certificate(
        printed.scope,
        printed.learner,
        printed.sha256,
        records=wiring.records(),
        now=wiring.now(),
    )
    count("CertificateIssued")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def park_certificate(event: dict[str, Any], context: object) -> None:
    """Set a certificate aside that could not be printed."""
    parked = Parked.model_validate(event)
    why = (
        "It could not be printed. The others were."
        if parked.failed
        else "The name has letters for which we have no font yet."
    )
    issue_certificate.park_certificate(
        parked.scope,
        parked.learner,
        why,
        failed=parked.failed,
        records=wiring.records(),
        now=wiring.now(),
    )
    count("CertificateParked")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def report_to_staff(event: dict[str, Any], context: object) -> dict[str, bool]:
    """Close the session and report to staff."""
    again = close_session.report_to_staff(
        event["session"], records=wiring.records(), now=wiring.now()
    )
    count("SessionClosed")
    return {"report_was_replaced": again}
