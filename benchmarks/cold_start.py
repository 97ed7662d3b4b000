"""Cold starts, as Lambda has them: the built artifact, a fresh process, a read-only file system.

What is timed is processor time of the whole process (user and system), against a process that only
imports boto3 and makes one client. Both run in turn, so that a busy machine is busy for both.
"""

import base64
import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.measurement import Measurement
from devstack import paths
from devstack.build import Artifact, build, this_machine
from shared.adapters.stripe_signature import sign

_EVENT = paths.REPO / "events" / "payment_webhook" / "checkout.session.completed.json"
_SECRET = "whsec_for_the_benchmark"  # noqa: S105 - signs nothing but this run's own event
_REFERENCE = "import boto3; boto3.client('dynamodb')"
_TWO_CLIENTS = "import boto3; s = boto3.Session(); s.client('dynamodb'); s.client('s3')"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "tending",
    "POWERTOOLS_METRICS_NAMESPACE": "Tending",
    "RECORDS_TABLE": "records",
    "UPLOADS_BUCKET": "uploads",
    "DOCUMENTS_BUCKET": "documents",
    "STAGE": "local",
    "STRIPE_WEBHOOK_SECRET_ID": "stripe",
    "PAYMENT_EVENTS_QUEUE_URL": "http://127.0.0.1/queue",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_OTHERS = (
    "payment_webhook.receive_paypal",
    "payment_webhook.record",
    "catalogue_published.handler",
    "attendance_reported.handler",
    "session_closed.handler",
    "recording_uploaded.handler",
    "letter_outbox.handler",
    "learner_pages.handler",
    "sweep.handler",
    "scholarship_submission.receive",
    "scholarship_pages.review",
    "scholarship_pages.my_application",
    "scholarship_round.handler",
)
_INVOKE = """
import json, sys, time
sys.stdin.reconfigure(encoding="utf-8")
event = json.load(sys.stdin)
class Context:
    function_name = "bench"; memory_limit_in_mb = 512
    invoked_function_arn = "arn"; aws_request_id = "request"
from functions.payment_webhook.receive import handler
answer = handler(event, Context())
sys.exit(0 if answer["statusCode"] == 200 else 1)
"""
_PRINT = """
import json, sys
from functions.session_closed import printsample_certificate as function
function._client("dynamodb"), function._documents()
function._printer().typeset(json.load(sys.stdin))
"""


def measure(quick: bool = False) -> list[Measurement]:
    """Start each function in fresh processes, in turn with its reference."""
    rounds = 5 if quick else 15
    artifact = build(this_machine())
    with _aws() as endpoint:
        webhook = _compare(
            "cold start of the payment webhook, process start to answer",
            [artifact.code],
            _INVOKE,
            _delivery,
            _REFERENCE,
            1.35,
            rounds,
            endpoint,
        )
        slowest = max(
            (_other(artifact, name, max(5, rounds // 2), endpoint) for name in _OTHERS),
            key=lambda measurement: measurement.ratio,
        )
        layer = artifact.layer("Typesetting") / "python"
        certificate = _compare(
            "cold start of the certificate function with its first page",
            [artifact.code, layer],
            _PRINT,
            _certificate,
            _TWO_CLIENTS,
            1.25,
            rounds,
            endpoint,
        )
    return [webhook, slowest, certificate]


def _other(artifact: Artifact, name: str, rounds: int, endpoint: str) -> Measurement:
    script = f"import functions.{name}\nfrom shared import wiring\nwiring.records()"
    return _compare(
        f"cold start of the slowest other function ({name.split('.')[0]})",
        [artifact.code, artifact.layer("PaypalCertificates") / "python"],
        script,
        lambda: "",
        _REFERENCE,
        1.8,
        rounds,
        endpoint,
    )


def _compare(
    name: str,
    folders: "list[object]",
    script: str,
    stdin: "object",
    reference: str,
    budget: float,
    rounds: int,
    endpoint: str,
) -> Measurement:
    ours, theirs = [], []
    before = "".join(f"import sys; sys.path.insert(0, {str(folder)!r})\n" for folder in folders)
    for _ in range(rounds + 1):  # the first round only warms the page cache
        text = stdin() if callable(stdin) else ""
        ours.append(_seconds(before + script, text, endpoint))
        theirs.append(_seconds(reference, "", endpoint))
    one, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
    note = f"{one * 1000:.0f} ms against {other * 1000:.0f} ms, {rounds} rounds"
    return Measurement(name, one / other, budget, "lower", note)


def _seconds(script: str, stdin: str, endpoint: str) -> float:
    """Processor seconds of a fresh Python that runs the script. Raises if it fails."""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**_ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint, "PATH": os.environ["PATH"]},
        cwd="/",
    )
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"A measured process failed: {said[-800:]}")
    return usage.ru_utime + usage.ru_stime


def _delivery() -> str:
    """A signed event as API Gateway hands it over, signed now."""
    import time

    body = _EVENT.read_bytes()
    return json.dumps(
        {
            "pathParameters": {"provider": "stripe"},
            "headers": {
                "Content-Type": "application/json",
                "Stripe-Signature": sign(body, _SECRET, int(time.time())),
            },
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
    )


def _certificate() -> str:
    from benchmarks.certificates import sample_certificate as certificate

    return certificate(0).model_dump_json()


@contextmanager
def _aws() -> Iterator[str]:
    """A service on loopback that knows the secret and takes every message."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            secret = json.dumps({"signing_secrets": [_SECRET]})
            wants_secret = "GetSecretValue" in self.headers.get("x-amz-target", "")
            answer = {"SecretString": secret} if wants_secret else {"MessageId": "m"}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
