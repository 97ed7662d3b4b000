"""The pages of the staff desk, in one layout: navigation by part, no script needed."""

from typing import Any, Final

from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import environment
from shared.domain.digests import say_wait
from shared.domain.staff import Staff, What, may

# What the navigation leads to, from the top of all pages, and who is led there.
_PAGES: Final[tuple[tuple[str, str, What], ...]] = (
    ("staff", "Today", "see what waits"),
    ("staff/series", "Series", "see series"),
    ("staff/scholarships", "Scholarships", "see scholarships"),
    ("staff/search", "Search", "see people"),
    ("staff/catalogue", "Catalogues", "publish catalogues"),
    ("staff/machine-room", "Machine room", "keep the machines running"),
)


def desk_page(name: str, staff: Staff, once: str, top: str, **view: Any) -> str:
    """The page `name` (a template in pages/ that extends desk_layout.html) for somebody.

    `once` stands in each of its forms; `top` is the way from it to the top of all pages.
    """
    return whole_page(
        name,
        staff=staff,
        may=lambda what: may(staff, what),
        once=once,
        top=top,
        waited=say_wait,
        pages=[(f"{top}{path}", said) for path, said, what in _PAGES if may(staff, what)],
        **view,
    )


def plain_page(name: str, **view: Any) -> str:
    """A page of the way in and out, which needs nobody to be signed in."""
    return whole_page(name, **view)


def closed_page(sign_in: str) -> str:
    """The page for everybody who is not let in; `sign_in` is where they may sign in.

    The API gives the same page, letter by letter, so it has no colours of anybody's.
    """
    page = environment().get_template("pages/desk_closed.html")
    return page.render(sign_in=sign_in).strip()
