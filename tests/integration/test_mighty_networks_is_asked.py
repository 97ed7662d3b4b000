"""Mighty Networks' Admin API, as a stand-in speaks it: pages, keys, limits, and what goes wrong."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from functions.catalogue_published.handler import publish
from functions.community import handler as entry
from shared import community_wiring
from shared.adapters.mighty_networks import API, MightyNetworks
from shared.community_ports import KeyRefused
from shared.domain.communities import Seen
from shared.failures import Unavailable
from tests.cloud import CONTEXT, Cloud
from tests.season import open_season

KEY, TOP = "mn_for_tests", "/admin/v1/networks/idha-school"


@dataclass
class Mighty:
    """The stand-in: its members and invitations, what it was asked, and what is wrong with it."""

    members: dict[int, str] = field(default_factory=dict)
    invites: dict[int, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    body: bytes | None = None
    address: str = ""

    def answer(self, method: str, address: str, told: bytes) -> tuple[int, object]:
        """Status and body."""
        parts = urlsplit(address)
        path = parts.path.removeprefix(TOP)
        if method == "GET":
            kept, name = {
                "/members": (self.members, "email"),
                "/invites": (self.invites, "recipient_email"),
            }[path]
            asked = dict(parse_qsl(parts.query))
            page, size = int(asked["page"]), min(int(asked["per_page"]), 100)
            items = [_described(path, one, name, kept[one]) for one in sorted(kept)]
            links = {"self": f"{API}{address}"}
            if len(items) > page * size:
                links["next"] = f"{API}{TOP}{path}?cursor={page + 1}"  # its form may change
            return 200, {"items": items[(page - 1) * size : page * size], "links": links}
        if method == "POST" and path == "/invites":
            number = 1 + max(self.invites, default=0)
            self.invites[number] = json.loads(told)["recipient_email"]
            return 201, _described(path, number, "recipient_email", self.invites[number])
        what, which, *_ = path.strip("/").split("/")
        kept = self.invites if what == "invites" else self.members
        return (204, None) if kept.pop(int(which), None) else (404, {"error": "Not found"})


def _described(path: str, number: int, name: str, address: str) -> dict[str, object]:
    """A member or an invitation as the API describes it: an invitation's number is a text."""
    when = {"created_at": "2025-11-07T23:17:21+00:00", "updated_at": "2025-11-07T23:17:21+00:00"}
    if path == "/members":
        return {"id": number, name: address, "first_name": "A", "last_name": "B", **when}
    names = {"recipient_first_name": None, "recipient_last_name": None, "user_id": 123}
    return {"id": str(number), name: address, **names, **when}


@contextmanager
def serving() -> Iterator[Mighty]:
    """The stand-in, listening."""
    mighty = Mighty()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """One request."""
            told = self.rfile.read(int(self.headers.get("content-length") or 0))
            mighty.asked.append(f"{self.command} {self.path}")
            status, said = self._answer(told)
            body = mighty.body or (b"" if said is None else json.dumps(said).encode())
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self, told: bytes) -> tuple[int, object]:
            if self.headers.get("authorization") != f"Bearer {KEY}":
                return 401, {"error": "Unauthorized"}
            status = mighty.statuses.pop(0) if mighty.statuses else 200
            if status != 200:
                return status, {"error": "no"}
            return mighty.answer(self.command, self.path, told)

        def do_POST(self) -> None:
            """An invitation."""
            self.do_GET()

        def do_DELETE(self) -> None:
            """Somebody leaves."""
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        mighty.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield mighty
        finally:
            server.shutdown()


def _network(mighty: Mighty, key: str = KEY) -> MightyNetworks:
    return MightyNetworks("idha-school", lambda: key, mighty.address, pace=0)


def test_all_pages_are_read() -> None:
    with serving() as mighty:
        mighty.members = {n: f"m{n}@example.org" for n in range(1, 252)}
        mighty.invites = {7: "ana@example.org"}

        assert len(_network(mighty).members()) == 251
        assert _network(mighty).pending() == [Seen("7", "ana@example.org")]

    assert len(mighty.asked) == 4


def test_inviting_withdrawing_and_removing_reach_whom_they_are_meant_for() -> None:
    with serving() as mighty:
        mighty.members = {5: "ben@example.org", 6: "eve@example.org"}
        network = _network(mighty)

        network.invite("ana@example.org")
        assert mighty.invites == {1: "ana@example.org"}
        network.withdraw("1")
        network.withdraw("1")  # gone already: no trouble
        network.remove("5")

    assert mighty.invites == {}
    assert mighty.members == {6: "eve@example.org"}


def test_a_key_that_is_not_taken_is_said_to_be_so() -> None:
    with serving() as mighty, pytest.raises(KeyRefused):
        _network(mighty, key="mn_another").members()


@pytest.mark.parametrize("status", [429, 500, 503, 418])
def test_what_is_not_answered_now_is_asked_another_time(status: int) -> None:
    with serving() as mighty:
        mighty.statuses = [status]
        with pytest.raises(Unavailable):
            _network(mighty).members()


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"items": 1}', b'{"items": [{"id": "../x"}]}']
)
def test_an_answer_that_cannot_be_right_is_none(body: bytes) -> None:
    with serving() as mighty:
        mighty.body = body
        with pytest.raises(Unavailable):
            _network(mighty).members()


def test_requests_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("shared.adapters.mighty_networks.time.sleep", waited.append)
    with serving() as mighty:
        network = MightyNetworks("idha-school", lambda: KEY, mighty.address, pace=5)
        network.members()
        network.pending()

    assert waited[0] == 0
    assert 3 < waited[1] <= 5


@dataclass
class Invocation:
    """An invocation with time left."""

    def __getattr__(self, name: str) -> Any:
        return getattr(CONTEXT, name)

    def get_remaining_time_in_millis(self) -> int:
        return 800_000


def _on_sale_with_a_network(cloud: Cloud) -> Cloud:
    season = open_season(cloud)
    catalogue = Path("events/catalogue_published/idha-2025.yaml").read_text(encoding="utf-8")
    link = "invitation: https://community.idha.example/join"
    told = catalogue.replace(link, f"{link}\n    network: idha-school", 1)
    assert told != catalogue
    season.wait(minutes=1)
    publish(season.upload("catalogue/idha-2025.yaml", told.encode()), CONTEXT)
    return season


def test_each_night_whoever_has_a_seat_is_invited_once_and_the_log_names_nobody(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    season = _on_sale_with_a_network(cloud)
    season.set_secret("COMMUNITY_KEY_SECRET_ID", {"api_key": KEY})
    with serving() as mighty:
        monkeypatch.setattr(community_wiring, "community", lambda _: _network(mighty))
        looked = entry.keep({"series": "idha-2025"}, Invocation())
        assert mighty.invites == {}
        first = entry.keep({"apply": True}, Invocation())
        second = entry.keep({"apply": True}, Invocation())

    assert len(looked["networks"]["idha-school"]["invited"]) == 3
    assert looked == first
    assert second["networks"]["idha-school"] == {"invited": [], "removed": []}
    assert len(set(mighty.invites.values())) == 3
    said = capfd.readouterr()
    assert "@example.org" not in said.out + said.err + json.dumps(first)


def test_without_a_key_nothing_is_asked(cloud: Cloud) -> None:
    _on_sale_with_a_network(cloud)

    assert "no key" in entry.keep({"apply": True}, Invocation())["problem"]


def test_a_network_that_does_not_answer_is_counted_and_tried_the_next_night(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _on_sale_with_a_network(cloud).set_secret("COMMUNITY_KEY_SECRET_ID", {"api_key": KEY})
    with serving() as mighty:
        mighty.statuses = [200, 200, 200, 429]
        monkeypatch.setattr(community_wiring, "community", lambda _: _network(mighty))

        answer = entry.keep({"apply": True}, Invocation())
        assert "problem" in answer["networks"]["idha-school"]
        entry.keep({"apply": True}, Invocation())

    assert len(mighty.invites) == len(set(mighty.invites.values())) == 3
    assert "CommunityNotKept" in capfd.readouterr().out
