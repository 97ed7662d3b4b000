"""Builds what puts pages into words, each once per worker, and makes the addresses of pages."""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.jinja_mail_pages import JinjaMailPages
    from shared.adapters.jinja_my_page import JinjaMyPages
    from shared.adapters.jinja_pages import JinjaPages
    from shared.adapters.jinja_refund_page import JinjaRefundPages
    from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages


@lru_cache
def pages() -> "JinjaPages":
    """The pages that learners and the public see."""
    from shared.adapters.jinja_pages import JinjaPages

    return JinjaPages()


@lru_cache
def my_pages() -> "JinjaMyPages":
    """A person's own page, and the way to a fresh link to it."""
    from shared.adapters.jinja_my_page import JinjaMyPages

    return JinjaMyPages()


@lru_cache
def mail_pages() -> "JinjaMailPages":
    """The pages about a person's letters."""
    from shared.adapters.jinja_mail_pages import JinjaMailPages

    return JinjaMailPages()


@lru_cache
def refund_pages() -> "JinjaRefundPages":
    """The page on which people give classes back."""
    from shared.adapters.jinja_refund_page import JinjaRefundPages

    return JinjaRefundPages()


@lru_cache
def scholarship_pages() -> "JinjaScholarshipPages":
    """The pages of scholarship rounds."""
    from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages

    return JinjaScholarshipPages()


def certificate_page(public_id: str) -> str:
    """The address of a certificate's public page."""
    return f"{settings.read(settings.PublicSettings).base_url}/certificates/{public_id}"


def staff_page() -> str:
    """The address of the page on which staff see what waits for them."""
    return f"{settings.read(settings.PublicSettings).base_url}/staff"


_PATHS = {
    "watch": "watch",
    "certificate": "my-certificate",
    "review": "review",
    "application": "my-application",
    "me": "me",
    "address": "address",
    "unsubscribe": "unsubscribe",
}


def page_link(purpose: str, subject: str, expires_at: datetime | None = None) -> str:
    """The whole address of a page that opens `purpose` for `subject`, for a letter."""
    top = f"{settings.read(settings.PublicSettings).base_url}/"
    return page_path(top, purpose, subject, expires_at)


def page_path(top: str, purpose: str, subject: str, expires_at: datetime | None = None) -> str:
    """The same from another of our pages; `top` is the way from there to the top of all pages."""
    from shared.domain.links import sign

    token = sign(purpose, subject, wiring.identity_keys()[0], expires_at)  # type: ignore[arg-type]
    return f"{top}{_PATHS[purpose]}/{token}"
