"""A PDF held against the public page: the document, an earlier one, or none; and nothing more."""

import base64
import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.learner_pages.compare_document import sent_file
from functions.learner_pages.handler import open as open_page
from shared.domain.certificates import Certificate
from shared.usecases.correct_certificate import correct_certificate
from shared.usecases.revoke_certificate import revoke_certificate
from tests.cloud import CONTEXT, Cloud
from tests.gateway import proxy_event
from tests.reading import Reader
from tests.season import AMARA, CLASS_1, DEVIKA, PrintsHere, closed_season

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
ISSUED = "This is the document that was issued under this number, unchanged."
OTHER = "This is not the document that was issued under this number."
OLDER = "a corrected document has taken its place"


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class was closed, and Amara and Devika hold certificates."""
    return closed_season(cloud)


def _certificate(cloud: Cloud, learner: str = AMARA) -> Certificate:
    kept = cloud.records.get(Certificate.key_of(CLASS_1.id, learner), Certificate)
    assert kept is not None
    return kept


def _document(cloud: Cloud, learner: str = AMARA) -> bytes:
    return cloud.document(_certificate(cloud, learner).document or "")


def as_sent(content: bytes, name: str = "certificate.pdf") -> bytes:
    """A form with one file, as browsers send it."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pdf"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def _compare(cloud: Cloud, content: bytes) -> tuple[int, str]:
    body = base64.b64encode(as_sent(content)).decode()
    path = {"public_id": _certificate(cloud).public_id}
    event = proxy_event(
        "POST", "/certificates/{public_id}", path, headers={"Content-Type": FORM}, body=body,
        base64=True,
    )  # fmt: skip
    answer = open_page(event, CONTEXT)
    said = re.findall(r"<p class=\"answer[^>]*?(hidden)?>(.*?)</p>", answer["body"])
    (shown,) = [words for hidden, words in said if not hidden]
    return answer["statusCode"], shown


def test_the_document_we_issued_is_known_again(season: Cloud) -> None:
    assert _compare(season, _document(season)) == (200, ISSUED)


def test_one_byte_more_is_another_document_and_so_is_somebody_elses(season: Cloud) -> None:
    for content in (_document(season) + b"\n", _document(season, DEVIKA), b"%PDF-1.7"):
        status, said = _compare(season, content)
        assert (status, said.startswith(OTHER)) == (200, True)


def test_an_earlier_document_is_known_as_superseded_and_a_withdrawn_one_as_withdrawn(
    season: Cloud,
) -> None:
    told: dict[str, Any] = {
        "by": "Noor",
        "why": "A typo.",
        "records": season.records,
        "now": season.now,
    }
    before = _document(season)
    correct_certificate(CLASS_1.id, AMARA, name="Amara Osei-Tutu", printing=PrintsHere(), **told)

    assert OLDER in _compare(season, before)[1]
    assert _compare(season, _document(season))[1] == f"{ISSUED} It is the corrected one."
    revoke_certificate(CLASS_1.id, AMARA, **told)
    assert "It was withdrawn since" in _compare(season, _document(season))[1]


def test_no_file_and_a_file_too_large_are_asked_for_again(season: Cloud) -> None:
    for content in (b"", b"x" * (1024 * 1024 + 1)):
        status, said = _compare(season, content)
        assert (status, said.startswith("There was no PDF")) == (422, True)


def test_the_page_itself_carries_the_hashes_a_browser_needs_and_no_name(season: Cloud) -> None:
    path = {"public_id": _certificate(season).public_id}
    html = open_page(proxy_event("GET", "/certificates/{public_id}", path), CONTEXT)["body"]

    digest = hashlib.sha256(_document(season)).hexdigest()
    assert ("form", "data-current", digest) in Reader(html).attributes
    assert "Amara" not in html and _certificate(season).text.seal not in html


def test_without_a_seal_no_hash_is_shown_from_which_a_name_could_be_guessed(season: Cloud) -> None:
    kept = _certificate(season)
    unsealed = kept.text.model_copy(update={"seal": ""})
    season.records.commit(kept.model_copy(update={"text": unsealed}))
    path = {"public_id": kept.public_id}
    html = open_page(proxy_event("GET", "/certificates/{public_id}", path), CONTEXT)["body"]

    assert (kept.sha256 or "?") not in html
    assert _compare(season, _document(season)) == (200, ISSUED)


def test_what_is_compared_is_not_kept(season: Cloud) -> None:
    before = season.snapshot()
    _compare(season, b"%PDF-1.7 somebody's own")

    assert season.snapshot() == before


@given(st.binary(min_size=1, max_size=400).filter(lambda raw: BOUNDARY.encode() not in raw))
def test_every_byte_of_a_file_arrives_as_it_was_sent(content: bytes) -> None:
    body = base64.b64encode(as_sent(content)).decode()
    assert sent_file(body, FORM, in_base64=True) == content


@given(st.text(max_size=200), st.sampled_from([FORM, "multipart/form-data", "text/plain", ""]))
def test_whatever_else_is_sent_is_no_file_and_no_trouble(body: str, kind: str) -> None:
    for in_base64 in (True, False):
        assert sent_file(body, kind, in_base64=in_base64) is None
