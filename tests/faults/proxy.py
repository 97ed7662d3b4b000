"""A proxy between code and the local AWS that loses answers and refuses requests as AWS does."""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from devstack import paths, processes

Rule = dict[str, Any]

# The request was carried out, and its answer never comes.
LOST: Rule = {"response": {"abort_bytes": 0}}
# The connection breaks before the request arrived.
BROKEN: Rule = {"reset": True}


def one_in(every: int, fault: Rule, service: str, operation: str | None = None) -> Rule:
    """That fault on the first of every so many such requests: by counting, not by chance."""
    rule = {"service": service, "sequence": {"fail": 1, "pass": every - 1}, **fault}
    return rule if operation is None else {**rule, "operation": operation}


def refused(code: str, status: int = 400, **fields: Any) -> Rule:
    """The service refuses with that error, worded as it words errors."""
    error: Rule = {"code": code, "status": status}
    return {"error": error | ({"fields": fields} if fields else {})}


@dataclass(frozen=True)
class FaultProxy:
    """The running proxy, at `url`. Without rules it hands everything on."""

    url: str

    def fault(self, *rules: Rule) -> None:
        """Put these rules in place of all others. The first that fits decides."""
        self._control("rules", "POST", list(rules))

    def counters(self) -> dict[str, int]:
        """How often each fault struck: {"dynamodb GetItem response:abort": 3}."""
        text = self._control("metrics", "GET").decode()
        found = re.findall(
            r'^microburst_faults_total\{service="(.+)",operation="(.+)",action="(.+)"\} (\d+)$',
            text,
            re.MULTILINE,
        )
        return {f"{service} {what} {action}": int(n) for service, what, action, n in found}

    def requests(self) -> int:
        """How many requests came this way."""
        text = self._control("metrics", "GET").decode()
        found = re.search(r"^microburst_requests_total (\d+)$", text, re.MULTILINE)
        return int(found[1]) if found else 0

    def _control(self, path: str, method: str, body: Any = None) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}/_microburst/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy to `upstream` for as long as the block lasts."""
    port = processes.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.serve", upstream, str(port)],
        cwd=paths.REPO,
        stdin=subprocess.PIPE,
    )
    try:
        yield _ready(FaultProxy(f"http://127.0.0.1:{port}"))
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)


def _ready(proxy: FaultProxy) -> FaultProxy:
    deadline = time.monotonic() + 60
    while True:
        try:
            proxy.requests()
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < deadline, "The fault proxy did not start."
            time.sleep(0.1)
        else:
            return proxy
