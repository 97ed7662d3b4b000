"""What one person has at an institute, as samples: an order, a certificate, a decision."""

from datetime import timedelta
from typing import Any, Final

from devstack.samples.institutes import LEARNER_ID, NOW, PUBLIC_ID, SITE, classes_catalogue
from shared.domain.appeals import Appeal, AppealOutcome
from shared.domain.catalogue import Catalogue
from shared.domain.certificate_life import Act, Ground, Revision
from shared.domain.certificates import Certificate, CertificateStatus, certificate_text
from shared.domain.credit import Verdict
from shared.domain.decisions import Reason, granted, refused
from shared.domain.letters import LetterKind
from shared.domain.payments import Order
from shared.domain.registrations import Learner

REVOKED: Final[dict[str, Any]] = {
    "status": CertificateStatus.REVOKED,
    "acts": (
        Act(
            what="revoked", by="Noor", why="You told us that you left at noon.", at=NOW,
            ground=Ground.ATTENDANCE,
        ),
    ),
}  # fmt: skip


def a_learner(name: str = "Amara Osei", address: str = "amara@example.org") -> Learner:
    """A person as the records hold them."""
    return Learner(learner=LEARNER_ID, name=name, address=address, named_by=(NOW, "order-1"))


def an_order(catalogue: Catalogue, offer_id: str, **changes: Any) -> Order:
    """A paid order of that line of the price book."""
    offer = catalogue.offer(offer_id)
    order = Order(
        order="pi_3RVexample0001", provider="stripe", first_seen_at=NOW, live=False,
        paid=offer.price,
        series=catalogue.series.id, offer=offer.id, tier=offer.tier, sessions=offer.sessions,
    )  # fmt: skip
    return order.model_copy(update=changes)


def a_certificate(
    catalogue: Catalogue, name: str = "Amara Osei", scope: str | None = None, **changes: Any
) -> Certificate:
    """An issued certificate of the last class, or of the unit."""
    unit = catalogue.policies.certificate.per == "unit"
    scope = scope or (catalogue.series.id if unit else catalogue.sessions[-1].id)
    issued_at = catalogue.sessions[-1].ends_at + timedelta(hours=1)
    url = f"{SITE}/c/{PUBLIC_ID}"
    certificate = Certificate(
        scope=scope, series=catalogue.series.id, learner=LEARNER_ID, public_id=PUBLIC_ID,
        text=certificate_text(catalogue, scope, name, PUBLIC_ID, url, issued_at),
        status=CertificateStatus.ISSUED, reserved_at=issued_at, issued_at=issued_at,
    )  # fmt: skip
    return certificate.model_copy(update=changes)


def _superseded() -> dict[str, Any]:
    text = a_certificate(classes_catalogue(), "Amara Ose").text
    earlier = Revision(
        revision=1, text=text, document="certificates/x.pdf", sha256="cd" * 32,
        issued_at=text.issued_at, superseded_at=text.issued_at + timedelta(days=2),
    )  # fmt: skip
    return {"revision": 2, "corrected_at": earlier.superseded_at, "earlier": (earlier,)}


# What a certificate has that was corrected two days after it was issued.
CORRECTED: Final[dict[str, Any]] = _superseded()


def a_verdict(catalogue: Catalogue, *reasons: str) -> Verdict:
    """Who did not earn a certificate in the last class (or the unit), and why; earned without."""
    why = tuple(Reason(code="late", text=text) for text in reasons)
    earned = refused("credit-1", *why) if why else granted("credit-1", "attended", "You did.")
    return Verdict(
        scope=catalogue.sessions[-1].id, series=catalogue.series.id, learner=LEARNER_ID,
        attended=earned, earned=earned, revision="r1", decided_at=NOW,
    )  # fmt: skip


def an_appeal(catalogue: Catalogue, session: str, kind: LetterKind) -> Appeal:
    """An appeal about one session, answered where the letter is about the answer."""
    asked = Appeal(
        scope=session, series=catalogue.series.id, learner=LEARNER_ID, number=1,
        about="attendance", reason="My connection broke, and I came back on my phone.",
        decided_at=NOW, asked_at=NOW, answer_by=NOW + timedelta(days=14),
    )  # fmt: skip
    if kind is LetterKind.APPEAL_RECEIVED:
        return asked
    why = "Your phone stands in Zoom's report under another name. Both together were there in full."
    return asked.answered(AppealOutcome.CHANGED, by="Noor", why=why, now=NOW)
