"""What the desk's page of one series shows, in sums: seats, money, the fund, credit."""

from shared.domain.awards import Fund
from shared.domain.catalogue import Catalogue, Session
from shared.domain.rounds import Round
from shared.domain.session_counts import SessionCounts, Tally
from shared.domain.sessions import Series, SessionState
from shared.domain.takings import Line
from shared.domain.value import Value


class SeatsOf(Value):
    """One session: how many hold a seat, and how it came out if it was closed."""

    session: Session
    state: SessionState | None
    taken: int
    counts: SessionCounts | None = None

    @property
    def share(self) -> float:
        """How much of it is taken, from 0 to 1; 0 where there is no limit."""
        capacity = self.session.capacity
        return min(1.0, self.taken / capacity) if capacity else 0.0


class SeriesPage(Value):
    """The whole page. `fund` and `round` are of a series that awards scholarships."""

    series: Series
    seats: tuple[SeatsOf, ...]
    money: tuple[Line, ...]
    fund: Fund | None = None
    round: Round | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that counts."""
        return self.series.catalogue

    @property
    def unit(self) -> Tally | None:
        """How the whole came out, where a certificate is for all of it: by its last close."""
        counted = [one.counts for one in self.seats if one.counts and one.counts.unit]
        return max(counted, key=lambda one: one.counted_at).unit if counted else None

    @property
    def sums(self) -> tuple[Line, ...]:
        """The money of each currency together."""
        found: dict[str, Line] = {}
        for line in self.money:
            name = line.currency
            found[name] = found[name].plus(line) if name in found else line
        return tuple(found[name] for name in sorted(found))
