"""The machine room: what failed and why, what was found lying, and each of it set going again.

A function of its own: it alone may touch dead-letter queues, runs of workflows and alarms.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk.absent import as_file
from functions.staff_desk.desk import desk, show
from functions.staff_desk.doing import Asked
from functions.staff_desk.who import staff
from shared import machine_wiring, wiring
from shared.adapters.jinja_machine_room import WORDS
from shared.domain.desk_page_lists import listed_machines
from shared.domain.machine_room import MachineRoomView
from shared.domain.staff import What
from shared.failures import Unavailable
from shared.observability import count, logger, metrics
from shared.usecases.look_at_machine_room import look_at_machine_room
from shared.usecases.set_alarms import repair_alarms

app: APIGatewayRestResolver = desk()
_PART: What = "keep the machines running"
# As many as are handed over while a page may take its time.
_AT_ONCE = 100


class NothingToDo(Exception):
    """What was asked for is not there any more, or never was; the text says so."""


@app.get("/staff/machine-room")
def room() -> Response[str]:
    """The page. Opening it changes nothing."""
    asks = staff(app, _PART)
    return show(app, "desk_machine_room", asks, view=_looked_at(), words=WORDS)


@app.get("/staff/machine-room.csv")
def as_list() -> Response[str]:
    """The same as a file."""
    staff(app, _PART)
    return as_file(listed_machines(_looked_at()))


def _looked_at() -> MachineRoomView:
    return look_at_machine_room(
        records=wiring.records(),
        dead_letters=machine_wiring.dead_letters(),
        failed_runs=machine_wiring.failed_runs(),
        schedules=wiring.close_schedules(),
        now=wiring.now(),
    )


@app.post("/staff/machine-room/hand-back")
def hand_back() -> Response[str]:
    """Hand over again what lies in one dead-letter queue."""
    asked = Asked(app, _PART)
    queue = asked.said("queue")

    def deed() -> None:
        try:
            handed = machine_wiring.dead_letters().hand_back(queue, _AT_ONCE)
        except KeyError:
            raise NothingToDo("There is no such queue.") from None
        if not handed:
            raise NothingToDo("Nothing lies there any more. It may be on its way already.")
        count("DeadLettersHandedBack", handed)

    return asked.do("hand-back", (queue,), deed, NothingToDo, Unavailable)


@app.post("/staff/machine-room/run-again")
def run_again() -> Response[str]:
    """Run one workflow again, under its name with the next number."""
    asked = Asked(app, _PART)
    machine, name = asked.said("machine"), asked.said("name")

    def deed() -> None:
        try:
            started = machine_wiring.failed_runs().run_again(machine, name)
        except KeyError:
            raise NothingToDo("There is no such workflow.") from None
        if started is None:
            raise NothingToDo("It did not fail, or it was run again already.")
        count("WorkflowsRunAgain")

    return asked.do("run-again", (machine, name), deed, NothingToDo, Unavailable)


@app.post("/staff/machine-room/repair-alarms")
def repair() -> Response[str]:
    """Set every alarm as the catalogues want it."""
    asked = Asked(app, _PART)

    def deed() -> None:
        drift = repair_alarms(wiring.records(), wiring.close_schedules(), wiring.now())
        count("AlarmsRepaired", len((*drift.missing, *drift.late)))

    return asked.do("repair-alarms", (), deed, Unavailable)


@app.post("/staff/machine-room/sweep")
def sweep() -> Response[str]:
    """Have the sweeps look now, and not at the next hour."""
    asked = Asked(app, _PART)
    return asked.do("sweep", (), machine_wiring.sweep_now, Unavailable)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open the page, or do what was asked on it."""
    return app.resolve(event, context)
