"""Store what was sent by one form once, and give whoever sends the same again the same answer.

A double click, a reloaded page and a repeated message get the first answer. That is Powertools'
idempotency, and it is a convenience: that nothing is stored twice is kept by the table itself. It
keeps the number of the application for a day, and nothing of what was sent.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import settings, wiring
from shared.domain.applications import reference_of
from shared.observability import count
from shared.usecases.submit_application import FormUsed, Ready, Receipt, submit

_TOKENS_KEPT = 24 * 3600
# While the same form is being stored by another worker, its answer is waited for this long.
_PATIENCE, _PAUSE = 2.0, 0.25


class StillStoring(Exception):
    """The same form is being stored at this moment, and it takes long."""


def store(ready: Ready, sent_from: str, limit: int, context: LambdaContext) -> Receipt:
    """The number it is stored under, now or before.

    Raises StillStoring, and what `submit` raises: TooMany, FormUsed, RoundIsClosed, Unavailable.
    """
    config, once = _once_a_form()
    config.register_lambda_context(context)
    give_up_at = time.monotonic() + _PATIENCE
    while True:
        try:
            kept = once(
                form={"id": ready.form, "payload": ready.payload()},
                ready=ready,
                sent_from=sent_from,
                limit=limit,
            )
        except IdempotencyValidationError:
            key = wiring.identity_keys()[0]
            raise FormUsed(reference_of(ready.series, ready.form, key)) from None
        except IdempotencyAlreadyInProgressError:
            if time.monotonic() >= give_up_at:
                raise StillStoring from None
            time.sleep(_PAUSE)
        else:
            count("ApplicationTaken")
            return Receipt(ready.series, kept["reference"], kept["late"])


@lru_cache
def _once_a_form() -> tuple[IdempotencyConfig, Callable[..., dict[str, Any]]]:
    """What stores an application, and knows a form again that was sent within the last day."""
    config = IdempotencyConfig(
        event_key_jmespath="id",
        payload_validation_jmespath="payload",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=_TOKENS_KEPT,
        hash_function="sha256",
    )
    once = idempotent_function(
        _submitted,
        data_keyword_argument="form",
        persistence_store=wiring.submission_tokens(),
        config=config,
        key_prefix="scholarship-form",
    )
    return config, once


def _submitted(*, form: dict[str, Any], ready: Ready, sent_from: str, limit: int) -> dict[str, Any]:
    """Store it. What is returned is kept in plain sight, so it is the number and nothing else."""
    receipt = submit(
        ready,
        sent_from,
        limit,
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    return {"reference": receipt.reference, "late": receipt.late}


def limit_an_hour() -> int:
    """How many applications one network address may send within an hour."""
    return settings.read(settings.SubmissionSettings).per_hour
