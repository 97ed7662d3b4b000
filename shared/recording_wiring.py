"""Builds what fetches recordings from Zoom: a part of `wiring`, for the functions that need it."""

from functools import lru_cache
from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.s3_large_uploads import S3LargeUploads
    from shared.adapters.sqs_queue import SqsQueue
    from shared.adapters.zoom_access import ZoomAccess, ZoomKey
    from shared.adapters.zoom_downloads import ZoomDownloads


@lru_cache
def fetches() -> "SqsQueue":
    """The queue of files that are to be fetched."""
    from shared.adapters.sqs_queue import SqsQueue

    return SqsQueue(wiring.client("sqs"), settings.read(settings.FetchSettings).queue_url)


@lru_cache
def uploads() -> "S3LargeUploads":
    """Where staff put recordings, and Zoom's go."""
    from shared.adapters.s3_large_uploads import S3LargeUploads

    return S3LargeUploads(wiring.client("s3"), settings.read(settings.UploadsSettings).bucket)


@lru_cache
def downloads() -> "ZoomDownloads":
    """Files at Zoom."""
    from shared.adapters.zoom_downloads import ZoomDownloads

    return ZoomDownloads()


@lru_cache
def access() -> "ZoomAccess":
    """The institute's own key at Zoom, if an operator has put one in."""
    from shared.adapters.zoom_access import ZoomAccess

    return ZoomAccess(_zoom_key)


def _zoom_key() -> "ZoomKey":
    from shared.adapters.zoom_access import ZoomKey

    kept = wiring.secret(settings.read(settings.ZoomApiSettings).secret_id)
    return ZoomKey(
        str(kept.get("account_id", "")),
        str(kept.get("client_id", "")),
        str(kept.get("client_secret", "")),
    )
