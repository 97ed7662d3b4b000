"""Somebody takes everything along, then away; every store of the stack is searched for her words.

What is found before is in what she takes along. Afterwards nothing is found but what an accreditor
asks for, and when all that ever came in comes in once more, nothing comes back.
"""

import json
import re
from dataclasses import dataclass

import pytest

from devstack import desk
from devstack.functions import invoke
from devstack.providers import deliver
from devstack.quiet import settle
from devstack.season import scholarships as web
from devstack.season.browser import Opened, open_link
from devstack.season.play import Season
from shared.domain.erasure import WAITING, Erasure
from tests.e2e.leaving import COMMENT, HERS, OTHERS, Leaving, take_part
from tests.e2e.searching import found, places, stores
from tests.e2e.stacks import Kept

pytestmark = pytest.mark.timeout(900)

Found = dict[str, set[str]]
# Whom it was given to, and for which licence, until the accreditor's term ends.
MINIMUM = {
    "records: certificate": {"zqprintquill"},
    "files: certificates": {"zqprintquill"},
    "files: exports": {"zqprintquill", "zqlicencequill"},
}
# Nobody can lead it back to her, not even we.
APART = {"records: evaluation": {COMMENT}}
# What changed within a day, for those who are told of changes. It forgets by itself.
A_DAY = "stream of the records"


@dataclass(frozen=True)
class Looked:
    """What was found of her, of whoever stays, and where no personal data may be at all."""

    hers: Found
    others: Found
    astray: Found
    letters: int


@dataclass(frozen=True)
class Told:
    """What she took along, as a file and as a page."""

    file: Opened
    page: Opened


@pytest.fixture(scope="module")
def left(season: Season, tmp_path_factory: pytest.TempPathFactory) -> Leaving:
    """Her time with the institute, gone through."""
    return take_part(season.stack, tmp_path_factory.mktemp("leaving"))


@pytest.fixture(scope="module")
def page(left: Leaving) -> str:
    """Her own page."""
    return left.page


def _look(left: Leaving, kept: Kept) -> Looked:
    written = stores(left.stack)
    return Looked(
        hers=_where(HERS, written),
        others=_where(OTHERS, written),
        astray=_where(HERS, places(left.stack, kept)),
        letters=left.letters,
    )


def _where(pattern: "re.Pattern[str]", written: dict[str, str]) -> Found:
    known = {place: found(pattern, text) for place, text in written.items()}
    return {place: words for place, words in known.items() if words}


@pytest.fixture(scope="module")
def before(left: Leaving, kept_season: Kept) -> Looked:
    """The search while she is here."""
    return _look(left, kept_season)


@pytest.fixture(scope="module")
def told(page: str, before: Looked) -> Told:
    """She takes everything along."""
    return Told(open_link(f"{page}/export.json"), open_link(f"{page}/export"))


@pytest.fixture(scope="module")
def after(left: Leaving, page: str, told: Told, kept_season: Kept) -> Looked:
    """She has everything taken away, by the link in a letter and the form that it leads to."""
    learner = json.loads(told.file.text)["id"]
    said = left.send(f"{page}/erase", understood="yes")
    assert "Everything is being taken away" in said.text

    def is_done() -> bool:
        erasure = desk.records(left.stack).get(Erasure.key_of(learner), Erasure)
        return erasure is not None and erasure.waiting != WAITING

    left.until(is_done, "everything to be gone")
    settle(left.stack)
    return _look(left, kept_season)


@pytest.fixture(scope="module")
def again(left: Leaving, after: Looked, kept_season: Kept) -> Looked:
    """All that ever came in comes in once more, some of it under another name."""
    stack = left.stack
    for provider, body in left.delivered:
        assert deliver(stack, provider, body).status == 200
        event = json.loads(body)
        if provider == "stripe":
            renamed = json.dumps(event | {"id": f"{event['id']}again"}).encode()
            assert deliver(stack, provider, renamed).status == 200
    for key, content in left.reports:
        left.put(key, content)
        left.put(key.replace("participants", "again"), content + b"\r\n")
    for form, fields in left.forms:
        web.send_form(form, fields, "198.51.100.77")
    settle(stack)
    everything = {"all": True, "apply": True, "by": "Robin", "why": "To see what comes back."}
    invoke(stack, "PaymentReplay", everything)
    for session in left.over:
        left.close(session)
    invoke(stack, "SweepHourly", {})
    invoke(stack, "ScholarshipSweep", {})
    settle(stack)
    return _look(left, kept_season)


def _but_for_a_day(of: Found) -> Found:
    return {place: words for place, words in of.items() if place != A_DAY}


def test_the_search_finds_her_in_every_store(before: Looked) -> None:
    """The control: what is not found here would not be missed afterwards."""
    names = {"zqnamequill", "zqmailquill"}
    for place, words in {
        "records: learner": {*names, "zqsecondquill"} - {"zqmailquill"},
        "records: order": names,
        "records: particulars": {"zqprintquill", "zqlicencequill"},
        "records: sighting": {*names, "zqphonequill"},
        "records: live_fact": {"zqlivequill"},
        "records: refund_request": {"zqnotequill"},
        "records: letter": {"zqnotequill"},
        "records: appeal": {"zqappealquill"},
        "records: address_change": {"zqsecondquill"},
        "applications: answers": {*names, "zqtextquill", "zqownquill"},
        "files: payment-events": names,
        "files: attendance": {*names, "zqphonequill"},
        **MINIMUM,
        **APART,
        A_DAY: names,
    }.items():
        assert words <= before.hers.get(place, set()), place


def test_while_she_is_here_she_is_nowhere_but_where_people_belong(before: Looked) -> None:
    assert before.astray == {}


def test_what_she_takes_along_holds_all_that_was_found(before: Looked, told: Told) -> None:
    assert (told.file.status, told.page.status) == (200, 200)
    everywhere = set().union(*before.hers.values()) - {COMMENT}
    assert found(HERS, told.file.text) == everywhere
    assert found(HERS, told.page.text) == everywhere
    kinds = {place.partition(": ")[2] for place in before.hers if place.startswith("records: ")}
    assert kinds - {"evaluation"} <= {*json.loads(told.file.text)["kept"]}
    assert found(OTHERS, told.file.text) == set()


def test_afterwards_only_what_the_accreditor_asks_for_is_found(after: Looked) -> None:
    assert after.astray == {}
    left_over = _but_for_a_day(after.hers)
    assert left_over == {**MINIMUM, **APART}


def test_whoever_stays_is_found_where_they_were(before: Looked, after: Looked) -> None:
    # With the reports that named her too, whose rows are in records; and letters to staff.
    gone = {"files: attendance", "records: letter"}
    assert _but_for_a_day(after.others) == {
        place: words for place, words in _but_for_a_day(before.others).items() if place not in gone
    }


def test_no_link_of_hers_opens_anything(left: Leaving, page: str, after: Looked) -> None:
    wrong = open_link(f"{left.stack.api_url}/me/made-up.token")
    for where in ("", "/export", "/export.json", "/erase"):
        opened = open_link(f"{page}{where}")
        assert opened.status == wrong.status == 404
        assert found(HERS, opened.text) == set()


def test_when_everything_comes_in_once_more_nothing_comes_back(
    after: Looked, again: Looked
) -> None:
    assert again.astray == {}
    assert _but_for_a_day(again.hers) == {**MINIMUM, **APART}
    assert again.letters == after.letters
