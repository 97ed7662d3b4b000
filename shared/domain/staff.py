"""Who works at the desk, and the one table of what each role may see and do there."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

from shared.domain.value import Value


class Role(StrEnum):
    """A part somebody has; the names are those of the groups in the user pool."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    ACCOUNTANT = "accountant"


class Staff(Value):
    """Somebody who is signed in: the address they signed in with, and their parts."""

    name: str
    roles: frozenset[Role]


What = Literal[
    "see what waits",
    "see sessions",
    "see series",
    "see people",
    "see money",
    "see scholarships",
    "read what people wrote",
    "read applications",
    "rule on money",
    "rule on people",
    "rule on recordings",
    "rule on letters",
    "rule on scholarships",
    "publish catalogues",
    "keep the machines running",
]

_EVERYBODY: Final = frozenset(Role)
_COORDINATOR: Final = frozenset({Role.COORDINATOR})
_MONEY: Final = frozenset({Role.COORDINATOR, Role.ACCOUNTANT})
_SCHOLARSHIPS: Final = frozenset({Role.COORDINATOR, Role.REVIEWER})
_REVIEWER: Final = frozenset({Role.REVIEWER})

# Read aloud: "who may … ?" A reviewer has scholarships and nothing else. An accountant has money,
# and nothing that tells of anybody's health: no reasons of attendance, evaluations, reflections.
# What people wrote to apply is for reviewers: of one round, also for whom its catalogue names.
MAY: Final[Mapping[What, frozenset[Role]]] = {
    "see what waits": _EVERYBODY,
    "see sessions": _MONEY,
    "see series": _MONEY,
    "see people": _MONEY,
    "see money": _MONEY,
    "see scholarships": _SCHOLARSHIPS,
    "read what people wrote": _COORDINATOR,
    "read applications": _REVIEWER,
    "rule on money": _MONEY,
    "rule on people": _COORDINATOR,
    "rule on recordings": _COORDINATOR,
    "rule on letters": _COORDINATOR,
    "rule on scholarships": _SCHOLARSHIPS,
    "publish catalogues": _COORDINATOR,
    "keep the machines running": _COORDINATOR,
}


def may(staff: Staff, what: What) -> bool:
    """Whether one of their parts allows it."""
    return bool(staff.roles & MAY[what])


def begins_at(roles: frozenset[Role]) -> str:
    """The page where somebody begins who signs in.

    Who only reviews begins where votes wait: few things ever wait for them under Today.
    """
    return "/staff/scholarships" if roles == _REVIEWER else "/staff"


def roles_of(groups: object) -> frozenset[Role]:
    """The parts that a user pool's groups stand for; other groups mean nothing here."""
    named = groups if isinstance(groups, list | tuple | set | frozenset) else ()
    return frozenset(role for role in Role if role.value in named)
