"""A coordinator changes a catalogue at the desk: what changes is said first, then one press."""

import html
import re
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from shared.domain.audits import Audit, CameOf
from shared.domain.sessions import CatalogueFile, Series
from shared.domain.staff import Role
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.reading import Reader
from tests.season import open_season
from tests.staff import Answer, Browser, signed_in

SERIES, KEY = "idha-2025", "catalogue/idha-2025.yaml"
PAGE = f"/staff/catalogue/{SERIES}"
COMPARE, APPLY = "/staff/acts/compare-catalogue", "/staff/acts/apply-catalogue"


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """A series was published from a file, and three people have a seat in its first class."""
    open_season(cloud)
    put = cloud.publish(SERIES)["detail"]["object"]  # what was played before has no files
    series = cloud.records.get(Series.key_of(SERIES), Series)
    assert series is not None
    file = CatalogueFile(key=put["key"], version=put["version-id"])
    cloud.records.commit(series.model_copy(update={"file": file}))
    return cloud


@pytest.fixture
def noor(season: Cloud) -> Browser:
    """A coordinator, who is signed in."""
    return signed_in(season, Role.COORDINATOR, name="noor@idha.example")


def _file(cloud: Cloud) -> str:
    kept: Any = cloud.s3.get_object(Bucket=ENVIRON["UPLOADS_BUCKET"], Key=KEY)
    return str(kept["Body"].read().decode())


def _moved(cloud: Cloud, start: str = "12:30", end: str = "15:00") -> str:
    text = _file(cloud).replace("2025-06-22 12:00", f"2025-06-22 {start}")
    return text.replace("2025-06-22 14:30", f"2025-06-22 {end}")


def _hidden(page: str) -> dict[str, str]:
    """What the form that applies holds."""
    form = page[page.index("apply-catalogue") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def _apply(browser: Browser, compared: Answer, **changes: str) -> Answer:
    sent = {**_hidden(compared.body), "why": "The teacher asked for it.", **changes}
    del sent["once"]
    return browser.send(APPLY, **sent)  # type: ignore[arg-type]


def _revision(cloud: Cloud) -> str:
    series = cloud.records.get(Series.key_of(SERIES), Series)
    assert series is not None
    return series.revision


def test_the_file_that_holds_is_shown_and_can_be_fetched(season: Cloud, noor: Browser) -> None:
    page = noor.get(PAGE)
    file = noor.get(f"{PAGE}/file")

    assert page.status == file.status == 200
    assert Reader(page.body).open == []
    assert file.body == _file(season)
    assert file.headers["Content-Disposition"] == 'attachment; filename="idha-2025.yaml"'
    shown = page.body.partition('autocomplete="off" aria-describedby="text-hint">\n')[2]
    assert html.unescape(shown.partition("</textarea>")[0]) == _file(season)
    assert f'href="../staff/catalogue/{SERIES}"' in noor.get("/staff/catalogue").body


def test_a_moved_class_is_compared_and_applied_and_published_by_its_event(
    season: Cloud, noor: Browser
) -> None:
    before, moved = _revision(season), _moved(season)
    compared = noor.send(COMPARE, text=moved, back=PAGE)

    assert compared.status == 200
    text = Reader(compared.body).text
    assert "Class 1 moves by 30 minutes: 3 people will get a letter." in text
    assert "3 letters go out because of this." in text
    assert _file(season) != moved  # nothing was done yet

    answer = _apply(noor, compared)
    assert answer.status == 303
    assert answer.headers["Location"] == f"../../staff/catalogue/{SERIES}"
    assert _file(season) == moved  # with the ends of lines that files have
    assert "is being published" in noor.get(PAGE).body

    season.wait(seconds=2)
    publish(season.upload(KEY, moved.encode()), CONTEXT)
    assert _revision(season) != before
    assert "is being published" not in noor.get(PAGE).body
    assert html.escape("2025-06-22 12:30") in noor.get(PAGE).body


def test_a_file_that_was_chosen_counts_instead_of_the_text(season: Cloud, noor: Browser) -> None:
    chosen = _moved(season).replace("\n", "\r\n").encode()

    compared = noor.send(COMPARE, text=_file(season), back=PAGE, file=chosen)

    assert "moves by 30 minutes" in Reader(compared.body).text
    assert _apply(noor, compared).status == 303
    assert _file(season) == _moved(season)


def test_a_file_with_questions_is_shown_again_with_its_lines(season: Cloud, noor: Browser) -> None:
    wrong = _file(season).replace("America/New_York", "EST")
    answer = noor.send(COMPARE, text=wrong, back=PAGE)

    assert answer.status == 422
    assert "Did you mean America/New_York?" in html.unescape(answer.body)
    assert "Line " in answer.body
    assert html.escape("EST") in answer.body
    assert "apply-catalogue" not in answer.body


@pytest.mark.parametrize("file", [b"\xff\xfe\x00broken", b"\x00" * 300_000, b"- - -", b"[]"])
def test_whatever_is_no_catalogue_is_asked_about_and_nothing_breaks(
    season: Cloud, noor: Browser, file: bytes
) -> None:
    answer = noor.send(COMPARE, back=PAGE, text="", file=file)

    assert answer.status == 422
    assert "Nothing was changed" in answer.body


def test_what_was_compared_with_an_earlier_file_is_not_applied(
    season: Cloud, noor: Browser
) -> None:
    mine = noor.send(COMPARE, text=_moved(season), back=PAGE)
    season.wait(minutes=5)
    theirs = _moved(season, "13:00", "15:30")
    publish(season.upload(KEY, theirs.encode()), CONTEXT)

    refused = _apply(noor, mine)
    assert refused.status == 409
    assert "since you compared this one" in refused.body
    assert _file(season) == theirs


def test_who_applied_what_and_why_is_written_down(season: Cloud, noor: Browser) -> None:
    compared = noor.send(COMPARE, text=_moved(season), back=PAGE)
    assert season.everything(Audit) == []  # looking is no act
    _apply(noor, compared, why="")
    _apply(noor, compared)

    (kept,) = season.everything(Audit)
    assert (kept.act, kept.by, kept.about) == ("apply-catalogue", "noor@idha.example", (SERIES,))
    assert (kept.why, kept.came_of) == ("The teacher asked for it.", CameOf.DONE)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ACCOUNTANT])
@pytest.mark.parametrize("address", ["/staff/catalogue", PAGE, f"{PAGE}/file"])
def test_nobody_else_sees_the_file(season: Cloud, role: Role, address: str) -> None:
    answer = signed_in(season, role).get(address)

    assert answer.status == 403
    assert "institute" not in answer.body.replace("the institute", "")


@pytest.mark.parametrize("act", [COMPARE, APPLY])
def test_a_form_that_is_none_of_ours_is_not_taken(season: Cloud, noor: Browser, act: str) -> None:
    before = _file(season)
    for changes in ({"once": "another"}, {"origin": "https://elsewhere.example"}):
        how: dict[str, Any] = dict(changes)
        assert noor.send(act, text=_moved(season), back=PAGE, **how).status == 403
    assert signed_in(season, Role.ACCOUNTANT).send(act, text="x").status == 403
    assert _file(season) == before


def test_a_series_that_is_not_there_is_said_not_to_be_to_whoever_may_look(noor: Browser) -> None:
    for page in ("nowhere", "nowhere/file", "x" * 3000):
        answer = noor.get(f"/staff/catalogue/{page}")
        assert (answer.status, "There is nothing here" in answer.body) == (404, True)


def test_a_file_that_was_chosen_is_not_lost_with_an_old_session(
    season: Cloud, noor: Browser
) -> None:
    later = signed_in(season, Role.COORDINATOR, name="sam@idha.example")
    later.once = noor.once

    answer = later.send(COMPARE, file=_moved(season).encode(), text="", back=PAGE)

    assert answer.status == 403 and "Nothing was done yet" in answer.body
    assert 'enctype="multipart/form-data"' in answer.body
    assert _moved(season) in html.unescape(answer.body)


def test_the_same_file_in_other_words_changes_nothing(season: Cloud, noor: Browser) -> None:
    same = noor.send(COMPARE, text=_file(season), back=PAGE)
    other = noor.send(COMPARE, text=f"# A remark.\n{_file(season)}", back=PAGE)

    assert "This is the file that holds." in same.body
    assert "says the same as the one that holds" in other.body


def test_names_in_a_file_are_shown_and_never_run(season: Cloud, noor: Browser) -> None:
    strange = _file(season).replace("title: ", "title: <script>x</script> ", 1)
    answer = noor.send(COMPARE, text=strange, back=PAGE)

    assert "<script>" not in answer.body
    assert "script" not in Reader(answer.body).tags
