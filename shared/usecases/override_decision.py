"""Staff's own word on a person's attendance or credit: kept with who, when and why, never silent.

The word and that the person is to be decided again are one commit. What follows from it, to give a
certificate, to withdraw it, or to let it count again, the decision does.
"""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.certificate_life import Ground
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.decisions_wanted import DecisionWanted, want_decision
from shared.domain.overrides import About, Override, Overrides, Withdrawal
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.find_session import find_session
from shared.usecases.revoke_certificate import reinstate_certificate, revoke_certificate

# What the holder reads, and by which a certificate that this withdrew is known again.
_WITHDRAWN = "The institute has looked at your attendance and credit again."


class NothingToOverride(Exception):
    """There is no such session, nobody of that id in it, or no word to take back."""


def override_decision(
    scope: str,
    learner: str,
    about: About,
    *,
    granted: bool,
    why: str,
    by: str,
    records: Records,
    now: datetime,
) -> Overrides:
    """Say that the person attended, or is given credit, or that they did or are not.

    `scope` is a session's id, or the series' id for a unit as a whole. Raises NothingToOverride.
    """
    word = Override(about=about, granted=granted, by=by, why=why, at=now)

    def attempt() -> Overrides:
        changed, *wanted = overriding(scope, learner, word, records, now)
        records.commit(changed, *wanted)
        assert isinstance(changed, Overrides)  # noqa: S101 - the first is what was said
        return changed

    return until_committed(attempt)


def overriding(
    scope: str, learner: str, word: Override, records: Records, now: datetime
) -> list[Record]:
    """What is to be committed for a word to count: first everything that was said, then the rest.

    Raises NothingToOverride.
    """
    kept, session = _said(scope, learner, records)
    changed = kept.with_word(word)
    return [changed, *_wanted(changed, session, records, now)]


def withdraw_override(
    scope: str, learner: str, about: About, *, why: str, by: str, records: Records, now: datetime
) -> Overrides:
    """Take back the word that counts: what was said before it, or the rules, decide again."""

    def attempt() -> Overrides:
        kept, session = _said(scope, learner, records)
        if kept.counts(about) is None:
            raise NothingToOverride(f"Staff have said nothing of this person's {about} there.")
        changed = kept.taken_back(about, Withdrawal(by=by, why=why, at=now))
        records.commit(changed, *_wanted(changed, session, records, now))
        return changed

    return until_committed(attempt)


def settle_certificate(verdicts: Sequence[Verdict], records: Records, now: datetime) -> None:
    """Withdraw a certificate that staff's word takes away, and let it count if the word is gone.

    `verdicts` are what was decided of one person: of the session, then of the unit if it was time.
    Only what this withdrew is let count again: what staff withdrew themselves stays so. A
    certificate that is no longer earned for any other reason stays, as it always does.
    """
    if not verdicts:
        return
    verdict = verdicts[-1]
    certificate = records.get(Certificate.key_of(verdict.scope, verdict.learner), Certificate)
    if certificate is None:
        return
    words = [word for one in verdicts for word in _words(one, records) if not word.granted]
    if words and not verdict.earned.granted and certificate.status is CertificateStatus.ISSUED:
        revoke_certificate(
            verdict.scope,
            verdict.learner,
            by=words[-1].by,
            why=_WITHDRAWN,
            ground=Ground.ATTENDANCE,
            records=records,
            now=now,
        )
    revoked = certificate.revocation
    if verdict.earned.granted and revoked is not None and revoked.why == _WITHDRAWN:
        reinstate_certificate(
            verdict.scope, verdict.learner, by=revoked.by, why=_WITHDRAWN, records=records, now=now
        )


def _words(verdict: Verdict, records: Records) -> list[Override]:
    """What staff say that counts, in the scope of a verdict."""
    said = records.get(Overrides.key_of(verdict.scope, verdict.learner), Overrides)
    words = (said.counts("attendance"), said.counts("credit")) if said else ()
    return [word for word in words if word is not None]


def _said(scope: str, learner: str, records: Records) -> tuple[Overrides, str]:
    """What was said of the person there, and the session by which they are decided again."""
    found = find_session(scope, records)
    series = found.series if found else records.get(Series.key_of(scope), Series)
    if series is None:
        raise NothingToOverride(f"There is no session or unit '{scope}'.")
    if found is None and series.catalogue.policies.certificate.per == "session":
        raise NothingToOverride(f"'{scope}' is a whole series. Which of its sessions is meant?")
    parts = [scope] if found else [held.id for held in series.catalogue.sessions]
    seats = [
        part for part in parts if records.get(Registration.key_of(part, learner), Registration)
    ]
    if not seats:
        raise NothingToOverride(f"That person has no registration in '{scope}'.")
    kept = records.get(Overrides.key_of(scope, learner), Overrides)
    return kept or Overrides(scope=scope, series=series.series, learner=learner), seats[-1]


def _wanted(said: Overrides, session: str, records: Records, now: datetime) -> list[DecisionWanted]:
    cause = f"override/{said.scope}/{said.version}"
    wanted = want_decision(session, said.series, said.learner, cause, now)
    return not_yet_wanted([wanted], records)
