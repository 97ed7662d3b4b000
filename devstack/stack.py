"""The running stack as a value: where it is, what things are called in it, and clients for it."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal

from devstack import paths, processes
from devstack.problems import Problem

STACK_NAME = "tending"
REGION = "us-east-1"

Who = Literal["operator", "staff", "root"]


@dataclass(frozen=True)
class Keys:
    """Access keys of one user of the local AWS. They open nothing but this stack."""

    access_key_id: str
    secret_access_key: str


# ministack's own administrator. Never checked against any policy: used to deploy, not to act.
ROOT = Keys("test", "test")


@dataclass(frozen=True)
class Eventbrite:
    """The stand-in for Eventbrite: where its API is, its token, and what we told it to post to."""

    api: str
    token: str
    segment: str


@dataclass(frozen=True)
class Stack:
    """A deployed local stack.

    `outputs` are the template's outputs by name; `resources` maps logical to physical ids.
    """

    endpoint: str
    region: str
    inbox_url: str
    letters: str
    outputs: Mapping[str, str]
    resources: Mapping[str, str]
    stripe_signing_secret: str
    form_signing_secret: str
    users: Mapping[str, Keys]
    fingerprint: str
    # A stack that an older checkout started has none of these yet.
    razorpay_signing_secret: str = ""
    paypal_webhook_id: str = ""
    paypal_signing_key: str = ""
    zoom_secret_token: str = ""
    eventbrite: "Eventbrite | None" = None

    @property
    def api_url(self) -> str:
        """Where providers post and letters lead, without a slash at the end."""
        return self.outputs["ApiUrl"]

    @property
    def table(self) -> str:
        """Name of the records table."""
        return self.outputs["RecordsTable"]

    @property
    def scholarships(self) -> str:
        """Name of the table of applications for scholarships."""
        return self.outputs["ScholarshipsTable"]

    @property
    def uploads(self) -> str:
        """Name of the bucket for staff's files."""
        return self.outputs["UploadsBucket"]

    @property
    def documents(self) -> str:
        """Name of the bucket for what the system makes."""
        return self.outputs["DocumentsBucket"]

    @property
    def letters_folder(self) -> Path:
        """The Maildir into which every sent letter falls."""
        return Path(self.letters)

    def client(self, service: str, who: Who = "operator") -> Any:
        """A boto3 client. `operator` may look at everything and start things; `staff` may put and
        read files, as the institute's people do; `root` is checked against nothing."""
        return client_for(
            service, self.endpoint, self.region, ROOT if who == "root" else self.users[who]
        )

    def function(self, logical_id: str) -> str:
        """Name of a function, by its name in the template."""
        return self.resources[logical_id]

    def verify_sender(self, address: str) -> None:
        """Let letters go out from `address` and everybody else at its domain.

        On AWS the institute proves once that the domain is its own; here saying so is enough.
        """
        domain = parseaddr(address)[1].rpartition("@")[2]
        if not domain:
            raise Problem(f"{address!r} is not an e-mail address, so nothing can be sent from it.")
        self.client("ses", "root").verify_domain_identity(Domain=domain)

    def save(self) -> None:
        """Remember this stack, readable by its owner only: it holds keys."""
        file = paths.state_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=2))


def load_stack() -> Stack:
    """The stack that `devstack up` started. Raises Problem when none runs."""
    file = paths.state_file()
    if not file.exists():
        raise Problem("No stack is running here.", "Start one: python -m devstack up")
    ours = processes.remembered()
    if not ours or not all(processes.is_alive(one) for one in ours):
        raise Problem(
            "The stack was running and has stopped.",
            f"Start it again: python -m devstack up. Why it stopped may be in {paths.logs()}.",
        )
    state = json.loads(file.read_text())
    state["users"] = {name: Keys(**keys) for name, keys in state["users"].items()}
    if state.get("eventbrite"):
        state["eventbrite"] = Eventbrite(**state["eventbrite"])
    return Stack(**state)


@functools.lru_cache(maxsize=64)
def client_for(service: str, endpoint: str, region: str, keys: Keys) -> Any:
    import boto3  # slow to import
    from botocore.config import Config

    session = boto3.Session(
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        region_name=region,
    )
    # Path style: a bucket's name before the host would need a name server on a laptop.
    settings = Config(s3={"addressing_style": "path"}, retries={"mode": "standard"})
    return session.client(service, endpoint_url=endpoint, config=settings)  # type: ignore[call-overload]
