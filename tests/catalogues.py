"""Two institutes, their people and their letters.

All stand in `devstack/samples`, which letters are previewed from too: add to them there.
"""

from devstack.samples.institutes import *  # noqa: F403
from devstack.samples.letters import *  # noqa: F403
from devstack.samples.people import *  # noqa: F403
