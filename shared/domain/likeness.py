"""Two addresses that look like one person: when staff are asked, and why. Nobody is merged by this.

Being alike is a question, never an answer. What two addresses share is found by traces (a name, the
part before the @), so that only people who share one are ever compared.
"""

import re
import unicodedata
from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.domain.decisions import Decision, Reason, granted
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Key, Record
from shared.domain.value import Value

RULE_VERSION = "likeness-2"
WAITING = "likeness"
# Staff have said that they are one, and the seats are not all in one name yet.
MOVING = "same_person"
# Staff have said that they are two after all, and not everything is under its own name again.
PARTING = "two_people"
# A trace that more people leave tells nobody apart.
MOST_ALIKE = 12
_SHORTEST_LOCAL = 4
# Read by many people at once.
_SHARED_MAILBOXES = frozenset(
    {"admin", "contact", "hello", "info", "mail", "office", "team", "training", "workshop"}
)
# Whose addresses are often mistyped. Two of these are two mailboxes, however alike they look.
_MAIL_HOSTS = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com"),
        *("icloud.com", "aol.com", "gmx.com", "gmx.net", "mail.com", "email.com", "live.com"),
        *("protonmail.com", "proton.me", "msn.com", "me.com", "rediffmail.com", "web.de"),
    }
)
_DOTS_ARE_NOTHING = ("gmail.com",)


class Face(NamedTuple):
    """What is compared of a person."""

    name: str
    address: str


def traces(face: Face) -> tuple[str, ...]:
    """What somebody alike would leave too. Personal: to be kept as a keyed hash, never as it is."""
    local, _ = _mailbox(face.address)
    bare = local.replace(".", "")
    found = [f"name:{name}"] if (name := _whole_name(face.name)) else []
    return (*found, f"local:{bare}") if bare else tuple(found)


def alike(one: Face, other: Face) -> Decision | None:
    """Why the two look like one person, or None."""
    reasons = [*_by_mailbox(one.address, other.address)]
    name = _whole_name(one.name)
    if name and name == _whole_name(other.name):
        reasons.append(Reason(code="same_name", text="Both give the same full name."))
    if not reasons:
        return None
    certain = reasons[0].code == "same_mailbox"
    suggestion = Reason(
        code="suggestion",
        text="It is the same mailbox, so they are most likely one person."
        if certain
        else "Ask at one of the two addresses whether the other is theirs too.",
    )
    said = granted(RULE_VERSION, reasons[0].code, reasons[0].text)
    return said.model_copy(update={"reasons": (*reasons, suggestion)})


def matched(found: Decision | None) -> Decision:
    """The same with staff's word in the record of attendance as the first reason.

    They said it of who was in a class; whether what was bought is one person's is asked anew.
    """
    code, text = "matched_by_staff", "In a class you said that the one address is the other's."
    said = granted(RULE_VERSION, code, text)
    beside = [reason for reason in found.reasons if reason.code != "suggestion"] if found else []
    suggestion = Reason(code="suggestion", text="By your own word they are most likely one person.")
    return said.model_copy(update={"reasons": (*said.reasons, *beside, suggestion)})


def _by_mailbox(one: str, other: str) -> list[Reason]:
    (local, host), (other_local, other_host) = _mailbox(one), _mailbox(other)
    if not host or not other_host:
        return []  # no address at all says nothing
    if host == other_host:
        dots = host in _DOTS_ARE_NOTHING
        if local == other_local or (dots and _bare(local) == _bare(other_local)):
            how = "dots and what follows a plus" if dots else "what follows a plus"
            text = f"At {host}, {how} changes nothing: mail to both goes to one mailbox."
            return [Reason(code="same_mailbox", text=text)]
        return []
    bare = _bare(local)
    if bare != _bare(other_local) or bare in _SHARED_MAILBOXES or len(bare) < _SHORTEST_LOCAL:
        return []
    if _is_slip(host, other_host):
        text = f"{host} and {other_host} are one slip apart, and what stands before them is alike."
        return [Reason(code="mistyped_host", text=text)]
    return []


def _is_slip(one: str, other: str) -> bool:
    """Whether one of the two is a well-known host with one letter wrong, and the other is that."""
    known = [host in _MAIL_HOSTS for host in (one, other)]
    return sum(known) == 1 and _one_slip_apart(one, other)


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter added, lost or changed, or two changed over, makes one the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or one == other:
        return False
    at = next((n for n, letter in enumerate(shorter) if letter != longer[n]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    changed_over = shorter[at : at + 2] == longer[at : at + 2][::-1]
    return shorter[at + 1 :] == longer[at + 1 :] or (
        changed_over and shorter[at + 2 :] == longer[at + 2 :]
    )


def _mailbox(address: str) -> tuple[str, str]:
    """What stands before the @ without its tag, and the host."""
    local, _, host = (clean_address(address) or "").rpartition("@")
    return local.split("+")[0], "gmail.com" if host == "googlemail.com" else host


def _bare(local: str) -> str:
    return local.replace(".", "")


def _whole_name(name: str) -> str:
    """A full name without accents, case, marks and order; "" for a single word, which many bear."""
    plain = unicodedata.normalize("NFKD", clean_name(name)).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    words = [word for word in re.split(r"[\W_]+", letters) if len(word) > 1 or word.isdigit()]
    return " ".join(sorted(words)) if len(words) > 1 else ""


class Trace(Record):
    """Who in a series leaves the same trace, which only its keyed hash names."""

    kind: ClassVar[str] = "trace"

    series: str
    trace: str
    learners: tuple[str, ...] = ()

    @staticmethod
    def key_of(series: str, trace: str) -> Key:
        """Where the people with that trace stand."""
        return Key(f"TRACE#{series}#{trace}", "TRACE")

    def key(self) -> Key:
        return self.key_of(self.series, self.trace)


class Said(Value):
    """What staff say of two who look alike: a fact, with who, when and why."""

    same: bool
    by: str
    at: datetime
    why: str


class Likeness(Record):
    """That two people of a series look like one, why, and what staff said."""

    kind: ClassVar[str] = "likeness"

    series: str
    pair: tuple[str, str]
    noticed_at: datetime
    found: Decision
    said: Said | None = None

    @staticmethod
    def key_of(series: str, one: str, other: str) -> Key:
        """Where the likeness of these two stands, whichever was seen first."""
        return Key(f"LIKENESS#{series}", "+".join(sorted((one, other))))

    def key(self) -> Key:
        return self.key_of(self.series, *self.pair)


class SamePerson(Record):
    """That whoever has this id is the person with the other.

    Staff said so, of `series`; or the person themselves, who confirmed a new address. `parted` is
    staff's word that they are two after all: since then this leads nowhere.
    """

    kind: ClassVar[str] = "same_person"

    other: str
    person: str
    series: str
    by: str
    at: datetime
    why: str
    parted: Said | None = None

    @property
    def holds(self) -> bool:
        """Whether the two count as one."""
        return self.parted is None

    @staticmethod
    def key_of(other: str) -> Key:
        """Where it stands whose second address that is."""
        return Key(f"LEARNER#{other}", "SAME_PERSON")

    def key(self) -> Key:
        return self.key_of(self.other)
