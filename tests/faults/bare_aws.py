"""A local AWS with nothing deployed to it, up within a second: a real table over real sockets."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack import processes
from devstack.cloud import health


@contextmanager
def bare_aws(folder: Path) -> Iterator[str]:
    """Its address for as long as the block lasts; what it writes down lies in `folder`."""
    port = processes.free_port()
    endpoint = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        cwd=folder,
        env={
            "PATH": "",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "STATE_DIR": str(folder / "state"),
            "S3_DATA_DIR": str(folder / "s3"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(endpoint)
        yield endpoint
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(endpoint: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(health(endpoint), timeout=2):  # noqa: S310 - loopback
                return
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < deadline, "The local AWS did not start."
            time.sleep(0.1)
