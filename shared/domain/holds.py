"""That staff hold somebody's places: what they have stays, and nothing new is given meanwhile.

Facts, kept for ever: who held them, when and why, and who lifted it.
"""

from datetime import datetime
from typing import ClassVar

from shared.domain.record import Key, Record
from shared.domain.value import Value


class HoldWord(Value):
    """One word of staff: to hold, or to lift. `why` is for the file, not for the person."""

    holds: bool
    by: str
    why: str
    at: datetime


class Hold(Record):
    """Everything staff said of holding one person's places, in order."""

    kind: ClassVar[str] = "hold"

    said: tuple[HoldWord, ...] = ()

    @staticmethod
    def key_of(learner: str) -> Key:
        """Where it stands whether that person's places are held."""
        return Key(f"LEARNER#{learner}", "HOLD")

    def key(self) -> Key:
        return self.key_of(self.learner or "")

    @property
    def holds(self) -> bool:
        """Whether they are held: the last word counts."""
        return bool(self.said) and self.said[-1].holds

    def with_word(self, word: HoldWord) -> "Hold":
        """The same with one word more."""
        return self.model_copy(update={"said": (*self.said, word)})
