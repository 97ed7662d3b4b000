"""Who has a seat is invited to the community, once; who got their money back leaves, once."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.community_ports import Community, KeyRefused
from shared.domain.catalogue import Catalogue
from shared.domain.communities import CommunityInvite, Hold, InviteState, Seen
from shared.failures import Unavailable
from shared.usecases.keep_community import (
    hold_in_community,
    keep_community,
    networks,
    wanted_changes,
)
from tests.catalogues import classes_catalogue
from tests.world import World, who

pytestmark = pytest.mark.unit

NETWORK = "idha-school"
ANA, BEN, EVE = "ana@example.org", "ben@example.org", "eve@example.org"


def _catalogue() -> Catalogue:
    plain = classes_catalogue()
    community = plain.series.community
    assert community is not None
    told = {"community": community.model_copy(update={"network": NETWORK})}
    return plain.model_copy(update={"series": plain.series.model_copy(update=told)})


CATALOGUE = _catalogue()


@dataclass
class Network:
    """A network in memory. `fails_after` requests it does not answer any more."""

    there: dict[str, str] = field(default_factory=dict)
    invited: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    fails_after: int = 10_000

    def _did(self, what: str, whom: str) -> None:
        if len(self.asked) >= self.fails_after:
            raise Unavailable("It does not answer.")
        self.asked.append((what, whom))

    def members(self) -> list[Seen]:
        return [Seen(one, address) for one, address in self.there.items()]

    def pending(self) -> list[Seen]:
        return [Seen(one, address) for one, address in self.invited.items()]

    def invite(self, address: str) -> None:
        self._did("invite", address)
        self.invited[str(100 + len(self.asked))] = address

    def withdraw(self, invite: str) -> None:
        self._did("withdraw", self.invited.pop(invite))

    def remove(self, member: str) -> None:
        self._did("remove", self.there.pop(member))

    def accept(self) -> None:
        """Everybody accepts."""
        self.there |= self.invited
        self.invited = {}


@pytest.fixture
def world() -> World:
    """A series with a community is on sale; Ana and Ben have paid."""
    world = World()
    world.publish(CATALOGUE)
    for address in (ANA, BEN):
        _pay(world, address)
    return world


def _night(world: World, network: Community) -> list[int]:
    found = keep_community(
        NETWORK, network, records=world.records, now=world.now, has_time=lambda: True
    )
    world.now += timedelta(days=1)
    return [len(found.grants), len(found.removals)]


def _pay(world: World, address: str, session: int = 0) -> None:
    world.pay(CATALOGUE, _offer(session), address, order=_order(address, session))


def _end(world: World, address: str) -> None:
    """The payment of somebody's first class goes back."""
    order, event = _order(address, 0), f"evt_back_{address}"
    world.pay(CATALOGUE, _offer(0), address, order=order, event=event, says="refunded")


def _offer(session: int) -> str:
    return f"{CATALOGUE.sessions[session].id}-general"


def _order(address: str, session: int) -> str:
    return f"stripe-pi_{address.partition('@')[0]}_{session}"


def test_whoever_has_a_seat_is_invited_once_however_often_it_is_looked_at(world: World) -> None:
    network = Network()

    nights = [_night(world, network) for _ in range(3)]

    assert nights == [[2, 0], [0, 0], [0, 0]]
    assert sorted(network.invited.values()) == [ANA, BEN]


def test_looking_alone_changes_nothing(world: World) -> None:
    network = Network()

    assert len(wanted_changes(NETWORK, network, world.records).grants) == 2
    assert network.asked == []
    assert world.records.everything(CommunityInvite) == []


def test_whoever_is_there_already_is_not_invited_whatever_their_spelling(world: World) -> None:
    network = Network(there={"1": "Ana@Example.org"}, invited={"2": BEN})

    assert _night(world, network) == [0, 0]


@pytest.mark.parametrize("accepted", [False, True])
def test_who_got_their_money_back_leaves_once(world: World, accepted: bool) -> None:
    network = Network()
    _night(world, network)
    if accepted:
        network.accept()

    _end(world, ANA)
    nights = [_night(world, network) for _ in range(2)]

    assert nights == [[0, 1], [0, 0]]
    assert [*network.there.values(), *network.invited.values()] == [BEN]


def test_nobody_whom_we_did_not_invite_is_ever_taken_out(world: World) -> None:
    network = Network(there={"1": ANA, "2": EVE})
    _night(world, network)

    _end(world, ANA)

    assert _night(world, network) == [0, 0]
    assert sorted(network.there.values()) == [ANA, EVE]


def test_whoever_left_by_themselves_is_not_asked_again(world: World) -> None:
    network = Network()
    _night(world, network)
    network.invited.clear()

    assert _night(world, network) == [0, 0]


def test_staff_can_hold_what_would_be_changed_and_let_it_go_again(world: World) -> None:
    network = Network()
    hold = Hold(by="noor", why="She asked to come later.", at=world.now)
    hold_in_community(NETWORK, who(ANA), hold, records=world.records)

    assert _night(world, network) == [1, 0]
    hold_in_community(NETWORK, who(ANA), None, records=world.records)
    assert _night(world, network) == [1, 0]


def test_a_seat_in_another_series_of_the_network_keeps_somebody_in(world: World) -> None:
    network = Network()
    _night(world, network)
    _pay(world, ANA, session=1)

    _end(world, ANA)

    assert _night(world, network) == [0, 0]


def test_who_pays_again_after_leaving_is_invited_again(world: World) -> None:
    network = Network()
    _night(world, network)
    _end(world, ANA)
    _night(world, network)

    _pay(world, ANA, session=1)

    assert _night(world, network) == [1, 0]


@pytest.mark.parametrize("after", [0, 1])
def test_a_night_that_is_cut_off_invites_nobody_twice(world: World, after: int) -> None:
    network = Network(fails_after=after)
    with pytest.raises(Unavailable):
        _night(world, network)
    network.fails_after = 10_000

    _night(world, network)

    assert sorted(whom for _, whom in network.asked) == [ANA, BEN]


def test_a_crash_after_the_network_was_asked_is_no_second_invitation(world: World) -> None:
    network = Network()
    _night(world, network)
    (kept, _) = world.records.everything(CommunityInvite)
    world.records.commit(kept.model_copy(update={"state": InviteState.INVITING}))

    assert _night(world, network) == [0, 0]


def test_a_series_without_a_network_keeps_its_link_and_is_not_looked_at() -> None:
    world = World()
    world.publish(classes_catalogue())

    assert networks(world.records) == []


def test_a_refused_key_is_said_and_changes_nothing(world: World) -> None:
    class Closed(Network):
        def members(self) -> list[Seen]:
            raise KeyRefused

    with pytest.raises(KeyRefused):
        _night(world, Closed())
    assert world.records.everything(CommunityInvite) == []
