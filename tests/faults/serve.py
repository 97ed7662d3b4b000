"""The fault proxy as a process of its own: microburst, embedded, without its access log.

Its command line writes a line for every request, which costs more than the request does.
"""

import logging
import sys

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst

if __name__ == "__main__":
    upstream, port = sys.argv[1], int(sys.argv[2])
    logging.basicConfig(level=logging.WARNING)
    app = make_app(Microburst(upstream, resign=False))
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)
