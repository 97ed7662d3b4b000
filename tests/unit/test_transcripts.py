"""Transcripts: only certificates that count are credit; everything else says why not, or when."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shared.adapters.jinja_transcript import transcript_page
from shared.domain.evaluation_policy import EvaluationPolicy
from shared.domain.links import sign
from shared.domain.transcripts import STATES, Transcript
from shared.usecases.open_pages import NotFound
from shared.usecases.open_transcript import open_transcript
from shared.usecases.revoke_certificate import revoke_certificate
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.reading import Reader
from tests.refund_samples import cancelled
from tests.world import KEY, World, who

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
ANA = "ana@example.org"


def _open(world: World, series: str = CLASSES.series.id, address: str = ANA) -> Transcript:
    token = sign("me", who(address), KEY)
    found = open_transcript(token, series, keys=[KEY], records=world.records, now=world.now)
    assert isinstance(found, Transcript)
    return found


@pytest.fixture
def bundle(world: World) -> World:
    """Ana has all five classes: in the first she stayed, in the second for a quarter of an hour."""
    world.publish(CLASSES)
    world.pay(CLASSES, "all-five-general", ANA)
    for session, stayed in zip(CLASSES.sessions, (150, 15), strict=False):
        world.now = session.ends_at + timedelta(minutes=15)
        left = session.starts_at + timedelta(minutes=stayed)
        world.report(session.id, [(ANA, session.starts_at, left)])
        world.close(session.id)
    return world


def test_one_of_five_classes_is_a_fifth_of_the_credit(bundle: World) -> None:
    found = _open(bundle)

    assert (found.earned, found.possible) == (Decimal("2.25"), Decimal("11.25"))
    assert [line.state for line in found.lines] == [
        "earned", "not_earned", "ahead", "ahead", "ahead",
    ]  # fmt: skip
    assert found.lines[0].number and found.lines[0].public_url
    assert "left" in found.lines[1].says
    assert found.next_chance == "Sunday, August 3, 2025"


def test_a_withdrawn_certificate_is_no_credit_and_says_why(bundle: World) -> None:
    revoke_certificate(
        CLASSES.sessions[0].id, who(ANA), by="Noor", why="It was another Ana.",
        records=bundle.records, now=bundle.now,
    )  # fmt: skip
    found = _open(bundle)

    assert found.earned == 0
    assert (found.lines[0].state, found.lines[0].says) == (
        "withdrawn", "Withdrawn: It was another Ana.",
    )  # fmt: skip


def test_who_has_one_class_sees_what_the_others_would_bring(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)
    world.now = CLASSES.sessions[0].ends_at + timedelta(hours=1)
    found = _open(world)

    assert [line.state for line in found.lines] == ["no_seat", "ahead", "ahead", "ahead", "ahead"]
    assert found.lines[1].says == "Yours to attend on Jul 13."
    assert found.lines[2].says.startswith("You have no seat yet")


def test_a_rate_without_credit_is_no_chance_and_says_so(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASSES.sessions[1].id}-reduced", ANA)
    found = _open(world)

    assert found.lines[1].state == "no_credit"
    assert "does not include" in found.lines[1].says
    assert found.next_chance == found.lines[0].held
    assert "9.00 of them can still be earned" in found.missing


def test_a_cancelled_class_is_not_missing_from_anybodys_credit(world: World) -> None:
    last = CLASSES.sessions[-1].id
    world.publish(cancelled(CLASSES, last, why="Our speaker is ill."))
    world.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)
    found = _open(world)

    assert (found.lines[-1].state, found.lines[-1].hours) == ("cancelled", None)
    assert found.lines[-1].says == "It does not take place. Our speaker is ill."
    assert found.possible == Decimal("9.00")


def test_a_unit_is_one_line_and_counts_whole(world: World) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", ANA)
    assert [line.state for line in _open(world, UNIT.series.id).lines] == ["ahead"]
    for part in UNIT.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        world.report(part.id, [(ANA, part.starts_at, part.ends_at)])
        world.close(part.id)
    found = _open(world, UNIT.series.id)

    assert (found.earned, found.possible) == (Decimal(7), Decimal(7))


def test_what_waits_for_an_evaluation_is_not_lost_while_it_can_be_sent(world: World) -> None:
    evaluation = EvaluationPolicy(days=5)
    asking = CLASSES.model_copy(
        update={"policies": CLASSES.policies.model_copy(update={"evaluation": evaluation})}
    )
    first = asking.sessions[0]
    world.publish(asking)
    world.pay(asking, "all-five-general", ANA)
    world.now = first.ends_at + timedelta(minutes=15)
    world.report(first.id, [(ANA, first.starts_at, first.ends_at)])
    world.close(first.id)
    found = _open(world)

    assert (found.lines[0].state, STATES[found.lines[0].state]) == ("waits", "Not yet")
    assert found.lines[0].says.startswith("You have not sent your evaluation yet.")
    assert found.missing == (
        "11.25 CE hours are missing. 2.25 of them wait for what you can still send. 9.00 of them "
        "can still be earned until Sunday, September 14, 2025; what is next is on Sunday, July 13,"
        " 2025."
    )
    world.now += timedelta(days=6)
    assert _open(world).lines[0].state == "not_earned"


def test_nobody_opens_the_transcript_of_somebody_else_or_of_a_series_they_never_had(
    bundle: World,
) -> None:
    for token, series in (
        (sign("certificate", who(ANA), KEY), CLASSES.series.id),
        (sign("me", who("bo@example.org"), KEY), CLASSES.series.id),
        (sign("me", who(ANA), KEY), UNIT.series.id),
        ("made-up.token", CLASSES.series.id),
    ):
        found = open_transcript(token, series, keys=[KEY], records=bundle.records, now=bundle.now)
        assert isinstance(found, NotFound)


def test_the_page_begins_with_the_sum_and_says_what_is_missing(bundle: World) -> None:
    page = Reader(transcript_page(_open(bundle), "../me/token"))

    assert page.open == []
    assert "2.25 of 11.25 CE hours" in page.text
    missing = (
        "9.00 CE hours are missing. 6.75 of them can still be earned until Sunday, September 14,"
        " 2025; what is next is on Sunday, August 3, 2025."
    )
    assert missing in page.text
    assert page.links[:2] == [
        f"../me/token/transcript/{CLASSES.series.id}/pdf", _open(bundle).lines[0].public_url,
    ]  # fmt: skip


def test_a_page_whose_letters_cannot_be_drawn_says_so_and_leads_to_no_document(
    bundle: World,
) -> None:
    page = Reader(transcript_page(_open(bundle), "../me/token", drawn=False))

    assert page.text.index("We have no font") < page.text.index("2.25 of 11.25 CE hours")
    assert not [one for one in page.links if one.endswith("/pdf")]


def test_what_is_missing_is_told_from_what_can_still_be_earned(bundle: World) -> None:
    before = _open(bundle)
    bundle.now = CLASSES.sessions[-1].starts_at
    last_ahead = _open(bundle)
    bundle.now = CLASSES.sessions[-1].ends_at + timedelta(days=1)
    over = _open(bundle)

    assert "6.75 of them can still be earned until" in before.missing
    assert last_ahead.missing.endswith(
        "2.25 of them can still be earned; what is next is on Sunday, September 14, 2025."
    )
    assert over.missing == "9.00 CE hours are missing, and no class of this series is ahead."
