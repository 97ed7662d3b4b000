"""Charts: as long as what they tell, read aloud by title and description, safe in every word."""

from xml.etree import ElementTree as ET

from shared.adapters.svg_bars import Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(*rows: Bar) -> ET.Element:
    chart = bars("seats", "Seats", "How many hold a seat.", rows)
    spaced = str(chart).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return ET.fromstring(spaced)  # noqa: S314 - our own


def _widths(chart: ET.Element, what: str) -> list[float]:
    rects = [one for one in chart.iter(f"{SVG}rect") if one.get("class") == what]
    return [float((one.get("width") or "").rstrip("%")) for one in rects]


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    chart = _drawn(Bar("One", 5, "5"), Bar("Two", 10, "10"), Bar("None", 0, "0"))

    assert _widths(chart, "bar") == [50, 100, 0]


def test_what_is_taken_is_drawn_within_all_there_is() -> None:
    chart = _drawn(Bar("One", 30, "30 of 40", 40), Bar("Two", 10, "10 of 20", 20))

    assert _widths(chart, "whole") == [100, 50]
    assert _widths(chart, "bar") == [75, 25]


def test_it_has_a_title_and_a_description_and_says_every_number() -> None:
    chart = _drawn(Bar("One", 30, "30 of 40", 40))

    told = {one.tag.removeprefix(SVG): one.text for one in chart if one.tag != f"{SVG}rect"}
    assert (told["title"], told["desc"]) == ("Seats", "How many hold a seat.")
    assert (chart.get("role"), chart.get("aria-labelledby")) == ("img", "seats-title seats-told")
    assert [one.text for one in chart.iter(f"{SVG}text")] == ["One", "30 of 40"]


def test_a_title_of_somebody_elses_stays_text_and_a_long_one_is_cut() -> None:
    hostile = "<script>alert(1)</script>"
    chart = _drawn(Bar(hostile, 1, "1 & <2>"), Bar("x" * 100, 1, "1"), Bar("y" * 34, 1, "1"))

    labels = [one.text or "" for one in chart.iter(f"{SVG}text")][::2]
    assert labels[0] == hostile
    assert labels[1].endswith("x…") and len(labels[1]) == 34
    assert labels[2] == "y" * 34


def test_without_bars_there_is_nothing_to_draw() -> None:
    assert list(_drawn().iter(f"{SVG}rect")) == []
