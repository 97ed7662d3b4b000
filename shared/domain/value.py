"""What every value is: frozen, and silent about its content when something is wrong with it."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value. Its validator is built when it is first used: a worker uses few of them.

    An error about it does not quote it, because errors end in logs and values hold names.
    """

    model_config = ConfigDict(frozen=True, defer_build=True, hide_input_in_errors=True)
