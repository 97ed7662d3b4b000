"""Print one certificate. A function of its own: it alone carries the typesetter and the fonts."""

import secrets
from typing import Any

from shared import wiring
from shared.messages import Earned
from shared.observability import count, logger, metrics
from shared.usecases.issue_certificate import issue_certificate


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def issue(event: dict[str, Any], context: object) -> dict[str, bool]:
    """Issue the certificate of one line of the roster."""
    earned = Earned.model_validate(event)
    issued = issue_certificate(
        earned.scope,
        earned.learner,
        records=wiring.records(),
        documents=wiring.documents(),
        printer=wiring.printer(),
        random_bytes=secrets.token_bytes,
        page_of=wiring.certificate_page,
        now=wiring.now(),
    )
    count("CertificateIssued", int(issued))
    return {"issued": issued}
