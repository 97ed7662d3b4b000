"""Somebody who is signed in at the desk of a local stack, and asks for its pages over HTTP."""

import http.client
import re
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from devstack import desk
from devstack.stack import Stack
from shared.adapters.dynamo_staff_sessions import DynamoStaffSessions
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import session_of


@dataclass(frozen=True)
class AtDesk:
    """Their browser; `secret` is what it shows."""

    stack: Stack
    secret: str

    def ask(self, method: str, path: str, **sent: str) -> tuple[int, str]:
        """(status, page) of what came back."""
        at = urlsplit(f"{self.stack.api_url}{path}")
        connection = http.client.HTTPConnection(at.netloc, timeout=90)
        headers = {"Cookie": f"staff={self.secret}", "Origin": f"http://{at.netloc}"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection):
            connection.request(method, at.path, urlencode(sent) or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def posts(self, page: str, act: str, **sent: str) -> int:
        """Send a form that stands on that page of the desk, and tell the status of the answer."""
        once = re.search(r'name="once" value="([^"]+)"', self.ask("GET", page)[1])
        assert once is not None
        return self.ask("POST", act, once=once[1], back=page, **sent)[0]


def at_desk(stack: Stack, name: str, role: Role) -> AtDesk:
    """Somebody with that part, whose session is there as signing in leaves it."""
    staff = Staff(name=name, roles=frozenset({role}))
    secret = f"a-secret-of-{name.partition('@')[0]}-for-a-test"
    dynamodb = stack.client("dynamodb", "root")
    (table,) = [one for one in dynamodb.list_tables()["TableNames"] if "StaffSessions" in one]
    DynamoStaffSessions(dynamodb, table).keep(session_of(secret, staff, desk.now(stack)))
    return AtDesk(stack, secret)
