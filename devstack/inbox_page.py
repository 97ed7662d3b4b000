"""A small page over the inbox, for looking at letters as people see them. Read only, loopback only.

Run as `python -m devstack.inbox_page PORT FOLDER`. A letter's HTML is shown in a frame that may run
no script and fetch nothing, as a careful mail program would.
"""

import sys
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from devstack.mailbox import Letter, find_letter, read_inbox

_BACK = '<a href="/">All letters</a>'
_STYLE = """
:root { color-scheme: light dark; --paper: #FBF8F3; --ink: #1E1B18; --quiet: #5E574F;
        --line: #DDD5C9; --accent: #0B5D5A; }
@media (prefers-color-scheme: dark) { :root { --paper: #171513; --ink: #F2EDE4;
        --quiet: #B3AA9E; --line: #3A3530; --accent: #5CC2BB; } }
body { margin: 0 auto; padding: 24px 16px; max-width: 960px; background: var(--paper);
       color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 16px; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); }
li a { display: block; padding: 12px 0; text-decoration: none; }
.quiet { color: var(--quiet); overflow-wrap: anywhere; }
iframe { width: 100%; height: 70vh; border: 1px solid var(--line); background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line);
      padding: 16px; }
h2 { font-size: 18px; margin: 24px 0 8px; }
"""
# The outer page: its own style and its own frames, nothing else.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
# A letter: inline style and pictures it brought along; no script, no fetch, no way out.
_LETTER_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)


class InboxPage(BaseHTTPRequestHandler):
    """`/` lists letters; `/letter/KEY` shows one, with `/html`, `/raw` and `/file/N` below it."""

    folder: Path
    server_version = "inbox"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one request. Anything unknown is a plain 404."""
        # Only by this address: a page elsewhere must not read letters through a name of its own.
        if self.headers.get("Host", "").rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            self._page(HTTPStatus.MISDIRECTED_REQUEST, "Not here", f"<p>{_BACK}</p>")
            return
        parts = [unquote(part) for part in urlsplit(self.path).path.split("/") if part]
        if not parts:
            self._list()
            return
        letter = (
            find_letter(self.folder, parts[1]) if parts[0] == "letter" and len(parts) > 1 else None
        )
        if letter is None:
            self._page(HTTPStatus.NOT_FOUND, "No such letter", f"<p>{_BACK}</p>")
        elif len(parts) == 2:
            self._letter(letter)
        elif parts[2] == "html":
            html = '<meta charset="utf-8"><base target="_blank">' + letter.html
            self._send(
                HTTPStatus.OK,
                "text/html; charset=utf-8",
                html.encode(),
                {"Content-Security-Policy": _LETTER_POLICY},
            )
        elif parts[2] == "raw":
            self._send(HTTPStatus.OK, "text/plain; charset=utf-8", letter.raw, {})
        else:
            self._file(letter, parts[3] if len(parts) > 3 else "")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: addresses of pages name letters."""

    def _list(self) -> None:
        letters = list(reversed(read_inbox(self.folder)))
        rows = "".join(
            f'<li><a href="/letter/{quote(one.key)}"><u>{escape(one.subject) or "(no subject)"}</u>'
            f'<br><span class="quiet">{escape(", ".join(one.to))}{_when(one)}{_with(one)}</span>'
            "</a></li>"
            for one in letters
        )
        empty = "<p>No letter has arrived yet. The newest will be at the top; reload to look.</p>"
        count = f"{len(letters)} letter{'' if len(letters) == 1 else 's'}"
        self._page(HTTPStatus.OK, f"Inbox: {count}", f"<ul>{rows}</ul>" if letters else empty)

    def _letter(self, letter: Letter) -> None:
        key = quote(letter.key)
        files = "".join(
            f'<li><a href="/letter/{key}/file/{n}"><u>{escape(one.name)}</u>'
            f'<br><span class="quiet">{escape(one.content_type)}, {len(one.content):,} bytes</span>'
            "</a></li>"
            for n, one in enumerate(letter.attachments)
        )
        html = (
            '<h2>As shown</h2><iframe sandbox="allow-popups" title="The letter" '
            f'src="/letter/{key}/html"></iframe>'
        )
        people = f"From {escape(letter.sender)}<br>To {escape(', '.join(letter.to))}"
        self._page(
            HTTPStatus.OK,
            letter.subject or "(no subject)",
            f'<p class="quiet">{people}{_when(letter)}</p>'
            + (f"<h2>Attachments</h2><ul>{files}</ul>" if files else "")
            + (html if letter.html else "")
            + f"<h2>As text</h2><pre>{escape(letter.text)}</pre>"
            + f'<p><a href="/letter/{key}/raw">The message itself</a> · {_BACK}</p>',
        )

    def _file(self, letter: Letter, number: str) -> None:
        if not number.isdigit() or int(number) >= len(letter.attachments):
            self._page(HTTPStatus.NOT_FOUND, "No such attachment", f"<p>{_BACK}</p>")
            return
        one = letter.attachments[int(number)]
        # A PDF may open in the browser; anything else, and any HTML above all, is saved.
        shown = one.content_type == "application/pdf"
        disposition = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(one.name)}"
        kind = one.content_type if shown else "application/octet-stream"
        self._send(HTTPStatus.OK, kind, one.content, {"Content-Disposition": disposition})

    def _page(self, status: HTTPStatus, title: str, body: str) -> None:
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
        )
        self._send(
            status,
            "text/html; charset=utf-8",
            page.encode(),
            {"Content-Security-Policy": _PAGE_POLICY},
        )

    def _send(self, status: HTTPStatus, kind: str, body: bytes, more: Mapping[str, str]) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            **more,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _when(letter: Letter) -> str:
    return f" · {letter.arrived.astimezone():%a %d %b, %H:%M:%S}"


def _with(letter: Letter) -> str:
    names = ", ".join(escape(one.name) for one in letter.attachments)
    return f" · with {names}" if names else ""


def main() -> None:
    """Serve until stopped."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    handler = type("ThisInbox", (InboxPage,), {"folder": folder})
    ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()


if __name__ == "__main__":
    main()
