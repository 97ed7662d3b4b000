"""One measured ratio and the promise it is held against; what every benchmark module returns."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measurement:
    """A ratio of two things timed side by side in one run, which carries from machine to machine.

    `note` gives the plain figures behind the ratio, which do not.
    """

    name: str
    ratio: float
    budget: float
    better: Literal["higher", "lower"]
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the ratio is within its budget."""
        if self.better == "higher":
            return self.ratio >= self.budget
        return self.ratio <= self.budget
