"""How an act is done: by somebody whose part it is, from a form of ours, written down, and back."""

import unicodedata
from collections.abc import Callable

from aws_lambda_powertools.event_handler import Response

from functions.learner_pages.own_page import fields
from functions.staff_desk.again import again, form_id
from functions.staff_desk.desk import done, refused
from functions.staff_desk.who import Routes, Strange, back, checked_form, once, staff
from shared import wiring
from shared.domain.staff import Staff, What
from shared.observability import count
from shared.usecases.audit import audited, done_already

# A reason is a sentence; a longer one is kept as far as this.
_LONGEST = 500
# Longer than any id, name or address, in bytes; a key of the table may have twice as many.
_LONGEST_SAID = 512


class NotSaid(Exception):
    """Something that the act needs was left empty; the text says what."""


class Asked:
    """One act that somebody asks for: who, what they sent, and why."""

    def __init__(self, routes: Routes, what: What, sent: dict[str, str] | None = None) -> None:
        self.by: Staff = staff(routes, what)
        self.sent = checked_form(routes, sent)
        self._several = {one: [said] for one, said in sent.items()} if sent else fields(routes)
        self._form = form_id(self._several, once(routes))
        self.why = _one_line(self.sent.get("why", ""))[:_LONGEST]
        self._routes = routes

    def said(self, name: str) -> str:
        """What was filled in there; empty if nothing was. Raises Strange."""
        return self._plain(self.sent.get(name, "").strip())

    def all_said(self, name: str) -> tuple[str, ...]:
        """Everything that was chosen there. Raises Strange."""
        return tuple(self._plain(one) for one in self._several.get(name, []))

    def _plain(self, said: str) -> str:
        if len(said.encode()) > _LONGEST_SAID or any(map(_is_control, said)):
            raise Strange(self.by, back(self.sent))
        return said

    def do(
        self,
        act: str,
        about: tuple[str, ...],
        deed: Callable[[], object],
        *refusals: type[Exception],
        needs_why: bool = True,
        learner: str | None = None,
        kept: str | None = None,
    ) -> Response[str]:
        """Do it, leave a record of it, and go back; or show why it was not done.

        `about` are ids. `refusals` are the errors by which it is refused, in a sentence. `learner`
        is whom it is about, if anybody was named. `kept` stands in the record in place of a reason
        that is kept where the thing itself is.
        """
        try:
            if needs_why and not self.why:
                raise NotSaid("Say why, in one sentence. It is kept for whoever asks later.")
            audited(
                act,
                about,
                deed,
                by=self.by.name,
                why=self.why if kept is None else kept,
                records=wiring.records(),
                now=wiring.now(),
                refusals=refusals,
                learner=learner or None,
                form=self._form,
            )
        except (NotSaid, *refusals) as why:  # type: ignore[misc] # each is an Exception
            if not isinstance(why, NotSaid) and self._was_done(act, about):
                return done(self._routes, self.sent)
            count("StaffActRefused")
            status = 422 if isinstance(why, NotSaid) else 409
            return refused(
                self._routes, self.by, status, str(why), back(self.sent), again(self._several)
            )
        count("StaffActDone")
        return done(self._routes, self.sent)

    def _was_done(self, act: str, about: tuple[str, ...]) -> bool:
        """Whether they did it a moment ago: who clicks twice is told what came of the first."""
        return done_already(
            act,
            about,
            by=self.by.name,
            form=self._form,
            records=wiring.records(),
            now=wiring.now(),
        )


def _one_line(text: str) -> str:
    return "".join(" " if _is_control(one) else one for one in text).strip()


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc"
