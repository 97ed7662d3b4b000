"""Builds what keeps communities up: a part of `wiring`, for the one function that does."""

from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.community_ports import Community


def key() -> str:
    """The key of the network's Admin API; empty if nobody has put one in."""
    kept = wiring.secret(settings.read(settings.CommunitySettings).secret_id)
    return str(kept.get("api_key", ""))


def community(network: str) -> "Community":
    """That network."""
    from shared.adapters.mighty_networks import MightyNetworks

    return MightyNetworks(network, key)
