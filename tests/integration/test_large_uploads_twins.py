"""One promise, two buckets: parts become an object in memory as they do in S3."""

import pytest

from shared import recording_wiring, wiring
from shared.adapters.memory_files import MemoryLargeUploads, MemoryQueue
from shared.failures import Unavailable
from shared.file_ports import LargeUploads, Queue, Standing
from tests.cloud import ENVIRON, Cloud

KEY = "recordings/s-1/main.mp4"
FIRST, SECOND = bytearray(b"a" * 5 * 1024 * 1024), bytearray(b"the end")


@pytest.fixture(params=["memory", "s3"])
def uploads(request: pytest.FixtureRequest) -> LargeUploads:
    """Both twins, one after the other."""
    if request.param == "memory":
        return MemoryLargeUploads()
    request.getfixturevalue("cloud")
    return recording_wiring.uploads()


def _begin(uploads: LargeUploads) -> str:
    return uploads.begin(KEY, "video/mp4", "file-1")


def test_parts_in_any_order_become_one_object_with_its_mark(uploads: LargeUploads) -> None:
    upload = _begin(uploads)
    second = uploads.put(KEY, upload, 2, SECOND)
    first = uploads.put(KEY, upload, 1, FIRST)

    assert uploads.standing(KEY) is None
    assert uploads.parts(KEY, upload) == [first, second]
    uploads.finish(KEY, upload, [first, second])

    assert uploads.standing(KEY) == Standing(len(FIRST) + len(SECOND), "file-1")


def test_a_part_that_is_put_again_replaces_the_earlier_one(uploads: LargeUploads) -> None:
    upload = _begin(uploads)
    uploads.put(KEY, upload, 1, FIRST)
    uploads.put(KEY, upload, 1, SECOND)

    (part,) = uploads.parts(KEY, upload)

    assert (part.number, part.size) == (1, len(SECOND))


def test_what_stands_there_is_not_written_over(uploads: LargeUploads) -> None:
    for _ in range(2):
        upload = _begin(uploads)
        parts = [uploads.put(KEY, upload, 1, SECOND)]
        if uploads.standing(KEY) is None:
            uploads.finish(KEY, upload, parts)

    with pytest.raises(FileExistsError):
        uploads.finish(KEY, upload, parts)


def test_an_upload_that_is_forgotten_is_said_to_be_so(uploads: LargeUploads) -> None:
    upload = _begin(uploads)
    uploads.put(KEY, upload, 1, SECOND)
    uploads.abandon(KEY, upload)
    uploads.abandon(KEY, upload)  # once more is no trouble

    with pytest.raises(KeyError):
        uploads.parts(KEY, upload)
    with pytest.raises(KeyError):
        uploads.put(KEY, upload, 1, SECOND)
    assert uploads.standing(KEY) is None


def test_a_bucket_that_cannot_be_reached_is_trouble_and_not_an_empty_place(cloud: Cloud) -> None:
    cloud.s3.delete_bucket(Bucket=ENVIRON["UPLOADS_BUCKET"])

    with pytest.raises(Unavailable):
        recording_wiring.uploads().begin(KEY, "video/mp4", "file-1")


@pytest.mark.parametrize("twin", ["memory", "sqs"])
def test_what_is_put_into_a_queue_is_in_it(twin: str, cloud: Cloud) -> None:
    memory = MemoryQueue()
    queue: Queue = memory if twin == "memory" else recording_wiring.fetches()

    queue.put("one")

    received = wiring.client("sqs").receive_message(QueueUrl=cloud.fetches)
    there = memory.messages if twin == "memory" else [m["Body"] for m in received["Messages"]]
    assert there == ["one"]
