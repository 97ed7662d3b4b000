"""Which series have a community to be kept up: by these pointers the nightly look finds them."""

from collections.abc import Iterator

from shared.domain.catalogue import Catalogue
from shared.domain.communities import CommunityPointer
from shared.ports import Records


def new_community_pointers(catalogue: Catalogue, records: Records) -> Iterator[CommunityPointer]:
    """The pointer, if the series has a network and none is there yet. It is harmless later."""
    community = catalogue.series.community
    pointer = CommunityPointer(series=catalogue.series.id)
    if community and community.network and not records.get(pointer.key(), CommunityPointer):
        yield pointer
