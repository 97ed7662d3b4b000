"""Refunds, disputes and what Supporters give: exact for each class, in any order of events."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.awards import Fund, FundEntry
from shared.domain.entitlements import entitlements
from shared.domain.letters import LetterKind
from shared.domain.payments import PaymentFact
from shared.domain.registrations import Registration
from shared.usecases.record_payment import Outcome, decide_review_again
from tests.money import (
    ANA,
    ORDER,
    bought,
    classes,
    dispute,
    dollars,
    held,
    order_of,
    posted,
    refund,
    said,
)
from tests.scholarships import Scholarships
from tests.world import KEY, who


@pytest.fixture
def world() -> Scholarships:
    world = Scholarships()
    world.deliver(bought(world))
    return world


def test_a_refund_that_names_its_class_ends_that_class_and_no_other(world: Scholarships) -> None:
    third = classes(world)[2]
    world.deliver(refund(world, 59.40, sessions=(third,)))
    assert held(world) == ["active", "active", "ended", "active", "active"]
    letter = world.letters(LetterKind.REFUNDED)[0]
    assert letter.about == f"{ORDER}/{third}"
    world.post()
    assert [text.subject for _, text in world.mailer.sent if "refunded#" in text.text]


def test_a_refund_of_the_share_of_all_that_is_ahead_needs_no_name(world: Scholarships) -> None:
    after_the_third = datetime(2025, 8, 10, tzinfo=UTC)
    world.deliver(refund(world, 2 * 59.40, at=after_the_third))
    assert held(world) == ["active", "active", "active", "ended", "ended"]


@pytest.mark.parametrize("backwards", [False, True])
def test_the_first_word_of_a_refund_says_which_classes_were_still_ahead(
    world: Scholarships, backwards: bool
) -> None:
    facts = [
        refund(world, 2 * 59.40, "pending", at=datetime(2025, 8, 10, tzinfo=UTC)),
        refund(world, 2 * 59.40, "succeeded", at=datetime(2025, 9, 1, tzinfo=UTC)),
    ]
    for fact in reversed(facts) if backwards else facts:
        world.deliver(fact)
    assert held(world) == ["active", "active", "active", "ended", "ended"]


@pytest.mark.parametrize("amount", [59.40, 60.00, 100.00])
def test_a_refund_that_could_mean_any_class_ends_none_and_is_for_staff(
    world: Scholarships, amount: float
) -> None:
    world.deliver(refund(world, amount))
    assert held(world) == ["active"] * 5
    assert order_of(world).waiting == "review"
    (letter,) = world.letters(LetterKind.STAFF_REFUND_UNCLEAR)
    assert letter.lines
    assert not decide_review_again(
        ORDER, records=world.records, identity_key=KEY, live=False, now=world.now
    )


def test_an_amount_that_does_not_fit_the_classes_it_names_is_for_staff(
    world: Scholarships,
) -> None:
    world.deliver(refund(world, 59.40, sessions=tuple(classes(world)[:2])))
    assert held(world) == ["active"] * 5
    assert order_of(world).waiting == "review"


def test_all_of_the_money_ends_all_of_the_classes(world: Scholarships) -> None:
    world.deliver(refund(world, 297))
    assert held(world) == ["ended"] * 5
    assert order_of(world).status == "refunded"


@pytest.mark.parametrize("backwards", [False, True])
def test_a_refund_that_fails_after_it_succeeded_restores_access(
    world: Scholarships, backwards: bool
) -> None:
    facts = [
        said(world, "refunded", "evt_charge", amount=dollars(297)),
        refund(world, 297),
        refund(world, 297, "failed"),
    ]
    for fact in reversed(facts) if backwards else facts:
        world.deliver(fact)
    assert held(world) == ["active"] * 5


def test_an_open_dispute_holds_the_place_and_grants_nothing_new(world: Scholarships) -> None:
    world.deliver(dispute(world, "open"))
    assert held(world) == ["held"] * 5
    session = classes(world)[0]
    kept = world.records.get(Registration.key_of(session, who(ANA)), Registration)
    rights = entitlements(world.catalogue, session, kept, world.now)
    for right in (rights.seat, rights.joining_link, rights.credit):
        assert not right.granted
        assert "disputed" in right.why
    assert len(world.letters(LetterKind.STAFF_DISPUTE)) == 1


@pytest.mark.parametrize(("end", "status"), [("won", "active"), ("lost", "ended")])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_dispute_that_is_won_restores_and_one_that_is_lost_revokes(
    world: Scholarships, end: str, status: str, backwards: bool
) -> None:
    facts = [dispute(world, "open"), dispute(world, end)]
    for fact in reversed(facts) if backwards else facts:
        world.deliver(fact)
    assert held(world) == [status] * 5


def test_a_dispute_that_comes_before_its_payment_is_kept() -> None:
    world = Scholarships()
    assert world.deliver(dispute(world, "open")) is Outcome.RECORDED
    world.deliver(bought(world))
    assert held(world) == ["held"] * 5


def test_what_a_supporter_gives_beyond_the_usual_rate_reaches_the_fund(
    world: Scholarships,
) -> None:
    before = world.fund()
    assert posted(world) == 8700
    assert world.fund() == before
    world.sweep_round()
    assert world.fund() == before + 8700


@pytest.mark.parametrize(
    ("offer", "cents"),
    [("tfc-1-wisdom-supporter", 2500), ("all-five-general", 0), ("all-five-reduced", 0)],
)
def test_only_supporters_give_to_the_fund(offer: str, cents: int) -> None:
    world = Scholarships()
    world.deliver(bought(world, offer))
    assert posted(world) == cents


def test_a_refund_takes_back_what_it_gave_to_the_fund_class_by_class(world: Scholarships) -> None:
    world.deliver(refund(world, 59.40, sessions=(classes(world)[0],)))
    assert posted(world) == 4 * 1740
    world.deliver(refund(world, 237.60, part="re_2"))
    assert posted(world) == 0
    world.deliver(refund(world, 237.60, "failed", part="re_2"))
    assert posted(world) == 4 * 1740


def test_the_fund_never_falls_below_zero_when_what_it_was_given_is_taken_back(
    world: Scholarships,
) -> None:
    world.sweep_round()
    fund = world.records.get(Fund.key_of(world.series), Fund)
    assert fund is not None
    spent = FundEntry(series=world.series, about="spent", by=-fund.balance, at=world.now)
    world.records.commit(fund.moved(-fund.balance, world.now), spent)
    world.deliver(refund(world, 297))
    world.sweep_round()
    assert world.fund() == 0
    world.change(fund=10 * 21000)
    world.sweep_round()
    assert world.fund() == 21000 - 8700


def test_a_certificate_stays_when_its_payment_is_gone_and_staff_hear_of_it(
    world: Scholarships,
) -> None:
    session = world.catalogue.sessions[0]
    world.now = session.ends_at + timedelta(hours=1)
    world.report(session.id, [(ANA, session.starts_at, session.ends_at)])
    world.close(session.id)
    assert len(world.certificates()) == 1
    world.deliver(refund(world, 297))
    (letter,) = world.letters(LetterKind.STAFF_CERTIFICATE_KEPT)
    assert letter.session == session.id
    assert len(world.certificates()) == 1


def everything_said(world: Scholarships) -> list[PaymentFact]:
    first, second = classes(world)[:2]
    return [
        bought(world),
        said(world, "pending", "evt_pending", amount=dollars(297)),
        said(world, "refunded", "evt_charge_1", amount=dollars(59.40)),
        said(world, "refunded", "evt_charge_2", amount=dollars(118.80)),
        refund(world, 59.40, "pending", "re_1", (first,)),
        refund(world, 59.40, "succeeded", "re_1", (first,)),
        refund(world, 59.40, "succeeded", "re_2", (second,)),
        refund(world, 59.40, "failed", "re_2", (second,)),
        dispute(world, "open"),
        dispute(world, "won"),
        dispute(world, "open", "dp_2"),
        dispute(world, "lost", "dp_2"),
    ]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_state_is_a_function_of_the_set_of_events(data: st.DataObject) -> None:
    one, other = Scholarships(), Scholarships()
    facts = everything_said(one)
    chosen = data.draw(st.lists(st.integers(0, len(facts) - 1), min_size=1, max_size=10))
    shuffled = data.draw(st.permutations([*chosen, *chosen[:3]]))
    for place in sorted(set(chosen)):
        one.deliver(facts[place])
    for place in shuffled:
        other.deliver(facts[place])
    assert ends_with(one) == ends_with(other)


def ends_with(world: Scholarships) -> dict[str, object]:
    order = order_of(world)
    told = order.model_dump(exclude={"version", "waiting_since", "first_seen_at"})
    return {"order": told, "held": held(world), "posted": posted(world)}
