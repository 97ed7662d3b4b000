"""What somebody sends to apply: read from a form's fields, bounded, made safe, never rewritten.

Every name is somebody's name. What cannot be taken is asked about in plain words, all of it at
once, and nothing is cut off silently.
"""

import re

from shared.domain.applications import Ask
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_values import minor_digits
from shared.domain.forms import FieldProblem, Fields, clean_text, one, problem, too_long
from shared.domain.money import Money
from shared.domain.people import NAME_LIMIT, clean_address, clean_name, mailable
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.value import Value

TEXT_LIMIT = 6000
OWN_WORDS_LIMIT = 600
# The form's fields. Bots fill in what is called "website"; people do not see it.
FIELDS = (
    "name", "email", "roles", "ask", "could_pay", "text", "priorities", "own_words", "profession",
    "consent",
)  # fmt: skip
HONEYPOT = "website"
_AMOUNT = re.compile(r"(?P<whole>\d{1,9})(?:[.](?P<part>\d{1,3}))?", re.ASCII)


class Submission(Value):
    """An application as it is taken: everything cleaned, every choice one that was offered."""

    name: str
    address: str
    roles: tuple[str, ...]
    ask: Ask
    text: str
    priorities: tuple[str, ...]
    own_words: str
    profession: str

    @property
    def priority(self) -> bool:
        """Whether it comes from a group that is given priority."""
        return bool(self.priorities or self.own_words)


def read_form(fields: Fields, catalogue: Catalogue) -> Submission | tuple[FieldProblem, ...]:
    """The application in those fields, or everything that is to be put right first.

    `fields` maps a field's name to its values, as a form or a signed message sends them. The
    catalogue must have a scholarship policy.
    """
    policy = catalogue.policies.scholarship
    assert policy is not None  # noqa: S101 - callers ask for series that have a round
    price = catalogue.offer(policy.covers).price
    name = clean_name(one(fields, "name"))
    address = clean_address(one(fields, "email"))
    ask = _ask(fields, price)
    texts = {key: clean_text(one(fields, key)) for key in ("text", "own_words")}
    problems = [
        *_about_the_person(name, one(fields, "name"), address),
        *([ask] if isinstance(ask, FieldProblem) else []),
        *too_long("text", texts["text"], TEXT_LIMIT),
        *too_long("own_words", texts["own_words"], OWN_WORDS_LIMIT),
        *_not_offered(fields, catalogue, policy),
    ]
    if not texts["text"]:
        problems.append(
            problem("text", "Please tell us in a few words why you would like to come.")
        )
    if one(fields, "consent") != "yes":
        problems.append(
            problem("consent", "We may only read and keep this if you agree. Please tick the box.")
        )
    if problems or address is None or isinstance(ask, FieldProblem):
        return tuple(problems)
    return Submission(
        name=name,
        address=address,
        roles=_many(fields, "roles"),
        ask=ask,
        text=texts["text"],
        priorities=_many(fields, "priorities"),
        own_words=texts["own_words"],
        profession=one(fields, "profession").strip(),
    )


def _about_the_person(name: str, typed: str, address: str | None) -> list[FieldProblem]:
    problems = []
    if not name:
        problems.append(problem("name", "How should we call you? Any name you go by will do."))
    elif len(typed.strip()) > 4 * NAME_LIMIT:
        problems.append(
            problem("name", f"We have room for {NAME_LIMIT} letters. Which part should we use?")
        )
    if address is None:
        problems.append(
            problem("email", "This is not an e-mail address we can write to. Is a part missing?")
        )
    elif not mailable(address):
        problems.append(
            problem(
                "email",
                "Our mail service cannot write to this address. Could you give us another one?",
            )
        )
    return problems


def _ask(fields: Fields, price: Money) -> Ask | FieldProblem:
    match one(fields, "ask"):
        case "full":
            return Ask(full=True)
        case "partial":
            could_pay = read_amount(one(fields, "could_pay"), price.currency)
            if could_pay is None or not 0 < could_pay.minor < price.minor:
                return problem(
                    "could_pay",
                    f"How much could you pay of {price}? A number like {_example(price)} will do.",
                )
            return Ask(full=False, could_pay=could_pay)
        case _:
            return problem("ask", "Do you ask for a full or for a partial scholarship?")


def read_amount(typed: str, currency: str) -> Money | None:
    """An amount as people type it: "105", "$105.00", "1,050"; None if it is not one."""
    digits = minor_digits(currency)
    bare = re.sub(r"[\s,$€£₹¥]|^[A-Za-z]{3}|[A-Za-z]{3}$", "", typed)
    found = _AMOUNT.fullmatch(bare)
    part = (found["part"] or "") if found else ""
    if found is None or len(part) > digits:
        return None
    return Money(minor=int(found["whole"] + part.ljust(digits, "0")), currency=currency)


def _example(price: Money) -> str:
    return str(price.minor // 2 // 10 ** minor_digits(price.currency) or 1)


def _not_offered(
    fields: Fields, catalogue: Catalogue, policy: ScholarshipPolicy
) -> list[FieldProblem]:
    offered = {
        "roles": policy.roles,
        "priorities": policy.priorities,
        "profession": catalogue.policies.certificate.professions,
    }
    return [
        problem(field, "One of these is not among the choices. Could you choose again?")
        for field, choices in offered.items()
        if any(value not in choices for value in _many(fields, field))
    ]


def _many(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in fields.get(name, ()) if value.strip()))
