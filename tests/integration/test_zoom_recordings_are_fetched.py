"""A recording comes from Zoom into the bucket: whole, once, and never through memory as a whole."""

import gc
import hashlib
import json
import logging
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from functions.zoom_webhook import fetch as entry
from functions.zoom_webhook.record import handler as record
from shared import recording_wiring, wiring
from shared.adapters.zoom_downloads import ZoomDownloads
from shared.domain.cloud_recordings import CloudFile, Fetch, FetchState
from shared.domain.letters import Letter, LetterKind
from shared.failures import Unavailable
from shared.file_ports import Part, Standing
from shared.messages import FetchWanted
from shared.usecases import fetch_recording as fetching
from shared.usecases.fetch_recording import PART, Fetched, Means, fetch_recording
from tests import zoom_files
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.gateway import queue_event
from tests.season import CLASS_1, on_sale
from tests.zoom import MEETING
from tests.zoom_files import LATER, TOKEN, ZoomFiles, digest, serving

MB = 1024 * 1024
SIZE = 60 * MB + 12_345
MIDDLE = 2 * PART + 5 * MB + 12_345  # three parts
SMALL = 300_000
BUCKET = ENVIRON["UPLOADS_BUCKET"]
KEY = f"recordings/{CLASS_1.id}/main.mp4"


@dataclass
class Key:
    """The institute's own key at Zoom, if it has one."""

    token_now: str | None = None
    asked: int = 0

    def token(self) -> str | None:
        self.asked += 1
        return self.token_now


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """A class that is recorded is on sale."""
    return on_sale(cloud)


def _wanted(zoom: ZoomFiles, size: int | None = None, **more: Any) -> FetchWanted:
    file = CloudFile(
        id="file-1",
        kind="MP4",
        address=f"{zoom.address}/rec/webhook_download/x",
        size=zoom.size if size is None else size,
    )
    told = {"session": CLASS_1.id, "series": "idha-2025", "name": "main.mp4", "file": file}
    return FetchWanted.model_validate(told | {"token": TOKEN} | more)


def _means(zoom: ZoomFiles, key: Key | None = None, **more: Any) -> Means:
    told: dict[str, Any] = {
        "records": wiring.records(),
        "uploads": recording_wiring.uploads(),
        "downloads": ZoomDownloads(zoom.allowed),
        "access": key or Key(),
        "queue": recording_wiring.fetches(),
        "now": wiring.now(),
    }
    return Means(**told | more)


def _fetch(zoom: ZoomFiles, **more: Any) -> Fetched:
    return fetch_recording(_wanted(zoom), _means(zoom, **more))


def _in_bucket(cloud: Cloud) -> str | None:
    try:
        body = cloud.s3.get_object(Bucket=BUCKET, Key=KEY)["Body"]
    except cloud.s3.exceptions.NoSuchKey:
        return None
    told = hashlib.sha256()
    for piece in body.iter_chunks(MB):
        told.update(piece)
    return told.hexdigest()


def _orders(cloud: Cloud) -> list[str]:
    received = cloud.sqs.receive_message(QueueUrl=cloud.fetches, MaxNumberOfMessages=10)
    return [message["Body"] for message in received.get("Messages", [])]


def _to_staff(cloud: Cloud) -> list[Letter]:
    return cloud.letters(LetterKind.STAFF_CLOUD_RECORDING)


def _unfinished(cloud: Cloud) -> list[Any]:
    return list(cloud.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))


def _kept(cloud: Cloud) -> Fetch:
    (fetch,) = cloud.everything(Fetch)
    return fetch


def test_what_lies_in_the_bucket_is_byte_for_byte_what_lies_at_zoom(season: Cloud) -> None:
    with serving(SIZE) as zoom:
        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(SIZE)
    assert _kept(season).state is FetchState.DONE
    assert zoom.sent == SIZE
    assert _to_staff(season) == []


def test_a_connection_that_breaks_in_the_middle_goes_on_at_the_next_byte(season: Cloud) -> None:
    with serving(MIDDLE, drops=[5 * MB + 77, 0, 20 * MB, 1]) as zoom:
        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(MIDDLE)
    assert zoom.sent < MIDDLE + MB  # nothing that had come was asked for again
    assert zoom.asked[1]["range"] == f"bytes={5 * MB + 77}-"


def test_a_worker_that_is_cut_off_costs_the_rest_of_one_part(season: Cloud) -> None:
    class CutOff(BaseException):
        pass

    calls = iter(range(10_000))

    def has_time() -> bool:
        if next(calls) == 140:  # of pieces of a quarter of a megabyte: in the third part
            raise CutOff
        return True

    with serving(MIDDLE) as zoom:
        with pytest.raises(CutOff):
            _fetch(zoom, has_time=has_time)
        assert _in_bucket(season) is None
        zoom.asked.clear()
        season.wait(minutes=20)

        assert _fetch(zoom) is Fetched.DONE

    assert zoom.asked[0]["range"] == f"bytes={2 * PART}-"
    assert _in_bucket(season) == digest(MIDDLE)


def test_when_time_is_up_another_order_takes_it_from_there(season: Cloud) -> None:
    left = [True] * 80 + [False]

    with serving(MIDDLE) as zoom:
        assert _fetch(zoom, has_time=lambda: left.pop(0)) is Fetched.PAUSED
        (order,) = _orders(season)
        zoom.asked.clear()
        again = FetchWanted.model_validate_json(order)
        assert fetch_recording(again, _means(zoom)) is Fetched.DONE

    assert zoom.asked[0]["range"] == f"bytes={PART}-"
    assert _in_bucket(season) == digest(MIDDLE)


def test_two_orders_fetch_it_once(season: Cloud) -> None:
    with serving(SMALL) as zoom:
        first, second = _fetch(zoom), _fetch(zoom)
        asked = len(zoom.asked)

    assert (first, second) == (Fetched.DONE, Fetched.BEFORE)
    assert asked == 1
    assert _to_staff(season) == []


def test_while_one_worker_is_at_it_another_keeps_away_until_the_first_must_be_gone(
    season: Cloud,
) -> None:
    with serving(SMALL) as zoom:
        for _ in range(5):
            zoom.statuses.append(503)
        with pytest.raises(Unavailable):
            _fetch(zoom)
        assert _fetch(zoom) is Fetched.BEFORE
        season.wait(minutes=17)
        zoom.statuses.clear()

        assert _fetch(zoom) is Fetched.DONE


def test_a_crash_between_the_bucket_and_the_table_fetches_nothing_twice(season: Cloud) -> None:
    with serving(SMALL) as zoom:
        _fetch(zoom)
        forgotten = _kept(season).model_copy(update={"state": FetchState.FETCHING})
        season.records.commit(forgotten)
        zoom.asked.clear()

        assert _fetch(zoom) is Fetched.DONE

    assert zoom.asked == []
    assert _kept(season).state is FetchState.DONE
    assert _to_staff(season) == []


def test_a_file_that_staff_uploaded_stays_and_they_hear_that_zoom_has_another(
    season: Cloud,
) -> None:
    season.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"what staff cut by hand")

    with serving(SMALL) as zoom:
        assert [_fetch(zoom), _fetch(zoom)] == [Fetched.LEFT] * 2

    assert zoom.asked == []
    assert _in_bucket(season) == hashlib.sha256(b"what staff cut by hand").hexdigest()
    (letter,) = _to_staff(season)
    assert "stays as it is" in letter.lines[0]


def test_a_file_that_staff_put_there_while_it_was_on_its_way_stays_too(season: Cloud) -> None:
    def has_time() -> bool:
        season.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"just now")
        return True

    with serving(SMALL) as zoom:
        assert _fetch(zoom, has_time=has_time) is Fetched.LEFT

    assert _in_bucket(season) == hashlib.sha256(b"just now").hexdigest()
    assert len(_to_staff(season)) == 1
    assert _unfinished(season) == []


def test_after_a_day_the_institutes_own_key_opens_it(season: Cloud) -> None:
    key = Key(LATER)

    with serving(SMALL, tokens=(LATER,)) as zoom:
        assert _fetch(zoom, key=key) is Fetched.DONE

    assert _in_bucket(season) == digest(SMALL)
    assert key.asked == 1


@pytest.mark.parametrize(
    ("what", "wrong", "key", "code"),
    [
        ("the day is over and there is no key", {"tokens": ()}, None, "not_let_in"),
        ("the key is refused as well", {"tokens": ()}, LATER, "not_let_in"),
        ("a page to sign in, called a success", {"page": True}, None, "not_let_in"),
        ("it is deleted at Zoom", {"statuses": [404]}, None, "not_there"),
        ("it has another size than was told", {"says": SMALL + 1}, None, "other_size"),
        ("it is a page of text", {"content": b"<html>" * 50_000}, None, "wrong_content"),
        ("it leads away from Zoom", {"leads_to": "https://evil.example/x"}, None, "not_there"),
        ("it leads to a file of ours", {"leads_to": "file:///etc/passwd"}, None, "not_there"),
        ("it leads in a circle", {"leads_to": "/rec/webhook_download/x"}, None, "not_there"),
    ],
)
def test_what_cannot_be_right_stays_at_zoom_and_staff_hear_why(
    season: Cloud, what: str, wrong: dict[str, Any], key: str | None, code: str
) -> None:
    with serving(SMALL, **wrong) as zoom:
        assert _fetch(zoom, key=Key(key)) is Fetched.LEFT, what

    why = _kept(season).why
    assert why is not None
    assert why.reasons[0].code == code
    assert len(_to_staff(season)) == 1
    assert _in_bucket(season) is None
    assert _unfinished(season) == []


def test_what_was_left_is_fetched_when_a_later_order_can(season: Cloud) -> None:
    with serving(SMALL, tokens=()) as zoom:
        assert _fetch(zoom) is Fetched.LEFT
        zoom.tokens = (TOKEN,)

        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(SMALL)


def test_the_token_goes_in_a_header_and_not_on_to_where_zoom_sends_us(season: Cloud) -> None:
    with serving(SMALL) as elsewhere, serving(SMALL) as zoom:
        elsewhere.leads_to = "/"  # its own address is the key there
        zoom.leads_to = f"{elsewhere.address}/ssrweb/replay?key=1"
        downloads = ZoomDownloads(lambda address: address.startswith("http://127.0.0.1"))

        assert _fetch(zoom, downloads=downloads) is Fetched.DONE

    assert zoom.asked[0]["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in elsewhere.asked[0]
    assert _in_bucket(season) == digest(SMALL)


def test_a_server_that_knows_no_ranges_is_read_from_its_start(season: Cloud) -> None:
    with serving(MIDDLE, knows_ranges=False, drops=[20 * MB]) as zoom:
        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(MIDDLE)


def test_a_connection_that_only_breaks_is_left_for_later(season: Cloud) -> None:
    with serving(SMALL, drops=[0] * 50) as zoom, pytest.raises(Unavailable):
        _fetch(zoom)

    assert len(zoom.asked) == 5
    assert _to_staff(season) == []


def test_an_upload_that_the_bucket_has_forgotten_begins_anew(season: Cloud) -> None:
    left = [True] * 80 + [False]
    with serving(MIDDLE) as zoom:
        _fetch(zoom, has_time=lambda: left.pop(0))
        (upload,) = _unfinished(season)
        season.s3.abort_multipart_upload(Bucket=BUCKET, Key=KEY, UploadId=upload["UploadId"])

        with pytest.raises(Unavailable):
            _fetch(zoom)
        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(MIDDLE)


@dataclass
class Sink:
    """A bucket that keeps nothing but the hash: what is in memory is the fetching alone."""

    told: Any = field(default_factory=hashlib.sha256)
    largest: int = 0

    def standing(self, key: str) -> Standing | None:
        return None

    def begin(self, key: str, media_type: str, mark: str) -> str:
        return "upload"

    def parts(self, key: str, upload: str) -> list[Part]:
        return []

    def put(self, key: str, upload: str, number: int, content: bytearray) -> Part:
        self.told.update(content)
        self.largest = max(self.largest, len(content))
        return Part(number, len(content), "")

    def finish(self, key: str, upload: str, parts: list[Part]) -> None:
        """Nothing is kept."""

    def abandon(self, key: str, upload: str) -> None:
        """Nothing is kept."""


@contextmanager
def _measured() -> Iterator[Callable[[], int]]:
    """How many bytes more than at the beginning were ever held at once."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_film_three_times_as_long_takes_no_more_memory(season: Cloud) -> None:
    peaks = []
    for size in (SIZE, 3 * SIZE):
        sink = Sink()
        with serving(size) as zoom, _measured() as most:
            wanted = _wanted(zoom, name="main.mp4").model_copy(
                update={"file": _wanted(zoom).file.model_copy(update={"id": f"film-{size}"})}
            )
            assert fetch_recording(wanted, _means(zoom, uploads=sink)) is Fetched.DONE
            peaks.append(most())
        assert sink.told.hexdigest() == digest(size)
        assert sink.largest == PART

    assert max(peaks) < 2 * PART, f"{[peak // MB for peak in peaks]} MB"
    assert peaks[1] < 1.2 * peaks[0]


def test_that_a_whole_film_in_memory_would_be_noticed(
    season: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PART", 10 * PART)
    with serving(SIZE) as zoom, _measured() as most:
        fetch_recording(_wanted(zoom), _means(zoom, uploads=Sink()))
        assert most() > 2 * PART


def _hold_class_1_in_the_meeting(season: Cloud) -> None:
    catalogue = Path("events/catalogue_published/idha-2025.yaml").read_text(encoding="utf-8")
    link = f"joining_link: {CLASS_1.joining_link}"
    held = catalogue.replace(link, f"{link}\n    zoom: {{meeting_id: {MEETING}}}", 1)
    publish(season.upload("catalogue/idha-2025.yaml", held.encode()), CONTEXT)


def _event(zoom: ZoomFiles, **file: Any) -> str:
    told = {
        "event": "recording.completed",
        "event_ts": int(CLASS_1.ends_at.timestamp() * 1000),
        "download_token": TOKEN,
        "payload": {
            "object": {
                "id": MEETING, "uuid": "u/1==", "host_id": "h",
                "topic": "A topic with Ana Example in it",
                "start_time": f"{CLASS_1.starts_at:%Y-%m-%dT%H:%M:%SZ}",
                "recording_files": [
                    {
                        "id": "file-1", "file_type": "MP4", "recording_type": "active_speaker",
                        "file_size": zoom.size, "status": "completed",
                        "recording_start": f"{CLASS_1.starts_at.astimezone():%Y-%m-%dT%H:%M:%S%z}",
                        "recording_end": f"{CLASS_1.ends_at.astimezone():%Y-%m-%dT%H:%M:%S%z}",
                        "download_url": "https://us02web.zoom.us/rec/webhook_download/x",
                    }
                    | file
                ],
            }
        },
    }  # fmt: skip
    return json.dumps(told)


@dataclass
class Remaining:
    """An invocation with time left."""

    milliseconds: int = 800_000

    def __getattr__(self, name: str) -> Any:
        return getattr(CONTEXT, name)

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def test_from_zooms_event_to_the_bucket_and_the_token_is_written_nowhere(
    season: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    _hold_class_1_in_the_meeting(season)
    with serving(SMALL, leads_to="/replay") as zoom:

        class Local(ZoomDownloads):
            def open(self, address: str, token: str, offset: int) -> Any:
                assert address.startswith("https://us02web.zoom.us/")
                assert token == TOKEN
                return super().open(f"{zoom.address}/rec/webhook_download/x", token, offset)

        monkeypatch.setattr(recording_wiring, "downloads", lambda: Local(zoom.allowed))
        for _ in range(2):
            assert record(queue_event(_event(zoom)), CONTEXT) == {"batchItemFailures": []}
        orders = _orders(season)
        failed = [entry.handler(queue_event(order), Remaining()) for order in orders]

    assert len(orders) == 2
    assert failed == [{"batchItemFailures": []}] * 2
    assert _in_bucket(season) == digest(SMALL)
    said = capfd.readouterr()
    written = said.out + said.err + json.dumps(season.items(), default=str)
    ours = "".join(one.getMessage() for one in caplog.records)
    for secret in (TOKEN, "webhook_download", "Ana Example"):
        assert secret not in written + ours
    assert '"RecordingFetched"' in said.out


def test_an_order_that_cannot_be_filled_now_comes_again(
    season: Cloud, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(SMALL, statuses=[503]) as zoom:
        monkeypatch.setattr(recording_wiring, "downloads", lambda: ZoomDownloads(zoom.allowed))
        answer = entry.handler(queue_event(_wanted(zoom).told()), Remaining())

    assert len(answer["batchItemFailures"]) == 1
    assert "RecordingNotFetched" in capfd.readouterr().out


def test_the_stand_in_makes_the_same_film_from_any_byte() -> None:
    whole = b"".join(zoom_files.film(0, SMALL))

    assert b"".join(zoom_files.film(123_457, SMALL)) == whole[123_457:]
    assert len(whole) == SMALL
