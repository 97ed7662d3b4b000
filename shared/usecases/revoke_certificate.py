"""Withdraw a certificate, let it count again, or send it once more: by staff, never silently.

Who, when and why are kept with the certificate. Its holder gets a letter in the same commit; the
public page says that it does not count and, in one of a few fixed sentences, why.
"""

from datetime import datetime

from shared.domain.badges import BadgeRevoked
from shared.domain.certificate_life import Act, ActKind, Ground
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import Letter, LetterKind, owe
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed


class NothingToChange(Exception):
    """There is no such certificate, or it is not in a state for this; the message says which."""


def revoke_certificate(
    scope: str,
    learner: str,
    *,
    by: str,
    why: str,
    records: Records,
    now: datetime,
    ground: Ground = Ground.UNNAMED,
) -> Certificate:
    """Withdraw it. `why` is read by its holder, the `ground` by everybody.

    Once withdrawn, doing it again changes nothing. One that is earned and not given yet is held
    back and nobody is written to. Raises NothingToChange if there is none.
    """

    def attempt() -> Certificate:
        certificate = the_certificate(scope, learner, records)
        if certificate.status is CertificateStatus.REVOKED:
            return certificate
        if certificate.draft is not None:  # a correction of it has no purpose any more
            dropped = Act(what="not_corrected", by=by, why=why, at=now)
            certificate = certificate.done(dropped, draft=None)
        act = Act(what="revoked", by=by, why=why, at=now, ground=ground)
        status = CertificateStatus.REVOKED
        revoked = certificate.done(act, status=status, waiting=None, waiting_since=None)
        letters = []
        if revoked.given:
            letters = [letter_about(revoked, LetterKind.CERTIFICATE_REVOKED, "revoked", now)]
        noted = note_badge(certificate, records, revoked=True)
        records.commit(revoked, *noted, *not_yet_owed(letters, records))
        return revoked

    return until_committed(attempt)


def reinstate_certificate(
    scope: str, learner: str, *, by: str, why: str, records: Records, now: datetime
) -> Certificate:
    """Let a withdrawn certificate count again: the same words, the same document, the same number.

    One that was held back before it was given is earned again; the next close of its session
    prints it. One that counts already stays as it is. Raises NothingToChange if there is none.
    """

    def attempt() -> Certificate:
        certificate = the_certificate(scope, learner, records)
        if certificate.status is not CertificateStatus.REVOKED:
            return certificate
        given = certificate.given
        status = CertificateStatus.ISSUED if given else CertificateStatus.RESERVED
        act = Act(what="reinstated", by=by, why=why, at=now)
        valid = certificate.done(act, status=status)
        letters = []
        if given:
            letters = [letter_about(valid, LetterKind.CERTIFICATE_REINSTATED, "reinstated", now)]
        noted = note_badge(certificate, records, revoked=False)
        records.commit(valid, *noted, *not_yet_owed(letters, records))
        return valid

    return until_committed(attempt)


def the_certificate(scope: str, learner: str, records: Records) -> Certificate:
    """The certificate of that person in that scope. Raises NothingToChange if there is none."""
    certificate = records.get(Certificate.key_of(scope, learner), Certificate)
    if certificate is None:
        raise NothingToChange(f"There is no certificate of that person for '{scope}'.")
    return certificate


def note_badge(certificate: Certificate, records: Records, *, revoked: bool) -> list[BadgeRevoked]:
    """That its badge counts no more (or again), for the same commit; nothing if it has none."""
    place = certificate.badge_place
    if place is None:
        return []
    noted = records.get(BadgeRevoked.key_of(certificate.scope, place), BadgeRevoked)
    noted = noted or BadgeRevoked(scope=certificate.scope, place=place)
    return [noted.model_copy(update={"revoked": revoked})]


def letter_about(
    certificate: Certificate, kind: LetterKind, what: ActKind, now: datetime
) -> Letter:
    """A letter to the holder about the latest act of that kind: one for each."""
    number = certificate.times(what)
    unit = certificate.scope == certificate.series
    return owe(
        kind,
        f"{certificate.scope}/{certificate.learner}/{what}-{number}",
        now,
        learner=certificate.learner,
        series=certificate.series,
        session=None if unit else certificate.scope,
    )
