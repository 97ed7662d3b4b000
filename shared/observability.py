"""Logs and metrics. Lines carry ids and counts; names, addresses and bodies never reach them."""

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)


class _CountsOrNothing(AmazonCloudWatchEMFProvider):
    """An invocation that has nothing to count is no reason for a warning in the log."""

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:
        if self.metric_set:
            super().flush_metrics(raise_on_empty_metrics)


logger = Logger()
metrics = Metrics(provider=_CountsOrNothing())

__all__ = ["count", "log_failure", "logger", "metrics", "places_of"]


def count(name: str, value: float = 1) -> None:
    """Count something that a coordinator or an alarm would ask for."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def log_failure(what: str, error: BaseException) -> None:
    """Log that something failed: the kind of error and where, never its words.

    An error's message may quote what it choked on, and that may be somebody's name.
    """
    places = places_of(error)
    logger.error(what, extra={"error_type": type(error).__name__, "error_at": places[-6:]})


def places_of(error: BaseException) -> list[str]:
    """Where in the code it was, from the outside in: "record.py:42"."""
    at = error.__traceback__
    places = []
    while at is not None:
        code = at.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{at.tb_lineno}")
        at = at.tb_next
    return places
