"""Plays scholarship rounds on a local stack, from outside.

Two rounds are played side by side: the same people, and everything that may happen in another
order does. What they came to is read afterwards, in `scholarship_outcome`.
"""

import json
import re
import time
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from devstack import clock, desk
from devstack.functions import invoke
from devstack.quiet import settle
from devstack.season import scholarships as web
from devstack.stack import Stack
from shared.domain.rounds import RoundPhase
from shared.domain.staff import Role
from tests.e2e import scholarship_cast as cast
from tests.e2e.at_desk import at_desk
from tests.e2e.ledger import wait_until
from tests.e2e.scholarship_played import PlayedRound

NEW_YORK = ZoneInfo("America/New_York")
_HASTY = 4.3  # seconds; who is quicker than four is taken for a machine
_REFERENCE = re.compile(r"\bS-[A-Z2-7]{8}\b")


def play(stack: Stack, folder: Path) -> tuple[PlayedRound, PlayedRound]:
    """Play both to the end; what they came to is read afterwards."""
    both = (
        PlayedRound(stack, "round-2025-plain", "plain", folder),
        PlayedRound(stack, "round-2025-turned", "turned", folder),
    )
    _apply(both)
    _start(both)
    _remind(both)
    for one in both:
        _vote(one)
    for one in both:
        wait_until(lambda one=one: one.phase_is(RoundPhase.CLOSED), "the round to close", 60)  # type: ignore[misc]
    settle(stack)
    for one in both:
        _answer(one)
    settle(stack)
    # The day to answer passes; what lapses goes to the next, who answers.
    clock.set_ahead(stack, clock.ahead(stack) + timedelta(days=4))
    sweep(stack)
    settle(stack)
    for one in both:
        next_one = _who("listed-1")
        web.act(one.open_own_page(next_one), "accept")
        one.pays(next_one, next_one.rest, "rest")
    settle(stack)
    return both


def sweep(stack: Stack) -> dict[str, int]:
    """The hourly look at scholarships, now."""
    found: dict[str, int] = json.loads(invoke(stack, "ScholarshipSweep", {}))
    return found


def _who(label: str) -> cast.Applicant:
    return next(one for one in cast.CAST if one.label == label)


def _apply(both: tuple[PlayedRound, PlayedRound]) -> None:
    now = desk.now().astimezone(NEW_YORK)
    for one in both:
        one.publish((now + timedelta(days=1)).replace(hour=23, minute=59))
    plain, _ = both
    plain.pays(_who(cast.BOUGHT_BEFORE), cast.PRICE, "before")
    _send(both, late=False)
    for one in both:
        one.publish(desk.now().astimezone(NEW_YORK) - timedelta(minutes=2))
    _send(both, late=True)
    web.act(plain.open_own_page(_who("gone-1")), "withdraw")
    settle(plain.stack)


def _send(both: tuple[PlayedRound, PlayedRound], *, late: bool) -> None:
    forms = [
        (one, who, number, web.open_form(one.stack, one.series))
        for one in both
        for who, number in one.people(late)
    ]
    filled = [] if late else [(one, web.open_form(one.stack, one.series)) for one in both]
    for one, _ in filled:
        hasty = web.open_form(one.stack, one.series)
        one.refused.append(web.send_form(hasty, _of_a_machine(one)))
    time.sleep(_HASTY)
    for one, page in filled:
        unseen = {"website": ["https://spam.example.org"]}
        one.refused.append(web.send_form(page, _of_a_machine(one) | unseen))
    for at, (one, who, number, page) in enumerate(forms):
        fields = cast.fields_of(who, who.sent[number], one.series)
        if who.label == cast.BY_ANOTHER_TOOL:
            answer = one.sends_a_message(fields)
        else:
            answer = web.send_form(page, fields, f"198.51.{at // 200}.{at % 200 + 1}")
            one.posted.append((page, fields))
        known = _REFERENCE.search(answer.text)
        one.expect(answer.status == 201 and known is not None, f"{who.label}: {answer.status}")
        if known:
            one.references.setdefault(who.label, []).append(known[0])


def _of_a_machine(one: PlayedRound) -> dict[str, list[str]]:
    return cast.fields_of(_who("other-02"), cast.Sent(), one.series)


def _start(both: tuple[PlayedRound, PlayedRound]) -> None:
    stack = both[0].stack
    sweep(stack)
    for one in both:
        wait_until(lambda one=one: one.around().task_token is not None, "the review to start", 60)  # type: ignore[misc]
    settle(stack)


def _remind(both: tuple[PlayedRound, PlayedRound]) -> None:
    """Two days before voting ends, reviewers are reminded once."""
    stack = both[0].stack
    first = max(one.policy.reminders_at[0] for one in both)
    clock.set_ahead(stack, max(clock.NOT_AHEAD, first - desk.now()) + timedelta(minutes=5))
    sweep(stack)
    for one in both:
        wait_until(lambda one=one: one.around().reminded == 1, "the reminder", 60)  # type: ignore[misc]
    settle(stack)


def _vote(one: PlayedRound) -> None:
    for number in (2, 1, 0) if one.turned else (0, 1, 2):
        url = web.link_in_letters(one.stack, one.reader(number), "review")
        one.review_pages.append(url)
        ballots = {
            reference: link
            for link in web.open_page(url).links
            for reference in _REFERENCE.findall(link)
        }
        # First or last come those on which not every vote is needed: the last one ends the voting.
        known = sorted(ballots, key=lambda ref: (one.label_of(ref) not in cast.MORE_VOTES, ref))
        for reference in known if one.turned else reversed(known):
            who = _who(one.label_of(reference))
            if number in who.votes and one.turned and number == 0:
                _cast_at_desk(one, who, number, reference)
            elif number in who.votes:
                _cast_one(one, who, number, ballots[reference])
        if one.turned and number == 2:
            web.act(one.open_own_page(_who("gone-1")), "withdraw")


def _cast_one(one: PlayedRound, who: cast.Applicant, number: int, link: str) -> None:
    said, name = who.votes[number], cast.words_of(who, one.series)["name"]
    page = web.open_page(link)
    one.expect(name not in page.opened.text.casefold(), f"{who.label}: named before the vote")
    award = f"{said.award}.00" if said.award else ""
    answer = web.vote(page, said.outcome, award, said.strength)
    one.expect(answer.status == 200, f"{who.label}: vote answered {answer.status}")
    one.expect(name in answer.text.casefold(), f"{who.label}: not named after the vote")


def _cast_at_desk(one: PlayedRound, who: cast.Applicant, number: int, reference: str) -> None:
    """The same by somebody who signed in; among them is the vote that ends the voting."""
    said, name = who.votes[number], cast.words_of(who, one.series)["name"]
    reader = at_desk(one.stack, one.reader(number), Role.REVIEWER)
    page = f"/staff/scholarships/{one.series}/{reference}"
    status, before = reader.ask("GET", page)
    one.expect(status == 200, f"{who.label}: at the desk {status}")
    one.expect(name not in before.casefold(), f"{who.label}: named before the vote at the desk")
    award = f"{said.award}.00" if said.award else ""
    ids = {"series": one.series, "reference": reference, "strength": str(said.strength)}
    chosen = {"conflict": "yes"} if said.outcome == "aside" else {"outcome": said.outcome}
    done = reader.posts(page, "/staff/acts/vote-on-application", award=award, **ids, **chosen)
    one.expect(done == 303, f"{who.label}: vote at the desk answered {done}")
    after = reader.ask("GET", page)[1]
    one.expect(name in after.casefold(), f"{who.label}: not named after the vote at the desk")


def _answer(one: PlayedRound) -> None:
    if one.turned:
        one.pays(_who(cast.BOUGHT_BEFORE), cast.PRICE, "before")
        settle(one.stack)
    offered = [who for who in cast.CAST if who.ends and not who.waits_first]
    offered += [who for who in cast.CAST if who.label == "award-10"]
    turns_down = _who(cast.TURNS_DOWN)
    # Whoever turns theirs down makes room for the tenth, so not after that one; else in any order.
    for who in offered[::-1] if one.turned else offered:
        if who.label == "award-10":
            web.act(one.open_own_page(turns_down), "decline")
            settle(one.stack)
        if cast.accepts(who, one.order):
            answer = web.act(one.open_own_page(who), "accept")
            one.expect(answer.status == 200, f"{who.label}: accept answered {answer.status}")
        if who.rest and who.taken:
            one.pays(who, who.rest, "rest")
