"""The pages of a scholarship round, used by people: no script, any name, a phone, a keyboard.

One application goes from the form to the seat in a real browser with scripts switched off, and a
colleague at the institute votes from the command line.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from devstack import desk, paths
from devstack.quiet import settle
from devstack.season import scholarships as web
from devstack.stack import Stack
from shared.domain.rounds import RoundPhase
from tests.e2e import browsing
from tests.e2e.browsing import Person, Seen
from tests.e2e.ledger import wait_until
from tests.e2e.scholarship_played import PlayedRound
from tests.e2e.scholarship_round import NEW_YORK, sweep
from tests.e2e.stacks import Kept
from tests.reading import Reader

pytestmark = [
    pytest.mark.skipif(browsing.CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(600),
]

NAME, ADDRESS = "Siobhán N’Diaye-Đặng", "siobhan.ndiaye@example.org"
_TEXT = (
    "My name is Siobhán, and I sit with people through the night when they hear voices.\n\n"
    "<b>Nobody</b> pays me for it; that is why I ask."
)
_HASTY = 4.3
PAGES = (
    *("form", "form to put right", "received", "own page", "late form", "list", "application"),
    *("vote to put right", "application after the vote", "list at the end", "offered", "taken"),
    *("round closed", "no such round"),
)


@dataclass
class Walk:
    """What was seen on the way, page by page, and what the command line said."""

    person: Person
    said: dict[str, Any] = field(default_factory=dict)

    def page(self, name: str) -> Seen:
        return self.person.seen[name]


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """The browser."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def walk(
    stack: Stack,
    kept: Kept,
    started: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    """The whole way, walked once."""
    folder = tmp_path_factory.mktemp("pages")
    one = PlayedRound(stack, "walk-2025-w", "plain", folder)
    context = browsing.without_scripts(started)
    try:
        walk = Walk(Person(context.new_page(), folder))
        _apply(walk, one)
        _review(walk, one, kept)
        _take(walk, one)
        yield walk
    finally:
        context.close()


def _apply(walk: Walk, one: PlayedRound) -> None:
    person, now = walk.person, desk.now().astimezone(NEW_YORK)
    form = f"{one.stack.api_url}/scholarships/{one.series}"
    one.publish((now + timedelta(days=1)).replace(hour=23, minute=59))
    person.opens(form, "form")
    time.sleep(_HASTY)
    person.page.get_by_label("Your name").fill(NAME)
    person.presses("Send my application", "form to put right")
    person.page.get_by_label("Your e-mail address").fill(ADDRESS)
    person.page.get_by_label("Peer", exact=True).check()
    person.page.get_by_label("A full scholarship").check()
    person.page.get_by_label("Why would you like to come?").fill(_TEXT)
    person.page.get_by_label("Disabled", exact=True).check()
    person.page.get_by_label("I agree").check()
    person.presses("Send my application", "received")
    settle(one.stack)
    person.opens(web.link_in_letters(one.stack, ADDRESS, "my-application"), "own page")
    one.publish(now - timedelta(minutes=2))
    person.opens(form, "late form")


def _review(walk: Walk, one: PlayedRound, kept: Kept) -> None:
    person = walk.person
    sweep(one.stack)
    wait_until(lambda: one.around().task_token is not None, "the review to start", 60)
    settle(one.stack)
    link = web.link_in_letters(one.stack, one.reader(0), "review")
    person.opens(link, "list")
    reference = person.page.locator("ul.rows a").first.inner_text()
    person.opens(f"{link}/{reference}", "application")
    person.page.get_by_label("A partial scholarship").check()
    person.presses("Cast my vote", "vote to put right")
    person.page.get_by_label("A full scholarship").check()
    person.presses("Cast my vote", "application after the vote")
    at_the_desk = [one.series, reference, "--as", one.reader(1)]
    walk.said["shown"] = _command(kept, "show", *at_the_desk, "--json")
    again = [one.series, reference, "--as", one.reader(0)]
    walk.said["twice"] = _command(kept, "vote", *again, "--outcome", "full", fails=True)
    walk.said["voted"] = _command(kept, "vote", *at_the_desk, "--outcome", "full", "--json")
    wait_until(lambda: one.phase_is(RoundPhase.CLOSED), "the round to close", 60)
    settle(one.stack)
    walk.said["listed"] = _command(kept, "list", one.series, "--json")
    walk.said["table"] = _command(kept, "list", one.series, plain=True)
    walk.said["closed"] = _command(kept, "close", one.series, fails=True)
    person.opens(link, "list at the end")


def _take(walk: Walk, one: PlayedRound) -> None:
    person, form = walk.person, f"{one.stack.api_url}/scholarships"
    person.opens(web.link_in_letters(one.stack, ADDRESS, "my-application"), "offered")
    person.presses("Accept the scholarship", "taken")
    person.opens(f"{form}/{one.series}", "round closed")
    person.opens(f"{form}/no-such-series", "no such round")
    settle(one.stack)


def _command(kept: Kept, *words: str, fails: bool = False, plain: bool = False) -> Any:
    """What the command says: as JSON, as text, or of what it complains."""
    answer = subprocess.run(
        [sys.executable, "-m", "devstack", "scholarships", *words],
        cwd=paths.REPO,
        env={**os.environ, "DEVSTACK_HOME": str(kept.home), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == (1 if fails else 0), answer.stderr
    if fails:
        return answer.stderr
    return answer.stdout if plain else json.loads(answer.stdout)


def test_every_page_of_the_way_was_seen(walk: Walk) -> None:
    assert tuple(walk.person.seen) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_script_and_asks_nobody_else_for_anything(walk: Walk, name: str) -> None:
    page = walk.page(name)
    dom = Reader(page.html.strip().removeprefix("<!DOCTYPE html>"))
    assert "script" not in dom.tags
    assert not [attribute for attribute in dom.attributes if attribute[1].startswith("on")]
    assert {urlsplit(url).netloc for url in page.asked} == {urlsplit(page.asked[0]).netloc}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_on_a_page(
    walk: Walk, started: Browser, name: str, scheme: browsing.Scheme
) -> None:
    assert browsing.grave_findings(started, walk.page(name).html, scheme) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(walk: Walk, started: Browser, name: str) -> None:
    assert not browsing.wider_than_a_phone(started, walk.page(name).html)


def test_axe_finds_what_is_wrong_with_a_bad_page(started: Browser) -> None:
    """The control."""
    found = browsing.grave_findings(
        started,
        "<html lang='en'><title>x</title><main><h1>x</h1><input name='name'>"
        "<p style='color:#bbb;background:#fff'>pale</p></main></html>",
    )
    assert [one.split()[0] for one in found] == ["color-contrast", "label"]
    wide = "<html lang='en'><body><div style='width:900px'>wide</div></body></html>"
    assert browsing.wider_than_a_phone(started, wide)


def test_the_whole_form_is_reached_by_keys_and_what_machines_fill_in_is_not(
    walk: Walk, started: Browser
) -> None:
    reached = browsing.reached_by_tab(started, walk.page("form").html)
    fields = list(dict.fromkeys(reached))
    wanted = [
        *("name", "email", "roles", "ask", "could_pay", "text", "priorities", "own_words"),
        *("consent", "Send my application"),
    ]
    assert [one for one in fields if one in wanted] == wanted
    assert "website" not in reached


def test_what_is_missing_is_said_at_once_and_nothing_that_was_written_is_lost(walk: Walk) -> None:
    page = walk.page("form to put right")
    assert page.status == 422
    assert "Nothing is sent yet" in page.text
    for problem in ("e-mail address we can write to", "full or for a partial", "tick the box"):
        assert problem in page.text
    assert f'value="{NAME}"' in page.html


def test_the_sender_is_given_a_number_and_a_letter_with_their_own_page(walk: Walk) -> None:
    received, own = walk.page("received"), walk.page("own page")
    assert received.status == 201
    reference = next(word for word in received.text.split() if word.startswith("S-"))[:10]
    assert reference in own.text
    assert walk.said["listed"]["applications"][0]["reference"] == reference


def test_a_late_sender_is_told_so_before_they_write(walk: Walk) -> None:
    assert "The deadline has passed" in walk.page("late form").text
    assert "The deadline has passed" not in walk.page("form").text


def test_a_reviewer_sees_the_name_only_after_the_vote_and_no_markup_of_the_sender(
    walk: Walk,
) -> None:
    before, after = walk.page("application"), walk.page("application after the vote")
    assert "Siobhán" not in before.html
    assert NAME in after.text
    for page in (before, after):
        assert "<b>Nobody</b> pays me" in page.text  # as they typed it, not as markup
        assert "Priority\nYes" in page.text
        assert "Disabled" not in page.html  # that they said so, and not what


def test_a_vote_that_lacks_an_amount_is_asked_about_and_not_counted(walk: Walk) -> None:
    page = walk.page("vote to put right")
    assert page.status == 422
    assert "How much of $210.00" in page.text


def test_the_command_line_shows_what_the_page_shows(walk: Walk) -> None:
    shown, voted = walk.said["shown"], walk.said["voted"]
    assert (shown["name"], shown["votes"], shown["voted"]) == ("", [], False)
    assert "Siobhán" not in json.dumps(shown, ensure_ascii=False)
    assert voted["name"] == NAME
    assert voted["votes"] == ["A full scholarship"] * 2
    assert "The first vote counts" in walk.said["twice"]
    assert "scholarships list walk-2025-w" in walk.said["twice"]


def test_the_command_line_lists_the_round_within_eighty_columns(walk: Walk) -> None:
    (one,) = walk.said["listed"]["applications"]
    assert (one["votes"], one["outcome"], one["award_status"]) == (2, "full", "offered")
    assert walk.said["listed"]["phase"] == "closed"
    assert walk.said["listed"]["fund"]["left"]["minor"] == 151_000 - 21_000
    assert "$1,300.00 of $1,510.00" in walk.said["table"]
    rows = [line for line in walk.said["table"].splitlines() if one["reference"] in line]
    assert rows and all(len(line.rstrip()) <= 80 for line in rows)
    assert "This round is over" in walk.said["closed"]


def test_the_person_accepts_with_one_button_and_holds_the_seats(walk: Walk) -> None:
    offered, taken = walk.page("offered"), walk.page("taken")
    assert "Accept the scholarship" in offered.text
    assert "Please answer by" in offered.text
    assert "You have a seat" in taken.text
    assert "Accept the scholarship" not in taken.text


def test_when_it_is_over_the_form_says_so(walk: Walk) -> None:
    assert walk.page("round closed").status == 410
    assert walk.page("no such round").status == 404
