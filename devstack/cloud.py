"""Starting the local AWS, the inbox behind it and the page over the inbox, all on loopback."""

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

from devstack import paths, processes
from devstack.problems import Problem
from devstack.processes import Started

CLOUD, MAIL, PAGE, PAYPAL, EVENTBRITE = "aws", "mail", "inbox-page", "paypal", "eventbrite"


def start_mail(port: int) -> Started:
    """A mail server that delivers every letter, to whomever, byte for byte into one Maildir."""
    shutil.rmtree(paths.letters(), ignore_errors=True)
    for part in ("cur", "new", "tmp"):
        (paths.letters() / part).mkdir(parents=True)
    return processes.start(
        MAIL,
        [
            *(sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"),
            *("-c", "aiosmtpd.handlers.Mailbox", str(paths.letters())),
        ],
        _bare_environment(),
        paths.home(),
    )


def start_page(port: int) -> Started:
    """The read-only page that shows the inbox."""
    return processes.start(
        PAGE,
        [sys.executable, "-m", "devstack.inbox_page", str(port), str(paths.letters())],
        _bare_environment(),
        paths.REPO,
    )


def start_paypal(port: int) -> Started:
    """Who gives PayPal's certificate in PayPal's place."""
    paths.paypal().unlink(missing_ok=True)
    return processes.start(
        PAYPAL,
        [sys.executable, "-m", "devstack.paypal_stand_in", str(port), str(paths.home())],
        _bare_environment(),
        paths.REPO,
    )


def start_eventbrite(port: int, token: str) -> Started:
    """The stand-in for Eventbrite's API, over the model orders and those of one's own."""
    paths.eventbrite_orders().mkdir(parents=True, exist_ok=True)
    model = paths.REPO / "events" / "payment_webhook" / "eventbrite" / "orders"
    folders = (str(model), str(paths.eventbrite_orders()))
    return processes.start(
        EVENTBRITE,
        [sys.executable, "-m", "devstack.eventbrite", str(port), *folders],
        {**_bare_environment(), "EVENTBRITE_TOKEN": token},
        paths.REPO,
    )


def start_cloud(port: int, mail_port: int) -> Started:
    """The local AWS. Its workers inherit its environment, so it is given next to nothing."""
    paths.discard(paths.scratch())
    paths.scratch().mkdir(parents=True)
    environment = {
        **_bare_environment(),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "SMTP_HOST": f"127.0.0.1:{mail_port}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        # Code of workers is unpacked here, and leaves with the stack.
        "TMPDIR": str(paths.scratch()),
        "STATE_DIR": str(paths.scratch() / "state"),
        "S3_DATA_DIR": str(paths.scratch() / "s3"),
    }
    return processes.start(CLOUD, [sys.executable, "-m", "ministack"], environment, paths.scratch())


def wait_until_ready(one: Started, url: str, patience: float = 60.0) -> None:
    """Return once `url` answers. Raises Problem with the end of the log if it never does."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not processes.is_alive(one):
            raise Problem(
                f"{one.name} stopped while it was starting: {_end_of(one)}", f"Its log: {one.log}"
            )
        if _answers(url):
            return
        time.sleep(0.1)
    raise Problem(
        f"{one.name} did not answer within {patience:.0f} seconds: {_end_of(one)}",
        f"Its log: {one.log}",
    )


def wait_until_listening(one: Started, port: int, patience: float = 30.0) -> None:
    """Return once something takes connections on `port`, which was free before `one` started."""
    deadline = time.monotonic() + patience
    while processes.is_free(port):
        if not processes.is_alive(one) or time.monotonic() > deadline:
            raise Problem(f"{one.name} did not start: {_end_of(one)}", f"Its log: {one.log}")
        time.sleep(0.05)


def health(endpoint: str) -> str:
    """Address that answers once the local AWS takes requests."""
    return f"{endpoint}/_ministack/health"


def version(endpoint: str) -> str:
    """Which version of the local AWS answers, or `unknown`."""
    try:
        with urllib.request.urlopen(health(endpoint), timeout=5) as answer:  # noqa: S310 - loopback
            return str(json.load(answer).get("version", "unknown"))
    except (OSError, ValueError):
        return "unknown"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _end_of(one: Started) -> str:
    with open(one.log, errors="replace") as log:
        lines = [line.strip() for line in log if line.strip()]
    return " ".join(lines[-3:]) or "it said nothing"


def _bare_environment() -> dict[str, str]:
    # No HOME of the user: nobody's own AWS profile may leak into the functions.
    return {
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.defpath]),
        "HOME": str(paths.scratch()),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
    }
