"""How pages answer: privately, and with a page whatever happens."""

from collections.abc import Callable

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from shared import page_wiring
from shared.adapters.jinja_pages import PRIVATE, content_security_policy
from shared.observability import count, log_failure


def page(status: int, html: str, media_from: str = "", sends_to: str = "") -> Response[str]:
    """A page that runs nothing but its own style and script.

    It plays media from one place, and sends files to one, if either is given.
    """
    policy = content_security_policy(html, media_from, sends_to)
    headers = {**PRIVATE, "Content-Security-Policy": policy}
    return Response(status, "text/html; charset=utf-8", html, headers)


def not_found() -> Response[str]:
    """The same page for whatever is not there."""
    return page(404, page_wiring.pages().not_found())


def pages(absent: Callable[[], Response[str]] = not_found) -> APIGatewayRestResolver:
    """A set of pages that has an answer to every address and for all that may go wrong.

    `absent` answers for whatever is not there.
    """
    app = APIGatewayRestResolver()

    @app.not_found
    def nothing_here(_: Exception) -> Response[str]:
        return absent()

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def trouble(error: Exception) -> Response[str]:
        """Our fault: say so, and say no more."""
        log_failure("A page could not be opened", error)
        count("PageTrouble")
        return page(503, page_wiring.pages().trouble())

    return app
