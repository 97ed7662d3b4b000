"""What every page below a person's own page needs: who opens it, what was sent, and one refusal."""

from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from shared import page_wiring

# Names, licences and a comment of some length, as a browser sends them.
_LARGEST_FORM = 32 * 1024


def no_such_page(routes: APIGatewayRestResolver | Router) -> Response[str]:
    """The one answer to a token that is made up, over, of something else or of somebody else."""
    return page(404, page_wiring.my_pages().no_such_page(f"{top(routes)}me"))


def top(routes: APIGatewayRestResolver | Router) -> str:
    """The way from the page that was asked for to the top of all pages: "../" for `/me/{token}`.

    A function behind the API cannot be told the API's address: each would have to be made first.
    """
    return "../" * (routes.current_event.raw_event["resource"].count("/") - 1) or "./"


def sent_from(routes: APIGatewayRestResolver | Router) -> str:
    """The network address that asks."""
    context = routes.current_event.raw_event.get("requestContext", {})
    return str(context.get("identity", {}).get("sourceIp") or "")


def fields(routes: APIGatewayRestResolver | Router) -> dict[str, list[str]]:
    """What was sent by a form; nothing of one that is larger than any of ours."""
    try:
        body = routes.current_event.decoded_body or ""
        if len(body) > _LARGEST_FORM:
            return {}
        # Half a letter, which JSON can carry and no table keeps, becomes a question mark.
        body = body.encode("utf-8", "replace").decode()
        return parse_qs(body, keep_blank_values=True, max_num_fields=200, errors="replace")
    except ValueError:
        return {}


def form(routes: APIGatewayRestResolver | Router) -> dict[str, str]:
    """What was sent by a form in which every field stands once."""
    return {name: values[0] for name, values in fields(routes).items()}
