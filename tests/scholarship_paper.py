"""What a scholarship round is made from: it stands in `devstack/samples`."""

from devstack.samples.rounds import *  # noqa: F403
