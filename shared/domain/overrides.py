"""What staff say of one person's attendance or credit, against or beyond what the rules found.

Facts, kept for ever: who said what, when and why, and who took it back. The latest word that was
not taken back counts; taking it back restores what the rules say.
"""

from datetime import datetime
from typing import ClassVar, Literal

from shared.domain.record import Key, Record
from shared.domain.value import Value

About = Literal["attendance", "credit"]


class Withdrawal(Value):
    """Who took an override back, when and why."""

    by: str
    why: str
    at: datetime


class Override(Value):
    """One word of staff. `why` and `by` are for the file; the person reads neither."""

    about: About
    granted: bool
    by: str
    why: str
    at: datetime
    withdrawn: Withdrawal | None = None


class Overrides(Record):
    """Everything staff said of one person in one scope (a session, or a series as a unit)."""

    kind: ClassVar[str] = "overrides"

    scope: str
    series: str
    learner: str
    said: tuple[Override, ...] = ()

    @staticmethod
    def partition_of(scope: str) -> str:
        """The partition that holds all overrides of a scope."""
        return f"OVERRIDES#{scope}"

    @classmethod
    def key_of(cls, scope: str, learner: str) -> Key:
        """Where what was said of that person in that scope stands."""
        return Key(cls.partition_of(scope), learner)

    def key(self) -> Key:
        return self.key_of(self.scope, self.learner)

    def counts(self, about: About) -> Override | None:
        """The word that counts: the latest that was not taken back."""
        standing = [one for one in self.said if one.about == about and one.withdrawn is None]
        return max(standing, key=lambda one: (one.at, one.by), default=None)

    @property
    def says_anything(self) -> bool:
        """Whether any word of it counts."""
        return any(word.withdrawn is None for word in self.said)

    def with_word(self, word: Override) -> "Overrides":
        """The same with one word more. The same word again is none."""
        return self if word in self.said else self.model_copy(update={"said": (*self.said, word)})

    def taken_back(self, about: About, withdrawal: Withdrawal) -> "Overrides":
        """The same with the word that counts taken back, if there is one."""
        last = self.counts(about)
        said = tuple(
            one.model_copy(update={"withdrawn": withdrawal}) if one is last else one
            for one in self.said
        )
        return self.model_copy(update={"said": said})
