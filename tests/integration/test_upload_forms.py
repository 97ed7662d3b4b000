"""Forms by which staff upload: what may be put where is signed into them, by both twins alike."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import requests

from shared.adapters.memory_files import MemoryUploadForms
from shared.adapters.s3_upload_forms import S3UploadForms
from shared.domain.hand_uploads import KINDS, LARGEST, HandUpload, place_for
from shared.domain.recording_files import split_key
from shared.domain.staff import Role
from shared.domain.watching import group_files
from shared.file_ports import UploadForms
from tests.cloud import Cloud
from tests.season import CLASS_1, open_season
from tests.staff import HOST, signed_in
from tests.world import MP4

HERE = "https://pages.example/staff/sessions/s-1/upload/video"


@pytest.fixture(params=["memory", "s3"])
def forms(request: pytest.FixtureRequest) -> UploadForms:
    """Both twins, one after the other."""
    if request.param == "memory":
        return MemoryUploadForms()
    cloud: Cloud = request.getfixturevalue("cloud")
    return S3UploadForms(cloud.s3, "uploads")


def test_a_form_is_for_one_place_one_kind_and_leads_back(forms: UploadForms) -> None:
    form = forms.form("recordings/s-1/main.mp4", "video/mp4", 100, 60, HERE)

    assert form.url.startswith("https://")
    assert form.fields["key"] == "recordings/s-1/main.mp4"
    assert form.fields["Content-Type"] == "video/mp4"
    assert form.fields["success_action_redirect"] == HERE
    quiet = forms.form("recordings/s-1/main.mp4", "video/mp4", 100, 60, "")
    assert quiet.fields["success_action_status"] == "204"
    assert "success_action_redirect" not in quiet.fields


def _form_in(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of the page is sent, and its hidden fields, as a browser reads them."""
    form = page.partition('<form id="upload"')[2].partition("</form>")[0]
    action = re.findall(r'action="(.*?)"', form)[0]
    fields = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form)
    return unescape(action), {unescape(name): unescape(value) for name, value in fields}


def _signed(fields: dict[str, str]) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(base64.b64decode(fields["policy"]))
    return policy


def test_what_s3_is_to_refuse_is_signed_into_the_form(cloud: Cloud) -> None:
    form = S3UploadForms(cloud.s3, "uploads").form("attendance/s-1/a.csv", "text/csv", 7, 60, "")

    signed = _signed(form.fields)
    assert {"key": "attendance/s-1/a.csv"} in signed["conditions"]
    assert {"bucket": "uploads"} in signed["conditions"]
    assert {"Content-Type": "text/csv"} in signed["conditions"]
    assert ["content-length-range", 1, 7] in signed["conditions"]
    lasts = datetime.fromisoformat(signed["expiration"]) - datetime.now().astimezone()
    assert timedelta(0) < lasts <= timedelta(seconds=61)


@pytest.mark.parametrize("what", HandUpload)
def test_every_kind_lies_where_what_takes_it_looks_for_it(what: HandUpload) -> None:
    kind, now = KINDS[what], datetime(2025, 6, 22, 18, 30, tzinfo=UTC)
    place = place_for(what, "s-1", now)

    assert place.endswith(kind.suffix)
    assert kind.most <= LARGEST == 5 * 1024**3
    if kind.of_recording:
        assert split_key(place) is not None
    else:
        assert place == "attendance/s-1/desk-20250622T183000Z.csv"


def test_the_page_shows_a_form_that_s3_takes_and_the_file_lies_where_the_server_said(
    cloud: Cloud,
) -> None:
    open_season(cloud)
    answer = signed_in(cloud, Role.COORDINATOR).get(f"/staff/sessions/{CLASS_1.id}/upload/video")
    address, fields = _form_in(answer.body)

    sent = requests.post(
        address,
        data=fields,
        files={"file": ("Zoom recording.mp4", MP4)},
        allow_redirects=False,
        timeout=10,
    )

    assert sent.status_code == 303, sent.text
    assert sent.headers["Location"].startswith(f"https://{HOST}/live/staff/sessions/{CLASS_1.id}/")
    assert (
        cloud.s3.get_object(Bucket="uploads", Key=f"recordings/{CLASS_1.id}/main.mp4")[
            "Body"
        ].read()
        == MP4
    )


def test_a_page_that_sends_files_may_send_them_to_the_bucket_and_nowhere_else(
    cloud: Cloud,
) -> None:
    open_season(cloud)
    browser = signed_in(cloud, Role.COORDINATOR)
    answer = browser.get(f"/staff/sessions/{CLASS_1.id}/upload/captions")

    policy = dict(
        one.strip().split(" ", 1) for one in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["connect-src"].startswith("https://uploads.s3")
    assert policy["form-action"] == f"'self' {policy['connect-src']}"
    assert policy["default-src"] == "'none'"
    assert "sha256-" in policy["script-src"]
    other = browser.get(f"/staff/sessions/{CLASS_1.id}").headers["Content-Security-Policy"]
    assert "connect-src" not in other and "form-action 'self';" in other


def test_once_the_file_came_the_page_says_so(cloud: Cloud) -> None:
    open_season(cloud)
    browser = signed_in(cloud, Role.COORDINATOR)
    address = f"/staff/sessions/{CLASS_1.id}/upload/video"

    assert "The file is there" not in browser.get(address).body
    assert "The file is there" in browser.get(f"{address}?came=1").body
    assert "The file is there" in browser.get(f"{address}?bucket=uploads&key=x&etag=y").body
    assert group_files([]).played == ()
