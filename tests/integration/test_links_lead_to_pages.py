"""What happens when somebody opens a link: the right page, the right status, and no more said."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from functions.learner_pages.handler import open as open_page
from shared import page_wiring
from shared.adapters.jinja_pages import content_security_policy
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import LetterKind
from tests.cloud import CONTEXT, ENVIRON, Cloud, link
from tests.gateway import proxy_event
from tests.season import AMARA, BO, CLASS_1, DEVIKA, after, closed_season, open_season

PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class was closed, and Amara and Devika hold certificates."""
    return closed_season(cloud)


def _get(path: str, method: str = "GET", **request: Any) -> dict[str, Any]:
    """The answer to a request of "/watch/<token>" and the like."""
    kind, _, what = path.strip("/").partition("/")
    parameter = "public_id" if kind == "certificates" else "token"
    event = proxy_event(method, f"/{kind}/{{{parameter}}}", {parameter: what}, **request)
    answer: dict[str, Any] = open_page(event, CONTEXT)
    return answer


def _headers(answer: dict[str, Any]) -> dict[str, str]:
    return {name: values[0] for name, values in answer["multiValueHeaders"].items()}


def _choose(token: str, body: str) -> dict[str, Any]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _get(f"/my-certificate/{token}", "POST", headers=form, body=body)


def _certificate(cloud: Cloud, learner: str = AMARA) -> Certificate:
    kept = cloud.records.get(Certificate.key_of(CLASS_1.id, learner), Certificate)
    assert kept is not None
    return kept


@pytest.mark.parametrize(
    ("subject", "status", "says"),
    [
        (f"{CLASS_1.id}/{AMARA}", 403, "The recording is not here yet"),
        (f"{CLASS_1.id}/lnobody", 404, "This link opens nothing"),
        (f"idha-2025-5/{BO}", 404, "This link opens nothing"),
        ("no-such-class/lnobody", 404, "This link opens nothing"),
        (CLASS_1.id, 404, "This link opens nothing"),
    ],
)
def test_who_cannot_watch_gets_a_page_that_says_why(
    cloud: Cloud, subject: str, status: int, says: str
) -> None:
    after(open_season(cloud))

    answer = _get(f"/watch/{link('watch', subject)}")

    assert (answer["statusCode"], says in answer["body"]) == (status, True)
    assert _headers(answer)["Content-Type"] == "text/html; charset=utf-8"


def test_the_public_page_shows_a_certificate_and_masks_whose_it_is(season: Cloud) -> None:
    certificate = _certificate(season)

    answer = _get(f"/certificates/{certificate.public_id}")

    assert answer["statusCode"] == 200
    assert certificate.text.number in answer["body"]
    assert "A••••" in answer["body"]
    assert "Amara" not in answer["body"]
    assert "amara@example.org" not in answer["body"]


def test_every_page_is_private_and_runs_nothing_but_its_own_style(season: Cloud) -> None:
    public_id = _certificate(season).public_id
    token = link("certificate", f"{CLASS_1.id}/{AMARA}")
    paths = (f"/certificates/{public_id}", f"/my-certificate/{token}", "/certificates/none", "/x/y")
    for path in paths:
        answer = _get(path)
        headers = _headers(answer)
        assert PRIVATE.items() <= headers.items()
        assert headers["Content-Security-Policy"] == content_security_policy(answer["body"])
        compares = path.startswith("/certificates/") and answer["statusCode"] == 200
        assert ("<script" in answer["body"]) is compares


def test_the_holder_can_show_the_name_and_mask_it_again(season: Cloud) -> None:
    token = link("certificate", f"{CLASS_1.id}/{AMARA}")
    public = f"/certificates/{_certificate(season).public_id}"

    for wish, shown in (("yes", True), ("yes", True), ("no", False)):
        answer = _choose(token, urlencode({"show_name": wish}))
        assert answer["statusCode"] == 200
        assert ("Amara" in _get(public)["body"]) is shown


def test_opening_the_holders_page_changes_nothing_and_offers_the_document(season: Cloud) -> None:
    before = _certificate(season)

    answer = _get(f"/my-certificate/{link('certificate', f'{CLASS_1.id}/{AMARA}')}")

    assert answer["statusCode"] == 200
    assert _certificate(season) == before
    (address,) = re.findall(r'href="(https://[^"]*\.pdf[^"]*)"', answer["body"])
    document = requests.get(address.replace("&amp;", "&"), timeout=5)
    assert document.content == season.document(before.document or "")
    assert document.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("body", ["", "show_name=maybe", "other=1", "=", "x" * 5000, "%ff%fe=%00"])
def test_a_form_that_says_neither_yes_nor_no_changes_nothing(season: Cloud, body: str) -> None:
    token = link("certificate", f"{CLASS_1.id}/{AMARA}")
    for wish in ("yes", "no"):
        _choose(token, f"show_name={wish}")
        before = _certificate(season)

        assert _choose(token, body)["statusCode"] == 200
        assert _certificate(season) == before


def test_nobody_can_choose_for_somebody_else(season: Cloud) -> None:
    for token in (
        link("watch", f"{CLASS_1.id}/{AMARA}"),
        link("certificate", f"{CLASS_1.id}/{BO}"),
        link("certificate", f"idha-2025-5/{AMARA}"),
        "made-up.token",
    ):
        assert _choose(token, "show_name=yes")["statusCode"] == 404

    assert not any(kept.name_is_public for kept in season.everything(Certificate))
    assert _choose(link("certificate", f"{CLASS_1.id}/{DEVIKA}"), "show_name=yes")[
        "statusCode"
    ] == 200  # fmt: skip
    assert not _certificate(season).name_is_public


def test_whatever_is_not_there_looks_the_same(season: Cloud) -> None:
    paths = [
        "/certificates/7K3F9Q2MXTR8VWYZ0123456789",
        "/certificates/short",
        "/certificates/..%2F..%2Fetc",
        f"/certificates/{_certificate(season).text.number}",
        f"/my-certificate/{link('watch', f'{CLASS_1.id}/{AMARA}')}",
        f"/my-certificate/{link('certificate', f'{CLASS_1.id}/{BO}')}",
        "/elsewhere/at-all",
    ]

    answers = [_get(path) for path in paths]

    assert {answer["statusCode"] for answer in answers} == {404}
    assert len({answer["body"] for answer in answers}) == 1
    assert len({str(_headers(answer)) for answer in answers}) == 1


def test_a_certificate_that_is_reserved_and_not_printed_does_not_exist_for_the_public(
    season: Cloud,
) -> None:
    certificate = _certificate(season)
    season.records.commit(certificate.model_copy(update={"status": CertificateStatus.RESERVED}))

    assert _get(f"/certificates/{certificate.public_id}")["statusCode"] == 404


def test_when_something_of_ours_fails_the_reader_gets_a_page_and_nothing_of_the_reason(
    season: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    season.dynamodb.delete_table(TableName=ENVIRON["RECORDS_TABLE"])

    answer = _get("/certificates/7K3F9Q2MXTR8VWYZ0123456789")

    assert answer["statusCode"] == 503
    assert answer["body"] == page_wiring.pages().trouble()
    assert PRIVATE.items() <= _headers(answer).items()
    assert '"PageTrouble":[1.0]' in capsys.readouterr().out


def test_holders_can_have_it_sent_again_and_are_told(season: Cloud) -> None:
    token = link("certificate", f"{CLASS_1.id}/{AMARA}")
    letters = len(season.letters(LetterKind.CERTIFICATE))

    for _ in range(2):
        answer = _choose(token, "post_again=yes")
        assert (answer["statusCode"], "on its way" in answer["body"]) == (200, True)

    assert len(season.letters(LetterKind.CERTIFICATE)) == letters + 1
