"""A sign-in while it is under way, and the session that comes of it.

Two secrets are drawn, one for each, and known to the browser alone. Everything else is made from
them: what is kept here can be read by somebody without letting them in.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from shared.domain.staff import Role, Staff
from shared.domain.value import Value

# From signing in, however busy somebody is; whoever is shut out stays in no longer than that.
LASTS: Final = timedelta(hours=8)
# How long somebody may take over the page on which they sign in.
SIGN_IN_LASTS: Final = timedelta(minutes=10)
_LONGEST = 100


class Proof(NamedTuple):
    """What a sign-in carries along: `state` comes back, `nonce` stands in the token, and `verifier`
    shows that the one who began is the one who ends."""

    state: str
    nonce: str
    verifier: str


class StaffSession(Value):
    """Somebody who is signed in, until `expires_at`; `id` is the hash of the secret."""

    id: str
    name: str
    roles: frozenset[Role]
    expires_at: datetime

    @property
    def staff(self) -> Staff:
        """Who it is."""
        return Staff(name=self.name, roles=self.roles)


def proof_of(secret: str) -> Proof:
    """The proof that belongs to a secret."""
    return Proof(*(_made(secret, what) for what in Proof._fields))


def challenge_of(verifier: str) -> str:
    """What is shown of a verifier when a sign-in begins (RFC 7636, S256)."""
    return _text(hashlib.sha256(verifier.encode()).digest())


def session_of(secret: str, staff: Staff, now: datetime) -> StaffSession:
    """The session that opens with that secret, from now on."""
    return StaffSession(
        id=id_of(secret), name=staff.name, roles=staff.roles, expires_at=now + LASTS
    )


def id_of(secret: str) -> str:
    """Under what a session is kept."""
    return hashlib.sha256(b"staff session." + secret[:_LONGEST].encode()).hexdigest()


def once_of(secret: str) -> str:
    """What stands in every form that is shown within a session, and nowhere else."""
    return _made(secret, "once")


def _made(secret: str, what: str) -> str:
    return _text(hmac.digest(secret.encode(), b"staff." + what.encode(), hashlib.sha256))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
