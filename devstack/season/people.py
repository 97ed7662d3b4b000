"""Who takes part in the season: what they buy, how they attend, and what they are to get for it."""

from dataclasses import dataclass
from typing import Literal

Stay = Literal["stayed", "two devices", "left after half", "never came"]


@dataclass(frozen=True)
class Person:
    """One buyer. `attends` says which sessions they come to (by number), and `stay` how."""

    name: str
    address: str
    offer: str
    attends: tuple[int, ...] = (1,)
    stay: Stay = "stayed"
    certificate: bool = False


# Nine buyers of IDHA's series. Names in several scripts, one of sixty letters: they are printed.
REDUCED = Person("Bo Lee", "bo.lee@example.org", "reduced-class-1")
GENERAL = Person(
    "Ana Ruiz-Gómez",
    "ana.ruiz@example.org",
    "general-class-1",
    stay="two devices",
    certificate=True,
)
SUPPORTER = Person(
    "عبد الرحمن محمود", "abdulrahman@example.org", "supporter-class-1", certificate=True
)
REDUCED_BUNDLE = Person("Siobhán O'Neil", "siobhan@example.org", "reduced-bundle")
GENERAL_BUNDLE = Person(
    "Tomás Věžník", "tomas@example.org", "general-bundle", stay="left after half"
)
SUPPORTER_BUNDLE = Person(
    "श्रीकृष्ण त्रिपाठी", "krishna@example.org", "supporter-bundle", certificate=True
)
FIVE_TIMES = Person("Dana Whitfield", "dana@example.org", "general-class-1", stay="never came")
UNDERPAID = Person("Noor Haddad", "noor@example.org", "general-class-1", attends=())
PAYS_LATER = Person(
    "Maximiliana Wilhelmina von Hohenzollern-Sigmaringen-Altenburg",
    "maximiliana@example.org",
    "general-class-1",
    certificate=True,
)
IDHA = (
    REDUCED,
    GENERAL,
    SUPPORTER,
    REDUCED_BUNDLE,
    GENERAL_BUNDLE,
    SUPPORTER_BUNDLE,
    FIVE_TIMES,
    UNDERPAID,
    PAYS_LATER,
)
# Who gives the class back after the recording was announced.
REFUNDED = REDUCED

# Three registrants of MISA's unit.
WHOLE_UNIT = Person(
    "प्रियंका देशपांडे", "priyanka.d@example.org", "unit-inr", attends=(1, 2, 3, 4), certificate=True
)
MISSES_A_PART = Person("Ravi Menon", "ravi@example.org", "unit-usd", attends=(1, 2, 4))
COMES_TOO_LATE = Person("Grace Okafor", "grace@example.org", "unit-usd", attends=(1,))
MISA = (WHOLE_UNIT, MISSES_A_PART, COMES_TOO_LATE)
