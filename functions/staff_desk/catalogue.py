"""Catalogues at the desk: the file that holds, what another would change, and applying it.

A function of its own: it alone may put files where catalogues are published from.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk.absent import absent, plain
from functions.staff_desk.desk import desk, show
from functions.staff_desk.doing import Asked
from functions.staff_desk.long_form import as_written, long_form, short_fields
from functions.staff_desk.who import staff
from shared import wiring
from shared.adapters.catalogue_yaml import line_of, read_catalogue
from shared.domain.staff import What
from shared.observability import logger, metrics
from shared.usecases.apply_catalogue import CannotBeApplied, apply_catalogue
from shared.usecases.compare_catalogue import compare_catalogue
from shared.usecases.look_at_catalogue import look_at_catalogue, look_at_catalogues

app: APIGatewayRestResolver = desk()
_PART: What = "publish catalogues"


@app.get("/staff/catalogue")
def catalogues() -> Response[str]:
    """Every series, and the way to a new one."""
    asks = staff(app, _PART)
    lines = look_at_catalogues(records=wiring.records())
    return show(app, "desk_catalogues", asks, lines=lines)


@app.get("/staff/catalogue/<series>")
def catalogue(series: str) -> Response[str]:
    """The file that holds, to be read, fetched and changed."""
    asks = staff(app, _PART)
    view = look_at_catalogue(
        plain(series), records=wiring.records(), files=wiring.uploads(), now=wiring.now()
    )
    if view is None:
        return absent(app, asks)
    return show(app, "desk_catalogue", asks, view=view)


@app.get("/staff/catalogue/<series>/file")
def file(series: str) -> Response[str]:
    """The file itself."""
    asks = staff(app, _PART)
    view = look_at_catalogue(
        plain(series), records=wiring.records(), files=wiring.uploads(), now=wiring.now()
    )
    if view is None or not view.text:
        return absent(app, asks)
    name = view.file.rsplit("/", 1)[-1].replace('"', "")
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(200, "application/yaml; charset=utf-8", view.text, headers)


@app.post("/staff/acts/compare-catalogue")
def compare() -> Response[str]:
    """What a file would change. Nothing is done yet."""
    sent = long_form(app)
    # A file that was chosen is the text from here on: who is asked to send it again has it still.
    sent["text"] = sent.pop("file", b"") or sent.get("text", b"")
    asked = Asked(app, _PART, short_fields(sent))
    content = as_written(sent["text"])
    view = compare_catalogue(
        content,
        read=read_catalogue,
        line_of=line_of,
        records=wiring.records(),
        now=wiring.now(),
    )
    return show(app, "desk_compared", asked.by, 422 if view.questions else 200, view=view)


@app.post("/staff/acts/apply-catalogue")
def apply() -> Response[str]:
    """Put the file where it is published from, if it was compared with what holds."""
    sent = long_form(app)
    asked = Asked(app, _PART, short_fields(sent))
    content = as_written(sent.get("text", b""))

    def deed() -> None:
        apply_catalogue(
            content,
            over=asked.said("over"),
            by=asked.by.name,
            read=read_catalogue,
            records=wiring.records(),
            files=wiring.uploads(),
            now=wiring.now(),
        )

    return asked.do("apply-catalogue", (asked.said("series"),), deed, CannotBeApplied)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page, or do what was asked on it."""
    return app.resolve(event, context)
