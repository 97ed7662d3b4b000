"""Send a certificate that was given once more: because staff say so, or its holder asks."""

from datetime import datetime, timedelta

from shared.domain.certificate_life import Act
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import LetterKind
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.revoke_certificate import NothingToChange, letter_about, the_certificate

HOLDER = "the holder"
# A button can be pressed a hundred times; a mailbox should not notice.
_NOT_MORE_OFTEN_THAN = timedelta(hours=1)


def post_certificate_again(
    scope: str, learner: str, *, by: str, why: str, records: Records, now: datetime
) -> Certificate:
    """Owe its letter once more: the same document, to the address the holder has now.

    Holders are sent it once an hour at most; what they ask for more often changes nothing. Raises
    NothingToChange if there is none that counts.
    """

    def attempt() -> Certificate:
        certificate = the_certificate(scope, learner, records)
        if certificate.status is not CertificateStatus.ISSUED:
            raise NothingToChange("Only a certificate that counts can be sent.")
        last = max((act.at for act in certificate.acts if act.what == "posted_again"), default=None)
        if by == HOLDER and last is not None and now - last < _NOT_MORE_OFTEN_THAN:
            return certificate
        again = certificate.done(Act(what="posted_again", by=by, why=why, at=now))
        letter = letter_about(again, LetterKind.CERTIFICATE, "posted_again", now)
        records.commit(again, *not_yet_owed([letter], records))
        return again

    return until_committed(attempt)
