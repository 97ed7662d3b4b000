"""What staff can do about a session, a round and a person, as the forms of their pages offer it.

Only what would do something is offered; whether it may be done is decided when it is asked for.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from shared.domain.certificate_life import PUBLIC_WORDS
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.desk_person import PersonPage
from shared.domain.desk_scholarships import RoundPage
from shared.domain.desk_session import Known
from shared.domain.desk_today import Blank, Choice, Deed
from shared.domain.letters import Letter
from shared.domain.parting import Parting
from shared.domain.rounds import RoundPhase
from shared.domain.sessions import SessionPhase

_WHY = "Why? One sentence, kept with it"
_WHY_TOLD = "Why? The person reads this"


def deeds_of_session(known: Known, now: datetime) -> tuple[Deed, ...]:
    """What can be done about a session."""
    state, ids = known.state, {"session": known.state.session}
    gone = state.phase in (SessionPhase.REMOVED, SessionPhase.CANCELLED)
    if gone or now < state.ends_at:
        return ()
    deeds = []
    if state.report is not None:
        again = state.closed and state.decided_report == state.report
        label = "Decide everybody again" if again else "Close it now"
        deeds.append(Deed(what="close-session", label=label, ids=ids, why=_WHY))
    if any(one.announced_at is not None and one.playable for one in known.files):
        label = "Write again to everybody who may watch the recording"
        deeds.append(Deed(what="announce-recording", label=label, ids=ids, why=_WHY))
    return tuple(deeds)


def deeds_of_round(page: RoundPage) -> tuple[Deed, ...]:
    """What can be done about a scholarship round as a whole."""
    if page.around.phase is not RoundPhase.VOTING or page.around.close_asked:
        return ()
    ids = {"series": page.around.series}
    return (Deed(what="end-voting", label="End the voting now", ids=ids, why=_WHY),)


def deeds_of_person(page: PersonPage) -> tuple[Deed, ...]:
    """What can be done about a person."""
    ids = {"learner": page.person.learner}
    found = [
        _post_again(page, ids),
        *_overrides(page, ids),
        *_certificates(page, ids),
        *_joined_again(page, ids),
        Deed(what="send-page-link", label="Send them the link to their own page", ids=ids, why=_WHY)
        if page.mine.series
        else None,
        Deed(what="lift-hold", label="Lift the hold", ids=ids, why=_WHY)
        if page.held
        else Deed(what="hold-person", label="Hold their places", ids=ids, why=_WHY),
        Deed(
            what="change-address",
            label="Change the address",
            ids=ids,
            blanks=(
                Blank(
                    name="address",
                    label="The address that is right",
                    hint="What came back meanwhile is sent there.",
                ),
            ),
            why=_WHY,
        ),
    ]
    return tuple(deed for deed in found if deed is not None)


def deed_of_parting(quote: Parting) -> Deed:
    """Say that two who count as one person are two."""
    return Deed(
        what="two-after-all",
        label="They are two people",
        ids={"other": quote.same.other},
        why=_WHY,
    )


def _joined_again(page: PersonPage, ids: dict[str, str]) -> Iterator[Deed]:
    """Take such a word back, of each pair of which staff said it."""
    me = ids["learner"]
    for one in page.joined:
        if not one.holds and one.series:
            pair = f"{one.series}/{'+'.join(sorted((me, one.other)))}"
            yield Deed(
                what="same-person",
                label="They are one person with the other address again",
                ids={"pair": pair},
                why=_WHY,
            )


def letter_name(letter: Letter, titles: Mapping[str, str]) -> str:
    """A letter as people call it: "Recording, What Emerges in Dialogue"."""
    about = titles.get(letter.session or "", titles.get(letter.series or "", ""))
    copy = f", copy {letter.again}" if letter.again else ""
    kind = letter.letter.value.replace("_", " ").capitalize()
    return f"{kind}{f', {about}' if about else ''}{copy}"


def _post_again(page: PersonPage, ids: dict[str, str]) -> Deed | None:
    letters = [one for one in page.letters if not one.again and not one.letter.of_a_round]
    if not letters:
        return None
    choices = tuple(
        Choice(value=f"{one.letter}#{one.about}", label=letter_name(one, page.titles))
        for one in letters
    )
    return Deed(
        what="post-letter-again",
        label="Post a letter again",
        ids=ids,
        blanks=(Blank(name="letter", label="Which letter", choices=choices),),
        why=_WHY,
    )


def _overrides(page: PersonPage, ids: dict[str, str]) -> Iterator[Deed]:
    scopes = tuple(Choice(value=scope, label=page.titles[scope]) for scope in _scopes(page))
    if scopes:
        yield Deed(
            what="override",
            label="Have the last word on attendance or credit",
            ids=ids,
            blanks=(
                Blank(name="scope", label="Where", choices=scopes),
                Blank(
                    name="about",
                    label="What",
                    choices=(
                        Choice(value="attendance", label="Attendance"),
                        Choice(value="credit", label="Credit"),
                    ),
                ),
                Blank(
                    name="granted",
                    label="It",
                    choices=(
                        Choice(value="yes", label="counts"),
                        Choice(value="no", label="does not count"),
                    ),
                ),
            ),
            why=_WHY,
        )
    standing = tuple(
        Choice(
            value=f"{said.scope}#{about}",
            label=f"{about.capitalize()}, {page.titles.get(said.scope, said.scope)}",
        )
        for said in page.overrides
        for about in ("attendance", "credit")
        if said.counts(about) is not None
    )
    if standing:
        yield Deed(
            what="take-back-override",
            label="Take such a word back",
            ids=ids,
            blanks=(Blank(name="word", label="Which", choices=standing),),
            why=_WHY,
        )


def _scopes(page: PersonPage) -> list[str]:
    """The sessions they have a seat in; the series, where a certificate is for all of it."""
    scopes = []
    for series in page.mine.series:
        scopes += [one.session.id for one in series.sessions]
        if series.catalogue.policies.certificate.per == "unit":
            scopes.append(series.id)
    return scopes


def _certificates(page: PersonPage, ids: dict[str, str]) -> Iterator[Deed]:
    issued = [one for one in page.certificates if one.status is CertificateStatus.ISSUED]
    revoked = [one for one in page.certificates if one.status is CertificateStatus.REVOKED]
    if issued:
        which = _which(issued, page)
        name = Blank(
            name="name",
            label="The name as it should be",
            hint="Leave it empty to keep the name and take the words of today's catalogue.",
            required=False,
        )
        yield Deed(
            what="correct-certificate",
            label="Correct a certificate",
            ids=ids,
            blanks=(which, name),
            why=_WHY,
        )
        grounds = tuple(Choice(value=str(one), label=said) for one, said in PUBLIC_WORDS.items())
        yield Deed(
            what="revoke-certificate",
            label="Withdraw a certificate",
            ids=ids,
            blanks=(
                which,
                Blank(name="ground", label="What its public page says", choices=grounds),
            ),
            why=_WHY_TOLD,
            told=True,
        )
    if revoked:
        yield Deed(
            what="reinstate-certificate",
            label="Let a certificate count again",
            ids=ids,
            blanks=(_which(revoked, page),),
            why=_WHY,
        )


def _which(certificates: list[Certificate], page: PersonPage) -> Blank:
    choices = tuple(
        Choice(value=one.scope, label=f"{one.text.number}, {page.titles.get(one.scope, one.scope)}")
        for one in certificates
    )
    return Blank(name="scope", label="Which certificate", choices=choices)
