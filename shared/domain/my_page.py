"""What a person's own page shows: values with everything it needs, and nothing it may not say.

Pages draw these; they look nothing up. A joining link that may not be used now is not in the value.
"""

from datetime import datetime, timedelta

from pydantic import Field

from shared.domain.appeals import Appeal
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue, Session, Tier
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision
from shared.domain.evaluations import Question
from shared.domain.forms import FieldProblem
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.particulars import Particulars, ParticularsForm
from shared.domain.progress import Progress
from shared.domain.value import Value

# A link to the page opens for a year from the letter it came in; every letter brings a new one.
LINK_LASTS = timedelta(days=365)


class MyCertificate(Value):
    """A certificate that was given (and may be withdrawn), and the address of its holder's page."""

    certificate: Certificate
    link: str


class MyAppeal(Value):
    """Whether a decision can be questioned now, and the last time that it was, if it was."""

    decision: Decision
    latest: Appeal | None = None


class MySession(Value):
    """One session that the person has, or had, a seat in.

    `join` is empty unless it can be joined, `watch` unless it can be watched now. `verdict` is what
    was decided of their attendance, once it was; `not_yet` if all that is missing for a certificate
    can still be sent. `evaluation` is whether they can evaluate it now, if anybody asks for that.
    """

    session: Session
    seat: Decision
    over: bool
    join: str = ""
    recording: Decision
    watch: str = ""
    watch_generation: int = 0
    watch_until: datetime | None = None
    verdict: Verdict | None = None
    not_yet: bool = False
    # Whether a page is there on which this part, missed, can be made up for; and if it was.
    make_up: bool = False
    made_up: bool = False
    certificate: MyCertificate | None = None
    appeal: MyAppeal | None = None
    evaluation: Decision | None = None
    evaluation_until: datetime | None = None


class MyLetter(Value):
    """One letter that was sent, or is to be, and whether it arrived. `about` is a title."""

    letter: LetterKind
    about: str
    status: LetterStatus
    owed_at: datetime
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    zone: str


class Upcoming(Value):
    """One thing that happens, or can be done until then. `what` is for machines, `text` to read."""

    at: datetime
    zone: str
    what: str
    text: str


class MyAward(Value):
    """A scholarship that is, or was, offered in a series, and the address of its own page."""

    award: Award
    link: str


class MySeries(Value):
    """One series: what the person's rate includes, and every session of theirs, in order.

    `unit` and `unit_certificate` are of the series as a whole, where certificates are for units.
    `orders` are those through which they hold a seat now, and could give it back.
    """

    catalogue: Catalogue
    tiers: tuple[Tier, ...]
    sessions: tuple[MySession, ...]
    orders: tuple[str, ...] = ()
    unit: Verdict | None = None
    unit_certificate: MyCertificate | None = None
    progress: Progress | None = None
    appeal: MyAppeal | None = None
    award: MyAward | None = None

    @property
    def id(self) -> str:
        """The series' id."""
        return self.catalogue.series.id


class MyPageView(Value):
    """Everything on the page. `token` is the last piece of its address: other pages stand below it.

    `address` is masked: the page may be read over a shoulder. `series` begins with what is ahead.
    `particulars` is what they told us of themselves, if they did.
    """

    token: str
    name: str
    address: str
    particulars: Particulars | None = None
    series: tuple[MySeries, ...] = ()
    # Scholarships in series in which they have no seat (yet).
    awards: tuple[tuple[Catalogue, MyAward], ...] = ()
    next: tuple[Upcoming, ...] = ()
    letters: tuple[MyLetter, ...] = ()
    bounces: bool = False
    reminded: bool = True
    # The zone by whose clock they also read times; empty if they have not said.
    zone: str = ""


class ParticularsView(Value):
    """The page on which somebody tells us of themselves, as kept or as typed with `problems`.

    `name` is what certificates print from now on; `misnamed` are those given that carry another.
    `asks_licences` says whether any series of theirs gives credit by profession. `asked` says that
    staff have just been asked to issue those certificates anew.
    """

    token: str
    catalogues: tuple[Catalogue, ...]
    registered_as: str
    name: str
    form: ParticularsForm
    professions: tuple[str, ...]
    asks_licences: bool
    revision: int = 0
    told_at: datetime | None = None
    misnamed: tuple[Certificate, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    saved: bool = False
    asked: bool = False
    one_more: bool = False


class EvaluationView(Value):
    """The evaluation of one session: the form while it may be sent, else `decision` says why not.

    `chosen` is what was chosen and typed in a form that is to be put right; `sent` that it has just
    been sent. Nobody's answers are ever shown again, not even their own.
    """

    token: str
    catalogue: Catalogue
    session: Session
    decision: Decision
    closes_at: datetime | None = None
    questions: tuple[Question, ...] = ()
    chosen: dict[str, str] = Field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()
    sent: bool = False


class LinkWantedView(Value):
    """The form that asks for a fresh link, with what is to be put right if anything is."""

    address: str = ""
    problem: str = ""


class MakeUpView(Value):
    """The page on which a missed part is made up for: the form, or why there is none."""

    token: str
    catalogue: Catalogue
    session: Session
    decision: Decision
    reflection: str = ""
    problem: str = ""
    sent: bool = False


class NameView(Value):
    """The page on which somebody says how they are called.

    `printed` is what certificates print from now on; `misnamed` that one was given with another.
    """

    token: str
    catalogues: tuple[Catalogue, ...]
    name: str
    typed: str
    printed: str
    misnamed: bool = False
    problem: str = ""
    saved: bool = False


class ZoneView(Value):
    """The page on which somebody says by which clock they want to read times too."""

    token: str
    catalogues: tuple[Catalogue, ...]
    zone: str
    saved: bool = False
    problem: str = ""


class AddressView(Value):
    """The page on which somebody asks for another address; the one on file is `masked`.

    `bounces` is that letters to it come back: then it is not asked.
    """

    token: str
    catalogues: tuple[Catalogue, ...]
    masked: str
    bounces: bool = False
    typed: str = ""
    problem: str = ""
    asked: bool = False


class AppealView(Value):
    """The page on which a decision is questioned: the form while it can be, else why not.

    `latest` is the last appeal about it, with its answer once there is one.
    """

    token: str
    scope: str
    catalogue: Catalogue
    title: str
    zone: str
    verdict: Verdict | None
    decision: Decision
    latest: Appeal | None = None
    answer_by: datetime | None = None
    reason: str = ""
    problem: str = ""
    sent: bool = False


class KeptCertificate(Value):
    """A certificate that must stay on record, and until when."""

    title: str
    until: datetime
    zone: str


class ErasureView(Value):
    """The page on which somebody takes everything away: what goes, what stays, what is in the way.

    `seats_ahead` are given up with it. `asked` is that it has been done.
    """

    token: str
    catalogues: tuple[Catalogue, ...]
    decision: Decision
    kept: tuple[KeptCertificate, ...] = ()
    seats_ahead: tuple[str, ...] = ()
    problem: str = ""
    asked: bool = False
