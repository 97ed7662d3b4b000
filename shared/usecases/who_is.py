"""Who has an address: the person with its id, or the one whom staff said it belongs to as well."""

from shared.domain.likeness import SamePerson
from shared.domain.links import learner_id
from shared.ports import Records


def who_is(address: str, records: Records, identity_key: bytes) -> str:
    """The id of whoever has this (cleaned) address."""
    return person_of(learner_id(address, identity_key), records)


def person_of(learner: str, records: Records) -> str:
    """The id under which that person has their seats."""
    known = records.get(SamePerson.key_of(learner), SamePerson)
    return known.person if known and known.holds else learner
