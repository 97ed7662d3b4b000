"""What another catalogue file would change, in plain words, before it is applied.

Every difference between two catalogues is said: what people notice of it (a new time, a cancelled
class) in a sentence of its own, all else field by field, so that nothing changes unsaid.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from shared.domain.catalogue import Catalogue, Offer, Session, Tier
from shared.domain.catalogue_fields import changed_fields
from shared.domain.catalogue_values import Part
from shared.domain.value import Value
from shared.domain.zones import say_day, say_span


class Area(StrEnum):
    """Which part of the catalogue a change is about."""

    SESSIONS = "Sessions"
    PRICES = "Prices"
    RATES = "Rates"
    RULES = "Rules"
    SERIES = "The series"
    INSTITUTE = "The institute"


class Change(Value):
    """One change, in a sentence. `letters` is how many people are written to because of it.

    `careful` is something that a person should look at twice.
    """

    area: Area
    text: str
    letters: int = 0
    careful: bool = False


def differences(
    before: Catalogue | None, after: Catalogue, seats: Mapping[str, int], now: datetime
) -> tuple[Change, ...]:
    """Everything that `after` changes, in the order of the file. `seats` are those held now."""
    if before is None:
        return (_new_series(after),)
    return (
        *_sessions(before, after, seats, now),
        *_rates(before, after),
        *_prices(before, after),
        *_rules(before, after),
        *_fields(Area.SERIES, before.series, after.series),
        *_fields(Area.INSTITUTE, before.institute, after.institute),
    )


def _new_series(after: Catalogue) -> Change:
    sessions, prices = len(after.sessions), len(after.prices)
    text = (
        f"“{after.series.title}” is a new series, with {_counted(sessions, 'session')} and "
        f"{_counted(prices, 'price')}. From then on it is on sale."
    )
    return Change(area=Area.SERIES, text=text)


def _sessions(
    before: Catalogue, after: Catalogue, seats: Mapping[str, int], now: datetime
) -> Iterator[Change]:
    earlier = {one.id: one for one in before.sessions}
    for session in after.sessions:
        label, known = _label(session, after), earlier.get(session.id)
        people = seats.get(session.id, 0)
        if known is None:
            held = say_span(session.starts_at, session.ends_at, session.zone)
            yield _change(f"{label}, “{session.title}”, is new: {held}.")
        else:
            yield from _session(label, known, session, people, now)
        if session.capacity is not None and people > session.capacity:
            more = f"{_counted(people, 'seat')} of it are held, and {session.capacity} is its limit"
            if known is None or known.capacity != session.capacity:
                yield _change(
                    f"{label}: {more}. Nobody loses a seat; no more are sold.", careful=True
                )
    kept = {one.id for one in after.sessions}
    for gone in before.sessions:
        if gone.id not in kept:
            yield _change(
                f"{_label(gone, before)}, “{gone.title}”, is taken out. Nobody holds a seat in it.",
                careful=True,
            )
    yield from _windows(before, after, now)


def _session(
    label: str, before: Session, after: Session, people: int, now: datetime
) -> Iterator[Change]:
    if after.cancelled and not before.cancelled:
        said = f" {_people(people)} will get a letter, and their share back." if people else ""
        text = f"{label}, “{after.title}”, is cancelled: “{after.cancelled}”{said}"
        yield _change(text, letters=people, careful=True)
    elif (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        ahead = people if after.starts_at > now and not after.cancelled else 0
        letters = f": {_people(ahead)} will get a letter" if ahead else ""
        held = say_span(after.starts_at, after.ends_at, after.zone)
        text = f"{label} {_say_move(before, after)}{letters}. It is held on {held}."
        yield _change(text, letters=ahead, careful=after.starts_at <= now)
    if before.joining_link != after.joining_link:
        yield _change(f"{label}: {_say_link(before, after, people)}")
    # Everything else, field by field; what was cancelled before may get other words.
    said_above = ("id", "starts", "ends", "joining_link", "" if before.cancelled else "cancelled")
    for text in changed_fields(before, after, said_above):
        yield _change(f"{label}: {text}")


def _say_move(before: Session, after: Session) -> str:
    """ "moves by 30 minutes", "moves by 2 days", or that it begins or ends at another time."""
    start, end = after.starts_at - before.starts_at, after.ends_at - before.ends_at
    if start == end:
        return f"moves by {_say_minutes(int(abs(start.total_seconds())) // 60)}"
    if not start:
        longer = "longer" if end > start else "shorter"
        return f"gets {_say_minutes(int(abs(end.total_seconds())) // 60)} {longer}"
    return "has another beginning and another end" if end else "begins at another time"


def _say_minutes(minutes: int) -> str:
    if minutes >= 1440 and minutes % 1440 == 0:
        return _counted(minutes // 1440, "day")
    if minutes >= 60 and minutes % 60 == 0:
        return _counted(minutes // 60, "hour")
    hours, rest = divmod(minutes, 60)
    return (
        f"{_counted(hours, 'hour')} and {_counted(rest, 'minute')}"
        if hours
        else _counted(rest, "minute")
    )


def _say_link(before: Session, after: Session, people: int) -> str:
    if after.joining_link is None:
        return "its joining link is taken away. Reminders say that it follows."
    who = f"{_people(people)} with a seat see" if people > 1 else "Whoever has a seat sees"
    where = f"{who} it on their own page and in reminders"
    if before.joining_link is None:
        return f"it has a joining link now: {after.joining_link}. {where}."
    return (
        f"it has another joining link: {after.joining_link}. {where}; letters that were sent keep "
        "the old one."
    )


def _windows(before: Catalogue, after: Catalogue, now: datetime) -> Iterator[Change]:
    """Recordings that may be watched for longer or shorter, each by its days."""
    earlier = {one.id for one in before.sessions}
    for session in after.sessions:
        if session.id not in earlier or not session.recorded:
            continue
        was, will = before.recording_closes_at(session.id), after.recording_closes_at(session.id)
        moved = before.session(session.id).ends_at != session.ends_at
        if was == will or (moved and was is not None and will is not None):
            continue
        shorter = will is not None and (was is None or will < was)
        till = f"until {say_day(will, session.zone)}" if will else "without end"
        text = f"{_label(session, after)}: its recording may be watched {till}"
        over = shorter and will is not None and will <= now
        yield _change(f"{text}{', which is over by now' if over else ''}.", careful=shorter)


def _rates(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    was, will = ({one.id: one for one in file.tiers} for file in (before, after))
    yield from _come_and_gone(Area.RATES, "The rate", was, will)
    for name in (one for one in will if one in was):
        known, tier = was[name], will[name]
        if known.credit != tier.credit:
            with_it = "with" if tier.credit else "without"
            text = f"The rate “{tier.title}” comes {with_it} credit from the next decision on."
            yield Change(area=Area.RATES, text=text, careful=True)
        for said in changed_fields(known, tier, {"id", "credit"}):
            yield Change(area=Area.RATES, text=f"The rate “{tier.title}”: {said}")


def _prices(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    was, will = ({one.id: one for one in file.prices} for file in (before, after))
    yield from _come_and_gone(Area.PRICES, "The price", was, will)
    for name in (one for one in will if one in was):
        known, offer = was[name], will[name]
        about = f"The price “{offer.title}” ({name})"
        if known.price != offer.price:
            text = f"{about} is {offer.price}; it was {known.price}. What was bought stays bought."
            yield Change(area=Area.PRICES, text=text)
        for said in changed_fields(known, offer, {"id", "amount", "currency"}):
            yield Change(area=Area.PRICES, text=f"{about}: {said}")


def _come_and_gone(
    area: Area,
    what: str,
    was: Mapping[str, Tier] | Mapping[str, Offer],
    will: Mapping[str, Tier] | Mapping[str, Offer],
) -> Iterator[Change]:
    for name in (one for one in will if one not in was):
        one = will[name]
        costs = f": {one.price}" if isinstance(one, Offer) else ""
        yield Change(area=area, text=f"{what} “{one.title}” ({name}) is new{costs}.")
    for name in (one for one in was if one not in will):
        sold = " Payments for it wait for staff from then on." if area is Area.PRICES else ""
        text = f"{what} “{was[name].title}” ({name}) is taken out.{sold}"
        yield Change(area=area, text=text, careful=True)
    if [*was] != [*will] and was.keys() == will.keys():
        yield Change(area=area, text=f"{area} stand in another order.")


def _rules(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for said in changed_fields(before.policies, after.policies):
        yield Change(area=Area.RULES, text=said[:1].upper() + said[1:])


def credit_rules_differ(before: Catalogue, after: Catalogue) -> bool:
    """Whether what was decided might be decided otherwise by the other file's rules."""
    named = ("attendance", "certificate", "evaluation", "credit")
    return any(getattr(before.policies, n) != getattr(after.policies, n) for n in named)


def _fields(area: Area, before: Part, after: Part) -> Iterator[Change]:
    for said in changed_fields(before, after):
        yield Change(area=area, text=said[:1].upper() + said[1:])


def _label(session: Session, catalogue: Catalogue) -> str:
    """ "Class 3": the third class of the file."""
    alike = [one.id for one in catalogue.sessions if one.kind == session.kind]
    return f"{session.kind.capitalize()} {alike.index(session.id) + 1}"


def _change(text: str, *, letters: int = 0, careful: bool = False) -> Change:
    return Change(area=Area.SESSIONS, text=text, letters=letters, careful=careful)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
