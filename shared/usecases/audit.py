"""Write down what staff do: before it is done, and again what came of it."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from shared.domain.audits import Audit, CameOf, day_key
from shared.ports import Records

Done = TypeVar("Done")
# Two clicks, or a page that was loaded again.
_A_MOMENT = timedelta(minutes=1)


def audited(
    act: str,
    about: tuple[str, ...],
    do: Callable[[], Done],
    *,
    by: str,
    why: str,
    records: Records,
    now: datetime,
    refusals: tuple[type[Exception], ...] = (),
    learner: str | None = None,
    form: str = "",
) -> Done:
    """Do it, and leave one record of it whatever happens; what `do` raises is raised.

    It is written first: nothing can be done without a trace. `about` are ids; `refusals` are the
    errors by which `do` says no; `learner` puts the record on that person's page; `form` is of the
    form that asked for it.
    """
    begun = Audit(
        number=secrets.token_hex(4),
        act=act,
        about=about,
        by=by,
        at=now,
        why=why,
        form=form,
        learner=learner,
    )
    records.commit(begun)
    try:
        done = do()
    except refusals:
        _end(begun, CameOf.REFUSED, records)
        raise
    except Exception:
        _end(begun, CameOf.FAILED, records)
        raise
    _end(begun, CameOf.DONE, records)
    return done


def done_already(
    act: str, about: tuple[str, ...], *, by: str, form: str, records: Records, now: datetime
) -> bool:
    """Whether the same person did the very same a moment ago: a form that was sent twice."""
    since = (now - _A_MOMENT).isoformat()
    return any(
        (one.act, one.about, one.by, one.form, one.came_of) == (act, about, by, form, CameOf.DONE)
        for one in records.find(day_key(now), Audit, after=since)
    )


def _end(begun: Audit, came_of: CameOf, records: Records) -> None:
    written = records.get(begun.key(), Audit)
    if written is not None:
        records.commit(written.model_copy(update={"came_of": came_of}))
