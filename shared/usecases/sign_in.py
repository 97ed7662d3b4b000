"""Let staff in and out: begin at the user pool, come back with a proof, get a session of ours."""

import hmac
import secrets
from datetime import datetime
from typing import NamedTuple

from shared.domain.staff_sessions import StaffSession, id_of, once_of, proof_of, session_of
from shared.staff_ports import SignIn, StaffSessions

# 256 bits each: nobody guesses one, so none has to be slow to compare.
_BYTES = 32


class Begun(NamedTuple):
    """A sign-in that began: what the browser keeps to itself, and where it goes."""

    secret: str
    address: str


class Opened(NamedTuple):
    """A session as a page needs it: who it is, and what has to stand in its forms."""

    session: StaffSession
    once: str


def begin_sign_in(*, sign_in: SignIn) -> Begun:
    """Begin; nothing is kept here. Raises Unavailable."""
    secret = secrets.token_urlsafe(_BYTES)
    return Begun(secret, sign_in.address(proof_of(secret)))


def finish_sign_in(
    secret: str,
    state: str,
    code: str,
    *,
    sign_in: SignIn,
    sessions: StaffSessions,
    now: datetime,
) -> str | None:
    """The secret of a new session for whoever came back; None if they are not to be let in.

    Somebody without any part at the desk is not. Raises Unavailable.
    """
    proof = proof_of(secret)
    if not secret or not code or not hmac.compare_digest(proof.state.encode(), state.encode()):
        return None
    staff = sign_in.who(code, proof)
    if staff is None or not staff.roles:
        return None
    opens = secrets.token_urlsafe(_BYTES)
    sessions.keep(session_of(opens, staff, now))
    return opens


def open_session(secret: str, *, sessions: StaffSessions, now: datetime) -> Opened | None:
    """The session that this secret opens now; None for any other. Raises Unavailable."""
    if not secret:
        return None
    found = sessions.find(id_of(secret))
    if found is None or found.expires_at <= now:
        return None
    return Opened(found, once_of(secret))


def sign_out(secret: str, *, sessions: StaffSessions) -> None:
    """End the session that this secret opens. Raises Unavailable."""
    if secret:
        sessions.end(id_of(secret))
