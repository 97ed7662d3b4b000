"""The forms by which a browser puts a file of a session straight into the bucket.

A function of its own: what it may put is what its forms may put, and it can do nothing else.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk.absent import absent, plain
from functions.staff_desk.desk import desk, show, top_of_all
from functions.staff_desk.who import staff
from shared import desk_wiring, wiring
from shared.adapters.gateway_requests import header
from shared.domain.hand_uploads import KINDS, LARGEST, HandUpload
from shared.observability import count, logger, metrics
from shared.usecases.make_upload_forms import make_upload_forms

app: APIGatewayRestResolver = desk()


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Show the form. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/staff/sessions/<session>/upload/<what>")
def upload(session: str, what: str) -> Response[str]:
    """The form for one kind of file; with `bucket`, S3 has sent the browser back after it came."""
    asks = staff(app, "rule on recordings")
    if what not in set(HandUpload):
        return absent(app, asks)
    kind = KINDS[HandUpload(what)]
    made = make_upload_forms(
        plain(session),
        kind.what,
        _here(),
        forms=desk_wiring.upload_forms(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if made is None:
        return absent(app, asks)
    count("UploadFormShown")
    return show(
        app,
        "desk_upload",
        asks,
        sends_to=made.origin,
        known=made.known,
        kind=kind,
        place=made.place,
        form=made.form,
        quiet=made.quiet,
        then=f"{kind.what}?came=1",
        most=_size(kind.most),
        large=kind.most >= LARGEST,
        came=bool(
            app.current_event.get_query_string_value("came", "")
            or app.current_event.get_query_string_value("bucket", "")
        ),
    )


def _here() -> str:
    """The address of this page, as whoever asks for it has it: S3 leads back to nothing less."""
    event, top = app.current_event.raw_event, top_of_all(app)
    if top.startswith("/"):
        scheme = "http" if desk_wiring.is_local() else "https"
        top = f"{scheme}://{header(event, 'host')}{top}"
    return f"{top}{event['path']}"


def _size(most: int) -> str:
    whole, unit = (most // 1024**3, "GB") if most >= 1024**3 else (most // 1024**2, "MB")
    return f"{whole} {unit}"
