"""What each function may do with table, buckets and secrets: what its work needs, and nothing else.

That the rights suffice, the season shows: it is played with every role enforced. Here it is tried
with each role's own keys that they reach no further than this table says.
"""

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from devstack.season import people
from devstack.season.play import Season
from devstack.stack import Stack
from shared.adapters.s3_files import S3Files
from tests.e2e.probes import FOLDERS, client_of, rights, role_keys

_READ = {"get", "query"}
_KEEP = {"put", "put in transaction"}
_IDENTITY = {"read IdentityKeysSecret"}
_READ_APPLICATIONS = {"applications get", "applications query"}
_KEEP_APPLICATIONS = {"applications put", "applications put in transaction"}
# The list of what waits for a person, in which nothing stands that anybody wrote.
_LIST_WHAT_WAITS_IN_ROUNDS = {"applications query by_waiting"}

_OF_PEOPLE = ("badges", "certificates")

MAY: dict[str, set[str]] = {
    # A payment
    "PaymentWebhookReceivePaypal": {"read PaypalWebhookSecret"},
    "PaymentWebhookReceive": {"read StripeWebhookSecret", "read RazorpayWebhookSecret"},
    "PaymentWebhookRecord": _READ
    | _KEEP
    | _IDENTITY
    | {"update", "write in batches", "put events/payment-events", "read PaypalApiKeySecret"},
    "PaymentReplay": _READ
    | _KEEP
    | _IDENTITY
    | {"update", "list events/payment-events", "get events/payment-events"},
    # Files that staff put into the bucket
    "CataloguePublished": _READ | _KEEP | {"get uploads/catalogue", "put uploads/catalogue"},
    "AttendanceReported": _READ
    | _KEEP
    | _IDENTITY
    | {f"{verb} uploads/attendance" for verb in ("list", "get", "delete")}
    | {"write in batches"},
    # Who is there while a class is held
    "ZoomWebhookReceive": {"read ZoomWebhookSecret"},
    "ZoomWebhookRecord": _READ | _KEEP | _IDENTITY | {"write in batches"},
    # The end of a class
    "SessionCloseStart": set(),
    "SessionCloseCheckDue": _READ | _KEEP | {"write in batches"},
    "SessionCloseAskForReport": _READ | _KEEP | {"write in batches"},
    "SessionCloseGiveUp": _READ | _KEEP,
    "SessionCloseDecideAgain": _READ | _KEEP,
    "SessionCloseDecideCredit": _READ | _KEEP | {"put documents/rosters"},
    "SessionCloseExport": _READ | {"get in batches", "put documents/exports"},
    "SessionCloseReserveCertificate": _READ | _KEEP,
    "SessionClosePrintCertificate": {
        "get",
        "get documents/certificates",
        "put documents/certificates",
    },
    "SessionClosePostCertificate": _READ | _KEEP,
    "SessionCloseParkCertificate": _READ | _KEEP,
    "SessionCloseReport": _READ | _KEEP,
    # A recording
    "RecordingUploadedStart": set(),
    "RecordingCheckFile": _READ | _KEEP | {"get uploads/recordings"},
    "RecordingQuarantine": _READ | _KEEP | {"get uploads/recordings", "tag uploads/recordings"},
    "RecordingLoadRoster": _READ | {"put documents/rosters"},
    "RecordingOweLetter": _READ | _KEEP,
    "RecordingReport": _READ | _KEEP,
    # A scholarship round
    "ScholarshipReceive": {"get", "applications get", "applications query by_learner"}
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | {"tokens get", "tokens put", "tokens update", "tokens delete", "read ScholarshipFormSecret"},
    "ScholarshipReview": _READ | _READ_APPLICATIONS | _KEEP_APPLICATIONS | _IDENTITY,
    "ScholarshipMine": _READ
    | _KEEP
    | _READ_APPLICATIONS
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | {"update", "query by_learner", "applications query by_learner", "read StripeApiKeySecret"},
    "ScholarshipRoundStart": _READ | _KEEP,
    "ScholarshipCheckRound": _READ,
    "ScholarshipWhereItStands": _READ | _READ_APPLICATIONS | _IDENTITY,
    "ScholarshipAskReviewers": _READ | _KEEP | _READ_APPLICATIONS | _KEEP_APPLICATIONS | _IDENTITY,
    "ScholarshipRemind": _READ | _KEEP | _READ_APPLICATIONS | _KEEP_APPLICATIONS | _IDENTITY,
    "ScholarshipCloseVoting": _READ | _KEEP,
    "ScholarshipAward": _READ | _KEEP | _READ_APPLICATIONS | _KEEP_APPLICATIONS | _IDENTITY,
    "ScholarshipSumUp": _READ | _KEEP | _READ_APPLICATIONS,
    "ScholarshipOutbox": _READ
    | _KEEP
    | _READ_APPLICATIONS
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | {"query by_learner"},
    "ScholarshipSweep": _READ
    | _KEEP
    | _READ_APPLICATIONS
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | {"query by_learner", "query by_waiting", "applications query by_waiting"},
    # Letters, pages, and what was missed
    "LetterOutboxSend": _READ
    | _KEEP
    | _IDENTITY
    | {"get documents/certificates", "query by_learner"},
    "LearnerPagesOpen": _READ
    | _KEEP
    | _IDENTITY
    | {"get uploads/recordings", "get documents/certificates"},
    "LearnerPagesMail": _READ | _KEEP | _IDENTITY | {"query by_learner"},
    "LetterFeedbackTake": _READ | _KEEP | _IDENTITY,
    "WorkWantedHandOn": set(),
    "RefundsMove": _READ | _KEEP | _IDENTITY | {"update", "read RefundKeysSecret"},
    "DailyDigestOwe": _READ
    | _KEEP
    | _LIST_WHAT_WAITS_IN_ROUNDS
    | {"query by_waiting", "query by_learner"},
    "CommunityKeep": _READ | _KEEP | {"read CommunityKeySecret"},
    "ZoomWebhookFetch": _READ
    | _KEEP
    | {"read ZoomApiKeySecret"}
    | {f"{verb} uploads/recordings" for verb in ("get", "list", "put")},
    "PaymentWebhookReceiveEventbrite": {"read EventbriteWebhookSecret"},
    "PaymentWebhookFetch": _READ
    | _KEEP
    | _IDENTITY
    | {"update", "write in batches", "put events/payment-events", "read EventbriteApiSecret"},
    "LearnerPagesRefund": _READ | _KEEP | _IDENTITY | {"update"},
    # What is kept of a person: for that person, and taken away
    "LearnerPagesExport": _READ
    | _READ_APPLICATIONS
    | _IDENTITY
    | {"query by_learner", "query by_waiting", "applications query by_learner"}
    | {"list events/payment-events", "get events/payment-events"},
    "PersonErase": _READ
    | _KEEP
    | _READ_APPLICATIONS
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | {"update", "query by_learner", "query by_waiting", "applications query by_learner"}
    | {"list uploads/attendance", "get uploads/attendance", "delete uploads/attendance"}
    | {f"delete documents/{folder}" for folder in _OF_PEOPLE}
    | {"delete events/payment-events"},
    "AppealStart": _READ,
    "AppealCheck": _READ,
    "AppealWait": _READ | _KEEP,
    "AppealRemind": _READ | _KEEP,
    "NoticeStart": set(),
    "NoticeSetAlarm": _READ,
    "NoticeLoadWhoToTell": _READ | {"put documents/rosters"},
    "NoticeOweLetter": _READ | _KEEP,
    "NoticeRememberTold": _READ | _KEEP,
    "LearnerPagesMine": _READ | _KEEP | _IDENTITY | {"query by_learner"},
    "LearnerPagesTranscript": _READ
    | _IDENTITY
    | {"query by_learner", "put documents/transcripts", "get documents/transcripts"},
    "LearnerPagesBadge": _READ
    | _KEEP
    | _IDENTITY
    | {"get documents/badges", "put documents/badges", "list documents/badges"},
    # The staff desk
    "StaffAuthorizer": {"sessions get"},
    "StaffDoor": {"sessions get", "sessions put", "sessions delete"},
    "StaffMachineRoom": _READ | _KEEP | {"query by_waiting"},
    "StaffCatalogue": _READ
    | _KEEP
    | {"get in batches", "get uploads/catalogue", "put uploads/catalogue"},
    "StaffPages": _READ
    | _IDENTITY
    | _LIST_WHAT_WAITS_IN_ROUNDS
    | {"get in batches", "query by_waiting", "query by_learner"},
    "StaffScholarships": _READ
    | _KEEP
    | _READ_APPLICATIONS
    | _KEEP_APPLICATIONS
    | _IDENTITY
    | _LIST_WHAT_WAITS_IN_ROUNDS
    | {"get in batches"},
    "StaffUploads": {"get", "put uploads/attendance", "put uploads/recordings"},
    "StaffActs": _READ
    | _KEEP
    | _IDENTITY
    | {"update", "query by_learner", "get in batches", "write in batches"},
    "SweepHourly": _READ
    | {"read StripeApiKeySecret", "read RazorpayApiKeySecret", "read PaypalApiKeySecret"}
    | _KEEP
    | _IDENTITY
    | {"read EventbriteApiSecret", "query by_learner", "write in batches"}
    | {f"{verb} uploads/recordings" for verb in ("get", "list", "tag")}
    | {"update", "query by_waiting", "put events/payment-events"},
}


def test_the_table_above_names_every_function(stack: Stack) -> None:
    pages = stack.client("lambda").get_paginator("list_functions").paginate()
    deployed = {one["FunctionName"] for page in pages for one in page["Functions"]}
    assert {stack.function(name) for name in MAY} == deployed


@pytest.mark.parametrize("function", MAY)
def test_a_function_may_do_what_its_work_needs_and_nothing_else(
    stack: Stack, function: str
) -> None:
    assert rights(stack, role_keys(stack, function)) == MAY[function]


def test_nobody_but_a_scholarship_round_reaches_what_people_wrote_to_apply() -> None:
    elsewhere = {
        (function, right)
        for function, rights in MAY.items()
        for right in rights - _LIST_WHAT_WAITS_IN_ROUNDS
        if right.startswith(("applications", "tokens"))
        and not function.startswith("Scholarship")
        and function not in ("LearnerPagesExport", "PersonErase", "StaffScholarships")
    }
    assert elsewhere == set()


def test_nobody_but_the_desk_reaches_who_is_signed_in() -> None:
    reach = {one for one, rights in MAY.items() if any(r.startswith("sessions") for r in rights)}
    assert reach == {"StaffAuthorizer", "StaffDoor"}


def test_whoever_takes_applications_in_cannot_go_through_them() -> None:
    assert not {"applications query", "applications scan"} & MAY["ScholarshipReceive"]


def test_the_probes_find_every_right_of_somebody_who_has_them_all(stack: Stack) -> None:
    """The control: what the probes could not find here, they would miss everywhere."""
    found = rights(stack, {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
    assert set().union(*MAY.values()) <= found
    assert {"scan", "delete", "list documents", "delete uploads/recordings"} <= found
    assert {"applications scan", "applications delete", "tokens scan"} <= found


def test_staff_put_and_read_files_and_touch_no_record(stack: Stack) -> None:
    user = stack.users["staff"]
    found = rights(
        stack,
        {
            "aws_access_key_id": user.access_key_id,
            "aws_secret_access_key": user.secret_access_key,
        },
    )
    folders = [f"uploads/{folder}" for folder in FOLDERS["uploads"] if folder != "elsewhere"]
    files = {f"{verb} {folder}" for verb in ("get", "put") for folder in folders}
    lists = {
        f"list {place}"
        for bucket, within in FOLDERS.items()
        for place in (bucket, *(f"{bucket}/{folder}" for folder in within))
        if bucket != "events"  # what providers sent is for nobody to look through
    }
    assert found == files | lists | {"get documents/certificates", "get documents/exports"}


@pytest.mark.parametrize("bucket", ["uploads", "documents"])
@pytest.mark.parametrize("path", ["", "/?list-type=2", "/certificates/x.pdf", "/recordings/x.mp4"])
def test_nobody_without_keys_gets_anything_from_a_bucket(
    stack: Stack, bucket: str, path: str
) -> None:
    assert _status(f"{stack.endpoint}/{getattr(stack, bucket)}{path}") == 403


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=90) as answer:  # noqa: S310 - loopback
            status: int = answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return status


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow: the address that is handed out is what the test is about."""

    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture(scope="module")
def recording(season: Season) -> str:
    """The address at which the recording plays for somebody who opened their link just now."""
    letter = season.letters(people.GENERAL, "recording")[-1]
    (link,) = [word for word in letter.text.split() if "/watch/" in word]
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_Stay).open(f"{link}/media/main", timeout=90)
    with answer.value as redirect:
        assert redirect.code == 302
        return str(redirect.headers["Location"])


def _altered(url: str) -> Iterator[tuple[str, str]]:
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))

    def with_query(**changes: str) -> str:
        return urllib.parse.urlunsplit(
            parts._replace(query=urllib.parse.urlencode({**query, **changes}))
        )

    last = "0" if query["X-Amz-Signature"][-1] != "0" else "1"
    yield "a longer life", with_query(**{"X-Amz-Expires": "604800"})
    yield (
        "another signature",
        with_query(**{"X-Amz-Signature": query["X-Amz-Signature"][:-1] + last}),
    )
    yield "another version", with_query(versionId="another")
    yield (
        "another name to save it as",
        with_query(**{"response-content-disposition": "attachment; filename=x"}),
    )
    yield (
        "another file",
        urllib.parse.urlunsplit(parts._replace(path=parts.path.replace("main.mp4", "other.mp4"))),
    )
    yield "no signature", urllib.parse.urlunsplit(parts._replace(query=""))


def test_the_address_of_a_recording_plays_as_it_was_handed_out(recording: str) -> None:
    assert _status(recording) == 200


def test_the_address_of_a_recording_opens_nothing_once_it_is_altered(recording: str) -> None:
    opened = {what: _status(url) for what, url in _altered(recording)}
    assert set(opened.values()) == {403}, opened


def test_the_address_of_a_recording_opens_nothing_once_its_time_is_over(season: Season) -> None:
    stack = season.stack
    files = S3Files(client_of("s3", stack, role_keys(stack, "LearnerPagesOpen")), stack.uploads)
    session = season.catalogue("idha-2025").sessions[0].id
    address = files.link(f"recordings/{session}/main.mp4", None, 2, "video/mp4", "main.mp4")
    assert _status(address) == 200
    time.sleep(3)
    assert _status(address) == 403
