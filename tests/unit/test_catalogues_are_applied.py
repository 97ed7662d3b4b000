"""Staff see what a file would change, and apply it with one press; nobody overwrites anybody."""

from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.catalogue_yaml import line_of, read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.desk_catalogue import CatalogueApplied, ComparedView
from shared.domain.letters import LetterKind
from shared.domain.sessions import Series
from shared.usecases.apply_catalogue import CannotBeApplied, apply_catalogue
from shared.usecases.compare_catalogue import compare_catalogue
from shared.usecases.look_at_catalogue import look_at_catalogue, look_at_catalogues
from shared.usecases.publish_catalogue import Published, Upload, publish_catalogue
from tests.catalogues import classes_catalogue
from tests.world import World

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
NAME = CLASSES.series.id
KEY = "catalogue/series.yaml"
ANA, BO = "ana@example.org", "bo@example.org"


def _file(catalogue: Catalogue) -> bytes:
    return catalogue.model_dump_json(exclude_none=True).encode()


def _moved(minutes: int = 30) -> bytes:
    by = timedelta(minutes=minutes)
    moved = {"starts": CLASS_1.starts + by, "ends": CLASS_1.ends + by}
    return _file(
        CLASSES.model_copy(
            update={"sessions": (CLASS_1.model_copy(update=moved), *CLASSES.sessions[1:])}
        )
    )


def _arrive(world: World, key: str = KEY) -> Published:
    """The event of an upload: what stands there now is published."""
    return publish_catalogue(
        Upload(key, world.now, world.uploads.objects[key]),
        read=Catalogue.model_validate_json,
        line_of=lambda _content, _path: 7,
        records=world.records,
        files=world.uploads,
        schedules=world.schedules,
        now=world.now,
    )


def _compare(world: World, content: bytes) -> ComparedView:
    return compare_catalogue(
        content,
        read=Catalogue.model_validate_json,
        line_of=lambda _content, _path: 7,
        records=world.records,
        now=world.now,
    )


def _apply(world: World, content: bytes, over: str, by: str = "noor") -> str:
    return apply_catalogue(
        content,
        over=over,
        by=by,
        read=Catalogue.model_validate_json,
        records=world.records,
        files=world.uploads,
        now=world.now,
    )


def _revision(world: World) -> str:
    series = world.records.get(Series.key_of(NAME), Series)
    assert series is not None
    return series.revision


@pytest.fixture
def on_sale(world: World) -> World:
    """A series was published from a file, and two people have a seat in the first class."""
    world.uploads.objects[KEY] = _file(CLASSES)
    _arrive(world)
    for address in (ANA, BO):
        world.pay(CLASSES, f"{CLASS_1.id}-general", address)
    world.post()
    return world


def test_a_moved_class_is_compared_applied_published_and_told_to_exactly_those_it_concerns(
    on_sale: World,
) -> None:
    world = on_sale
    compared = _compare(world, _moved())
    (change,) = compared.changes
    assert "moves by 30 minutes: 2 people will get a letter" in change.text
    assert compared.letters == 2

    assert _apply(world, _moved(), compared.over) == NAME
    assert world.letters(LetterKind.MOVED) == []  # it is published by its event, and not before
    assert _arrive(world).outcome == "applied"
    world.wait(minutes=11)
    world.tell()
    world.post()

    assert len(world.letters(LetterKind.MOVED)) == compared.letters


def test_comparing_writes_nothing(on_sale: World) -> None:
    kept = dict(on_sale.records._kept)
    _compare(on_sale, _moved())

    assert on_sale.records._kept == kept
    assert [key for key in on_sale.uploads.objects if "report" not in key] == [KEY]


def test_a_file_that_is_not_understood_is_answered_with_its_lines(world: World) -> None:
    compared = compare_catalogue(
        b"series: [",
        read=read_catalogue,
        line_of=line_of,
        records=world.records,
        now=world.now,
    )

    assert compared.questions
    assert compared.changes == ()
    assert compared.text == "series: ["


def test_what_cannot_be_done_to_a_series_on_sale_is_asked_before_it_is_applied(
    on_sale: World,
) -> None:
    prices = tuple(o for o in CLASSES.prices if CLASS_1.id not in o.sessions)
    without = CLASSES.model_copy(update={"sessions": CLASSES.sessions[1:], "prices": prices})
    compared = _compare(on_sale, _file(without))

    (asked,) = compared.questions
    assert asked.line == 7
    assert "people are registered for it" in asked.text


def test_the_same_file_is_the_same(on_sale: World) -> None:
    compared = _compare(on_sale, _file(CLASSES))

    assert compared.same
    assert compared.changes == ()
    with pytest.raises(CannotBeApplied, match="holds already"):
        _apply(on_sale, _file(CLASSES), compared.over)


def test_what_was_compared_with_an_earlier_file_is_not_applied(on_sale: World) -> None:
    world = on_sale
    over = _revision(world)
    _apply(world, _moved(10), over)
    world.wait(seconds=5)
    _arrive(world)

    with pytest.raises(CannotBeApplied, match="since you compared"):
        _apply(world, _moved(20), over)
    assert world.uploads.objects[KEY] == _moved(10)


def test_while_one_file_is_being_published_no_other_takes_its_place(on_sale: World) -> None:
    world = on_sale
    over = _revision(world)
    _apply(world, _moved(10), over)

    with pytest.raises(CannotBeApplied, match="noor has just applied another file"):
        _apply(world, _moved(20), over, by="ida")
    assert world.uploads.objects[KEY] == _moved(10)


def test_a_file_that_was_never_published_does_not_bar_the_way_for_ever(on_sale: World) -> None:
    world = on_sale
    over = _revision(world)
    _apply(world, _moved(10), over)
    world.wait(minutes=3)

    _apply(world, _moved(20), over, by="ida")
    assert world.uploads.objects[KEY] == _moved(20)


def test_an_application_that_was_cut_off_before_the_upload_is_done_when_asked_again(
    on_sale: World,
) -> None:
    world = on_sale
    over = _revision(world)
    _apply(world, _moved(), over)
    world.uploads.objects[KEY] = _file(CLASSES)  # the upload did not come to pass

    _apply(world, _moved(), over)
    assert world.uploads.objects[KEY] == _moved()


def test_a_new_series_goes_to_a_file_of_its_own_name(world: World) -> None:
    compared = _compare(world, _file(CLASSES))
    assert (compared.over, compared.series) == ("", NAME)

    _apply(world, _file(CLASSES), compared.over)
    assert _arrive(world, f"catalogue/{NAME}.yaml").outcome == "applied"


def test_who_applied_what_over_what_is_kept(on_sale: World) -> None:
    over = _revision(on_sale)
    _apply(on_sale, _moved(), over)

    kept = on_sale.records.get(CatalogueApplied.key_of(NAME), CatalogueApplied)
    assert kept is not None
    assert (kept.by, kept.over, kept.at) == ("noor", over, on_sale.now)


def test_staff_see_the_file_that_holds_in_its_own_words(on_sale: World) -> None:
    view = _look(on_sale)

    assert view.text == _file(CLASSES).decode()
    assert (view.file, view.revision) == (KEY, _revision(on_sale))
    assert view.applied is None


def test_staff_see_that_a_file_is_on_its_way_and_then_that_it_was_refused_and_why(
    on_sale: World,
) -> None:
    world = on_sale
    _apply(world, _moved(), _revision(world))
    assert _look(world).on_its_way

    world.uploads.objects[f"{KEY}.report.txt"] = b"Nothing was changed.\n\nLine 3: why?\n"
    world.wait(minutes=3)
    view = _look(world)
    assert not view.on_its_way
    assert "Line 3" in view.report


def test_a_file_that_was_replaced_by_another_that_does_not_hold_is_not_shown(
    on_sale: World,
) -> None:
    on_sale.uploads.objects[KEY] = b"something else"

    assert _look(on_sale).text == ""


def test_every_series_is_listed(on_sale: World) -> None:
    (line,) = look_at_catalogues(records=on_sale.records)

    assert (line.series, line.title) == (NAME, CLASSES.series.title)


def test_of_a_series_that_is_not_there_nothing_is_shown(world: World) -> None:
    assert (
        look_at_catalogue("none", records=world.records, files=world.uploads, now=world.now) is None
    )


def _look(world: World) -> Any:
    view = look_at_catalogue(NAME, records=world.records, files=world.uploads, now=world.now)
    assert view is not None
    return view


def test_rules_that_would_decide_somebody_otherwise_name_them(on_sale: World) -> None:
    world = on_sale
    world.now = CLASS_1.ends_at
    late = CLASS_1.starts_at + timedelta(minutes=12)
    world.report(
        CLASS_1.id,
        [(ANA, CLASS_1.starts_at, CLASS_1.ends_at), (BO, late, CLASS_1.ends_at)],
    )
    world.close(CLASS_1.id)
    stricter = CLASSES.policies.attendance.model_copy(update={"grace_late": 5})
    policies = CLASSES.policies.model_copy(update={"attendance": stricter})

    compared = _compare(world, _file(CLASSES.model_copy(update={"policies": policies})))

    (one,) = compared.otherwise
    assert one.session == CLASS_1.title
    assert one.now.startswith("a certificate")
    assert one.then.startswith("no certificate")
    assert [(one.session, one.people, one.tried, one.otherwise) for one in compared.tried] == [
        (CLASS_1.title, 2, 2, 1)
    ]
    assert compared.unnamed == 0
