"""S3 recording → entitled registrants → letters: the steps of workflow.asl.json."""

from typing import Any

from shared import wiring
from shared.domain.recording_files import is_folder, place_of
from shared.messages import Announced, ObjectCreated, UploadedRecording, Watcher
from shared.observability import count, logger, metrics
from shared.usecases import announce_recording, check_recording
from shared.usecases.check_recording import RecordingUpload
from shared.usecases.start_recording import start_recording


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: object) -> dict[str, bool]:
    """A file is in the bucket: start the workflow for these bytes."""
    created = ObjectCreated.model_validate(event)
    if is_folder(created.key, created.detail.object.size):
        return {"started": False}
    session, name = place_of(created.key)
    upload = RecordingUpload(
        session=session,
        name=name,
        key=created.key,
        object_version=created.detail.object.version_id,
        size=created.detail.object.size,
        uploaded_at=created.time,
    )
    return {"started": start_recording(upload, workflows=wiring.recording_machine())}


@logger.inject_lambda_context(clear_state=True)
def check_file(event: dict[str, Any], context: object) -> dict[str, str]:
    """Is it a recording of a session we know?"""
    return check_recording.check_file(
        _upload(event), records=wiring.records(), uploads=wiring.uploads(), now=wiring.now()
    )


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def quarantine(event: dict[str, Any], context: object) -> None:
    """Set the file aside and tell staff why."""
    check_recording.quarantine(
        _upload(event), records=wiring.records(), uploads=wiring.uploads(), now=wiring.now()
    )
    count("RecordingQuarantined")


@logger.inject_lambda_context(clear_state=True)
def load_roster(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Load who may watch."""
    return announce_recording.load_roster(
        event["session"], records=wiring.records(), documents=wiring.documents(), now=wiring.now()
    )


@logger.inject_lambda_context(clear_state=True)
def owe_letter(event: dict[str, Any], context: object) -> dict[str, bool]:
    """Owe one person the letter."""
    watcher = Watcher.model_validate(event)
    owed = announce_recording.owe_recording_letter(
        watcher.session, watcher.learner, records=wiring.records(), now=wiring.now()
    )
    return {"owed": owed}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def report(event: dict[str, Any], context: object) -> None:
    """Remember that the recording was announced."""
    announced = Announced.model_validate(event)
    announce_recording.mark_announced(
        announced.session,
        announced.name,
        people=announced.people,
        records=wiring.records(),
        now=wiring.now(),
    )
    count("RecordingAnnounced")


def _upload(event: dict[str, Any]) -> RecordingUpload:
    uploaded = UploadedRecording.model_validate(event)
    return RecordingUpload(
        session=uploaded.session,
        name=place_of(uploaded.key)[1],
        key=uploaded.key,
        object_version=uploaded.object_version,
        size=uploaded.size,
        uploaded_at=uploaded.uploaded_at,
    )
