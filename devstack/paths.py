"""Where things lie: the checkout, what was built from it, and the state of the running stack."""

import os
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
BUILD = REPO / ".devstack" / "build"


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


def logs() -> Path:
    """Folder of log files."""
    return home() / "logs"


def letters() -> Path:
    """The Maildir into which every sent letter falls."""
    return home() / "inbox"


def scratch() -> Path:
    """Folder for temporary files of the local AWS, among them the code its workers run."""
    return home() / "tmp"
