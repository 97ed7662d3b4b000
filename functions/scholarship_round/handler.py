"""The end of a scholarship round's deadline → votes → awards → a summary for staff, step by step.

Ids and times go in and out; what anybody wrote never passes through here.
"""

from typing import Any

from shared import wiring
from shared.messages import RoundRequest, VotesWanted
from shared.observability import count, logger, metrics
from shared.usecases import offer_awards, run_round


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: object) -> dict[str, bool]:
    """The deadline's alarm rang: start the review under its business key. Or staff end it now."""
    asked = RoundRequest.model_validate(event)
    if asked.close_now:
        closing = run_round.close_now(
            asked.series,
            records=wiring.records(),
            resume=wiring.resume,
            workflows=wiring.round_machine(),
            now=wiring.now(),
        )
        logger.info("Round closed by staff", extra={"series": asked.series, "closing": closing})
        return {"closing": closing}
    if asked.closes_at is None:
        raise ValueError("Which deadline? Without `close_now` an event must name `closes_at`.")
    started = run_round.start_round(
        asked.series, asked.closes_at, workflows=wiring.round_machine(), now=wiring.now()
    )
    outcome = "started" if started else "not started: it was before, or it is early"
    logger.info("Round %s", outcome, extra={"series": asked.series})
    return {"started": started}


@logger.inject_lambda_context(clear_state=True)
def check_round(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Is the review still due?"""
    asked = RoundRequest.model_validate(event)
    assert asked.closes_at is not None  # noqa: S101 - an execution is started with it
    return run_round.check_round(
        asked.series, asked.closes_at, records=wiring.records(), now=wiring.now()
    )


@logger.inject_lambda_context(clear_state=True)
def see_where_it_stands(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Wait, remind or close?"""
    return run_round.see_where_it_stands(
        event["series"],
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )


@logger.inject_lambda_context(clear_state=True)
def ask_reviewers(event: dict[str, Any], context: object) -> None:
    """Ask the reviewers, and remember who waits for them."""
    wanted = VotesWanted.model_validate(event)
    run_round.ask_reviewers(
        wanted.series,
        wanted.task_token,
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        resume=wiring.resume,
        now=wiring.now(),
    )


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def remind_reviewers(event: dict[str, Any], context: object) -> None:
    """Remind whoever has not voted on everything."""
    run_round.remind_reviewers(
        event["series"],
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    count("ReviewersReminded")


@logger.inject_lambda_context(clear_state=True)
def close_voting(event: dict[str, Any], context: object) -> None:
    """No vote is taken from here on."""
    run_round.close_voting(event["series"], records=wiring.records(), now=wiring.now())


@logger.inject_lambda_context(clear_state=True)
def decide_and_award(event: dict[str, Any], context: object) -> dict[str, bool]:
    """Decide some, and offer what the fund reaches for; tell whether more is left."""
    return offer_awards.decide_and_award(
        event["series"],
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def sum_up(event: dict[str, Any], context: object) -> None:
    """Tell staff how it ended, in numbers."""
    run_round.sum_up(
        event["series"],
        records=wiring.records(),
        applications=wiring.applications(),
        now=wiring.now(),
    )
    count("RoundClosed")
