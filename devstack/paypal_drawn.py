"""What was drawn for the stand-in of PayPal when the stack was started."""

import json
from typing import NamedTuple

from devstack import paths


class Drawn(NamedTuple):
    """What the functions are told of the stand-in, and the key that deliveries are signed with.

    Both are empty in a stack that an older checkout started: nobody stands in for PayPal there.
    """

    told: str = ""
    key: str = ""


def drawn() -> Drawn:
    """What lies in the folder of the stack."""
    file = paths.paypal()
    return Drawn(**json.loads(file.read_text())) if file.exists() else Drawn()
