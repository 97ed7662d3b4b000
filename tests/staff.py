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

    def get(self, address: str, /) -> Answer:
        """Open an address."""
        return self._ask("GET", address)

    def post(
        self, address: str, /, *, origin: str | None = f"https://{HOST}", **sent: str
    ) -> Answer:
        """Post a form of one of our pages, as far as the test does not say otherwise."""
        form = {"once": self.once, **sent}
        return self._ask("POST", address, urlencode(form, errors="surrogatepass").encode(), origin)

    def send(
        self,
        address: str,
        *,
        origin: str | None = f"https://{HOST}",
        file: bytes = b"",
        **sent: str,
    ) -> Answer:
        """Post a form that may hold a file, as browsers do: line ends of texts are theirs."""
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            + value.replace("\n", "\r\n")
            + "\r\n"
            for name, value in {"once": self.once, **sent}.items()
        ]
        chosen = "f.yaml" if file else ""
        head = (
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{chosen}"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        body = (
            "".join(parts).encode("utf-8", "surrogatepass")
            + head.encode()
            + file
            + b"\r\n--b--\r\n"
        )
        return self._ask("POST", address, body, origin, "multipart/form-data; boundary=b")

    def _ask(
        self,
        method: str,
        address: str,
        raw: bytes = b"",
        origin: str | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        parts = urlsplit(address)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_HOST": HOST,
            "wsgi.input": io.BytesIO(raw),
        }
        if raw:
            environ |= {
                "CONTENT_TYPE": kind,
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
