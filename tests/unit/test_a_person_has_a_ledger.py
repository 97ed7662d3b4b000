"""A person's ledger: everything that happened to them, in order. A letter can be posted again."""

from datetime import timedelta

import pytest

from shared.domain.desk_person import PersonPage
from shared.domain.ledger import KINDS, Sort, for_money, ledger
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.mailboxes import Feedback, Said
from shared.usecases.look_at_person import look_at_person
from shared.usecases.override_decision import override_decision
from shared.usecases.post_letter_again import MOST_COPIES, CannotBePosted, post_letter_again
from shared.usecases.take_feedback import Taken, take_feedback
from tests.catalogues import classes_catalogue
from tests.record_samples import SAMPLES
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
ANA = "ana@example.org"


def page_of(world: World, address: str = ANA) -> PersonPage:
    page = look_at_person(who(address), keys=[KEY], records=world.records, now=world.now)
    assert page is not None
    return page


@pytest.fixture
def season(world: World) -> World:
    """Ana paid, came, was decided, got her certificate, and her money back after all."""
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1.id}-general", ANA, 90)
    world.deliver(fact)
    world.post()
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)
    world.post()
    world.now += timedelta(hours=1)
    override_decision(
        CLASS_1.id, who(ANA), "credit", granted=True, why="She called from hospital.", by="noor",
        records=world.records, now=world.now,
    )  # fmt: skip
    world.now += timedelta(hours=1)
    world.deliver(fact.model_copy(update={"event": "evt_b", "says": "refunded", "at": world.now}))
    return world


def test_facts_decisions_letters_and_staff_stand_in_the_order_in_which_they_happened(
    season: World,
) -> None:
    lines = page_of(season).ledger

    assert [line.at for line in lines] == sorted(line.at for line in lines)
    told = "\n".join(line.text for line in lines)
    for said in ("Paid $", "A seat:", "Decided:", "Issued:", "Credit counts:", "went back"):
        assert said in told, said
    assert {line.sort for line in lines} == set(Sort)
    assert told.index("Paid") < told.index("Decided:") < told.index("went back")


def test_who_looks_after_money_reads_codes_and_nobodys_words(season: World) -> None:
    lines = page_of(season).ledger

    assert any("hospital" in line.why for line in lines)
    for line in for_money(lines):
        assert "hospital" not in line.why
        assert line.money or line.why == ", ".join(line.codes)


@pytest.mark.parametrize("of", KINDS, ids=lambda of: of.kind)
def test_every_kind_of_record_about_a_person_has_its_line_and_says_nothing_empty(
    of: type,
) -> None:
    kept = SAMPLES[of]()
    if isinstance(kept, Letter):
        kept = kept.model_copy(update={"letter": LetterKind.CONFIRMATION})

    lines = ledger([kept], {"s-1": "Class one"})

    assert lines, of.__name__
    assert all(line.text.strip() and "None" not in line.text for line in lines)


def test_what_a_person_may_open_is_not_on_the_page_of_staff(season: World) -> None:
    page = page_of(season)

    assert page.mine.token == ""
    links = [one.watch for series in page.mine.series for one in series.sessions]
    assert all("//" not in link for link in links)


def again(world: World, letter: Letter, address: str = ANA) -> Letter:
    return post_letter_again(
        letter.letter, letter.about, who(address), records=world.records, now=world.now
    )


@pytest.fixture
def confirmed(world: World) -> World:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.post()
    return world


def test_a_copy_is_a_letter_of_its_own_that_says_what_is_true_by_then(confirmed: World) -> None:
    (first,) = confirmed.letters(LetterKind.CONFIRMATION)
    again(confirmed, first)
    confirmed.post()

    ids = [envelope.letter_id for envelope, _ in confirmed.mailer.sent]
    assert ids == [f"confirmation#{first.about}", f"confirmation#{first.about}#again-1"]
    assert [one.status for one in confirmed.letters(LetterKind.CONFIRMATION)] == [
        LetterStatus.SENT,
        LetterStatus.SENT,
    ]


def test_a_copy_of_what_is_no_longer_true_is_not_sent(confirmed: World) -> None:
    (first,) = confirmed.letters(LetterKind.CONFIRMATION)
    again(confirmed, first)
    order = first.order or ""
    back = paid(CLASSES, f"{CLASS_1.id}-general", ANA, 1).model_copy(
        update={"order": order, "event": "evt_back", "says": "refunded"}
    )
    confirmed.deliver(back)
    confirmed.post()

    copies = [one for one in confirmed.letters(LetterKind.CONFIRMATION) if one.again]
    assert [one.status for one in copies] == [LetterStatus.WITHDRAWN]


def test_what_the_mail_service_says_of_a_copy_is_said_of_the_copy(confirmed: World) -> None:
    (first,) = confirmed.letters(LetterKind.CONFIRMATION)
    copy = again(confirmed, first)
    confirmed.post()
    feedback = Feedback(
        said=Said.DELIVERED,
        letter_id=f"{copy.letter}#{copy.name}",
        message_id="message-2",
        at=confirmed.now,
        addresses=(ANA,),
    )

    taken = take_feedback(feedback, records=confirmed.records, key=KEY, now=confirmed.now)

    assert taken is Taken.TAKEN
    arrived = {one.again: one.delivered_at for one in confirmed.letters(LetterKind.CONFIRMATION)}
    assert arrived == {0: None, 1: confirmed.now}


def test_one_copy_is_on_its_way_at_a_time_and_nobody_gets_them_without_end(
    confirmed: World,
) -> None:
    (first,) = confirmed.letters(LetterKind.CONFIRMATION)
    again(confirmed, first)
    with pytest.raises(CannotBePosted, match="on its way"):
        again(confirmed, first)
    confirmed.post()
    for _ in range(MOST_COPIES - 1):
        again(confirmed, first)
        confirmed.post()

    with pytest.raises(CannotBePosted, match="20 times"):
        again(confirmed, first)


def test_nobody_is_posted_somebody_elses_letter_or_one_to_staff(confirmed: World) -> None:
    (first,) = confirmed.letters(LetterKind.CONFIRMATION)

    with pytest.raises(CannotBePosted, match="no such letter"):
        again(confirmed, first, "bo@example.org")
    with pytest.raises(CannotBePosted, match="no such letter"):
        post_letter_again(
            LetterKind.STAFF_CLOSE, first.about, who(ANA),
            records=confirmed.records, now=confirmed.now,
        )  # fmt: skip
