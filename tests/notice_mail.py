"""What letters by the clock are made from: it stands in `devstack/samples`."""

from devstack.samples.notices import *  # noqa: F403
