"""What can be done about people: who somebody is, where they are reached, what counts for them."""

from shared.domain.appeals import Appeal
from shared.domain.desk_today import Blank, Deed, Offered
from shared.domain.live_attendance import LiveFact
from shared.domain.made_up import MadeUp
from shared.domain.people import clean_name
from shared.domain.record import Key
from shared.domain.registrations import Learner
from shared.domain.sightings import LIVE, Sighting
from shared.domain.unmatched import UnmatchedRow, UnmatchedRows
from shared.domain.waiting_items import WaitingItem
from shared.ports import Records

_THEIR_ADDRESS = "The address they registered with"


def about_attendance(item: WaitingItem, records: Records) -> tuple[Offered, ...]:
    """Each row by itself: who it is, or that it is nobody of ours."""
    rows = records.get(UnmatchedRows.key_of(item.name), UnmatchedRows)
    if rows is None:
        return ()
    return tuple(_about_row(row, rows.session, records) for row in rows.rows)


def _about_row(row: UnmatchedRow, session: str, records: Records) -> Offered:
    name, address = _seen_as(row, session, records)
    ids = {"session": session, "row": row.participant}
    likely = records.get(Learner.key_of(row.likely), Learner) if row.likely else None
    somebody = Deed(
        what="match-row",
        label="It is whoever has that address",
        ids=ids,
        blanks=(Blank(name="address", label=_THEIR_ADDRESS),),
    )
    nobody = Deed(what="match-row", label="Nobody of ours", ids={**ids, "nobody": "yes"})
    suggested = somebody
    others = [nobody]
    if likely is not None:
        called = f"{clean_name(likely.name)} <{likely.address}>"
        suggested = Deed(
            what="match-row",
            label=f"It is {clean_name(likely.name) or likely.address}",
            ids={**ids, "learner": likely.learner},
        )
        others = [somebody, nobody]
        said = f"May be {called}. Only you can say so."
    else:
        said = "Nobody registered has a name or an address like that."
    shown = f"“{name or 'no name'}”" + (f" <{address}>" if address else "")
    return Offered(title=shown, said=said, suggested=suggested, others=tuple(others))


def _seen_as(row: UnmatchedRow, session: str, records: Records) -> tuple[str, str]:
    """The name and the address that the record has of them."""
    if row.source == LIVE:
        told = records.find(f"SESSION#{session}", LiveFact, f"{LiveFact.PREFIX}{row.participant}")
        fact = next(told, None)
        return (fact.name, fact.address) if fact else ("", "")
    at = Key(f"SESSION#{session}", Sighting.prefix_of(row.source) + row.participant)
    found = records.get(at, Sighting)
    return (found.name, found.address) if found else ("", "")


def about_address(item: WaitingItem) -> tuple[Offered, ...]:
    """Write to another address from now on."""
    correct = Deed(
        what="correct-address",
        label="Write to this address",
        ids={"learner": item.name},
        blanks=(
            Blank(
                name="address",
                label="Their address",
                hint="What they missed is sent there.",
            ),
        ),
    )
    return (Offered(suggested=correct),)


def about_likeness(item: WaitingItem) -> tuple[Offered, ...]:
    """They are one person, or two."""
    ids = {"pair": item.name}
    same = Deed(what="same-person", label="They are one person", ids=ids)
    two = Deed(what="two-people", label="They are two people", ids=ids)
    return (Offered(suggested=same, others=(two,)),)


def about_certificate(item: WaitingItem) -> tuple[Offered, ...]:
    """Ask its holder for a name that can be printed, or try once more."""
    scope, _, learner = item.name.partition("/")
    ask = Deed(
        what="send-page-link",
        label="Send them a link to their page, where they write their name",
        ids={"learner": learner},
    )
    again = Deed(
        what="print-again",
        label="Try once more to print it",
        ids={"scope": scope, "learner": learner},
    )
    return (Offered(suggested=ask, others=(again,)),)


def about_reflection(item: WaitingItem, records: Records) -> tuple[Offered, ...]:
    """It counts, or something is missing."""
    session, _, learner = item.name.partition("/")
    kept = records.get(MadeUp.key_of(session, learner), MadeUp)
    if kept is None:
        return ()
    ids = {"session": session, "learner": learner}
    accept = Deed(what="accept-reflection", label="It counts", ids=ids, why="")
    refuse = Deed(
        what="refuse-reflection",
        label="Something is missing",
        ids=ids,
        why="What is missing? They read this",
        told=True,
    )
    return (Offered(said=kept.reflection, suggested=accept, others=(refuse,)),)


def about_appeal(item: WaitingItem, records: Records) -> tuple[Offered, ...]:
    """The decision stands, or it is changed; either way they read why."""
    kept = records.get(Appeal.key_of(item.name), Appeal)
    if kept is None:
        return ()
    counts = "they were there" if kept.about == "attendance" else "they get the credit"
    stands, change = (
        Deed(what=what, label=label, ids={"appeal": kept.id}, why="Why? They read this", told=True)
        for what, label in (
            ("uphold-decision", "The decision stands"),
            ("change-decision", f"Change it: {counts}"),
        )
    )
    return (Offered(said=kept.reason, suggested=stands, others=(change,)),)
