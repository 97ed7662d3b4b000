"""What is known of a person's mailbox, also where nothing was ever said of it."""

from shared.domain.links import learner_id
from shared.domain.mailboxes import Mailbox
from shared.domain.registrations import Learner
from shared.ports import Records


def mailbox_of(person: Learner, records: Records, key: bytes) -> Mailbox:
    """The mailbox as it is kept, or a new one of the address they have now."""
    kept = records.get(Mailbox.key_of(person.learner), Mailbox)
    if kept is not None:
        return kept
    return Mailbox(learner=person.learner, address_id=learner_id(person.address, key))
