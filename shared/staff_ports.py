"""What the way into the staff desk needs of the world: somebody who knows staff, and sessions."""

from typing import Protocol

from shared.domain.staff import Staff
from shared.domain.staff_sessions import Proof, StaffSession


class SignIn(Protocol):
    """Knows staff and their passwords, and shows the page on which they sign in."""

    def address(self, proof: Proof) -> str:
        """Where that page is, for a sign-in with this proof. Raises Unavailable."""

    def who(self, code: str, proof: Proof) -> Staff | None:
        """Who came back with this code; None if it is not theirs, or proves nothing.

        Raises Unavailable.
        """

    def leave(self) -> str:
        """Where somebody is signed out there, too. Raises Unavailable."""


class StaffSessions(Protocol):
    """Who is signed in. Every method raises Unavailable."""

    def keep(self, session: StaffSession) -> None:
        """Let it begin."""

    def find(self, session_id: str) -> StaffSession | None:
        """The session under that id, whether or not its time is over."""

    def end(self, session_id: str) -> None:
        """Let it end; nothing if there is none."""
