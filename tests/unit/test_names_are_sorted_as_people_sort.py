"""Lists of people: without case and accents, each word in turn, and as the language has it."""

from datetime import timedelta

import pytest

from shared.domain.languages import Language
from shared.domain.name_order import place_of
from shared.domain.payments import Order
from shared.domain.registrations import Learner
from shared.usecases.list_desk import list_orders, list_people, list_roster
from tests.desk import CLASS_1, CLASSES, full_class


def _sorted(names: list[str], language: Language = "en") -> list[str]:
    return sorted(names, key=lambda name: place_of(name, f"L{name}", language))


@pytest.mark.parametrize(
    "names",
    [
        ["amara osei", "Ámara Otto", "AMARA Özil"],
        ["de la Cruz, Ana", "Dela Cruz", "Delacruz"],
        ["Bo", "Bo Lin", "Bo-Lin Chen", "Bob"],
        ["Łucja", "Lukas", "Ødegaard", "Oe", "Straße", "Strasse B"],
        ["Zoë", "Анна", "Яна", "अनन्या", "शर्मा", "周"],
        ["Zoë", "  ", ""][:2],
    ],
)
def test_case_and_accents_change_nothing_and_scripts_stand_apart(names: list[str]) -> None:
    assert _sorted(names[::-1]) == names


def test_a_letter_of_its_own_keeps_its_place_in_the_institutes_language() -> None:
    assert _sorted(["Ñanda", "Nube", "Noa", "Oda"], "es") == ["Noa", "Nube", "Ñanda", "Oda"]
    assert _sorted(["Ñanda", "Nube", "Noa", "Oda"], "en") == ["Ñanda", "Noa", "Nube", "Oda"]


def test_a_name_is_the_same_however_its_accents_were_typed() -> None:
    assert place_of("Zoe\u0308", "L", "en") == place_of("Zoë", "L", "en")
    assert place_of("N\u0303anda", "L", "es") == place_of("Ñanda", "L", "es")


def test_of_two_with_one_name_the_order_never_changes() -> None:
    places = [place_of("Amara Osei", learner, "en") for learner in ("Lb", "La")]
    assert sorted(places) == places[::-1]


def test_files_are_by_name_and_orders_as_they_came() -> None:
    world = full_class(250)
    nameless = world.records.everything(Learner)[7]
    world.records.commit(nameless.model_copy(update={"name": ""}))
    early = world.records.get(Order.key_of("stripe-pi_77"), Order)
    assert early is not None
    first_seen = {"first_seen_at": early.first_seen_at - timedelta(days=1)}
    world.records.commit(early.model_copy(update=first_seen))

    roster = list_roster(CLASS_1.id, words=True, records=world.records, now=world.now)
    people = list_people(CLASSES.series.id, records=world.records)
    orders = list_orders(CLASSES.series.id, records=world.records)

    assert roster
    assert people
    assert orders
    for listed in (roster, people):
        names = [(row[1], row[0]) for row in listed.rows]
        assert len(names) == 250
        assert names == sorted(names, key=lambda one: place_of(one[0], one[1], "en"))
        assert names[-1] == ("", nameless.learner)
    assert len(orders.rows) == 250
    assert orders.rows[0][0] == early.order
