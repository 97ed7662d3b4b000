"""The accreditor's list: one row for each person and licence, true to what was decided."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from shared.adapters.accreditor_csv import accreditor_csv
from shared.domain.accreditor_export import COLUMNS
from shared.domain.particulars import Licence, Particulars
from shared.domain.registrations import Learner
from shared.usecases.export_session import export_session
from shared.usecases.list_desk import list_for_accreditor
from tests.catalogues import classes_catalogue
from tests.desk import Counted
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
HOSTILE = (
    '=HYPERLINK("http://evil.example")', "+1+1", "-2", "@SUM(A1)", "|cmd", "\t=1", "\r=1",
    "O'Brien, \"Ana\"\r\nBcc: x", "प्रियंका मित्तक", "#panic[*x*]",
)  # fmt: skip


@pytest.fixture
def closed(world: World) -> World:
    """Class 1 is closed: Ana was there and holds two licences, Bo left after half."""
    world.publish(CLASSES)
    for name in ("ana", "bo"):
        world.pay(CLASSES, f"{CLASS_1.id}-general", f"{name}@example.org")
    two = (
        Licence(profession="Social Workers", state="NY", number="012345"),
        Licence(profession="Psychologists", state="NJ", number="=9"),
    )
    world.records.commit(
        Particulars(learner=who("ana@example.org"), licences=two, told_at=world.now)
    )
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    start = CLASS_1.starts_at
    world.report(
        CLASS_1.id,
        [
            ("ana@example.org", start + timedelta(seconds=63), CLASS_1.ends_at),
            ("bo@example.org", start, start + timedelta(minutes=75)),
        ],
    )
    world.close(CLASS_1.id)
    return world


def _exported(world: World) -> list[dict[str, str]]:
    told = export_session(
        CLASS_1.id, "csv", write=accreditor_csv,
        records=world.records, documents=world.documents, now=world.now,
    )  # fmt: skip
    content = world.documents.objects[str(told["key"])]
    assert content.startswith(b"\xef\xbb\xbf")
    assert str(told["key"]).startswith(f"exports/{CLASS_1.id}/")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == told["rows"]
    return rows


def test_there_is_a_row_for_each_licence_with_times_minutes_and_number(closed: World) -> None:
    rows = _exported(closed)

    assert list(rows[0]) == list(COLUMNS)
    ana = [row for row in rows if row["Name"] == "Ana"]
    assert [(row["Profession"], row["License state"]) for row in ana] == [
        ("Social Workers", "NY"),
        ("Psychologists", "NJ"),
    ]
    (number,) = {c.text.number for c in closed.certificates()}
    for row in ana:
        assert row["Signed in"] == "2025-06-22 12:01:03"
        assert row["Signed out"] == "2025-06-22 14:30:00"
        assert (row["Minutes"], row["Attended"], row["Certificate"]) == ("148", "yes", "given")
        assert row["Certificate number"] == number


def test_who_got_none_is_on_the_list_with_the_reason(closed: World) -> None:
    (bo,) = [row for row in _exported(closed) if row["Name"] == "Bo"]

    assert (bo["Attended"], bo["Certificate"], bo["Certificate number"]) == ("no", "no", "")
    assert "You left at" in bo["Reasons"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_formula_or_a_second_line(closed: World, name: str) -> None:
    key = Learner.key_of(who("bo@example.org"))
    known = closed.records.get(key, Learner)
    assert known is not None
    closed.records.commit(known.model_copy(update={"name": name}))

    rows = _exported(closed)

    assert len(rows) == 3, "two licences and one person without"
    for cell in (cell for row in rows for cell in row.values()):
        number = cell.removeprefix("-").isdigit()  # "-2" is a number to a spreadsheet, and no more
        assert number or not cell.startswith(("=", "+", "-", "@", "|", "%", "\t", "\r"))
        assert "\n" not in cell


def test_a_licence_number_that_is_a_formula_is_text(closed: World) -> None:
    assert "'=9" in [row["License number"] for row in _exported(closed)]


def test_no_address_and_no_id_is_on_the_list(closed: World) -> None:
    text = str(_exported(closed))

    assert "example.org" not in text
    assert who("ana@example.org") not in text


@pytest.mark.parametrize("session", ["no-such", CLASSES.sessions[1].id])
def test_a_session_of_which_nothing_is_decided_has_no_list(closed: World, session: str) -> None:
    with pytest.raises(LookupError):
        export_session(
            session, "csv", write=accreditor_csv,
            records=closed.records, documents=closed.documents, now=closed.now,
        )  # fmt: skip


def test_the_desk_shows_the_same_list_by_name_and_asks_for_a_hundred_people_at_once(
    closed: World,
) -> None:
    counted = Counted(closed.records)

    listed = list_for_accreditor(CLASS_1.id, records=counted)

    assert listed is not None
    exported = {tuple(row.values()) for row in _exported(closed)}
    assert {tuple(str(cell) for cell in row) for row in listed.rows} == {
        tuple(cell.lstrip("'") if cell.startswith("'=") else cell for cell in row)
        for row in exported
    }
    assert [row[0] for row in listed.rows] == sorted(row[0] for row in listed.rows)
    assert counted.asked.count("get_all") == 2
    assert list_for_accreditor("no-such-class", records=closed.records) is None
