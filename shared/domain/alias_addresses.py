"""Addresses of ours for registering people at Zoom: exact to match, and private to whoever reads.

One stands for one person in one series. It holds their id and a code that only our key makes, so
it says nothing to anybody else, and nobody can make one up for somebody else.
"""

import hmac
import re

from shared.domain.keyed_ids import keyed_id

_ALIAS = re.compile(r"(l[a-z2-7]{24})-([a-z2-7]{16})@.+", re.ASCII)


def alias_address(learner: str, series: str, domain: str, key: bytes) -> str:
    """The address under which that learner is registered at Zoom for that series."""
    return f"{learner.lower()}-{_code(learner, series, key)}@{domain}"


def learner_of_alias(address: str, series: str, key: bytes) -> str | None:
    """Whose address it is, if it is one of ours for that series."""
    found = _ALIAS.fullmatch(address.lower())
    if found is None:
        return None
    learner = "L" + found[1][1:]
    fits = hmac.compare_digest(_code(learner, series, key), found[2])
    return learner if fits else None


def _code(learner: str, series: str, key: bytes) -> str:
    return keyed_id(f"zoom-alias.{series}.{learner}", key, 10)
