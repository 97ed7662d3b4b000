"""By which clock somebody reads times: chosen on their own page, shown there and in letters."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.letters import LetterKind
from shared.domain.redaction import without_words
from shared.domain.registrations import Learner
from tests.catalogues import classes_catalogue, letter_facts
from tests.cloud import Cloud, link
from tests.integration.test_my_page import ask
from tests.notice_mail import notice_facts
from tests.reading import Reader
from tests.season import AMARA, open_season

ZONE = "/me/{token}/zone"
COMPOSER = JinjaComposer()


def _zone(cloud: Cloud) -> str:
    person = cloud.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None
    return person.zone


def _choose(zone: str) -> dict[str, object]:
    return ask("POST", ZONE, link("me", AMARA), urlencode({"zone": zone}))


def _mine() -> str:
    return Reader(str(ask("GET", "/me/{token}", link("me", AMARA))["body"])).text


def test_a_zone_is_chosen_from_a_list_and_stands_beside_every_time(cloud: Cloud) -> None:
    open_season(cloud)
    form = Reader(str(ask("GET", ZONE, link("me", AMARA))["body"]))
    assert ("option", "value", "Asia/Kathmandu") in form.attributes
    assert ("optgroup", "label", "Pacific") in form.attributes
    assert "5:00 pm London" in _mine()

    saved = _choose("Asia/Kathmandu")

    assert saved["statusCode"] == 200
    assert "by the clocks of Kathmandu too" in Reader(str(saved["body"])).text
    assert _zone(cloud) == "Asia/Kathmandu"
    assert "9:45 pm Kathmandu, your time" in _mine()
    assert "London" not in _mine()
    _choose("")
    assert "5:00 pm London" in _mine()


@pytest.mark.parametrize(
    "zone", ["EST", "Europe/Atlantis", "../../etc/passwd", "<b>", "UTC\r\nX: y"]
)
def test_what_is_not_on_the_list_changes_nothing(cloud: Cloud, zone: str) -> None:
    open_season(cloud)
    _choose("Asia/Kathmandu")

    answer = _choose(zone)

    assert answer["statusCode"] == 422
    assert "choose a city from the list" in Reader(str(answer["body"])).text
    assert _zone(cloud) == "Asia/Kathmandu"


def test_nobody_chooses_on_another_persons_page(cloud: Cloud) -> None:
    open_season(cloud)

    assert ask("POST", ZONE, "made-up", urlencode({"zone": "Asia/Kathmandu"}))["statusCode"] == 404
    assert _zone(cloud) == ""


@pytest.mark.parametrize(
    "kind", [LetterKind.CONFIRMATION, LetterKind.REMINDER, LetterKind.MOVED], ids=str
)
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Kathmandu", "9:45 pm Kathmandu, your time"),
        ("Pacific/Auckland", "4:00 am Auckland, Monday, your time"),
        ("America/Toronto", "the same by your clock"),
    ],
)
def test_letters_say_the_events_time_and_the_readers(
    kind: LetterKind, zone: str, said: str
) -> None:
    catalogue = classes_catalogue()
    if kind is LetterKind.CONFIRMATION:
        facts = letter_facts(kind, catalogue)
    else:
        facts = notice_facts(kind, catalogue, 24)
    assert facts.learner is not None
    reader = facts.learner.model_copy(update={"zone": zone})
    letter = COMPOSER.compose(facts.model_copy(update={"learner": reader}))

    for text in (letter.text, Reader(letter.html).text):
        assert "12:00–2:30 pm, New York time" in text
        assert said in text
        assert "London" not in text


def test_and_in_another_language_too() -> None:
    catalogue = classes_catalogue(languages=("es", "en"))
    facts = notice_facts(LetterKind.REMINDER, catalogue, 24)
    assert facts.learner is not None
    for zone, said in (("Asia/Kathmandu", "su hora"), ("America/Toronto", "la misma hora")):
        reader = facts.learner.model_copy(update={"zone": zone})
        assert said in COMPOSER.compose(facts.model_copy(update={"learner": reader})).text


def test_who_takes_everything_away_takes_the_zone_too() -> None:
    reader = letter_facts(LetterKind.CONFIRMATION, classes_catalogue()).learner
    assert reader is not None
    chosen = reader.model_copy(update={"zone": "Asia/Kathmandu"})

    left = without_words(chosen, datetime(2025, 7, 1, tzinfo=UTC))

    assert "Kathmandu" not in left.model_dump_json()
