"""One promise, two tables: the one in memory and DynamoDB keep the same records the same way."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest
from botocore.exceptions import ClientError
from pydantic import BaseModel

from shared.adapters.memory import MemoryRecords
from shared.domain.attendance import AttendanceReport, PresenceRow
from shared.domain.credit import Verdict
from shared.domain.payments import EventMarker, Order, OrderStatus
from shared.domain.record import Key, Record
from shared.domain.recordings import Recording
from shared.domain.registrations import Grant, Learner, Registration, SeatChange, SeatCount
from shared.domain.sessions import OfferPointer, Series, SeriesRevision, SessionState, open_session
from shared.failures import Conflict, SoldOut
from shared.ports import Records
from shared.usecases.hold_back import HeldBack
from tests.cloud import Cloud
from tests.record_samples import EMPTIED, NOW, SAMPLES, a_marker, a_registration


@pytest.fixture(params=["memory", "dynamodb", "held back"])
def records(request: pytest.FixtureRequest) -> Records:
    """Both twins, one after the other, and writes that are held back over them."""
    if request.param == "memory":
        return MemoryRecords()
    if request.param == "held back":
        return HeldBack(MemoryRecords())
    cloud: Cloud = request.getfixturevalue("cloud")
    return cloud.records


def test_every_kind_of_record_is_tried_here() -> None:
    assert set(SAMPLES) == {of for of in _kinds(Record) if "kind" in vars(of)}


@pytest.mark.parametrize("key", [Key("", "ORDER"), Key("ORDER#x", ""), Key("", "")])
def test_under_an_empty_key_stands_nothing(records: Records, key: Key) -> None:
    assert records.get(key, Order) is None


def test_nobody_without_an_id_has_anything(records: Records) -> None:
    assert records.of_learner("", Order) == []
    assert records.page_of("", (Order,)) == []


def test_nothing_kept_must_be_said_that_may_be_nothing() -> None:
    """A table keeps no nothings: what may be one has to be one where it is not said."""
    wrong = {f"{of.__name__}.{name}" for of in SAMPLES for name in _left_out(of, set())}
    assert wrong == set()


def _left_out(of: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    seen.add(of)
    for name, told in of.model_fields.items():
        if told.is_required() and type(None) in get_args(told.annotation):
            yield name
        for one in _within(told.annotation):
            if one not in seen:
                yield from _left_out(one, seen)


def _within(of: Any) -> Iterator[type[BaseModel]]:
    if isinstance(of, type) and issubclass(of, BaseModel):
        yield of
    for part in get_args(of):
        yield from _within(part)


def _kinds(of: type[Record]) -> set[type[Record]]:
    return set(of.__subclasses__()).union(*map(_kinds, of.__subclasses__()))


@pytest.mark.parametrize("of", SAMPLES, ids=lambda of: of.kind)
def test_what_is_kept_comes_back_as_it_was(records: Records, of: type[Record]) -> None:
    kept = SAMPLES[of]()

    records.commit(kept)

    assert records.get(kept.key(), of) == kept.committed()


@pytest.mark.parametrize("emptied", EMPTIED)
def test_what_was_erased_can_still_be_read(records: Records, emptied: Callable[[], Record]) -> None:
    kept = emptied()

    records.commit(kept)

    assert records.get(kept.key(), type(kept)) == kept.committed()


def test_what_may_be_missing_may_be_left_out() -> None:
    """What is not there is not written, so reading it back must not ask for it."""
    missing = [
        f"{of.__name__}.{name}"
        for of in _kinds(Record)
        for name, field in of.model_fields.items()
        if field.is_required() and type(None) in get_args(field.annotation)
    ]

    assert missing == []


def test_where_nothing_is_kept_there_is_nothing(records: Records) -> None:
    assert records.get(Key("SESSION#s-1", "REG#l-1"), Registration) is None
    assert list(records.find("SESSION#s-1", Registration)) == []
    assert records.of_learner("l-1", Registration) == []
    assert records.waiting("review", NOW, Order) == []


def test_a_record_is_found_as_what_it_is_and_not_as_something_else(records: Records) -> None:
    records.commit(a_registration())

    assert records.get(a_registration().key(), Order) is None
    assert list(records.find("SESSION#s-1", SessionState)) == []


def test_records_of_a_place_come_in_order_and_only_those_asked_for(records: Records) -> None:
    learners = ["l-3", "l-1", "l-22", "l-2"]
    records.commit(*(a_registration(learner=learner) for learner in learners))
    records.commit(a_registration(session="s-10"), SAMPLES[SessionState](), SAMPLES[Recording]())

    found = [r.learner for r in records.find("SESSION#s-1", Registration)]
    begun = [r.learner for r in records.find("SESSION#s-1", Registration, "REG#l-2")]

    assert found == ["l-1", "l-2", "l-22", "l-3"]
    assert begun == ["l-2", "l-22"]
    assert [r.name for r in records.find("SESSION#s-1", Recording)] == ["main.mp4"]


def test_what_comes_behind_a_record_is_found_and_no_more(records: Records) -> None:
    learners = ["l-1", "l-2", "l-22", "l-3"]
    records.commit(*(a_registration(learner=learner) for learner in learners))
    records.commit(a_registration(session="s-10"), SAMPLES[SessionState](), SAMPLES[Recording]())
    for place, learner in enumerate(learners):
        after = a_registration(learner=learner).key().sort
        found = records.find("SESSION#s-1", Registration, "REG#", after)
        assert [r.learner for r in found] == learners[place + 1 :]


def test_a_page_is_as_long_as_asked_for_and_the_next_begins_behind_it(records: Records) -> None:
    learners = [f"l-{n:02}" for n in range(7)]
    records.commit(*(a_registration(learner=learner) for learner in learners))
    records.commit(SAMPLES[SessionState](), SAMPLES[Recording]())

    pages, after = [], ""
    while page := records.page("SESSION#s-1", Registration, "REG#", after, most=3):
        pages.append([one.learner for one in page])
        after = page[-1].key().sort

    assert pages == [learners[:3], learners[3:6], learners[6:]]


def test_many_are_got_at_once_and_who_is_not_there_is_left_out(records: Records) -> None:
    kept = [a_registration(learner=f"l-{n}") for n in range(3)]
    records.commit(*kept[:2], SAMPLES[Order]())
    keys = [one.key() for one in (*kept, SAMPLES[Order]())]

    assert records.get_all(keys, Registration) == {one.key(): one.committed() for one in kept[:2]}
    assert records.get_all([], Registration) == {}
    order = SAMPLES[Order]().model_copy(update={"order": "o-of-another-kind"})
    records.commit(order)
    wanted: dict[Key, type[Record]] = {
        kept[0].key(): Registration,
        order.key(): Order,
        kept[1].key(): Order,
        Key("SESSION#s-1", "REG#nobody"): Registration,
    }
    assert records.get_each(wanted) == {
        kept[0].key(): kept[0].committed(),
        order.key(): order.committed(),
    }
    assert records.get_each({}) == {}
    with pytest.raises(ValueError, match="101"):
        records.get_each({Key("SESSION#s-1", f"REG#{n}"): Registration for n in range(101)})
    with pytest.raises(ValueError, match="101 records"):
        records.get_all([Key("SESSION#s-1", f"REG#{n}") for n in range(101)], Registration)


def test_more_than_fits_into_one_answer_is_found_all_the_same(records: Records) -> None:
    many = [
        AttendanceReport(
            session="s-1", report=f"{n:02}", uploaded_at=NOW, people=0, file="x" * 60_000,
            waiting="many", waiting_since=NOW.isoformat(), learner="l-1",
        )
        for n in range(40)
    ]  # fmt: skip
    records.put_all(many)

    assert len(list(records.find("SESSION#s-1", AttendanceReport))) == 40
    assert len(records.waiting("many", NOW, AttendanceReport)) == 40
    assert len(records.of_learner("l-1", AttendanceReport)) == 40


def test_a_series_and_its_revisions_are_told_apart(records: Records) -> None:
    records.commit(SAMPLES[Series](), SAMPLES[SeriesRevision]())

    assert len(list(records.find("SERIES#idha-2025", Series))) == 1
    assert len(list(records.find("SERIES#idha-2025", SeriesRevision))) == 1
    assert records.get(SAMPLES[SeriesRevision]().key(), Series) is None


def test_everything_about_a_person_is_on_their_page_and_nothing_else(records: Records) -> None:
    mine = [a_registration(), SAMPLES[Order](), SAMPLES[Verdict](), SAMPLES[Learner]()]
    records.commit(*mine, a_registration(learner="l-2"), a_marker())

    for kept in mine:
        assert records.of_learner("l-1", type(kept)) == [kept.committed()]
    found = records.page_of("l-1", (Registration, Order, Verdict))
    assert sorted(found, key=str) == sorted((one.committed() for one in mine[:3]), key=str)
    assert records.page_of("l-3", (Registration, Order, Verdict)) == []


def test_what_waits_comes_oldest_first_until_it_is_cleared(records: Records) -> None:
    ends = [NOW + timedelta(hours=hours) for hours in (3, 1, 2)]
    states = [open_session(f"s-{at}", "x-2025", end) for at, end in enumerate(ends)]
    records.commit(*states, SAMPLES[Order]())

    def waiting(hours: float) -> list[str]:
        until = NOW + timedelta(hours=hours)
        return [record.session for record in records.waiting("session", until, SessionState)]

    assert waiting(0.99) == []
    assert waiting(1) == ["s-1"]
    assert waiting(9) == ["s-1", "s-2", "s-0"]
    kept = records.get(states[2].key(), SessionState)
    assert kept is not None
    records.commit(kept.model_copy(update={"waiting": None, "waiting_since": None}))
    assert waiting(9) == ["s-1", "s-0"]


def test_what_has_no_since_does_not_wait(records: Records) -> None:
    records.commit(SAMPLES[Order]().model_copy(update={"waiting_since": None}))

    assert records.waiting("review", NOW, Order) == []


def test_a_commit_is_all_or_nothing(records: Records) -> None:
    records.commit(a_marker("evt_1"))

    with pytest.raises(Conflict):
        records.commit(a_registration(), a_marker("evt_1"))

    assert records.get(a_registration().key(), Registration) is None


def test_who_saves_what_has_changed_since_is_told_and_overwrites_nothing(
    records: Records,
) -> None:
    records.commit(a_registration())
    read = records.get(a_registration().key(), Registration)
    assert read is not None and read.version == 1
    records.commit(read.granted_by("order-2", Grant(tier="reduced", status=OrderStatus.PAID)))

    with pytest.raises(Conflict):
        records.commit(read.granted_by("order-3", Grant(tier="late", status=OrderStatus.PAID)))

    kept = records.get(read.key(), Registration)
    assert kept is not None
    assert (kept.version, set(kept.grants)) == (2, {"order-1", "order-2"})


def test_who_saves_what_was_never_there_is_told(records: Records) -> None:
    with pytest.raises(Conflict):
        records.commit(a_registration(version=3))


def test_one_record_twice_in_one_commit_is_refused_and_nothing_is_saved(records: Records) -> None:
    with pytest.raises((ValueError, ClientError)):
        records.commit(a_marker(), a_registration(), a_registration())

    assert records.get(a_marker().key(), EventMarker) is None


def test_ninety_changes_fit_into_one_commit(records: Records) -> None:
    records.commit(*(OfferPointer(offer_id=f"plink_{n:02}", series="x") for n in range(90)))

    assert records.get(OfferPointer.key_of("plink_89"), OfferPointer) is not None


def test_many_rows_are_put_at_once_and_again_without_harm(records: Records) -> None:
    rows = [
        PresenceRow(session="s-1", report="abc", learner=f"l-{n:03}", rows=()) for n in range(60)
    ]

    for _ in range(2):
        records.put_all(iter(rows))

    found = list(records.find("SESSION#s-1", PresenceRow, PresenceRow.prefix_of("abc")))
    assert [row.learner for row in found] == [row.learner for row in rows]
    assert {row.version for row in found} == {1}


def _seat(by: int = 1, capacity: int = 2) -> SeatChange:
    return SeatChange(session="s-1", by=by, capacity=capacity)


def _taken(records: Records) -> int | None:
    count = records.get(SeatCount.key_of("s-1"), SeatCount)
    return count.taken if count else None


def test_the_last_seat_is_sold_once_and_nothing_is_written_for_who_comes_after(
    records: Records,
) -> None:
    for learner in ("l-1", "l-2"):
        records.commit(a_registration(learner=learner), seats=[_seat()])

    with pytest.raises(SoldOut) as sold_out:
        records.commit(a_registration(learner="l-3"), seats=[_seat()])

    assert sold_out.value.session == "s-1"
    assert _taken(records) == 2
    assert records.get(Registration.key_of("s-1", "l-3"), Registration) is None


def test_a_seat_that_is_given_back_can_be_sold_again(records: Records) -> None:
    for seat in (_seat(), _seat(), _seat(by=-1), _seat()):
        records.commit(seats=[seat])

    assert _taken(records) == 2


def test_a_seat_can_be_given_back_in_a_class_that_was_made_smaller(records: Records) -> None:
    for _ in range(5):
        records.commit(seats=[_seat(capacity=5)])

    records.commit(a_registration(), seats=[_seat(by=-1, capacity=2)])

    assert _taken(records) == 4
    with pytest.raises(SoldOut):
        records.commit(seats=[_seat(capacity=2)])


def test_a_conflict_is_told_as_a_conflict_even_where_seats_are_gone(records: Records) -> None:
    records.commit(a_registration(), seats=[_seat(capacity=1)])

    with pytest.raises(Conflict):
        records.commit(a_registration(), seats=[_seat(capacity=1)])
