"""One promise, two buckets: the one in memory and S3 keep the same files the same way."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from shared import wiring
from shared.adapters.memory import MemoryFiles
from shared.failures import Unavailable
from shared.ports import Files
from tests.cloud import ENVIRON, Cloud

BUCKET = ENVIRON["UPLOADS_BUCKET"]


@pytest.fixture(params=["memory", "s3"])
def files(request: pytest.FixtureRequest) -> Files:
    """Both twins, one after the other."""
    if request.param == "memory":
        return MemoryFiles()
    request.getfixturevalue("cloud")
    return wiring.uploads()


def _labels(files: Files, key: str) -> dict[str, str]:
    if isinstance(files, MemoryFiles):
        return files.labels.get(key, {})
    tags = wiring.client("s3").get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def test_what_is_written_is_read(files: Files) -> None:
    files.write("rosters/a.jsonl", b"one\ntwo\n", "application/jsonl")

    assert files.read("rosters/a.jsonl") == b"one\ntwo\n"


def test_the_first_bytes_can_be_read_alone_whatever_the_size(files: Files) -> None:
    for content in (b"0123456789", b"01", b""):
        files.write("recordings/a.mp4", content, "video/mp4")
        assert files.read("recordings/a.mp4", first=4) == content[:4]


def test_what_is_taken_away_is_gone_and_nothing_beside_it(files: Files) -> None:
    for key in ("badges/a.jwt", "badges/a.jwt.txt"):
        files.write(key, b"one", "text/plain")
    files.write("badges/a.jwt", b"two", "text/plain")

    for _ in range(2):
        files.forget("badges/a.jwt")

    with pytest.raises(KeyError):
        files.read("badges/a.jwt")
    assert [key for key, *_ in files.under("badges/")] == ["badges/a.jwt.txt"]


def test_what_is_not_there_is_a_missing_key(files: Files) -> None:
    with pytest.raises(KeyError):
        files.read("certificates/none.pdf")


def test_what_is_written_again_replaces_what_was_there(files: Files) -> None:
    for content in (b"first", b"second"):
        files.write("catalogue/a.yaml.report.txt", content, "text/plain")

    assert files.read("catalogue/a.yaml.report.txt") == b"second"


def test_what_is_written_once_stands_for_good(files: Files) -> None:
    key = "certificates/7K3F.pdf"

    assert files.write_once(key, b"first", "application/pdf") == b"first"
    assert files.write_once(key, b"second", "application/pdf") == b"first"
    assert files.read(key) == b"first"


def test_a_label_stays_with_the_file(files: Files) -> None:
    files.write("recordings/s-1/bad.mp4", b"noise", "video/mp4")

    files.mark("recordings/s-1/bad.mp4", None, "tending", "quarantined")

    assert _labels(files, "recordings/s-1/bad.mp4") == {"tending": "quarantined"}


def test_files_under_a_folder_are_listed_in_order_with_their_sizes(files: Files) -> None:
    for key in ("recordings/s-2/b.mp4", "recordings/s-1/é 1.mp4", "recordings2/c.mp4", "other/d"):
        files.write(key, b"x" * len(key), "video/mp4")

    found = list(files.under("recordings/"))

    assert [(key, size) for key, size, _ in found] == [
        ("recordings/s-1/é 1.mp4", 22),
        ("recordings/s-2/b.mp4", 20),
    ]
    assert all(modified.tzinfo is not None for _, _, modified in found)


def test_nothing_under_a_folder_is_an_empty_list(files: Files) -> None:
    assert list(files.under("recordings/")) == []


def test_a_link_names_the_file_and_how_long_it_opens(files: Files) -> None:
    files.write("recordings/s-1/main.mp4", b"film", "video/mp4")

    url = files.link("recordings/s-1/main.mp4", None, 600, "video/mp4", "main.mp4")

    assert url.startswith("https://")
    assert "recordings/s-1/main.mp4" in url
    assert "600" in url


def test_a_link_to_a_version_plays_that_version_as_what_it_was_judged_to_be(
    cloud: Cloud,
) -> None:
    key = "recordings/s-1/main.mp4"
    good = cloud.upload(key, b"the good film")["detail"]["object"]["version-id"]
    cloud.upload(key, b"a bad replacement")

    url = wiring.uploads().link(key, good, 600, "video/mp4", 'Class "1" – Réel?.mp4')
    answer = requests.get(url, timeout=5)

    assert answer.content == b"the good film"
    assert answer.headers["content-type"] == "video/mp4"
    asked = parse_qs(urlsplit(url).query)
    assert asked["response-content-disposition"] == [
        "inline; filename=\"Class '1' _ R_el_.mp4\"; "
        "filename*=UTF-8''Class%20%221%22%20%E2%80%93%20R%C3%A9el%3F.mp4"
    ]
    assert asked["versionId"] == [good]


def test_a_version_that_was_replaced_can_still_be_read_and_labelled(cloud: Cloud) -> None:
    key = "recordings/s-1/main.mp4"
    first = cloud.upload(key, b"first")["detail"]["object"]["version-id"]
    second = cloud.upload(key, b"second")["detail"]["object"]["version-id"]
    files = wiring.uploads()

    files.mark(key, second, "tending", "quarantined")

    assert files.read(key, first) == b"first"
    assert files.read(key) == b"second"
    with pytest.raises(KeyError):
        files.read(key, "no-such-version")


def test_a_bucket_that_fails_is_said_to_and_may_be_asked_again(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLOADS_BUCKET", "no-such-bucket")
    wiring.uploads.cache_clear()
    files = wiring.uploads()

    for ask in (
        lambda: files.read("a"),
        lambda: files.write("a", b"", "text/plain"),
        lambda: files.write_once("a", b"", "text/plain"),
        lambda: files.mark("a", None, "tending", "quarantined"),
        lambda: list(files.under("recordings/")),
    ):
        with pytest.raises(Unavailable):
            ask()
