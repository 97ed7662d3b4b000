"""What a person tells us of themselves: the name for certificates, professions and licences.

Nothing is guessed and nothing is filled in for anybody. What was printed stays printed; what is
told later counts from then on, and what was told before stays on record.
"""

import unicodedata
from datetime import datetime
from typing import ClassVar

from shared.domain.forms import FieldProblem, Fields, clean_text, has_unseen, one, problem
from shared.domain.licensing_states import ELSEWHERE, STATES, UNLICENSED
from shared.domain.people import NAME_LIMIT, clean_name
from shared.domain.record import Key, Record
from shared.domain.value import Value

NUMBER_LIMIT = 40
PROFESSION_LIMIT = 80
MOST_LICENCES = 8
# What stands in the form where none of the catalogue's professions fits.
ANOTHER = "other"


class Licence(Value):
    """One licence. `profession` is the catalogue's word, or the person's own where none fits.

    `state` is a postal code, "other" outside the United States, or "none": then there is no number.
    """

    profession: str
    state: str
    number: str = ""

    @property
    def held(self) -> bool:
        """Whether there is a licence, and not just a profession."""
        return self.state != UNLICENSED


class Declared(Value):
    """What somebody told us, before it is kept."""

    certificate_name: str | None
    licences: tuple[Licence, ...]


class Particulars(Record):
    """What somebody has told us by now. `revision` counts how often they said something else."""

    kind: ClassVar[str] = "particulars"

    learner: str
    certificate_name: str | None = None
    licences: tuple[Licence, ...] = ()
    revision: int = 1
    told_at: datetime

    @staticmethod
    def key_of(learner: str) -> Key:
        """Where that person's particulars stand."""
        return Key(f"LEARNER#{learner}", "PARTICULARS")

    def key(self) -> Key:
        return self.key_of(self.learner)

    @property
    def professions(self) -> tuple[str, ...]:
        """Every profession they named, once each."""
        return tuple(dict.fromkeys(licence.profession for licence in self.licences))

    @property
    def declared(self) -> Declared:
        """What they told us."""
        return Declared(certificate_name=self.certificate_name, licences=self.licences)


class ParticularsTold(Particulars):
    """What somebody told us once, for ever: what was known when a certificate was printed."""

    kind: ClassVar[str] = "particulars_told"

    def key(self) -> Key:
        return Key(f"LEARNER#{self.learner}", f"PARTICULARS#{self.revision:05d}")


class LicenceRow(Value):
    """One row of the form, as it was typed."""

    profession: str = ""
    other: str = ""
    state: str = ""
    number: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was chosen or typed: such a row says nothing."""
        return not any((self.profession, self.other, self.state, self.number))


class ParticularsForm(Value):
    """The form, as it was typed or as it is filled in again from what is kept."""

    certificate_name: str = ""
    rows: tuple[LicenceRow, ...] = ()


def read_form(fields: Fields) -> ParticularsForm:
    """What was typed, row by row, whatever it is."""
    rows = tuple(
        LicenceRow(
            profession=one(fields, f"profession-{at}").strip(),
            other=one(fields, f"other-{at}").strip(),
            state=one(fields, f"state-{at}").strip(),
            number=one(fields, f"number-{at}").strip(),
        )
        for at in range(MOST_LICENCES)
    )
    return ParticularsForm(
        certificate_name=one(fields, "certificate_name").strip(),
        rows=tuple(row for row in rows if not row.empty),
    )


def filled_in(kept: Particulars | None, professions: tuple[str, ...]) -> ParticularsForm:
    """The form with what is kept, to be changed."""
    if kept is None:
        return ParticularsForm()
    rows = (
        LicenceRow(
            profession=licence.profession if licence.profession in professions else ANOTHER,
            other="" if licence.profession in professions else licence.profession,
            state=licence.state,
            number=licence.number,
        )
        for licence in kept.licences
    )
    return ParticularsForm(certificate_name=kept.certificate_name or "", rows=tuple(rows))


def check_form(
    form: ParticularsForm, professions: tuple[str, ...]
) -> Declared | tuple[FieldProblem, ...]:
    """What the form declares, or everything that is to be put right first.

    `professions` are those the person can choose from. A licence that is named twice is one.
    """
    problems = list(_about_the_name(form.certificate_name))
    licences: dict[Licence, None] = {}
    for at, row in enumerate(form.rows):
        read = _licence(at, row, professions)
        if isinstance(read, Licence):
            licences[read] = None
        else:
            problems += read
    if problems:
        return tuple(problems)
    return Declared(
        certificate_name=clean_name(form.certificate_name) or None, licences=tuple(licences)
    )


def _about_the_name(typed: str) -> list[FieldProblem]:
    if has_unseen(typed) or (typed and not clean_name(typed)):
        return [
            problem(
                "certificate_name",
                "Something in this name cannot be seen or printed. Could you type it once more?",
            )
        ]
    if len(unicodedata.normalize("NFC", typed)) > NAME_LIMIT:
        return [
            problem(
                "certificate_name",
                f"There is room for {NAME_LIMIT} letters on the certificate. "
                "Which part should we print?",
            )
        ]
    return []


def _licence(
    at: int, row: LicenceRow, professions: tuple[str, ...]
) -> Licence | list[FieldProblem]:
    """The licence in a row, or what is to be put right in it."""
    profession, problems = _profession(at, row, professions)
    number = unicodedata.normalize("NFC", row.number)
    if row.state not in (*STATES, ELSEWHERE, UNLICENSED):
        problems.append(problem(f"state-{at}", "Where was this license given?"))
    if has_unseen(number):
        problems.append(
            problem(
                f"number-{at}", "Something in this number cannot be seen. Please type it once more."
            )
        )
    elif len(number) > NUMBER_LIMIT:
        problems.append(
            problem(f"number-{at}", f"We have room for {NUMBER_LIMIT} characters of a number.")
        )
    elif row.state == UNLICENSED and number:
        problems.append(
            problem(f"state-{at}", "There is a number here, and “No license”. Which of them is so?")
        )
    elif row.state in (*STATES, ELSEWHERE) and not number:
        problems.append(
            problem(
                f"number-{at}",
                "What is the number of this license? If you hold none, choose “No license”.",
            )
        )
    if problems:
        return problems
    return Licence(profession=profession, state=row.state, number=number)


def _profession(
    at: int, row: LicenceRow, professions: tuple[str, ...]
) -> tuple[str, list[FieldProblem]]:
    """The profession in a row, and what is to be put right about it."""
    if row.profession in professions:
        if row.other:
            return "", [
                problem(f"profession-{at}", "You named another profession below. Which one is it?")
            ]
        return row.profession, []
    own = clean_text(row.other)
    if row.profession != ANOTHER:
        return "", [problem(f"profession-{at}", "Which profession is this for?")]
    if not own or has_unseen(row.other):
        return "", [problem(f"other-{at}", "What is your profession called?")]
    if len(own) > PROFESSION_LIMIT:
        return "", [problem(f"other-{at}", f"We have room for {PROFESSION_LIMIT} letters here.")]
    return own, []
