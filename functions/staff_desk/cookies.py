"""The cookies of the staff desk: who is signed in, a sign-in that is under way, where it leads.

On AWS their names begin with `__Host-`: a browser then takes them over TLS and from this very host
only, and no other host can set one of that name. A laptop speaks plain HTTP on loopback.
"""

import base64
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from shared import desk_wiring
from shared.adapters.gateway_requests import header
from shared.domain.staff_sessions import LASTS, SIGN_IN_LASTS

_SESSION: Final = "staff"
_SIGN_IN: Final = "staff-sign-in"
_WANTED: Final = "staff-wanted"


def session_of(event: dict[str, Any]) -> str:
    """The secret of a session that the browser shows; empty if it shows none."""
    return _shown(event, _SESSION)


def sign_in_of(event: dict[str, Any]) -> str:
    """The secret of a sign-in that the browser began; empty if there is none."""
    return _shown(event, _SIGN_IN)


def wanted_of(event: dict[str, Any]) -> str:
    """The page that the browser was on before it began to sign in; empty if there is none."""
    try:
        return base64.urlsafe_b64decode(f"{_shown(event, _WANTED)}==").decode()
    except ValueError:
        return ""


def session_cookie(secret: str) -> Cookie:
    """Lets the browser keep a session."""
    return _cookie(_SESSION, secret, int(LASTS.total_seconds()))


def sign_in_cookie(secret: str) -> Cookie:
    """Lets the browser keep what a sign-in is proved with, while it is under way."""
    return _cookie(_SIGN_IN, secret, int(SIGN_IN_LASTS.total_seconds()))


def wanted_cookie(path: str) -> Cookie:
    """Lets the browser keep where it is to be led when somebody has signed in."""
    said = base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")
    return _cookie(_WANTED, said, int(SIGN_IN_LASTS.total_seconds()))


def no_session() -> Cookie:
    """Lets the browser forget its session."""
    return _cookie(_SESSION, "", -1)


def no_sign_in() -> Cookie:
    """Lets the browser forget a sign-in that has ended."""
    return _cookie(_SIGN_IN, "", -1)


def nothing_wanted() -> Cookie:
    """Lets the browser forget where it was to be led."""
    return _cookie(_WANTED, "", -1)


def _name(what: str) -> str:
    return what if desk_wiring.is_local() else f"__Host-{what}"


def _cookie(what: str, value: str, lasts: int) -> Cookie:
    return Cookie(
        _name(what),
        value,
        path="/",
        secure=not desk_wiring.is_local(),
        http_only=True,
        # Sent when somebody follows a link in a letter to staff, and with nothing that another
        # page posts.
        same_site=SameSite.LAX_MODE,
        max_age=lasts,
    )


def _shown(event: dict[str, Any], what: str) -> str:
    # Several of one name, or none that can be read: nobody knows which one counts, so none does.
    found = []
    for piece in header(event, "cookie").replace(",", ";").split(";"):
        try:
            one = SimpleCookie(piece.strip())
        except CookieError:
            continue
        found += [morsel.value for name, morsel in one.items() if name == _name(what)]
    return found[0] if len(found) == 1 else ""
