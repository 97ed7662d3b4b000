"""POST /webhooks/paypal → queue. The same door as the others' for a signature that needs more.

PayPal signs with a certificate, so this function carries a layer that the others need not wait for.
"""

import base64
import os
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi

from functions.payment_webhook.receive import Refused, kept_secrets, take
from shared.adapters.gateway_requests import header
from shared.adapters.paypal_certificates import LIVE_NAME, TEST_NAME, PaypalCertificates
from shared.adapters.paypal_signature import NotSigned, is_signed, read_transmission
from shared.failures import Unavailable
from shared.observability import log_failure, logger, metrics

_kept: dict[str, PaypalCertificates] = {}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer 200 once the event is durably queued, 400 to what is not signed by PayPal.

    5xx while its certificate cannot be fetched: PayPal comes again.
    """

    def check(body: bytes) -> None:
        try:
            # The real time: the local stack's own may be set ahead, and PayPal's is not.
            now = datetime.now(UTC)
            told = read_transmission(lambda name: header(event, name), now)
            webhook_ids = kept_secrets("PAYPAL_WEBHOOK_SECRET_ID", "webhook_ids")
            key = _certificates().key(told.certificate_url, now)
        except NotSigned as error:
            raise Refused(400, str(error)) from None
        except Unavailable as error:
            log_failure("A delivery of PayPal's could not be checked", error)
            raise Refused(503, "The certificate could not be fetched.") from None
        if not is_signed(body, told, webhook_ids, key):
            raise Refused(400, "The signature does not fit.")

    return take(event, "paypal", check)


def _certificates() -> PaypalCertificates:
    if "certificates" not in _kept:
        _kept["certificates"] = _made()
    return _kept["certificates"]


def _made() -> PaypalCertificates:
    """Who is believed: outside the local stage always the public authorities, and PayPal itself.

    The local stage may be told of a stand-in as HOST:PORT/CERTIFICATE, the latter in base64.
    """
    stage = os.environ["STAGE"]
    told = os.environ.get("LOCAL_PAYPAL", "") if stage == "local" else ""
    if told:
        where, _, root = told.partition("/")
        host, _, port = where.partition(":")
        roots = ssl.DER_cert_to_PEM_cert(base64.b64decode(root)).encode()
        return PaypalCertificates([TEST_NAME], roots, (host, int(port)))
    names = [LIVE_NAME] if stage == "prod" else [TEST_NAME, LIVE_NAME]
    return PaypalCertificates(names, Path(certifi.where()).read_bytes())
