"""S3 attendance report → who was there; and the close that waits for it goes on."""

import re
from typing import Any

from shared import wiring
from shared.adapters.zoom_report import read_zoom_report
from shared.failures import Unavailable
from shared.messages import ObjectCreated
from shared.observability import count, logger, metrics
from shared.usecases.report_attendance import ReportUpload, report_attendance

# attendance/<session>/<file>.csv
_KEY = re.compile(r"attendance/([a-z0-9][a-z0-9-]{1,38}[a-z0-9])/[^/]{1,200}\.csv", re.IGNORECASE)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def report(event: dict[str, Any], context: object) -> dict[str, str]:
    """Take the report in, whole or not at all."""
    created = ObjectCreated.model_validate(event)
    match = _KEY.fullmatch(created.key)
    content = _content(created)
    if content is None:
        # An event that came twice, of a file that was not to stay; or somebody took it away.
        count("AttendanceGone")
        logger.info("Attendance report gone")
        return {"outcome": "gone"}
    upload = ReportUpload(
        session=match[1] if match else "unknown",
        key=created.key,
        content=content,
        uploaded_at=created.time,
    )
    outcome = report_attendance(
        upload,
        read=read_zoom_report,
        uploads=wiring.uploads(),
        records=wiring.records(),
        workflows=wiring.close_machine(),
        identity_key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    count(f"Attendance{outcome.capitalize()}")
    logger.info("Attendance report %s", outcome, extra={"session": upload.session})
    return {"outcome": outcome}


def _content(created: ObjectCreated) -> bytes | None:
    """What was uploaded; None if it is not there any more."""
    uploads = wiring.uploads()
    try:
        return uploads.read(created.key, created.detail.object.version_id or None)
    except (KeyError, Unavailable):
        # S3 calls what is gone forbidden; a list says which it is.
        if any(found == created.key for found, _, _ in uploads.under(created.key)):
            raise
        return None
