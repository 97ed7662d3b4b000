"""Logs and metrics. Lines carry ids and counts; names, addresses and bodies never reach them."""

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger()
metrics = Metrics()

__all__ = ["count", "logger", "metrics"]


def count(name: str, value: float = 1) -> None:
    """Count something that a coordinator or an alarm would ask for."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
