"""An operator's word → the kept events again, through today's code. Looks only, unless told to.

It alone may read what is kept; who invokes it gets ids and words, never an event.
"""

from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from shared import wiring
from shared.adapters.payment_providers import Reading, read_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.messages import ReplayRequest
from shared.observability import count, logger, metrics
from shared.usecases.replay_events import NothingKept, NotUnderstood, replay_events
from shared.usecases.retell_order import Sanction


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Replay, and say what would be (or now is) otherwise; `problem` if that could not be done."""
    try:
        asked = ReplayRequest.model_validate(event)
    except ValidationError as error:
        return {"problem": "; ".join(str(one["msg"]) for one in error.errors())}
    try:
        replayed = replay_events(
            asked.event or None,
            read=_read,
            files=wiring.raw_events(),
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            live=wiring.takes_real_money(),
            now=wiring.now(),
            sanction=Sanction(asked.by, asked.why) if asked.apply else None,
        )
    except NothingKept as nothing:
        return {"problem": str(nothing)}
    if replayed.applied:
        count("PaymentsReplayed", len(replayed.orders))
    logger.info(
        "Replayed",
        extra={
            "applied": replayed.applied,
            "events": replayed.events,
            "orders": [one["order"] for one in replayed.orders],
            "failed": replayed.failed,
        },
    )
    return asdict(replayed)


def _read(provider: str, body: bytes) -> Reading:
    try:
        return read_event(provider, body, live=wiring.takes_real_money())
    except UnreadableEvent as error:
        raise NotUnderstood(str(error)) from None
