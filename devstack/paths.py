"""Where things lie: the checkout, what was built from it, and the state of the running stack."""

import hashlib
import os
import subprocess
import uuid
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
# What is large lies where `sam build` does not look. It copies the rest of the checkout once per
# function, when somebody runs it by hand.
LARGE = REPO / ".aws-sam" / "devstack"
BUILD = LARGE / "build"


def home() -> Path:
    """The folder of one stack's state. `DEVSTACK_HOME` names another, for a second stack."""
    named = os.environ.get("DEVSTACK_HOME")
    return Path(named).resolve() if named else REPO / ".devstack"


def state_file() -> Path:
    """What is known of the deployed stack, as JSON. It holds credentials of the local users."""
    return home() / "stack.json"


def processes_file() -> Path:
    """Which processes this stack started."""
    return home() / "processes.json"


def paypal() -> Path:
    """What deliveries in PayPal's place are signed with, as JSON."""
    return home() / "paypal.json"


def logs() -> Path:
    """Folder of log files."""
    return home() / "logs"


def letters() -> Path:
    """The Maildir into which every sent letter falls."""
    return home() / "inbox"


def previews() -> Path:
    """Folder of letters that were written to be looked at, and sent to nobody."""
    return home() / "letters"


def eventbrite_orders() -> Path:
    """Folder for orders of one's own, which the stand-in for Eventbrite answers with."""
    return home() / "eventbrite"


def scratch() -> Path:
    """Folder for temporary files of the local AWS, among them the code its workers run."""
    return LARGE / "scratch" / hashlib.sha256(str(home()).encode()).hexdigest()[:12]


def discard(folder: Path) -> None:
    """Remove a folder without making anybody wait: aside at once, gone a little later.

    Workers leave tens of thousands of files, and removing them can take a quarter of a minute.
    """
    if not folder.exists():
        return
    trash = LARGE / "trash" / uuid.uuid4().hex
    trash.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(trash)
    subprocess.Popen(  # noqa: S603 - ends by itself
        ["rm", "-rf", str(trash)],  # noqa: S607 - wherever this system has it
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
