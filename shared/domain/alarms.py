"""What one-time alarms are called, so that those which stand can be compared with those wanted."""

from datetime import datetime
from typing import NamedTuple

from shared.domain.notices import Notice, NoticeKind

_SHORT = {
    NoticeKind.REMINDER: "before",
    NoticeKind.MOVED: "moved",
    NoticeKind.RECORDING_ENDS: "ends",
    NoticeKind.EVALUATION_WANTED: "asks",
}


class Alarm(NamedTuple):
    """An alarm that is wanted: its name, when it is to ring, for what, and in which series."""

    name: str
    at: datetime
    what: str
    series: str


class Drift(NamedTuple):
    """How alarms differ from what is wanted.

    `missing` do not stand; `late` stand at another time; `idle` stand, and would do nothing.
    """

    missing: tuple[Alarm, ...]
    late: tuple[Alarm, ...]
    idle: tuple[str, ...]

    @property
    def matters(self) -> bool:
        """Whether somebody would not be told in time."""
        return bool(self.missing or self.late)


def of_close(session: str) -> str:
    """The alarm at which a session is closed."""
    return f"close-{session}"


def of_notice(notice: Notice) -> str:
    """The alarm of a notice, one for each place in the plan.

    At most 64 characters, as the scheduler takes them.
    """
    return f"tell-{notice.session}-{_SHORT[notice.what]}-{notice.hours}"


def of_round(series: str) -> str:
    """The alarm at the deadline of a scholarship round."""
    return f"round-{series}"
