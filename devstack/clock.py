"""The clock of the local stack, which can be set ahead: a round of weeks is played in minutes.

The functions add LOCAL_CLOCK_AHEAD_SECONDS to the time, on the local stage only. Nothing else runs
ahead: alarms of the scheduler go by the real time, so after a move the sweep finds what is due.
"""

import re
from datetime import timedelta

from devstack.problems import Problem
from devstack.stack import Stack

AHEAD = "LOCAL_CLOCK_AHEAD_SECONDS"
_ASKED = "SweepHourly"
NOT_AHEAD = timedelta(0)
_MOVE = re.compile(r"\+(?P<number>\d{1,5})(?P<unit>[dhm])", re.ASCII)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def read_move(text: str) -> timedelta:
    """How far `+8d`, `+3h` or `+30m` goes. Raises Problem for anything else."""
    found = _MOVE.fullmatch(text.strip().lower())
    if found is None:
        raise Problem(
            f"'{text}' is no move of the clock: it goes ahead by days, hours or minutes.",
            "Try: python -m devstack clock +8d. Back to the real time: python -m devstack clock "
            "reset",
        )
    return int(found["number"]) * _UNITS[found["unit"]]


def ahead(stack: Stack) -> timedelta:
    """How far ahead of the real time the functions of the stack are."""
    told = stack.client("lambda").get_function_configuration(FunctionName=stack.function(_ASKED))
    return timedelta(seconds=int(told.get("Environment", {}).get("Variables", {}).get(AHEAD, "0")))


def set_ahead(stack: Stack, by: timedelta) -> None:
    """Let every function of the stack be so far ahead of the real time.

    Their workers are replaced, so the next call of each takes as long as a first one.
    """
    functions = stack.client("lambda")
    for page in functions.get_paginator("list_functions").paginate():
        for one in page["Functions"]:
            variables = dict(one.get("Environment", {}).get("Variables", {}))
            before = variables.pop(AHEAD, "0")
            if int(before) == by.total_seconds():
                continue
            if by:
                variables[AHEAD] = str(int(by.total_seconds()))
            functions.update_function_configuration(
                FunctionName=one["FunctionName"], Environment={"Variables": variables}
            )
