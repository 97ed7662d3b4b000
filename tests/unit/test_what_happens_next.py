"""What happens next stands on a person's own page with dates, computed from the schedules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.awards import Award, AwardStatus
from shared.domain.letters import LetterKind, LetterStatus, owe
from shared.domain.mailboxes import Mailbox
from shared.domain.money import Money
from shared.domain.record import Key, Record
from shared.ports import R
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.unit.test_my_page_shows_what_is_mine import ANA, page_of
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
PART_1 = UNIT.sessions[0]


@pytest.fixture
def registered(world: World) -> World:
    """Ana paid the general rate of class 1."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    return world


def _whats(world: World) -> list[str]:
    return [one.what for one in page_of(world).next]


def test_before_class_it_says_when_it_begins_when_letters_come_and_when_it_is_decided(
    registered: World,
) -> None:
    ahead = page_of(registered).next

    by_what = {one.what: one.at for one in ahead}
    hours = max(CLASSES.policies.reminder_hours_before)
    within = CLASSES.policies.attendance.report_within_hours
    assert by_what["reminder"] == CLASS_1.starts_at - timedelta(hours=hours)
    assert by_what["starts"] == CLASS_1.starts_at
    assert by_what["decided"] == CLASS_1.ends_at + timedelta(hours=within)
    assert [one.at for one in ahead] == sorted(one.at for one in ahead)


def test_a_class_that_moves_moves_every_date_that_hangs_on_it(registered: World) -> None:
    before = {one.what: one.at for one in page_of(registered).next}
    later = CLASS_1.model_copy(
        update={
            "starts": CLASS_1.starts + timedelta(days=1),
            "ends": CLASS_1.ends + timedelta(days=1),
        }
    )
    moved = CLASSES.model_copy(update={"sessions": (later, *CLASSES.sessions[1:])})
    registered.wait(hours=1)
    registered.publish(moved)

    after = {one.what: one.at for one in page_of(registered).next}

    assert after == {what: at + timedelta(days=1) for what, at in before.items()}


def test_what_is_over_is_not_ahead_and_the_end_of_a_recording_is(world: World) -> None:
    world.publish(UNIT)
    world.pay(UNIT, UNIT.prices[0].id, ANA)
    world.now = PART_1.ends_at + timedelta(hours=1)

    ahead = [one for one in page_of(world).next if PART_1.title in one.text]

    assert "starts" not in {one.what for one in ahead}
    (ends,) = [one.at for one in ahead if one.what == "recording_ends"]
    assert ends == UNIT.recording_closes_at(PART_1.id)
    world.now = ends
    left = [one.what for one in page_of(world).next if PART_1.title in one.text]
    assert "recording_ends" not in left


def test_who_wants_no_reminders_is_told_of_none(registered: World) -> None:
    assert "reminder" in _whats(registered)
    mailbox = Mailbox(learner=who(ANA), address_id="id", unsubscribed_at=registered.now)
    registered.records.commit(mailbox)

    assert "reminder" not in _whats(registered)
    assert page_of(registered).reminded is False


def test_a_scholarship_stands_there_before_it_brings_a_seat(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.publish(UNIT)
    amount = Money(minor=5000, currency="USD")
    award = Award(
        series=UNIT.series.id, learner=who(ANA), reference="S-ABCDEFGH", amount=amount,
        to_pay=Money(minor=0, currency="USD"), covers=UNIT.prices[0].id, credit=True,
        offered_at=world.now, answer_by=world.now + timedelta(days=7),
    )  # fmt: skip
    world.records.commit(award)

    view = page_of(world)

    ((catalogue, mine),) = view.awards
    assert (catalogue.series.id, mine.award.status) == (UNIT.series.id, AwardStatus.OFFERED)
    assert mine.link.endswith(f"/application/{UNIT.series.id}/S-ABCDEFGH")
    assert [one.at for one in view.next if one.what == "award_answer"] == [award.answer_by]


def test_letters_stand_there_with_what_became_of_them_and_staffs_do_not(
    registered: World,
) -> None:
    registered.post()
    staffs = owe(
        LetterKind.STAFF_ADDRESS, "x", registered.now, learner=who(ANA), series=CLASSES.series.id
    )
    gone = owe(
        LetterKind.REMINDER, "y", registered.now, learner=who(ANA), series=CLASSES.series.id
    ).withdrawn("It would come too late.")
    registered.records.commit(staffs, gone)

    (letter,) = page_of(registered).letters

    assert (letter.letter, letter.status) == (LetterKind.CONFIRMATION, LetterStatus.SENT)


class _Counting(MemoryRecords):
    """Records that count how often they were asked, and how much they answered."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[str] = Counter()

    def get(self, key: Key, of: type[R]) -> R | None:
        self.reads["get"] += 1
        return super().get(key, of)

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        found = list(super().find(partition, of, prefix, after))
        self.reads.update(asked=1, found=len(found))
        return iter(found)

    def page_of(self, learner: str, kinds: Sequence[type[Record]]) -> list[Record]:
        found = super().page_of(learner, kinds)
        self.reads.update(page=1, found=len(found))
        return found


def test_the_page_is_read_from_as_few_records_however_many_others_there_are() -> None:
    records = _Counting()
    world = World(records=records)
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    records.reads.clear()
    page_of(world)
    alone = dict(records.reads)
    for number in range(40):
        world.pay(CLASSES, f"{CLASS_1.id}-general", f"other-{number}@example.org")
    records.reads.clear()
    page_of(world)

    # One lookup by person; by key: them, their mailbox, particulars, the series, and for their one
    # session the link to its recording. Two partitions are begun for what is shared of it.
    assert dict(records.reads) == alone
    assert records.reads["page"] == 1 and records.reads["get"] <= 6
