"""The scholarship part of publishing a catalogue: the round, its alarm, and what its fund holds."""

from collections.abc import Iterator
from datetime import datetime

from shared.domain.awards import Fund, FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.money import Money
from shared.domain.record import Record
from shared.domain.rounds import WAITING, Round, RoundPhase
from shared.ports import Records, Schedules

Question = tuple[tuple[str | int, ...], str]
_POLICY = ("policies", "scholarship")


def scholarship_changes(catalogue: Catalogue, records: Records, now: datetime) -> Iterator[Record]:
    """The round and the fund as the file says, where they are not so yet.

    A round whose deadline has passed when it is first published never was open.
    """
    policy = catalogue.policies.scholarship
    if policy is None:
        return
    series = catalogue.series.id
    around = records.get(Round.key_of(series), Round)
    if around is None and policy.closes_at > now:
        yield _awaiting(Round(series=series, closes_at=policy.closes_at), policy.closes_at)
    moved = around is not None and around.closes_at != policy.closes_at
    if around is not None and moved and around.phase is not RoundPhase.CLOSED:
        yield _awaiting(around, policy.closes_at)
    yield from _fund_changes(catalogue, policy.fund, records, now)


def scholarship_objections(catalogue: Catalogue, records: Records) -> Iterator[Question]:
    """What cannot be done to a round that has begun, with the place in the file."""
    policy = catalogue.policies.scholarship
    fund = records.get(Fund.key_of(catalogue.series.id), Fund)
    if fund is None:
        return
    if policy is None:
        text = "this series has a scholarship fund. Could the scholarship policy stay?"
        yield ("policies",), text
        return
    price = catalogue.offer(policy.covers).price
    if price.currency != fund.currency:
        text = f"the fund is in {fund.currency}, and '{policy.covers}' is not. Which price is?"
        yield (*_POLICY, "covers"), text
    elif policy.fund < fund.put_in and fund.put_in - policy.fund > fund.balance:
        least = Money(minor=fund.put_in - fund.balance, currency=fund.currency)
        text = f"{least} has been awarded already. Could it be at least {least.minor}?"
        yield (*_POLICY, "fund"), text


def set_round_alarm(series: str, records: Records, schedules: Schedules, now: datetime) -> None:
    """One alarm at the deadline of a round; a deadline that has passed is the sweep's."""
    around = records.get(Round.key_of(series), Round)
    if around is None:
        return
    if around.phase is RoundPhase.OPEN and around.closes_at > now:
        schedules.round_at(series, around.closes_at)
    else:
        schedules.cancel_round(series)


def _awaiting(around: Round, closes_at: datetime) -> Round:
    return around.model_copy(
        update={
            "closes_at": closes_at,
            "phase": RoundPhase.OPEN,
            "waiting": WAITING,
            "waiting_since": closes_at.isoformat(),
        }
    )


def _fund_changes(
    catalogue: Catalogue, put_in: int, records: Records, now: datetime
) -> Iterator[Record]:
    """What the institute has put in, in all: the file says how much, the entry how much more."""
    series = catalogue.series.id
    policy = catalogue.policies.scholarship
    assert policy is not None  # noqa: S101 - asked before
    currency = catalogue.offer(policy.covers).currency
    known = records.get(Fund.key_of(series), Fund)
    fund = known or Fund(series=series, currency=currency)
    if known is not None and known.put_in == put_in:
        return
    by = put_in - fund.put_in
    yield fund.moved(by, now).model_copy(update={"put_in": put_in})
    if by:
        yield FundEntry(series=series, about=f"put-in/{fund.version + 1}", by=by, at=now)
