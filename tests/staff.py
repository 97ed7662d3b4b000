"""Staff at the desk, in an account in memory: signed in, they open pages and post forms."""

import io
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from shared import desk_wiring
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import once_of, session_of
from tests.cloud import ENVIRON, Cloud
from tests.front_door import FrontDoor

HOST = "pages.example"
# The name of the cookie where the stage is not a laptop's.
COOKIE = "__Host-staff"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Browser:
    """Somebody's browser, which may show a session; `once` is what our pages put into forms."""

    cookie: str = ""
    once: str = ""
    door: FrontDoor = field(default_factory=FrontDoor)

    def get(self, address: str) -> Answer:
        """Open an address."""
        return self._ask("GET", address)

    def post(self, address: str, *, origin: str | None = f"https://{HOST}", **sent: str) -> Answer:
        """Post a form of one of our pages, as far as the test does not say otherwise."""
        form = {"once": self.once, **sent}
        return self._ask("POST", address, urlencode(form), origin)

    def _ask(self, method: str, address: str, body: str = "", origin: str | None = None) -> Answer:
        parts = urlsplit(address)
        raw = body.encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_HOST": HOST,
            "wsgi.input": io.BytesIO(raw),
        }
        if raw:
            environ |= {
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(raw)),
            }
        if self.cookie:
            environ["HTTP_COOKIE"] = f"other=1; {COOKIE}={self.cookie}"
        if origin is not None:
            environ["HTTP_ORIGIN"] = origin
        status, headers, said = self.door.answer(environ)
        assert self.door.failures == []
        return Answer(status, headers, said.decode())


def signed_in(cloud: Cloud, *roles: Role, name: str = "robin@idha.example") -> Browser:
    """The browser of somebody with these parts, as signing in leaves it."""
    secret = f"a-secret-of-{name.partition('@')[0]}-{'-'.join(sorted(roles))}"
    staff = Staff(name=name, roles=frozenset(roles) or frozenset({Role.REVIEWER}))
    session = session_of(secret, staff, cloud.now)
    desk_wiring.sessions().keep(session)
    if not roles:
        # A part that is none any more: nobody without one is given a session.
        cloud.dynamodb.update_item(
            TableName=ENVIRON["STAFF_SESSIONS_TABLE"],
            Key={"id": {"S": session.id}},
            UpdateExpression="SET #roles = :gone",
            ExpressionAttributeNames={"#roles": "roles"},
            ExpressionAttributeValues={":gone": {"SS": ["janitor"]}},
        )
    return Browser(secret, once_of(secret))
