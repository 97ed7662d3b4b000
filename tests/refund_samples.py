"""Requests to give classes back: they stand in `devstack/samples`."""

from devstack.samples.refunds import *  # noqa: F403
