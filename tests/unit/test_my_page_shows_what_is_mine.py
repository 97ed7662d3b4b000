"""A person's own page: what stands on it before class, after it, and when something went back."""

from datetime import timedelta

import pytest

from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.my_page import LINK_LASTS, MyPageView, MySession
from shared.usecases.count_sent import TooMany
from shared.usecases.open_my_page import open_my_page
from shared.usecases.open_pages import NotFound
from shared.usecases.send_my_page_link import (
    PER_ADDRESS_AND_HOUR,
    PER_ORIGIN_AND_HOUR,
    send_my_page_link,
)
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
ANA = "ana@example.org"


def page_of(world: World, address: str = ANA) -> MyPageView:
    token = sign("me", who(address), KEY, world.now + timedelta(days=1))
    opened = open_my_page(
        token, keys=[KEY], records=world.records, link=world.desk.link, now=world.now
    )
    assert isinstance(opened, MyPageView)
    return opened


def only_session(world: World, address: str = ANA) -> MySession:
    ((session,),) = (series.sessions for series in page_of(world, address).series)
    return session


def ask(world: World, address: str = ANA, sent_from: str = "203.0.113.7") -> bool:
    return send_my_page_link(address, sent_from, records=world.records, key=KEY, now=world.now)


@pytest.fixture
def registered(world: World) -> World:
    """Ana paid the general rate of class 1."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    return world


def test_before_class_it_shows_the_seat_the_joining_link_and_what_the_rate_includes(
    registered: World,
) -> None:
    view = page_of(registered)

    (series,) = view.series
    (session,) = series.sessions
    assert (view.name, view.address) == ("Ana", "a•••@example.org")
    assert [tier.id for tier in series.tiers] == ["general"]
    assert session.seat.granted and not session.over
    assert session.join == CLASS_1.joining_link
    assert (session.watch, session.verdict, session.certificate) == ("", None, None)


def test_after_class_it_shows_when_they_were_there_the_verdict_and_the_certificate(
    registered: World,
) -> None:
    registered.now = CLASS_1.ends_at + timedelta(minutes=15)
    joined = CLASS_1.starts_at + timedelta(minutes=3)
    registered.report(CLASS_1.id, [(ANA, joined, CLASS_1.ends_at)])
    registered.close(CLASS_1.id)

    session = only_session(registered)

    assert session.over and session.join == ""
    assert session.verdict is not None and session.certificate is not None
    assert session.verdict.presence == ((joined, CLASS_1.ends_at),)
    assert session.verdict.earned.granted
    assert session.certificate.link.endswith(f"/certificate/{CLASS_1.id}/{who(ANA)}")


def test_a_recording_can_be_watched_from_the_page_once_it_is_there_and_while_it_may_be(
    world: World,
) -> None:
    world.publish(UNIT)
    world.pay(UNIT, UNIT.prices[0].id, ANA)
    part = UNIT.sessions[0]
    world.now = part.ends_at + timedelta(hours=1)
    assert page_of(world).series[0].sessions[0].watch == ""

    world.upload_recording(part.id)
    watch = page_of(world).series[0].sessions[0]
    assert watch.watch.endswith(f"/watch/{part.id}/{who(ANA)}")
    assert watch.watch_until == UNIT.recording_closes_at(part.id)

    assert watch.watch_until is not None
    world.now = watch.watch_until
    assert page_of(world).series[0].sessions[0].watch == ""


def test_who_got_the_money_back_sees_why_and_can_neither_join_nor_watch(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1.id}-general", ANA, 90)
    world.deliver(fact)
    world.deliver(fact.model_copy(update={"event": "evt_back", "says": "refunded"}))

    session = only_session(world)

    assert session.seat.reasons[0].code == "refunded"
    assert (session.join, session.watch) == ("", "")


def test_every_series_of_two_institutes_is_there_and_what_is_ahead_comes_first(
    registered: World,
) -> None:
    registered.publish(UNIT)
    registered.pay(UNIT, UNIT.prices[0].id, ANA)

    assert [one.id for one in page_of(registered).series] == [UNIT.series.id, CLASSES.series.id]
    registered.now = max(one.ends_at for one in UNIT.sessions)
    assert page_of(registered).series[0].id == UNIT.series.id


def test_a_page_shows_nothing_of_anybody_else(registered: World) -> None:
    registered.pay(CLASSES, f"{CLASS_1.id}-general", "bo@example.org")

    said = page_of(registered).model_dump_json(exclude={"series": {0: {"catalogue"}}})
    assert "bo@" not in said and "Bo" not in said
    assert who("bo@example.org") not in page_of(registered).model_dump_json()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "made-up.token",
        sign("watch", who(ANA), KEY),
        sign("certificate", f"{CLASS_1.id}/{who(ANA)}", KEY),
        sign("me", "lnobody", KEY),
        sign("me", who(ANA), b"another key, thirty-two bytes...."),
    ],
)
def test_no_other_link_opens_it(registered: World, token: str) -> None:
    opened = open_my_page(
        token, keys=[KEY], records=registered.records, link=registered.desk.link, now=registered.now
    )

    assert isinstance(opened, NotFound)


def test_a_link_opens_for_a_year_and_no_longer(registered: World) -> None:
    token = sign("me", who(ANA), KEY, registered.now + LINK_LASTS)
    world = registered

    for days, opens in ((364, True), (365, False)):
        opened = open_my_page(
            token, keys=[KEY], records=world.records, link=world.desk.link,
            now=world.now + timedelta(days=days),
        )  # fmt: skip
        assert isinstance(opened, MyPageView) is opens


def test_every_letter_to_a_learner_leads_to_their_page(registered: World) -> None:
    registered.post()

    (_, letter) = registered.mailer.sent[-1]
    assert f"https://pages.example/me/{who(ANA)}" in letter.text


def test_a_fresh_link_goes_to_the_address_we_know_once_a_minute_at_most(registered: World) -> None:
    assert ask(registered, " Ana@Example.org ") and ask(registered)

    (letter,) = registered.letters(LetterKind.MY_PAGE_LINK)
    assert (letter.learner, letter.series) == (who(ANA), CLASSES.series.id)
    registered.wait(minutes=1)
    ask(registered)
    assert len(registered.letters(LetterKind.MY_PAGE_LINK)) == 2


def test_an_unknown_address_is_answered_alike_and_gets_nothing(registered: World) -> None:
    assert ask(registered, "stranger@example.org")

    assert registered.letters(LetterKind.MY_PAGE_LINK) == []


def test_what_is_no_address_is_said_so(registered: World) -> None:
    assert not ask(registered, "ana at example")


@pytest.mark.parametrize("address", [ANA, "stranger@example.org"])
def test_nobodys_mailbox_is_filled_whether_we_know_it_or_not(
    registered: World, address: str
) -> None:
    for number in range(PER_ADDRESS_AND_HOUR):
        ask(registered, address, f"203.0.113.{number}")

    with pytest.raises(TooMany):
        ask(registered, address, "203.0.113.99")
    registered.wait(hours=1)
    assert ask(registered, address)


def test_one_place_cannot_try_address_after_address(registered: World) -> None:
    for number in range(PER_ORIGIN_AND_HOUR):
        ask(registered, f"guess-{number}@example.org")

    with pytest.raises(TooMany):
        ask(registered)
    assert ask(registered, sent_from="198.51.100.1")
