"""The page on which somebody makes up for a missed part: every right decided again on opening."""

from datetime import datetime

from shared.domain.made_up import MadeUp
from shared.domain.my_page import MakeUpView
from shared.domain.registrations import Registration
from shared.ports import Records
from shared.usecases.find_session import find_session
from shared.usecases.make_up_part import make_up_part, may_make_up
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound


def open_make_up(
    token: str, session: str, *, keys: list[bytes], records: Records, now: datetime
) -> MakeUpView | NotFound:
    """The form with what was sent before, or why there is none. Opening it changes nothing."""
    person = holder_of(token, keys=keys, records=records, now=now)
    found = find_session(session, records) if person else None
    if person is None or found is None:
        return NotFound()
    if records.get(Registration.key_of(session, person.learner), Registration) is None:
        return NotFound()
    kept = records.get(MadeUp.key_of(session, person.learner), MadeUp)
    return MakeUpView(
        token=token,
        catalogue=found.catalogue,
        session=found.session,
        decision=may_make_up(session, person.learner, records=records, now=now),
        reflection=kept.reflection if kept else "",
    )


def send_make_up(
    token: str,
    session: str,
    reflection: str,
    *,
    keys: list[bytes],
    records: Records,
    now: datetime,
) -> MakeUpView | NotFound:
    """Take the reflection; or give the form back with it and with what is to be put right."""
    view = open_make_up(token, session, keys=keys, records=records, now=now)
    person = holder_of(token, keys=keys, records=records, now=now)
    if isinstance(view, NotFound) or person is None or not view.decision.granted:
        return view
    made = make_up_part(session, person.learner, reflection, records=records, now=now)
    problem = "" if made.granted else made.why
    return view.model_copy(
        update={"reflection": reflection, "problem": problem, "sent": made.granted}
    )
