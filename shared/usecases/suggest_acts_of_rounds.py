"""What can be done about what waits in scholarship rounds."""

from shared.domain.applications import Outcome
from shared.domain.desk_scholarships import may_read
from shared.domain.desk_today import Blank, Choice, Deed, Offered
from shared.domain.scholarship_views import say_outcome
from shared.domain.sessions import Series
from shared.domain.staff import Staff
from shared.domain.waiting_items import WaitingItem
from shared.ports import Records
from shared.usecases.suggest_acts_of_things import about_letter


def about_application(item: WaitingItem, asks: Staff, records: Records) -> tuple[Offered, ...]:
    """Read it and decide it, if that is theirs; else see whose it is."""
    series, _, reference = item.name.partition("/")
    kept = records.get(Series.key_of(series), Series)
    policy = kept.catalogue.policies.scholarship if kept else None
    if policy is None:
        return ()
    of_round = f"staff/scholarships/{series}"
    if not may_read(asks, policy):
        said = (
            "Whoever reads applications decides it: whom the catalogue names under reviewers, or "
            "who has the part of a reviewer. Ask one of them."
        )
        return (Offered(said=said, link=of_round, link_label="Open the round"),)
    decide = Deed(
        what="decide-application",
        label="Decide it so",
        ids={"series": series, "reference": reference},
        blanks=(
            Blank(
                name="outcome",
                label="What becomes of it?",
                choices=tuple(
                    Choice(value=outcome.value, label=say_outcome(outcome, None))
                    for outcome in Outcome
                ),
            ),
            Blank(name="award", label="How much, if it is a part", required=False),
        ),
        why="Why? One sentence, kept with it until it is erased",
    )
    return (Offered(suggested=decide, link=f"{of_round}/{reference}", link_label="Read it first"),)


def about_round_letter(item: WaitingItem) -> tuple[Offered, ...]:
    """Send it once more, or say that they were reached another way."""
    return about_letter(item, "round-letter")
