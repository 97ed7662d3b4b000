"""Let people be found by their name and their address, in the commit that says what these are."""

from shared.domain.findings import Finding, address_word, findings_of_name
from shared.domain.registrations import Learner
from shared.ports import Records


def to_be_found(
    before: Learner | None, after: Learner, key: bytes, records: Records
) -> list[Finding]:
    """What is to be committed with a person who is new, or of whom something was changed.

    Whoever changes a name or an address adds this to their own commit. Only what is new is looked
    up, so of a person who is new, or who has not changed, nothing is read.
    """
    known = {one.key() for one in _of(before, key)} if before else set()
    new = [one for one in _of(after, key) if one.key() not in known]
    if before is None:
        return new
    # They may have borne that name before.
    return [one for one in new if records.get(one.key(), Finding) is None]


def _of(person: Learner, key: bytes) -> list[Finding]:
    word = address_word(person.address, key)
    of_address = [Finding(word=word, person=person.learner)] if word else []
    return [*findings_of_name(person.name, person.learner, key), *of_address]
