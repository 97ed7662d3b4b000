"""A form that was sent in vain, to be sent once more: nothing that was typed is lost."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shared.domain.keyed_ids import keyed_id

# What is typed into forms, and how it is called where it can be changed before it is sent again.
_TYPED: Final[Mapping[str, str]] = {
    "address": "The address",
    "amount": "The amount",
    "award": "How much the award is to pay",
    "days": "How many days",
    "name": "The name",
    "why": "Why? One sentence, kept with it",
}
_NOT_KEPT: Final = frozenset({"once", "file"})
# What a page puts into its forms whatever they are for.
_OF_THE_PAGE: Final = frozenset({"once", "back"})


class Typed(NamedTuple):
    """One line that somebody filled in."""

    name: str
    label: str
    value: str


class Again(NamedTuple):
    """What was sent: `kept` as it is (ids, and what was chosen), `typed` to be looked at."""

    kept: tuple[tuple[str, str], ...]
    typed: tuple[Typed, ...]

    @property
    def why(self) -> str:
        """The reason that was given."""
        return next((one.value for one in self.typed if one.name == "why"), "")

    @property
    def can_be_put_right(self) -> bool:
        """Whether something besides the reason was typed."""
        return any(one.name != "why" for one in self.typed)


NOTHING: Final = Again(kept=(), typed=())


def form_id(sent: Mapping[str, Sequence[str]], session: str) -> str:
    """What tells this form from others of that session; nobody else can tell, or try out, of what.

    `session` is the word that stands in the forms of one session alone.
    """
    said = sorted((name, *several) for name, several in sent.items() if name not in _OF_THE_PAGE)
    return keyed_id(f"form.{json.dumps(said)}", session.encode())


def again(sent: Mapping[str, Sequence[str]]) -> Again:
    """The form as it was sent, each field with all its values."""
    fields = [(name, value) for name, several in sent.items() for value in several]
    return Again(
        kept=tuple(one for one in fields if one[0] not in _NOT_KEPT | set(_TYPED)),
        typed=tuple(
            Typed(name, label, (*sent[name], "")[0])
            for name, label in _TYPED.items()
            if name in sent and _counts(name, sent)
        ),
    )


def _counts(name: str, sent: Mapping[str, Sequence[str]]) -> bool:
    """Whether it is looked at: of an award the amount is, if it is a part."""
    return name != "award" or "partial" in sent.get("outcome", ())
