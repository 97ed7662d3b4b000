"""A session for somebody's calendar, from their own page."""

import pytest
from icalendar import Calendar

from tests.cloud import Cloud, link
from tests.integration.test_my_page import ask, headers_of
from tests.reading import Reader
from tests.season import AMARA, BO, CLASS_1, IDHA, after, open_season

ENTRY = "/me/{token}/calendar/{session}"


def test_the_entry_of_a_class_is_a_link_on_the_page_and_says_where_to_join(cloud: Cloud) -> None:
    open_season(cloud)
    token = link("me", AMARA)
    page = Reader(ask("GET", "/me/{token}", token)["body"])
    assert f"{token}/calendar/{CLASS_1.id}" in page.links

    answer = ask("GET", ENTRY, token)

    assert answer["statusCode"] == 200
    assert headers_of(answer)["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers_of(answer)["Cache-Control"] == "no-store"
    (entry,) = Calendar.from_ical(answer["body"]).walk("VEVENT")
    assert entry["summary"] == CLASS_1.title
    assert entry.decoded("dtstart") == CLASS_1.starts_at
    assert entry["url"] == CLASS_1.joining_link


@pytest.mark.parametrize("session", [IDHA.sessions[1].id, "no-such-class", "%2e%2e"])
def test_a_class_without_a_seat_is_the_same_page_as_a_wrong_link(
    cloud: Cloud, session: str
) -> None:
    open_season(cloud)
    wrong = ask("GET", ENTRY, "made-up")

    answer = ask("GET", ENTRY, link("me", BO), session=session)

    assert (answer["statusCode"], answer["body"]) == (404, wrong["body"])


def test_a_class_that_is_over_goes_into_no_calendar(cloud: Cloud) -> None:
    after(open_season(cloud))

    assert ask("GET", ENTRY, link("me", AMARA))["statusCode"] == 404
