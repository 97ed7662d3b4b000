"""What may go wrong outside, in our words: adapters raise these, use cases name them."""


class Conflict(Exception):
    """A commit met a record that had changed since it was read. Nothing was written; read again."""


class SoldOut(Exception):
    """A commit asked for a seat of a session that has none left. Nothing was written."""

    def __init__(self, session: str) -> None:
        super().__init__(f"Session {session} has no seat left.")
        self.session = session


class Unavailable(Exception):
    """A service did not do its work and may do it later. Whoever called will be called again."""


class NotSent(Exception):
    """The mail service said no. `later` tells whether the same letter may be taken another time."""

    def __init__(self, reason: str, *, later: bool) -> None:
        super().__init__(reason)
        self.later = later


class Unanswered(Exception):
    """The letter was handed over and the mail service did not say what became of it."""


class NoLongerTrue(Exception):
    """By the time it would be sent, a letter would say something that is not so."""


class NotEveryoneTold(Exception):
    """Somebody is not owed a letter that everybody was to get; doing it again finishes it."""
