"""Search: by the beginning of a name, in any script and order; and no key says whom it is of."""

import pytest

from shared.domain.findings import Finding, findings_of_name, fits, number_typed, words_of
from shared.domain.links import learner_id
from shared.domain.registrations import Learner
from shared.usecases.correct_address import correct_address
from shared.usecases.search_desk import AT_ONCE, search_desk
from tests.catalogues import classes_catalogue
from tests.desk import CLASS_1, full_class
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
OFFER = f"{CLASSES.sessions[0].id}-general"
OLD_KEY = b"a key that was in use before this one"


def found(world: World, asked: str, begins: str = "") -> list[str]:
    """The names that a search finds."""
    page = search_desk(asked, begins=begins, keys=[KEY, OLD_KEY], records=world.records)
    return [person.name for person in page.people]


@pytest.fixture
def people(world: World) -> World:
    world.publish(CLASSES)
    for address, name in (
        ("amara@example.org", "Amara Osei"),
        ("zoe@example.org", "Zoë Brown-Ortega"),
        ("ana@example.org", "अनन्या शर्मा"),
        ("bo@example.org", "Bo Li"),
        ("li@example.org", "李小龙"),
    ):
        world.pay(CLASSES, OFFER, address, buyer_name=name)
    return world


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("ama", "Amara Osei"),
        ("AMARA", "Amara Osei"),
        ("osei amara", "Amara Osei"),
        ("a osei", "Amara Osei"),
        ("zoe", "Zoë Brown-Ortega"),
        ("ZOË", "Zoë Brown-Ortega"),
        ("orteg", "Zoë Brown-Ortega"),
        ("अनन्या", "अनन्या शर्मा"),
        ("अनन", "अनन्या शर्मा"),
        ("bo li", "Bo Li"),
        ("bo", "Bo Li"),
        ("李小龙", "李小龙"),
    ],
)
def test_a_person_is_found_by_how_the_words_of_their_name_begin(
    people: World, asked: str, name: str
) -> None:
    assert found(people, asked) == [name]


@pytest.mark.parametrize(
    "asked", ["", "   ", "mara", "am", "amara brown", "amarao", "<b>", "%", "'"]
)
def test_what_begins_no_word_finds_nobody(people: World, asked: str) -> None:
    assert found(people, asked) == []


def test_a_name_that_changed_is_found_as_it_is_now_and_not_as_it_was(people: World) -> None:
    people.pay(CLASSES, OFFER, "amara@example.org", buyer_name="Mara Mensah")

    assert found(people, "mensah") == ["Mara Mensah"]
    assert found(people, "osei") == []


def test_who_takes_an_earlier_name_again_is_found_by_it_again(people: World) -> None:
    for name in ("Mara Mensah", "Amara Osei"):
        people.pay(CLASSES, OFFER, "amara@example.org", buyer_name=name)

    assert found(people, "osei") == ["Amara Osei"]


def test_who_was_erased_is_found_by_nothing(people: World) -> None:
    person = people.records.get(Learner.key_of(who("amara@example.org")), Learner)
    assert person is not None
    people.records.commit(person.model_copy(update={"name": "", "address": ""}))

    assert found(people, "amara") == []


def test_a_corrected_address_finds_the_person_and_so_does_the_first(people: World) -> None:
    learner = who("amara@example.org")
    correct_address(
        learner, "amara@new.example.org", by="noor", records=people.records, key=KEY, now=people.now
    )

    assert found(people, "Amara@New.Example.org") == ["Amara Osei"]
    assert found(people, "amara@example.org") == ["Amara Osei"]
    assert found(people, "nobody@example.org") == []
    assert found(people, "@") == []


def test_no_key_holds_a_piece_of_a_name_or_address_and_without_the_secret_nothing_is_found(
    people: World,
) -> None:
    keys = [str(one.key()).casefold() for one in people.records.everything(Finding)]

    assert len(keys) > 10
    for piece in ("ama", "osei", "zoe", "ortega", "example", "अनन"):
        assert [key for key in keys if piece in key.replace("example-", "")] == [], piece
    page = search_desk("amara", keys=[OLD_KEY], records=people.records)
    assert page.people == ()


def test_of_very_many_with_one_name_each_is_found_on_one_page_or_another() -> None:
    world = full_class(1000)
    names, begins, pages = set(), "", 0
    while True:
        page = search_desk("amara", begins=begins, keys=[KEY], records=world.records)
        assert len(page.people) <= AT_ONCE
        names |= {person.name for person in page.people}
        pages, begins = pages + 1, page.next
        if not begins:
            break

    amaras = [one for one in world.records.everything(Learner) if one.name.startswith("Amara")]
    assert len(names) == len(amaras) == 167
    assert pages == 4


def test_somebody_rare_among_many_is_not_hidden_by_them() -> None:
    world = full_class(1000)
    learner = learner_id("rare@example.org", KEY)
    rare = Learner(
        learner=learner, name="Amara Quist", address="rare@example.org", named_by=(world.now, "x")
    )
    world.records.commit(rare, *findings_of_name(rare.name, learner, KEY))

    assert found(world, "amara quist") == ["Amara Quist"]
    assert found(world, "am qui") == ["Amara Quist"]


def test_an_order_a_session_and_a_series_are_things_with_a_way_to_them(people: World) -> None:
    def ways(asked: str) -> list[str]:
        return [one.path for one in search_desk(asked, keys=[KEY], records=people.records).things]

    (amara, *_) = [f"staff/people/{who('amara@example.org')}"]
    assert ways("stripe-pi_1000") == ways("pi_1000") == [amara]
    assert ways(CLASS_1.id) == [f"staff/sessions/{CLASS_1.id}"]
    assert ways(CLASSES.series.id) == [f"staff/series/{CLASSES.series.id}"]
    assert ways("pi_9") == []


def test_words_are_compared_without_case_and_accents_and_vowel_signs_stay() -> None:
    assert words_of("  Zoë  Brown-Ortega, PhD ") == ["zoe", "brown", "ortega", "phd"]
    assert words_of("हिन्दी") != words_of("हनद")
    assert fits("br ort", "Zoë Brown-Ortega")
    assert not fits("wn", "Zoë Brown-Ortega")


@pytest.mark.parametrize(
    "asked",
    [
        *("IDHA-2025-7K3F-902M", "idha-2025-7k3f-902m", "IDHA 2025 7K3F 902M", "IDHA20257K3F902M"),
        *("IDHA–2025–7K3F–902M", "Certificate no. IDHA-2025-7K3F-902M", "# idha 2025-7k3f-9o2m"),
        " IDHA - 2025 - 7K3F - 902M ".strip(),
    ],
)
def test_the_number_of_a_certificate_is_known_however_it_is_typed(asked: str) -> None:
    assert number_typed(asked) == "IDHA-2025-7K3F-902M"


@pytest.mark.parametrize("asked", ["Amara Osei", "stripe-pi_1", "2025", "IDHA-2025", "7K3F-902M"])
def test_what_is_no_number_of_a_certificate_is_none(asked: str) -> None:
    assert number_typed(asked) is None


@pytest.mark.parametrize(
    "asked",
    ["Amara Osei <amara@example.org>", "mailto:amara@example.org", "amara@example.org, please"],
)
def test_an_address_is_found_as_it_stands_in_a_letter(people: World, asked: str) -> None:
    assert found(people, asked) == ["Amara Osei"]
