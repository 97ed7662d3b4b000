"""S3 catalogue file → series, sessions, price book, schedules; or questions, beside the file."""

from typing import Any

from shared import wiring
from shared.adapters.catalogue_yaml import line_of, read_catalogue
from shared.messages import ObjectCreated
from shared.observability import count, logger, metrics
from shared.usecases.publish_catalogue import Upload, publish_catalogue


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def publish(event: dict[str, Any], context: object) -> dict[str, str]:
    """Publish the file. Anything else under catalogue/ (our own reports, notes) is left alone."""
    created = ObjectCreated.model_validate(event)
    if not created.key.endswith((".yaml", ".yml")):
        return {"outcome": "not_a_catalogue"}
    version = created.detail.object.version_id
    upload = Upload(
        key=created.key,
        uploaded_at=created.time,
        content=wiring.uploads().read(created.key, version or None),
        version=version or "",
    )
    published = publish_catalogue(
        upload,
        read=read_catalogue,
        line_of=line_of,
        records=wiring.records(),
        files=wiring.uploads(),
        schedules=wiring.close_schedules(),
        now=wiring.now(),
    )
    count(f"Catalogue{published.outcome.capitalize()}")
    logger.info("Catalogue %s", published.outcome, extra={"series": published.series})
    return {"outcome": published.outcome}
