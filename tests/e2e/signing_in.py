"""Signing in at the staff desk of a local stack, as people do."""

from playwright.sync_api import Page

from devstack.desk_people import PASSWORD, address_of
from devstack.stack import Stack


def sign_in(page: Page, stack: Stack, part: str) -> None:
    """Come to the closed door, sign in as whoever has that part, and stand at the desk."""
    page.goto(f"{stack.api_url}/staff")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill(address_of(part))
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation(url="**/staff"):
        page.get_by_role("button", name="Sign in").click()
