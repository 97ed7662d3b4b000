"""Scholarship rounds at the desk: what waits for whom, one application, and what is done about it.

A function of its own: it alone of the desk opens the table of what people wrote to apply.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk import act_scholarships
from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import desk, show
from functions.staff_desk.who import staff
from shared import desk_wiring, wiring
from shared.adapters.jinja_desk_scholarships import (
    application_words,
    round_page_words,
    rounds_words,
)
from shared.domain.desk_deeds import deeds_of_round
from shared.domain.desk_lists import Listed
from shared.domain.desk_scholarships import ROUND_COLUMNS, round_row
from shared.domain.staff import What
from shared.observability import logger, metrics
from shared.usecases.look_at_scholarships import (
    list_applications,
    list_fund,
    look_at_application,
    look_at_round,
    look_at_rounds,
)

app: APIGatewayRestResolver = desk()
app.include_router(act_scholarships.routes)
_PART: What = "see scholarships"


@app.get("/staff/scholarships")
def rounds() -> Response[str]:
    """Every round, and what of it waits for whoever asks."""
    asks = staff(app, _PART)
    view = look_at_rounds(asks, **desk_wiring.rounds(), now=wiring.now())
    return show(app, "desk_scholarships", asks, view=view, **rounds_words(view))


@app.get("/staff/scholarships.csv")
def all_as_list() -> Response[str]:
    """Every round, as a file."""
    asks = staff(app, _PART)
    view = look_at_rounds(asks, **desk_wiring.rounds(), now=wiring.now())
    rows = tuple(round_row(one) for one in view.rounds)
    return as_file(Listed(name="scholarships", columns=ROUND_COLUMNS, rows=rows))


@app.get("/staff/scholarships/<series>/fund.csv")
def fund_as_list(series: str) -> Response[str]:
    """Every movement of the fund of a round, as a file."""
    asks = staff(app, _PART)
    listed = list_fund(plain(series), records=wiring.records())
    return absent(app, asks) if listed is None else as_file(listed)


@app.get("/staff/scholarships/<series>/applications.csv")
def as_list(series: str) -> Response[str]:
    """Every application of a round by its number, as a file."""
    asks = staff(app, _PART)
    listed = list_applications(plain(series), asks, **desk_wiring.rounds())
    return absent(app, asks) if listed is None else as_file(listed)


@app.get("/staff/scholarships/<series>")
def one_round(series: str) -> Response[str]:
    """One round; `from` is which application its list begins behind."""
    asks = staff(app, _PART)
    begins = plain(app.current_event.get_query_string_value("from", "") or "")
    view = look_at_round(
        plain(series), asks, begins=begins, **desk_wiring.rounds(), now=wiring.now()
    )
    if view is None:
        return absent(app, asks)
    acts = deeds_of_round(view)
    return show(app, "desk_round", asks, view=view, acts=acts, **round_page_words(view))


@app.get("/staff/scholarships/<series>/<reference>")
def one_application(series: str, reference: str) -> Response[str]:
    """One application, as far as whoever asks may see it."""
    asks = staff(app, _PART)
    view = look_at_application(plain(series), plain(reference), asks, **desk_wiring.rounds())
    if view is None:
        return absent(app, asks)
    return show(app, "desk_application", asks, view=view, **application_words(view))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page, or do what was asked on it."""
    return app.resolve(event, context)
