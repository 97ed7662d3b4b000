"""Start the announcement of a recording under its business key."""

import hashlib

from shared.ports import Workflows
from shared.usecases.check_recording import RecordingUpload


def start_recording(upload: RecordingUpload, *, workflows: Workflows, again: str = "") -> bool:
    """Start the workflow for these bytes; False if it was started before. `again` starts it anew.

    The execution is named by a digest: a file name may be somebody's name.
    """
    identity = f"{upload.key}|{upload.identity}|{again}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:20]
    data = {
        "session": upload.session,
        "key": upload.key,
        "object_version": upload.object_version,
        "size": str(upload.size),
        "uploaded_at": upload.uploaded_at.isoformat(),
    }
    return workflows.start(f"recording-{upload.session}-{digest}", data)
