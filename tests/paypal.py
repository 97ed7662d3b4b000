"""PayPal for tests: a stand-in that is trusted, its deliveries, and the model events in events/."""

import json
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from devstack.paypal_stand_in import (
    ADDRESS,
    HOST,
    CertificateHost,
    Signer,
    authority,
    certified,
    told,
)
from shared.adapters import paypal_signature
from shared.adapters.paypal_certificates import TEST_NAME, PaypalCertificates
from shared.adapters.paypal_events import read_paypal_event
from shared.domain.payments import PaymentFact
from tests.cloud import PAYPAL_WEBHOOK

EVENTS = Path(__file__).parent.parent / "events" / "payment_webhook" / "paypal"
COMPLETED = "payment.capture.completed"
CAPTURE = "8TE34917XK520174A"
ORDER = f"paypal-{CAPTURE}"


def model(name: str) -> Any:
    """A model event ("payment.capture.refunded")."""
    return json.loads((EVENTS / f"{name}.json").read_bytes())


def changed(name: str, **fields: Any) -> Any:
    """A model event with other fields in its resource."""
    event = model(name)
    event["resource"] |= fields
    return event


def read(event: Any, *, live: bool = False) -> list[PaymentFact]:
    """What an event says."""
    return read_paypal_event(json.dumps(event).encode(), live=live)


def fact_of(event: Any) -> PaymentFact:
    """The one thing that an event says."""
    (fact,) = read(event)
    return fact


class Paypal(NamedTuple):
    """A stand-in that listens, with an authority of its own and a certificate that signs."""

    root: Signer
    signing: Signer
    host: CertificateHost

    @property
    def told(self) -> str:
        """What a function of the local stage is told of it."""
        return told(self.host.server_port, self.root)

    @property
    def certificates(self) -> PaypalCertificates:
        """Who believes it, and remembers nothing yet."""
        return PaypalCertificates([TEST_NAME], self.root.pem, ("127.0.0.1", self.host.server_port))

    def gives(self, content: bytes, status: int = 200, **headers: str) -> str:
        """Have something at an address of its own; the address."""
        path = f"/v1/notifications/certs/CERT-{uuid.uuid4()}"
        self.host.answers[path] = (status, headers, content)
        return f"https://{HOST}{path}"

    def headers(
        self,
        body: bytes,
        webhook_id: str = PAYPAL_WEBHOOK,
        at: datetime | None = None,
        address: str = ADDRESS,
    ) -> dict[str, str]:
        """The headers of a delivery of that body."""
        name, now = str(uuid.uuid4()), at or datetime.now(UTC)
        return paypal_signature.sign(body, webhook_id, self.signing.key, address, name, now)


@cache
def keys() -> tuple[Signer, Signer, Signer]:
    """An authority, the certificate that signs, and the one of the host: drawn once, being slow."""
    root = authority()
    return root, certified(TEST_NAME, root), certified(HOST, root)


@contextmanager
def listening() -> Iterator[Paypal]:
    """The stand-in, listening."""
    root, signing, tls = keys()
    with tempfile.TemporaryDirectory() as folder, CertificateHost(0, tls, Path(folder)) as host:
        host.answers[ADDRESS.removeprefix(f"https://{HOST}")] = (200, {}, signing.pem)
        thread = threading.Thread(target=host.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield Paypal(root, signing, host)
        host.shutdown()
        thread.join()


_FOR_ALL = ExitStack()


@cache
def paypal() -> Paypal:
    """One stand-in for all tests of a process; it ends with it."""
    return _FOR_ALL.enter_context(listening())
