"""Requests, clicks, providers, banks, staff and cancellations against each other, at random.

Whatever happens in whichever order: never more goes back than was paid, never twice for a class,
nobody loses a place whose money has not gone, and once all is quiet nothing is left hanging.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.adapters.memory_providers import MemoryRefunds
from shared.domain.decisions import Decision
from shared.domain.letters import LetterKind
from shared.domain.payments import PaymentFact
from shared.domain.refund_requests import RefundState, Repayment, no_refund
from shared.failures import Unavailable
from shared.usecases.rule_on_payment import CannotBeRuled
from tests.money import classes, dispute, held
from tests.refunding import PAYMENT, Refunding

PAID = 29700
_CLASSES = st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True)
_IN_FLIGHT = (RefundState.ASKED, RefundState.MOVING, RefundState.SENT)


class MoneyGoesBack(RuleBasedStateMachine):
    """One bundle, its holder, the provider that has the money, and everybody who may act on it."""

    def __init__(self, stripe: MemoryRefunds | None = None) -> None:
        super().__init__()
        self.world = Refunding(
            now=datetime(2025, 7, 1, tzinfo=UTC), stripe=stripe or MemoryRefunds()
        )
        self.world.ana_buys()
        self.seen: dict[tuple[str, ...], str] = {}
        self.said: list[PaymentFact] = []

    def named(self, places: list[int]) -> tuple[str, ...]:
        return tuple(classes(self.world)[place] for place in sorted(places))

    @rule(places=_CLASSES)
    def she_looks(self, places: list[int]) -> None:
        chosen = self.named(places)
        self.seen[chosen] = self.world.quote().quote.seal_of(chosen)

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def she_asks_for_what_she_saw_once_or_twice(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.seen)))
        before = {one.request: one for one in self.world.requests()}
        promised = {line.session: line.share.minor for line in self.world.quote().quote.lines}
        for _ in range(data.draw(st.integers(1, 2))):
            self.world.ask(*chosen, seal=self.seen[chosen])
        made = [one for one in self.world.requests() if one.request not in before]
        for one in made:
            assert one.amount.minor == sum(promised[session] for session in one.sessions)
            assert set(one.sessions) <= set(chosen)

    @rule(answer=st.sampled_from(["", "silent", "lost"]))
    def requests_are_handed_over(self, answer: str) -> None:
        self.world.stripe.answers = [answer] if answer else []
        self.world.move()
        self.world.stripe.answers = []

    @precondition(lambda self: self.world.stripe.made)
    @rule(data=st.data(), state=st.sampled_from(["pending", "succeeded", "failed"]))
    def the_provider_says_something(self, data: st.DataObject, state: str) -> None:
        refund = data.draw(st.sampled_from(sorted(self.world.stripe.made)))
        request = refund.removeprefix("re_")
        if state == "failed":
            self.world.stripe.failed.add(refund)
        fact = self.world.said_of(request, state)
        self.world.deliver(fact)
        self.said.append(fact)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def it_says_so_again(self, data: st.DataObject) -> None:
        self.world.deliver(data.draw(st.sampled_from(self.said)))

    @rule(state=st.sampled_from(["open", "won"]))
    def the_bank_asks_or_settles(self, state: str) -> None:
        self.world.deliver(dispute(self.world, state))

    @rule(data=st.data(), accept=st.booleans(), share=st.sampled_from([None, 1, 1000]))
    def staff_decide(self, data: st.DataObject, accept: bool, share: int | None) -> None:
        waiting = [one for one in self.world.requests() if one.waiting == "refund_case"]
        if not waiting:
            return
        request = data.draw(st.sampled_from([one.request for one in waiting]))
        try:
            if accept:
                self.world.accept(request, minor=share)
            else:
                self.world.decline(request)
        except CannotBeRuled:
            return

    @rule(place=st.integers(0, 4))
    def a_class_is_cancelled(self, place: int) -> None:
        session = self.world.catalogue.sessions[place]
        if self.world.state(session.id).phase == "open":
            self.world.now += timedelta(minutes=1)
            self.world.cancel(session.id)

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes_and_the_sweep_comes(self, hours: int) -> None:
        self.world.wait(hours=hours)
        self.world.sweep()
        self.world.see_to_cancelled()

    @invariant()
    def no_more_goes_back_than_was_paid(self) -> None:
        assert self.world.stripe.gone(PAYMENT) <= PAID

    @invariant()
    def no_class_is_paid_back_twice(self) -> None:
        stripe = self.world.stripe
        back = [
            session
            for refund, one in stripe.made.items()
            if refund not in stripe.failed
            for session in one.sessions
        ]
        assert len(back) == len(set(back))

    @invariant()
    def a_place_ends_when_its_money_went_and_only_then(self) -> None:
        order = self.world.order()
        went = {
            session
            for part, one in order.refunds.items()
            if one.counts
            for session in self.world.stripe.made[part].sessions
        }
        ended = {
            session
            for session, status in zip(classes(self.world), held(self.world), strict=True)
            if status == "ended"
        }
        assert ended == went == set(order.given_back)

    @invariant()
    def where_the_provider_is_said_to_refuse_it_has_given_nothing_back(self) -> None:
        for one in self.world.requests():
            refused = "provider_refused" in {reason.code for reason in one.decided.reasons}
            assert not (refused and f"re_{one.request}" in self.world.stripe.made), one.request

    @invariant()
    def a_class_is_asked_for_once_at_a_time(self) -> None:
        open_now = [
            session
            for one in self.world.requests()
            if one.state in _IN_FLIGHT or one.state is RefundState.STAFF
            for session in one.sessions
        ]
        assert len(open_now) == len(set(open_now))

    def teardown(self) -> None:
        """Everybody does what is theirs, and then nothing is left hanging."""
        world = self.world
        if world.order().dispute == "open":
            world.deliver(dispute(world, "won"))
        for _ in range(3):
            world.wait(hours=1)
            world.sweep()
            world.see_to_cancelled()
            world.move()
            for refund in sorted(world.stripe.made):
                failed = refund in world.stripe.failed
                world.stripe_says(refund.removeprefix("re_"), "failed" if failed else "succeeded")
        states = {one.state for one in world.requests()}
        assert not states & set(_IN_FLIGHT), states
        came_back = [one for one in world.requests() if one.state is RefundState.FAILED]
        told = {letter.about for letter in world.letters(LetterKind.REFUND_FAILED)}
        assert {one.request for one in came_back} <= told


TestMoneyGoesBack = MoneyGoesBack.TestCase
TestMoneyGoesBack.settings = settings(max_examples=40, stateful_step_count=18, deadline=None)


class SilenceIsANo(MemoryRefunds):
    """Stripe as one would ask it who takes an answer that is lost for a refusal: the mistake."""

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        try:
            return super().give_back(repayment)
        except Unavailable:
            return no_refund("Stripe did not want to.")


def _with_a_lost_answer(stripe: MemoryRefunds) -> MoneyGoesBack:
    machine = MoneyGoesBack(stripe)
    machine.world.ask(*machine.named([3]))
    machine.requests_are_handed_over(answer="lost")
    return machine


def test_an_answer_that_is_lost_is_waited_for_and_no_person_is_asked() -> None:
    machine = _with_a_lost_answer(MemoryRefunds())

    assert machine.world.states() == ["moving"]
    machine.where_the_provider_is_said_to_refuse_it_has_given_nothing_back()
    machine.teardown()
    assert machine.world.states() == ["done"]
    assert len(machine.world.stripe.made) == 1


def test_an_answer_that_is_lost_and_taken_for_a_no_is_noticed_by_what_always_holds() -> None:
    machine = _with_a_lost_answer(SilenceIsANo())

    assert machine.world.states() == ["staff"]
    with pytest.raises(AssertionError):
        machine.where_the_provider_is_said_to_refuse_it_has_given_nothing_back()
