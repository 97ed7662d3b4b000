"""A coordinator's morning: everything that waited overnight is settled in a browser, by hand.

No script runs in it, and nobody touches a terminal. The letters that follow are exactly these.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator

from devstack import desk
from devstack.desk_people import address_of
from devstack.functions import invoke
from devstack.mailbox import read_inbox
from devstack.quiet import settle
from devstack.stack import Stack
from shared.domain.audits import Audit, CameOf
from shared.domain.notices import WAITING as NOTICES
from shared.domain.notices import Notice, NoticeKind
from tests.e2e import browsing
from tests.e2e.browsing import Person, shortcomings
from tests.e2e.ledger import arrivals, everything, wait_until
from tests.e2e.morning import ANA, BO, CY, DANA, ELI, FAY, FAYS_NEW, SERIES, Night, night
from tests.e2e.signing_in import sign_in

pytestmark = [
    pytest.mark.skipif(browsing.CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(900),
]
PEOPLE = (ANA, BO, CY, DANA, ELI, FAY)
_WHY = "They told us on the phone."


@dataclass
class Morning:
    """What came of it: which letters went out, and what the pages looked like."""

    night: Night
    robin: Person
    letters: "Counter[tuple[str, str]]"
    left: str


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """The browser."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def morning(
    stack: Stack, started: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Morning]:
    """The morning, gone through once."""
    folder = tmp_path_factory.mktemp("morning")
    before = night(stack, folder)
    sent = _letters(stack)
    context = browsing.without_scripts(started)
    robin = Person(context.new_page(), folder)
    try:
        sign_in(robin.page, stack, "coordinator")
        robin.looks("today")
        _do(robin, f"{ELI.name} <{ELI.address}>", "Accept it as The second class")
        for name in (BO.name, "Cyrus V. Vance"):
            _do(robin, name, f"It is {BO.name if name == BO.name else CY.name}", part=True)
        _do(robin, "The recording of “The first class”", "Share it as it is")
        _do(robin, "asks to look again", "Change it: they were there", within="Something else")
        _do(robin, f"Letters to {FAY.name} come back", "Write to this address", address=FAYS_NEW)
        _move(robin, before)
        settle(stack)
        # A notice of a class that is ahead is no unrest to wait for, so its letters are.
        wait_until(lambda: _moved(stack) == 3, "the letters of the new time", 60)
        robin.opens(f"{stack.api_url}/staff", "nothing waits")
        left = robin.page.inner_text("main")
        yield Morning(before, robin, _letters(stack) - sent, left)
    finally:
        context.close()


def _do(
    robin: Person,
    about: str,
    button: str,
    *,
    within: str = "",
    part: bool = False,
    **filled_in: str,
) -> None:
    """One act on the page of today: the form of that button, filled in, and its button pressed."""
    kind = ".part" if part else "section.waits"
    section = robin.page.locator(kind, has_text=about)
    if within:
        section.locator("summary").click()
    form = section.locator("form", has=robin.page.get_by_role("button", name=button, exact=True))
    _fill(form, filled_in)
    with robin.page.expect_navigation():
        form.get_by_role("button", name=button, exact=True).click()
    assert robin.page.url.endswith("/staff"), robin.page.inner_text("main")


def _fill(form: Locator, filled_in: dict[str, str]) -> None:
    for name, value in ({"why": _WHY} | filled_in).items():
        form.locator(f"[name='{name}']").fill(value)


def _move(robin: Person, before: Night) -> None:
    """The second class begins half an hour later: written, read as what changes, and applied."""
    second = before.catalogue.sessions[1]
    robin.opens(f"{before.stack.api_url}/staff/catalogue/{SERIES}", "catalogue")
    text = robin.page.locator("textarea")
    moved = before.text
    for clock in (second.starts, second.ends):
        later = clock + timedelta(minutes=30)
        moved = moved.replace(f"{clock:%Y-%m-%d %H:%M}", f"{later:%Y-%m-%d %H:%M}")
    text.fill(moved)
    robin.presses("See what changes", "what changes")
    robin.page.locator("#why").fill("The room is free later.")
    robin.presses("Apply this file", "applied")
    wait_until(lambda: bool(_notices(before.stack)), "the new time", 60)
    # Ten minutes for second thoughts; then an alarm rings. Here it rings at once.
    (notice,) = _notices(before.stack)
    invoke(before.stack, "NoticeStart", {"session": notice.session, "notice": notice.name})


def _notices(stack: Stack) -> list[Notice]:
    soon = desk.now(stack) + timedelta(minutes=11)
    waiting = desk.records(stack).waiting(NOTICES, soon, Notice)
    return [one for one in waiting if one.what is NoticeKind.MOVED and one.series == SERIES]


def _moved(stack: Stack) -> int:
    return sum(number for (kind, _), number in _letters(stack).items() if kind == "moved")


def _letters(stack: Stack) -> "Counter[tuple[str, str]]":
    """What has arrived for these people: (kind of letter, to whom), each as often as it came."""
    assert arrivals(stack)  # waits until the inbox is still
    ours = {FAYS_NEW, "desk@morning.example"} | {one.address for one in PEOPLE}
    return Counter(
        (unquote(message_from_bytes(letter.raw)["X-Tending-Letter"]).partition("#")[0], to)
        for letter in read_inbox(stack.letters_folder)
        for to in letter.to
        if to in ours
    )


def test_everything_that_waited_is_settled_and_nothing_waits_any_more(morning: Morning) -> None:
    assert "First" not in morning.left
    waited = morning.robin.seen["today"].text
    assert "5 things wait for you" in waited
    assert SERIES not in morning.left


def test_the_letters_that_follow_are_exactly_these(morning: Morning) -> None:
    assert morning.letters == Counter(
        {
            ("confirmation", ELI.address): 1,
            ("confirmation", FAYS_NEW): 1,
            **{("recording", one.address): 1 for one in (ANA, BO, CY, DANA)},
            **{("certificate", one.address): 1 for one in (BO, CY, DANA)},
            ("appeal_answered", DANA.address): 1,
            **{("moved", to): 1 for to in (ANA.address, ELI.address, FAYS_NEW)},
        }
    )


def test_every_act_is_written_down_with_who_and_why(morning: Morning) -> None:
    acts = [
        one for one in everything(morning.night.stack, Audit) if one.by == address_of("coordinator")
    ]
    assert {one.came_of for one in acts} == {CameOf.DONE}
    assert Counter(one.act for one in acts) == {
        "accept-payment": 1,
        "match-row": 2,
        "release-recording": 1,
        "change-decision": 1,
        "correct-address": 1,
        "apply-catalogue": 1,
    }


def test_what_was_seen_on_the_way_is_for_everybody(morning: Morning, started: Browser) -> None:
    assert shortcomings(started, morning.robin.seen.values()) == []


@pytest.mark.parametrize("cookie", ["", "staff=made-up", "staff=x; staff=y"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/staff"), ("GET", "/staff/machine-room"), ("POST", "/staff/acts/refuse-payment")],
)
def test_whoever_is_not_signed_in_gets_the_same_page_from_the_api_itself(
    stack: Stack, cookie: str, method: str, path: str
) -> None:
    assert _refused(stack, method, path, cookie) == _refused(stack, "GET", "/staff", "")


def _refused(stack: Stack, method: str, path: str, cookie: str) -> tuple[int, str]:
    request = Request(  # noqa: S310 - loopback
        stack.api_url + path, method=method, data=b"" if method == "POST" else None
    )
    if cookie:
        request.add_header("Cookie", cookie)
    with pytest.raises(HTTPError) as answer, urlopen(request, timeout=60):  # noqa: S310
        pass
    with answer.value as error:
        return error.code, error.read().decode()
