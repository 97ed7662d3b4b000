"""The way into the staff desk in memory: the twins of the user pool and of the sessions."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from shared.domain.staff import Staff
from shared.domain.staff_sessions import Proof, StaffSession, challenge_of
from shared.failures import Unavailable


@dataclass
class MemoryStaffSessions:
    """Sessions in a dictionary."""

    kept: dict[str, StaffSession] = field(default_factory=dict)

    def keep(self, session: StaffSession) -> None:
        self.kept[session.id] = session

    def find(self, session_id: str) -> StaffSession | None:
        return self.kept.get(session_id)

    def end(self, session_id: str) -> None:
        self.kept.pop(session_id, None)


@dataclass
class MemorySignIn:
    """A pool that hands out a code for each proof it was shown: `signs_in` says for whom."""

    silent: bool = False
    _codes: dict[str, tuple[Staff, str, str]] = field(default_factory=dict)

    def address(self, proof: Proof) -> str:
        self._answer()
        shown = {
            "state": proof.state,
            "nonce": proof.nonce,
            "code_challenge": challenge_of(proof.verifier),
        }
        return f"https://sign-in.example/oauth2/authorize?{urlencode(shown)}"

    def signs_in(self, staff: Staff, nonce: str, challenge: str) -> str:
        """The code with which somebody comes back who signed in there."""
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = (staff, nonce, challenge)
        return code

    def who(self, code: str, proof: Proof) -> Staff | None:
        self._answer()
        staff, nonce, challenge = self._codes.pop(code, (None, "", ""))
        fits = nonce == proof.nonce and challenge == challenge_of(proof.verifier)
        return staff if fits else None

    def leave(self) -> str:
        self._answer()
        return "https://sign-in.example/logout"

    def _answer(self) -> None:
        if self.silent:
            raise Unavailable("The sign-in did not answer.")
