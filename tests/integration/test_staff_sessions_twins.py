"""One promise, two tables of sessions: the one in memory and DynamoDB's."""

from datetime import UTC, datetime

import pytest

from shared import desk_wiring
from shared.adapters.memory_staff import MemoryStaffSessions
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import id_of, session_of
from shared.staff_ports import StaffSessions

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
STAFF = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR, Role.REVIEWER}))


@pytest.fixture(params=["memory", "dynamodb"])
def sessions(request: pytest.FixtureRequest) -> StaffSessions:
    if request.param == "memory":
        return MemoryStaffSessions()
    request.getfixturevalue("cloud")
    return desk_wiring.sessions()


def test_a_session_that_is_kept_is_found_as_it_was(sessions: StaffSessions) -> None:
    session = session_of("a secret", STAFF, NOW)

    sessions.keep(session)

    assert sessions.find(id_of("a secret")) == session
    assert sessions.find(id_of("another")) is None


def test_a_session_ends_once_and_nothing_else_does(sessions: StaffSessions) -> None:
    sessions.keep(session_of("one", STAFF, NOW))
    sessions.keep(session_of("other", STAFF, NOW))

    sessions.end(id_of("one"))
    sessions.end(id_of("one"))

    assert sessions.find(id_of("one")) is None
    assert sessions.find(id_of("other")) is not None
