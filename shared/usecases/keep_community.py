"""Once a night: bring the communities in line with who has a seat.

What we are about to do is written down before the network is asked, so that doing it again after a
crash invites nobody twice. What the network does not take tonight is done tomorrow.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from shared.community_ports import Community
from shared.domain.communities import (
    Changes,
    CommunityInvite,
    CommunityPointer,
    Hold,
    InviteState,
    best,
    compare,
)
from shared.domain.registrations import Learner, Registration, RegistrationStatus
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.commit_again import until_committed


def networks(records: Records, series: str = "") -> list[str]:
    """The networks of all series that have one, or of that series alone."""
    found = {
        network
        for kept, network in _series(records)
        if not series or kept.catalogue.series.id == series
    }
    return sorted(found)


def _series(records: Records) -> Iterator[tuple[Series, str]]:
    for pointer in records.find(CommunityPointer.PARTITION, CommunityPointer):
        kept = records.get(Series.key_of(pointer.series), Series)
        community = kept.catalogue.series.community if kept else None
        if kept is not None and community is not None and community.network:
            yield kept, community.network


def wanted_changes(network: str, community: Community, records: Records) -> Changes:
    """What is to be changed in that network now. Changes nothing."""
    standing = _standing(network, records)
    people = {one: records.get(Learner.key_of(one), Learner) for one in standing}
    ours = {
        kept.learner: kept
        for kept in records.find(CommunityInvite.partition_of(network), CommunityInvite)
    }
    addresses = {one: person.address for one, person in people.items() if person and person.address}
    return compare(standing, addresses, community.members(), community.pending(), ours)


def _standing(network: str, records: Records) -> dict[str, RegistrationStatus]:
    """How everybody stands who ever had a seat in a series of that network."""
    found: dict[str, list[RegistrationStatus]] = {}
    for kept, of in _series(records):
        for session in kept.catalogue.sessions if of == network else ():
            partition, prefix = Registration.key_of(session.id, "")
            for one in records.find(partition, Registration, prefix):
                found.setdefault(one.learner, []).append(one.status)
    return {learner: best(statuses) for learner, statuses in found.items()}


def keep_community(
    network: str,
    community: Community,
    *,
    records: Records,
    now: datetime,
    has_time: Callable[[], bool],
) -> Changes:
    """Make the changes; those that were made. Raises Unavailable or KeyRefused half-way: what is
    done is done, and the rest is found again.
    """
    wanted = wanted_changes(network, community, records)
    granted, removed = [], []
    for learner in wanted.grants:
        if not has_time():
            break
        person = records.get(Learner.key_of(learner), Learner)
        if person is None or not person.address:
            continue
        told = {"address": person.address, "invited_at": now, "removed_at": None}
        _write(network, learner, records, state=InviteState.INVITING, **told)
        community.invite(person.address)
        _write(network, learner, records, state=InviteState.INVITED)
        granted.append(learner)
    for removal in wanted.removals:
        if not has_time():
            break
        for invite in removal.invites:
            community.withdraw(invite)
        for member in removal.members:
            community.remove(member)
        _write(network, removal.learner, records, state=InviteState.REMOVED, removed_at=now)
        removed.append(removal)
    return Changes(tuple(granted), tuple(removed))


def hold_in_community(
    network: str, learner: str, hold: Hold | None, *, records: Records
) -> CommunityInvite:
    """From now on nothing is changed for that person in that network; with None, it is again."""
    return _write(network, learner, records, hold=hold)


def _write(network: str, learner: str, records: Records, **change: object) -> CommunityInvite:
    def attempt() -> CommunityInvite:
        key = CommunityInvite.key_of(network, learner)
        before = records.get(key, CommunityInvite)
        kept = before or CommunityInvite(network=network, learner=learner)
        changed = kept.model_copy(update=change)
        records.commit(changed)
        return changed

    return until_committed(attempt)
