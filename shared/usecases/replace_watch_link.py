"""Replace somebody's link to a recording: earlier ones open nothing, and a letter brings the new.

By staff where a link went round, or by the person themselves on their own page.
"""

from datetime import datetime

from shared.domain.letters import LetterKind, owe
from shared.domain.registrations import Registration
from shared.domain.watch_links import LinkAct, WatchLink
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.revoke_certificate import NothingToChange


def replace_watch_link(
    session: str,
    learner: str,
    *,
    by: str,
    why: str,
    records: Records,
    now: datetime,
    instead_of: int | None = None,
) -> WatchLink:
    """Replace it, and say in the record who did and why.

    `instead_of` is the generation that is to be replaced: where a newer one counts already, as
    after a double click, nothing is changed. Raises NothingToChange if the person has no
    registration for the session.
    """

    def attempt() -> WatchLink:
        registration = records.get(Registration.key_of(session, learner), Registration)
        if registration is None:
            raise NothingToChange(f"This person has no registration for '{session}'.")
        kept = records.get(WatchLink.key_of(session, learner), WatchLink)
        link = kept or WatchLink(session=session, learner=learner)
        if instead_of is not None and instead_of != link.generation:
            return link
        replaced = link.replaced(LinkAct(by=by, why=why, at=now))
        letter = owe(
            LetterKind.RECORDING_LINK,
            f"{session}/{learner}/{replaced.generation}",
            now,
            learner=learner,
            series=registration.series,
            session=session,
        )
        records.commit(replaced, *not_yet_owed([letter], records))
        return replaced

    return until_committed(attempt)
