"""The watch page as a browser asks for it: page, files, captions, and who gets none of them."""

import re
from typing import Any

import pytest
import requests

from functions.learner_pages.handler import open as open_page
from functions.learner_pages.my_page import handler as my_page
from functions.recording_uploaded import handler as recording
from shared.adapters.jinja_pages import PRIVATE, content_security_policy
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.openings import Opening
from shared.domain.watch_links import WatchLink
from tests.cloud import CONTEXT, Cloud, link
from tests.gateway import proxy_event
from tests.season import AMARA, BO, CLASS_1, DEVIKA, MP4, after, open_season

VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n<i>Zuhören</i> & hören\n"
BOS = f"{CLASS_1.id}/{BO}"


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class is over; its video, its signed video and captions were uploaded."""
    after(open_season(cloud))
    for name, content in (
        ("main.mp4", MP4),
        ("asl.mp4", MP4 + b"signed"),
        ("captions.en.vtt", VTT.encode()),
    ):
        event = cloud.upload(f"recordings/{CLASS_1.id}/{name}", content)["detail"]["object"]
        upload = {
            "session": CLASS_1.id, "key": event["key"], "object_version": event["version-id"],
            "size": str(event["size"]), "uploaded_at": cloud.now.isoformat(),
        }  # fmt: skip
        recording.check_file(upload, CONTEXT)
    return cloud


def _get(token: str, rest: str = "", **query: str) -> dict[str, Any]:
    kind, _, what = rest.partition("/")
    parameter = {"media": "role", "captions": "language"}.get(kind)
    more = f"/{kind}/{{{parameter}}}" if parameter else ""
    names = {"token": token, **({parameter: what} if parameter else {})}
    event = proxy_event("GET", f"/watch/{{token}}{more}", names)
    event["queryStringParameters"] = query or None
    event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} or None
    answer: dict[str, Any] = open_page(event, CONTEXT)
    return answer


def _headers(answer: dict[str, Any]) -> dict[str, str]:
    return {name: values[0] for name, values in answer["multiValueHeaders"].items()}


def test_the_page_plays_from_our_own_addresses_and_says_until_when(season: Cloud) -> None:
    token = link("watch", BOS)
    answer = _get(token)

    assert answer["statusCode"] == 200
    page = answer["body"]
    assert f'<source src="{token}/media/main" type="video/mp4">' in page
    assert f'<track kind="captions" src="{token}/captions/en" srclang="en"' in page
    assert f'href="{token}?play=asl"' in page
    assert "You can watch it" in page
    assert "contact@idha-nyc.org" in page
    # Nothing that is fetched, followed or run is anybody else's.
    found = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert all(
        where.startswith((token, "../me", "mailto:")) for where in found
    ), found  # fmt: skip


def test_the_page_is_private_and_plays_from_one_bucket_alone(season: Cloud) -> None:
    answer = _get(link("watch", BOS))
    headers = _headers(answer)
    policy = headers["Content-Security-Policy"]

    assert PRIVATE.items() <= headers.items()
    (place,) = re.findall(r"media-src 'self' (https://\S+);", policy)
    assert policy == content_security_policy(answer["body"], place)
    assert _headers(_get(link("watch", BOS), "media/main"))["Location"].startswith(f"{place}/")


@pytest.mark.parametrize(("wish", "plays"), [("asl", "asl"), ("audio", "main"), ("<x>", "main")])
def test_another_way_to_follow_is_a_plain_link(season: Cloud, wish: str, plays: str) -> None:
    page = _get(link("watch", BOS), play=wish)["body"]

    assert f'/media/{plays}" type="video/mp4"' in page
    assert page.count('aria-current="page"') == 1
    assert "<x>" not in page


def test_the_player_is_led_on_to_the_file_for_some_minutes(
    season: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _get(link("watch", BOS), "media/asl")

    assert answer["statusCode"] == 302
    assert PRIVATE.items() <= _headers(answer).items()
    address = _headers(answer)["Location"]
    assert "X-Amz-Expires=600" in address
    assert requests.get(address, timeout=5).content == MP4 + b"signed"
    part = requests.get(address, timeout=5, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, b"ftypmp42")
    monkeypatch.setenv("MEDIA_LINK_SECONDS", "7")
    assert "X-Amz-Expires=7&" in _headers(_get(link("watch", BOS), "media/main"))["Location"]


def test_captions_come_as_they_were_written_and_as_captions(season: Cloud) -> None:
    answer = _get(link("watch", BOS), "captions/en")

    assert answer["statusCode"] == 200
    assert _headers(answer)["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer["body"] == VTT
    assert PRIVATE.items() <= _headers(answer).items()


@pytest.mark.parametrize("rest", ["media/slides", "media/..", "captions/xx", "captions/main"])
def test_what_the_session_has_not_is_not_there(season: Cloud, rest: str) -> None:
    assert _get(link("watch", BOS), rest)["statusCode"] == 404


def _tokens_that_open_nothing(cloud: Cloud) -> dict[str, str]:
    good = link("watch", BOS)
    _ask_for_new_link(cloud, AMARA)
    return {
        "made up": "made-up.token",
        "too long": "x" * 3000,
        "with a letter changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "of another key": sign("watch", BOS, b"another key, also thirty-two bytes"),
        "of a certificate": link("certificate", f"{CLASS_1.id}/{AMARA}"),
        "of a person's own page": link("me", BO),
        "expired": link("watch", BOS, cloud.now),
        "of somebody who is not registered": link("watch", f"{CLASS_1.id}/lnobody"),
        "of another class": link("watch", f"idha-2025-5/{BO}"),
        "of no class": link("watch", f"no-such-class/{BO}"),
        "of nobody": link("watch", CLASS_1.id),
        "replaced by a newer one": link("watch", f"{CLASS_1.id}/{AMARA}"),
        "not made yet": link("watch", f"{BOS}/1"),
    }


@pytest.mark.parametrize("rest", ["", "media/main", "captions/en"])
def test_whatever_opens_nothing_gets_the_same_page_and_nothing_is_learned(
    season: Cloud, rest: str
) -> None:
    answers = {what: _get(token, rest) for what, token in _tokens_that_open_nothing(season).items()}

    assert {what: answer["statusCode"] for what, answer in answers.items()} == dict.fromkeys(
        answers, 404
    )
    assert len({answer["body"] for answer in answers.values()}) == 1
    assert len({str(_headers(answer)) for answer in answers.values()}) == 1
    assert CLASS_1.title not in answers["expired"]["body"]
    assert season.everything(Opening) == []


@pytest.mark.parametrize("rest", ["", "media/main", "captions/en"])
def test_the_right_is_decided_again_at_every_piece(season: Cloud, rest: str) -> None:
    token = link("watch", BOS)
    assert _get(token, rest)["statusCode"] in (200, 302)

    season.now = CLASS_1.ends_at - (season.now - CLASS_1.ends_at)  # before the class has ended
    refused = _get(token, rest)

    assert refused["statusCode"] == 403
    assert "Its recording follows after it" in refused["body"]


def test_openings_are_counted_by_person(season: Cloud) -> None:
    for _ in range(3):
        _get(link("watch", BOS))
    _get(link("watch", BOS), "media/main")
    _get(link("watch", f"{CLASS_1.id}/{DEVIKA}"))

    openings = season.everything(Opening)
    counted = {one.learner: (one.count, bool(one.fetched_at)) for one in openings}
    assert counted == {BO: (3, True), DEVIKA: (1, False)}


def _ask_for_new_link(
    cloud: Cloud, learner: str, session: str = CLASS_1.id, instead_of: str = "0", token: str = ""
) -> dict[str, Any]:
    event = proxy_event(
        "POST",
        "/me/{token}/watch/{session}",
        {"token": token or link("me", learner), "session": session},
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=f"instead_of={instead_of}",
    )
    answer: dict[str, Any] = my_page(event, CONTEXT)
    return answer


def test_who_asks_on_their_own_page_gets_a_new_link_and_the_old_one_opens_nothing(
    season: Cloud,
) -> None:
    asked = [_ask_for_new_link(season, BO) for _ in range(2)]  # a double click

    assert [answer["statusCode"] for answer in asked] == [303, 303]
    assert _get(link("watch", BOS))["statusCode"] == 404
    assert _get(link("watch", f"{BOS}/1"))["statusCode"] == 200
    mine = my_page(proxy_event("GET", "/me/{token}", {"token": link("me", BO)}), CONTEXT)["body"]
    assert f"../watch/{link('watch', f'{BOS}/1')}" in mine
    assert "Earlier ones open nothing" in mine
    (owed,) = season.letters(LetterKind.RECORDING_LINK)
    assert owed.learner == BO


@pytest.mark.parametrize(
    ("session", "instead_of", "token"),
    [
        ("no-such-class", "0", ""),
        ("idha-2025-5", "0", ""),
        (CLASS_1.id, "", ""),
        (CLASS_1.id, "²", ""),
        (CLASS_1.id, "0", "made-up.token"),
    ],
)
def test_nothing_is_replaced_for_whoever_may_not(
    season: Cloud, session: str, instead_of: str, token: str
) -> None:
    answer = _ask_for_new_link(season, BO, session, instead_of, token)

    assert answer["statusCode"] == 404
    assert season.everything(WatchLink) == []
