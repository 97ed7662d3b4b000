"""The fault proxy as a process of its own: microburst, embedded, without its access log.

Its own command line writes a line for every request, which costs more than the request does. It
ends when its input closes, so it never outlives the tests.
"""

import logging
import os
import sys
import threading

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst


def main(upstream: str, port: int) -> None:
    """Listen on loopback: its control API asks nobody who they are."""
    logging.basicConfig(level=logging.CRITICAL)
    threading.Thread(target=_end_with_input, daemon=True).start()
    app = make_app(Microburst(upstream, resign=False))
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
