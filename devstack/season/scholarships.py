"""A scholarship round as people meet it: a form, letters with links, pages with buttons.

Whoever uses this is a browser without scripts. It reads the page it is given, fills in what the
page asks for, and sends it where the page says.
"""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from devstack.mailbox import read_inbox
from devstack.problems import Problem
from devstack.season.browser import Opened, open_link
from devstack.stack import Stack

Fields = Mapping[str, Sequence[str]]
_TIMEOUT = 120


@dataclass
class PageForm:
    """A form on a page: where it sends what, what it holds already, and its buttons and choices."""

    action: str
    method: str = "get"
    hidden: dict[str, str] = field(default_factory=dict)
    choices: list[tuple[str, str]] = field(default_factory=list)

    def offers(self, name: str, value: str) -> bool:
        """Whether it has that choice or button, or holds that value already."""
        return (name, value) in self.choices or self.hidden.get(name) == value


@dataclass(frozen=True)
class Page:
    """A page as it was opened: its address, what came back, and the forms on it."""

    url: str
    opened: Opened
    forms: tuple[PageForm, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """Where it leads, as whole addresses, in order."""
        return tuple(urljoin(self.url, link) for link in _read(self.opened.text).links)

    def form(self, name: str, value: str) -> PageForm:
        """The form that sends when that choice is made. Raises Problem if the page has none."""
        for form in self.forms:
            if form.method == "post" and form.offers(name, value):
                return form
        raise Problem(
            f"The page offers no '{name}' of '{value}' (status {self.opened.status}).",
            "Open it in a browser and look.",
        )


def open_page(url: str) -> Page:
    """Open an address of the stack, and read what forms are there."""
    opened = open_link(url)
    return Page(url, opened, tuple(_read(opened.text).forms))


def open_form(stack: Stack, series: str) -> Page:
    """The empty form of a series."""
    return open_page(f"{stack.api_url}/scholarships/{series}")


def send_form(page: Page, fields: Fields, sender: str = "192.0.2.1") -> Opened:
    """Send the form on that page with these fields; `sender` is the address it comes from.

    The local API Gateway takes the sender's address from a header; AWS takes it from the
    connection.
    """
    (form,) = (one for one in page.forms if one.method == "post")
    return _post(page, form, fields, {"x-forwarded-for": sender})


def vote(page: Page, outcome: str, award: str = "", strength: int = 2) -> Opened:
    """Vote on the page of one application, or stand "aside"."""
    if outcome == "aside":
        return _post(page, page.form("conflict", "yes"), {"conflict": ["yes"]}, {})
    fields = {"outcome": [outcome], "award": [award], "strength": [str(strength)]}
    return _post(page, page.form("outcome", outcome), fields, {})


def act(page: Page, what: str) -> Opened:
    """Press a button of one's own page: withdraw, accept, decline or erase."""
    return _post(page, page.form("act", what), {"act": [what]}, {})


def links_in_letters(stack: Stack, address: str, path: str) -> list[str]:
    """The links to pages below `path` (such as "review") in somebody's letters, oldest first."""
    return [
        word
        for letter in read_inbox(stack.letters_folder, address)
        for word in letter.text.split()
        if f"/{path}/" in word and word.startswith("http")
    ]


def link_in_letters(stack: Stack, address: str, path: str) -> str:
    """The newest of them. Raises Problem if none came."""
    links = links_in_letters(stack, address, path)
    if not links:
        raise Problem(
            f"No letter with a link to {path} has come to {address}.",
            f"See what has come: python -m devstack inbox {address} --text",
        )
    return links[-1]


def _post(page: Page, form: PageForm, fields: Fields, headers: Mapping[str, str]) -> Opened:
    filled = ((name, one) for name, many in fields.items() for one in many)
    held = ((name, value) for name, value in form.hidden.items() if name not in fields)
    pairs = [*held, *filled]
    return post(urljoin(page.url, form.action), urllib.parse.urlencode(pairs).encode(), headers)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    content_type: str = "application/x-www-form-urlencoded",
) -> Opened:
    """Post a body to an address of the stack; an answer that leads on is followed with a GET."""
    request = urllib.request.Request(  # noqa: S310 - our own stack on loopback
        url, data=body, headers={"content-type": content_type, **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            return Opened(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Opened(error.code, error.read())


class _Reader(HTMLParser):
    """Notes the forms of a page and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._open: PageForm | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        match tag:
            case "a" if "href" in told:
                self.links.append(told["href"])
            case "form":
                self._open = PageForm(told.get("action", ""), told.get("method", "get").lower())
                self.forms.append(self._open)
            case "input" | "button" | "select" if self._open is not None and told.get("name"):
                if told.get("type") == "hidden":
                    self._open.hidden[told["name"]] = told.get("value", "")
                else:
                    self._open.choices.append((told["name"], told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _read(html: str) -> _Reader:
    return _Reader(html)
