"""Staff asked for the accreditor's list of a session: print it, and put it in the bucket.

It runs where the typesetter is, and is not part of any workflow.
"""

from typing import Any

from shared import wiring
from shared.adapters.accreditor_csv import accreditor_csv
from shared.messages import ExportWanted
from shared.observability import count, logger, metrics
from shared.usecases.export_session import export_session


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The object's key and how many rows it has; or, under "problem", why there is none."""
    asked = ExportWanted.model_validate(event)
    write = accreditor_csv
    if asked.kind == "pdf":
        from shared.adapters.typst_export import accreditor_pdf

        write = accreditor_pdf
    try:
        exported = export_session(
            asked.session,
            asked.kind,
            write=write,
            records=wiring.records(),
            documents=wiring.documents(),
            now=wiring.now(),
        )
    except LookupError as problem:
        return {"problem": str(problem)}
    count("SessionExported")
    return exported
