"""What a person tells us of themselves: kept, printed from then on, and decided on again."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.my_page import ParticularsView
from shared.domain.particulars import Licence, Particulars, ParticularsTold
from shared.usecases.open_pages import NotFound
from shared.usecases.tell_particulars import (
    ask_for_correction,
    open_particulars,
    tell_particulars,
)
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
ANA = "ana@example.org"
LICENCE = {"profession-0": ["Psychologists"], "state-0": ["NY"], "number-0": ["012345"]}


def token_of(address: str = ANA) -> str:
    return sign("me", who(address), KEY)


def tell(world: World, fields: dict[str, list[str]], token: str = "") -> Any:
    return tell_particulars(
        token or token_of(), fields, keys=[KEY], records=world.records, now=world.now
    )


def opened(world: World) -> ParticularsView:
    view = open_particulars(token_of(), keys=[KEY], records=world.records, now=world.now)
    assert isinstance(view, ParticularsView)
    return view


def wanted(world: World) -> set[tuple[str, str]]:
    return {(one.session, one.cause) for one in world.records.everything(DecisionWanted)}


@pytest.fixture
def registered(world: World) -> World:
    """Ana paid the general rate of class 1."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    return world


@pytest.fixture
def certified(registered: World) -> World:
    """Ana attended class 1 and holds its certificate."""
    registered.now = CLASS_1.ends_at + timedelta(minutes=15)
    registered.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    registered.close(CLASS_1.id)
    return registered


def test_what_is_told_is_kept_with_every_earlier_telling(registered: World) -> None:
    assert tell(registered, LICENCE).saved
    assert tell(registered, {"certificate_name": ["Ana Ruiz"]}).saved

    (now,) = registered.records.everything(Particulars)
    assert (now.certificate_name, now.licences, now.revision) == ("Ana Ruiz", (), 2)
    first, second = registered.records.everything(ParticularsTold)
    assert first.licences == (Licence(profession="Psychologists", state="NY", number="012345"),)
    assert (second.revision, second.certificate_name) == (2, "Ana Ruiz")


def test_the_same_again_changes_nothing(registered: World) -> None:
    assert tell(registered, LICENCE).saved and tell(registered, LICENCE).saved

    assert len(registered.records.everything(ParticularsTold)) == 1
    assert len(wanted(registered)) == 1


def test_what_is_to_be_put_right_comes_back_and_nothing_is_kept(registered: World) -> None:
    shown = tell(registered, LICENCE | {"number-0": [""], "certificate_name": ["Ana Ruiz"]})

    assert [one.field for one in shown.problems] == ["number-0"]
    assert shown.form.certificate_name == "Ana Ruiz" and not shown.saved
    assert registered.records.everything(Particulars) == []


def test_another_row_is_asked_for_without_saving(registered: World) -> None:
    shown = tell(registered, LICENCE | {"more": ["yes"]})

    assert shown.one_more and shown.form.rows[0].number == "012345"
    assert registered.records.everything(Particulars) == []


def test_nobody_tells_us_anything_of_somebody_else(registered: World) -> None:
    for token in (sign("watch", who(ANA), KEY), sign("me", "lnobody", KEY), "made-up.token"):
        assert isinstance(tell(registered, LICENCE, token), NotFound)
    assert registered.records.everything(Particulars) == []


def test_the_credit_of_every_session_without_certificate_is_decided_again(
    certified: World,
) -> None:
    class_2 = CLASSES.sessions[1]
    certified.pay(CLASSES, f"{class_2.id}-general", ANA)

    tell(certified, LICENCE)

    assert wanted(certified) == {(class_2.id, "particulars/1")}


def test_the_name_that_was_chosen_is_printed_and_the_registered_one_if_none_was(
    world: World,
) -> None:
    world.publish(CLASSES)
    for address in (ANA, "bo@example.org"):
        world.pay(CLASSES, f"{CLASS_1.id}-general", address)
    tell(world, {"certificate_name": ["Ana María Ruiz, PhD"]})
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    stayed = [(one, CLASS_1.starts_at, CLASS_1.ends_at) for one in (ANA, "bo@example.org")]
    world.report(CLASS_1.id, stayed)
    world.close(CLASS_1.id)

    printed = {kept.learner: kept.text.name for kept in world.certificates()}

    assert printed == {who(ANA): "Ana María Ruiz, PhD", who("bo@example.org"): "Bo"}


def test_a_certificate_that_could_not_be_printed_is_printed_under_the_name_that_was_chosen(
    registered: World,
) -> None:
    # The printer in memory, like the real one, has no font for this name.
    registered.pay(CLASSES, f"{CLASS_1.id}-general", "mei@example.org", buyer_name="梅")
    registered.now = CLASS_1.ends_at + timedelta(minutes=15)
    registered.report(CLASS_1.id, [("mei@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    registered.close(CLASS_1.id)
    (parked,) = registered.certificates()
    assert not parked.given

    tell(registered, {"certificate_name": ["Mei Lin"]}, token_of("mei@example.org"))
    assert wanted(registered) == {(CLASS_1.id, "particulars/1")}
    registered.issue(CLASS_1.id, who("mei@example.org"))

    (issued,) = registered.certificates()
    assert issued.given and issued.text.name == "Mei Lin"
    assert issued.public_id == parked.public_id


def test_a_certificate_that_was_given_stays_as_it_was_printed(certified: World) -> None:
    before = certified.certificates()

    tell(certified, {"certificate_name": ["Ana Ruiz"]})

    assert certified.certificates() == before
    assert [one.text.name for one in opened(certified).misnamed] == ["Ana"]


def test_staff_are_asked_once_to_issue_it_anew_if_the_person_wishes(certified: World) -> None:
    tell(certified, {"certificate_name": ["Ana Ruiz"]})

    for _ in range(2):
        shown = ask_for_correction(
            token_of(), keys=[KEY], records=certified.records, now=certified.now
        )
        assert isinstance(shown, ParticularsView) and shown.asked

    (letter,) = certified.letters(LetterKind.STAFF_CERTIFICATE_NAME)
    told = {fact.label: fact.value for fact in letter.facts}
    assert (told["Name on it"], told["Name they want"]) == ("Ana", "Ana Ruiz")


def test_nothing_is_asked_of_staff_where_every_certificate_carries_the_name(
    certified: World,
) -> None:
    shown = ask_for_correction(token_of(), keys=[KEY], records=certified.records, now=certified.now)

    assert isinstance(shown, ParticularsView) and not shown.asked
    assert certified.letters(LetterKind.STAFF_CERTIFICATE_NAME) == []


def test_licences_are_asked_for_only_where_a_series_gives_credit_by_profession(
    world: World,
) -> None:
    world.publish(UNIT)
    world.pay(UNIT, UNIT.prices[0].id, ANA)
    assert not opened(world).asks_licences

    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    assert opened(world).asks_licences
    assert set(CLASSES.policies.certificate.professions) <= set(opened(world).professions)
