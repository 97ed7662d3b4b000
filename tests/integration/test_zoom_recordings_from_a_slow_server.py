"""A recording comes from a server that drips, or falls silent and does not hang up either."""

import time

import pytest
import urllib3

from shared.adapters.zoom_downloads import ZoomDownloads
from shared.messages import FetchWanted
from shared.usecases.fetch_recording import Fetched, fetch_recording
from tests.cloud import Cloud
from tests.integration.test_zoom_recordings_are_fetched import (
    MB,
    MIDDLE,
    SMALL,
    _fetch,
    _in_bucket,
    _means,
    _orders,
)
from tests.season import on_sale
from tests.zoom_files import digest, serving


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """A class that is recorded is on sale."""
    return on_sale(cloud)


def test_a_server_that_drips_is_left_when_time_is_up_and_not_when_a_piece_is_full(
    season: Cloud,
) -> None:
    began = time.monotonic()
    with serving(MIDDLE, drips=0.05) as zoom:
        fetched = _fetch(zoom, has_time=lambda: time.monotonic() < began + 1.5)

        assert fetched is Fetched.PAUSED
        assert time.monotonic() < began + 4
        assert zoom.sent < 256 * 1024
        zoom.drips = 0.0
        (order,) = _orders(season)
        again = FetchWanted.model_validate_json(order)
        assert fetch_recording(again, _means(zoom)) is Fetched.DONE

    assert _in_bucket(season) == digest(MIDDLE)


def test_a_server_that_drips_and_has_time_is_read_to_the_end(season: Cloud) -> None:
    with serving(SMALL, drips=0.01, drop=10_000) as zoom:
        assert _fetch(zoom) is Fetched.DONE

    assert _in_bucket(season) == digest(SMALL)


def test_a_server_that_falls_silent_is_asked_again_from_the_next_byte(season: Cloud) -> None:
    with serving(MIDDLE, stalls=[7 * MB, 3 * MB]) as zoom:
        soon = ZoomDownloads(zoom.allowed, urllib3.Timeout(connect=2.0, read=0.4))
        assert _fetch(zoom, downloads=soon) is Fetched.DONE

    assert [one["range"] for one in zoom.asked] == [f"bytes={at}-" for at in (0, 7 * MB, 10 * MB)]
    assert _in_bucket(season) == digest(MIDDLE)
