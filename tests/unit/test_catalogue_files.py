"""The two catalogue files in the repository say what the institutes' pages say."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.zones import say_day, say_time

FOLDER = Path(__file__).parents[2] / "events" / "catalogue_published"
REFUSED = sorted((FOLDER / "refused").glob("*.yaml"))


@pytest.fixture(scope="module")
def idha() -> Catalogue:
    return read_catalogue((FOLDER / "idha-2025.yaml").read_bytes())


@pytest.fixture(scope="module")
def misa() -> Catalogue:
    return read_catalogue((FOLDER / "misa-2025.yaml").read_bytes())


def test_five_classes_are_held_on_the_days_and_by_the_people_on_the_page(idha: Catalogue) -> None:
    assert [
        (session.id, say_day(session.starts_at, session.zone), session.faculty)
        for session in idha.sessions
    ] == [
        ("idha-2025-1", "Sunday, June 22, 2025", ("Zena Sharman", "Kai Cheng Thom")),
        ("idha-2025-2", "Sunday, July 13, 2025", ("Vivianne Guevara", "Hel Spandler")),
        ("idha-2025-3", "Sunday, August 3, 2025", ("Rupi Legha", "Robert Whitaker")),
        ("idha-2025-4", "Sunday, August 24, 2025", ("Rae Johnson", "Nkem Ndefo")),
        ("idha-2025-5", "Sunday, September 14, 2025", ("Charmaine Harris", "Russell Razzaque")),
    ]


def test_noon_in_new_york_is_four_in_the_afternoon_utc_all_summer(idha: Catalogue) -> None:
    for session in idha.sessions:
        assert session.zone == "America/New_York"
        assert f"{session.starts_at:%H:%M}" == "16:00"
        assert f"{session.ends_at:%H:%M}" == "18:30"
        assert say_time(session.starts_at, "America/Los_Angeles") == "9:00 am"


def test_every_class_carries_what_ce_paperwork_asks_for(idha: Catalogue) -> None:
    assert [len(session.objectives) for session in idha.sessions] == [4, 5, 5, 4, 5]
    assert len({text for session in idha.sessions for text in session.objectives}) == 23
    assert {session.credit_hours for session in idha.sessions} == {Decimal("2.25")}
    assert sum(session.credit_hours or 0 for session in idha.sessions) == Decimal("11.25")
    policy = idha.policies.certificate
    assert policy.per == "session"
    assert policy.professions == ("Psychologists", "Social Workers", "Counselors", "Therapists")
    assert len(idha.institute.certificate_statements) == 1


def test_every_class_is_recorded_captioned_and_signed(idha: Catalogue) -> None:
    assert {(s.kind, s.recorded, s.captions, s.sign_language) for s in idha.sessions} == {
        ("class", True, "automated", "ASL")
    }


def test_the_price_book_lists_each_class_and_bundle_of_each_tier(idha: Catalogue) -> None:
    listed = {
        offer.id: (str(offer.price), offer.tier, offer.sessions, offer.example)
        for offer in idha.prices
    }
    every = tuple(f"idha-2025-{number}" for number in range(1, 6))
    golden: dict[str, tuple[str, str, tuple[str, ...], bool]] = {}
    for tier, single, bundle in (
        ("reduced", "$30.00", "$105.00"),
        ("general", "$60.00", "$210.00"),
        ("supporter", "$85.00", "$297.00"),
    ):
        golden |= {
            f"{tier}-class-{at}": (single, tier, (session,), False)
            for at, session in enumerate(every, 1)
        }
        golden[f"{tier}-bundle"] = (bundle, tier, every, False)
    assert listed == golden
    assert idha.offer("supporter-bundle").amount == 29700
    links = [offer.provider_ids["stripe"] for offer in idha.prices]
    assert len(set(links)) == 18
    assert all(re.fullmatch(r"plink_[A-Za-z0-9]{24}", link) for link in links)


def test_ce_credits_come_with_general_and_supporter_only(idha: Catalogue) -> None:
    assert {tier.id: tier.credit for tier in idha.tiers} == {
        "reduced": False,
        "general": True,
        "supporter": True,
    }
    assert not any("CE" in line for line in idha.tier("reduced").includes)
    for tier in idha.tiers:
        assert any("recording" in line for line in tier.includes)


def test_idha_gives_refunds_for_seven_days_and_recordings_without_end(idha: Catalogue) -> None:
    assert idha.policies.refund.days_before == 7
    assert idha.recording_closes_at("idha-2025-1") is None
    award = idha.policies.scholarship
    assert award is not None
    assert (award.deadline, award.zone, award.credit) == (
        datetime.fromisoformat("2025-06-13 23:59"),
        "America/New_York",
        False,
    )


def test_letters_come_from_addresses_that_belong_to_nobody(
    idha: Catalogue, misa: Catalogue
) -> None:
    for catalogue in (idha, misa):
        for address in (catalogue.institute.sender, *catalogue.institute.staff):
            assert address.endswith(".example")
        for session in catalogue.sessions:
            assert (session.joining_link or "").startswith("https://zoom.example/j/")
    assert idha.institute.contact == "contact@idha-nyc.org"
    assert idha.series.page == "https://www.idha-nyc.org/tending-the-future-of-care"
    assert idha.series.community is not None
    assert "Mighty Networks" in idha.series.community.name
    assert "Zoom" in (idha.series.before_class or "")


def test_the_unit_is_anchored_in_india_and_an_hour_later_in_new_york_once(misa: Catalogue) -> None:
    starts = [session.starts_at for session in misa.sessions]
    assert starts == [datetime(2025, 11, day, 12, 30, tzinfo=UTC) for day in (1, 8, 22, 29)]
    assert {say_time(start, "Asia/Kolkata") for start in starts} == {"6:00 pm"}
    assert [say_time(start, "America/New_York") for start in starts] == [
        "8:30 am",
        "7:30 am",
        "7:30 am",
        "7:30 am",
    ]


def test_the_unit_has_three_sessions_and_a_circle_of_seven_hours_in_all(misa: Catalogue) -> None:
    assert [
        (session.id, session.kind, (session.ends - session.starts).seconds // 3600)
        for session in misa.sessions
    ] == [
        ("misa-2025-1", "session", 2),
        ("misa-2025-2", "session", 2),
        ("misa-2025-3", "session", 2),
        ("misa-2025-4", "circle", 1),
    ]
    assert {session.faculty for session in misa.sessions} == {("Priyanka Mittak, PhD",)}
    assert misa.policies.certificate.per == "unit"
    assert misa.policies.certificate.hours == 7


def test_the_circle_is_not_recorded_and_the_rest_can_be_seen_for_two_weeks(misa: Catalogue) -> None:
    assert [session.recorded for session in misa.sessions] == [True, True, True, False]
    assert misa.recording_closes_at("misa-2025-1") == datetime(2025, 11, 15, 14, 30, tzinfo=UTC)
    # The page names no refund rule, so staff decide.
    assert misa.policies.refund.days_before is None


def test_prices_that_no_page_states_are_marked_as_examples(misa: Catalogue) -> None:
    assert [(str(offer.price), offer.example) for offer in misa.prices] == [
        ("₹4,500.00", True),
        ("$90.00", True),
    ]


def test_a_stored_catalogue_comes_back_as_it_was(idha: Catalogue, misa: Catalogue) -> None:
    for catalogue in (idha, misa):
        assert Catalogue.model_validate_json(catalogue.model_dump_json()) == catalogue


def test_there_are_refused_examples_to_learn_from() -> None:
    assert len(REFUSED) >= 4


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_refused_example_is_asked_about_as_its_own_comment_says(path: Path) -> None:
    promised = re.findall(r"^#   (Line \d+: .*)$", path.read_text(), re.MULTILINE)
    with pytest.raises(CatalogueQuestions) as asked:
        read_catalogue(path.read_bytes())
    assert [str(question) for question in asked.value.questions] == promised
