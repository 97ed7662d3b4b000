"""What keeping a community up needs of the world: the network's own list, and changes to it."""

from typing import Protocol

from shared.domain.communities import Seen


class KeyRefused(Exception):
    """The network does not take our key: somebody has to put another one in."""


class Community(Protocol):
    """One network. Every method raises Unavailable, or KeyRefused."""

    def members(self) -> list[Seen]:
        """Everybody in it."""

    def pending(self) -> list[Seen]:
        """Every invitation that was not answered yet."""

    def invite(self, address: str) -> None:
        """Invite somebody; the network writes to them."""

    def withdraw(self, invite: str) -> None:
        """Withdraw an invitation; one that is gone is no trouble."""

    def remove(self, member: str) -> None:
        """End a membership; one that is gone is no trouble."""
