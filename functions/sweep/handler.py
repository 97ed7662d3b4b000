"""Once an hour: whatever an event should have done and did not."""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from shared import appeal_wiring, provider_wiring, wiring
from shared.adapters.payment_providers import read_event
from shared.failures import Unavailable
from shared.observability import count, log_failure, logger, metrics
from shared.ports import ProviderEvents
from shared.usecases.ask_who_paid import ask_of_all_that_wait
from shared.usecases.keep_findings import keep_findings
from shared.usecases.measure_waiting import Waiting, measure_rounds, measure_waiting
from shared.usecases.reconcile_payments import reconcile
from shared.usecases.sweep import sweep as run_sweep
from shared.usecases.sweep_scholarships import sweep_scholarships as run_scholarship_sweep


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def sweep(event: dict[str, Any], context: object) -> dict[str, int]:
    """Sweep, and count what was found, so that an alarm can ask why."""
    # Before staff are asked whose a payment is. Who does not answer holds nothing up for long.
    _ask_who_paid()
    swept = run_sweep(
        records=wiring.records(),
        uploads=wiring.uploads(),
        close_machine=wiring.close_machine(),
        recording_machine=wiring.recording_machine(),
        notice_machine=wiring.notice_machine(),
        appeal_machine=appeal_wiring.appeal_machine(),
        printing=wiring.printing(),
        identity_key=wiring.identity_keys()[0],
        live=wiring.takes_real_money(),
        now=wiring.now(),
    )
    _tell_what_waits(measure_waiting(wiring.records(), wiring.now()))
    # Last, because others are asked here, and everything else must not wait for them.
    missed = sum(_reconciled(name, events) for name, events in wiring.provider_events().items())
    return _counted("hourly", asdict(replace(swept, missed_payments=missed)))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def sweep_scholarships(event: dict[str, Any], context: object) -> dict[str, int]:
    """Sweep what belongs to scholarship rounds, and count what was found."""
    swept = run_scholarship_sweep(
        records=wiring.records(),
        applications=wiring.applications(),
        workflows=wiring.round_machine(),
        resume=wiring.resume,
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    _tell_what_waits(measure_rounds(wiring.applications(), wiring.now()))
    return _counted("scholarships", asdict(swept))


def _tell_what_waits(waiting: Waiting) -> None:
    count("OldestOwedLetterMinutes", waiting.oldest_owed_letter)
    count("UnsettledSends", waiting.unsettled_sends)
    count("OldestForStaffMinutes", waiting.oldest_for_staff)


def _ask_who_paid() -> None:
    try:
        found, failures = ask_of_all_that_wait(wiring.asking())
    except Unavailable as error:
        log_failure("A payment provider did not say who paid", error)
        count("PayerNotTold")
        return
    for order, failure in failures:
        log_failure(f"Who paid {order} could not be read", failure)
    count("PayerNotTold", len(failures))
    count("PayerTold", found)


def _reconciled(provider: str, events: ProviderEvents) -> int:
    """How many events that had never reached us are taken in now."""
    live = wiring.takes_real_money()
    try:
        found = reconcile(
            events,
            read=lambda body: read_event(provider, body, live=live).facts,
            keep=partial(provider_wiring.keep, provider),
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            live=live,
            now=wiring.now(),
            # An account at Eventbrite has events that are no series of ours.
            sells_other_things=provider == "eventbrite",
        )
    except Unavailable as error:
        log_failure("A payment provider did not list its events", error)
        count("PaymentEventsNotListed")
        return 0
    for event, failure in found.failures:
        log_failure(f"Payment event {event} was listed and could not be taken in", failure)
    count("PaymentEventsListed", found.looked_at)
    count("PaymentEventsStillMissing", len(found.failures))
    told = {"looked_at": found.looked_at, "difference": found.difference, "taken_in": found.fed}
    if found.looked_at:
        logger.info("Reconciled with %s", provider, extra=told)
    return found.fed


def _counted(which: str, found: dict[str, int]) -> dict[str, int]:
    for name, value in found.items():
        count("Swept" + name.title().replace("_", ""), value)
    logger.info("Swept", extra=found)
    try:
        keep_findings(which, found, records=wiring.records(), now=wiring.now())
    except Unavailable as error:
        # What was swept is swept; the machine room shows one run less.
        log_failure("What a sweep found could not be kept", error)
    return found
