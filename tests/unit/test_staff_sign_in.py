"""Staff sign in at their user pool and get a session; nobody else does, and sessions end."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.adapters.memory_staff import MemorySignIn, MemoryStaffSessions
from shared.domain.staff import MAY, Role, Staff, may, roles_of
from shared.domain.staff_sessions import LASTS, id_of, proof_of
from shared.usecases.sign_in import (
    Begun,
    begin_sign_in,
    finish_sign_in,
    open_session,
    sign_out,
)

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
ROBIN = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR}))


class World:
    """A pool and a table of sessions, and somebody who signs in."""

    def __init__(self) -> None:
        self.pool = MemorySignIn()
        self.sessions = MemoryStaffSessions()

    def begins(self) -> tuple[Begun, dict[str, str]]:
        begun = begin_sign_in(sign_in=self.pool)
        shown = parse_qs(urlsplit(begun.address).query)
        return begun, {name: values[0] for name, values in shown.items()}

    def comes_back(self, secret: str, state: str, code: str) -> str | None:
        return finish_sign_in(
            secret, state, code, sign_in=self.pool, sessions=self.sessions, now=NOW
        )

    def signs_in(self, staff: Staff = ROBIN) -> str | None:
        begun, shown = self.begins()
        code = self.pool.signs_in(staff, shown["nonce"], shown["code_challenge"])
        return self.comes_back(begun.secret, shown["state"], code)


@pytest.fixture
def world() -> World:
    return World()


def test_whoever_signs_in_has_a_session_for_eight_hours(world: World) -> None:
    secret = world.signs_in()

    assert secret is not None
    opened = open_session(secret, sessions=world.sessions, now=NOW + LASTS - timedelta(seconds=1))
    assert opened is not None and opened.session.staff == ROBIN
    assert open_session(secret, sessions=world.sessions, now=NOW + LASTS) is None
    assert timedelta(hours=8) == LASTS


def test_what_is_kept_of_a_session_does_not_open_it(world: World) -> None:
    secret = world.signs_in()

    assert secret is not None
    (kept,) = world.sessions.kept
    assert kept == id_of(secret) != secret
    assert open_session(kept, sessions=world.sessions, now=NOW) is None


def test_a_session_that_was_signed_out_opens_no_more(world: World) -> None:
    secret = world.signs_in() or ""

    sign_out(secret, sessions=world.sessions)

    assert open_session(secret, sessions=world.sessions, now=NOW) is None


@pytest.mark.parametrize("secret", ["", "made-up", "x" * 5000])
def test_a_made_up_session_opens_nothing(world: World, secret: str) -> None:
    world.signs_in()

    assert open_session(secret, sessions=world.sessions, now=NOW) is None


def test_what_stands_in_forms_belongs_to_one_session(world: World) -> None:
    one, other = (world.signs_in() or "" for _ in range(2))
    onces = {
        opened.once
        for secret in (one, one, other)
        if (opened := open_session(secret, sessions=world.sessions, now=NOW))
    }

    assert len(onces) == 2
    assert not onces & {one, other, id_of(one), id_of(other)}


def test_nobody_without_a_part_is_let_in(world: World) -> None:
    assert world.signs_in(Staff(name="new@idha.example", roles=frozenset())) is None
    assert world.sessions.kept == {}


@pytest.mark.parametrize("otherwise", ["another browser", "another state", "no code", "no cookie"])
def test_only_the_browser_that_began_can_end_it(world: World, otherwise: str) -> None:
    begun, shown = world.begins()
    code = world.pool.signs_in(ROBIN, shown["nonce"], shown["code_challenge"])
    secret, state = begun.secret, shown["state"]
    if otherwise == "another browser":
        secret, _ = world.begins()[0]
        state = proof_of(secret).state
    elif otherwise == "another state":
        state = proof_of("another").state
    elif otherwise == "no code":
        code = ""
    else:
        secret = ""

    assert world.comes_back(secret, state, code) is None
    assert world.sessions.kept == {}


def test_a_code_counts_once(world: World) -> None:
    begun, shown = world.begins()
    code = world.pool.signs_in(ROBIN, shown["nonce"], shown["code_challenge"])

    assert world.comes_back(begun.secret, shown["state"], code) is not None
    assert world.comes_back(begun.secret, shown["state"], code) is None


# --- what each may -------------------------------------------------------------------------


def test_a_reviewer_has_scholarships_and_nothing_else() -> None:
    reviewer = Staff(name="r@x.example", roles=frozenset({Role.REVIEWER}))

    allowed = {what for what in MAY if may(reviewer, what)}
    assert allowed == {
        "see what waits",
        "see scholarships",
        "read applications",
        "rule on scholarships",
    }


def test_an_accountant_reads_nothing_that_people_wrote_and_decides_money_alone() -> None:
    accountant = Staff(name="a@x.example", roles=frozenset({Role.ACCOUNTANT}))

    allowed = {what for what in MAY if may(accountant, what)}
    assert "read what people wrote" not in allowed
    assert not any("scholarship" in what for what in allowed)
    assert {what for what in allowed if what.startswith(("rule", "publish", "keep"))} == {
        "rule on money"
    }


def test_somebody_with_two_parts_may_do_what_either_may() -> None:
    both = Staff(name="b@x.example", roles=frozenset({Role.REVIEWER, Role.ACCOUNTANT}))

    assert may(both, "rule on money") and may(both, "rule on scholarships")
    assert not may(both, "publish catalogues")


@pytest.mark.parametrize("groups", [None, "coordinator", ["Coordinator", "admins"], {"x": 1}, 7])
def test_groups_that_are_no_part_mean_nothing(groups: object) -> None:
    assert roles_of(groups) == frozenset()
