"""Objects in S3."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
_NOTHING_THERE = "InvalidRange"  # asked for the first bytes of an empty object


class S3Files:
    """The objects of one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, key: str, version: str | None = None, first: int | None = None) -> bytes:
        request: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
        if version:
            request["VersionId"] = version
        if first:
            request["Range"] = f"bytes=0-{first - 1}"
        try:
            return self._client.get_object(**request)["Body"].read()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _MISSING:
                raise KeyError(key) from error
            if first and code == _NOTHING_THERE:
                return b""
            raise Unavailable("An object could not be read.") from error
        except BotoCoreError as error:
            raise Unavailable("An object could not be read.") from error

    def write(self, key: str, content: bytes, media_type: str) -> None:
        self._put(Key=key, Body=content, ContentType=media_type)

    def write_once(self, key: str, content: bytes, media_type: str) -> bytes:
        try:
            self._put(Key=key, Body=content, ContentType=media_type, IfNoneMatch="*")
        except FileExistsError:
            return self.read(key)
        return content

    def link(self, key: str, version: str | None, seconds: int, media_type: str, name: str) -> str:
        # What the uploader called the content is not trusted; what it was judged to be is.
        plain = name.encode("ascii", "replace").decode().replace('"', "'").replace("?", "_")
        request = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": media_type,
            "ResponseContentDisposition": f"inline; filename=\"{plain}\"; filename*=UTF-8''"
            + quote(name, safe=""),
        }
        if version:
            request["VersionId"] = version
        return self._client.generate_presigned_url("get_object", Params=request, ExpiresIn=seconds)

    def mark(self, key: str, version: str | None, label: str, value: str) -> None:
        request: dict[str, Any] = {"VersionId": version} if version else {}
        try:
            self._client.put_object_tagging(
                Bucket=self._bucket,
                Key=key,
                Tagging={"TagSet": [{"Key": label, "Value": value}]},
                **request,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("An object could not be labelled.") from error

    def forget(self, key: str) -> None:
        pages = self._client.get_paginator("list_object_versions")
        try:
            for page in pages.paginate(Bucket=self._bucket, Prefix=key):
                for one in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                    if one["Key"] == key:
                        self._client.delete_object(
                            Bucket=self._bucket, Key=key, VersionId=one["VersionId"]
                        )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("An object could not be taken away.") from error

    def under(self, prefix: str) -> Iterator[tuple[str, int, datetime]]:
        pages = self._client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield found["Key"], found["Size"], found["LastModified"]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The objects could not be listed.") from error

    def _put(self, **request: Any) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, **request)
        except ClientError as error:
            # 409 is a second writer at this very moment, which for write-once is the same news.
            if error.response["Error"]["Code"] in {
                "PreconditionFailed",
                "ConditionalRequestConflict",
            }:
                raise FileExistsError from error
            raise Unavailable("An object could not be written.") from error
        except BotoCoreError as error:
            raise Unavailable("An object could not be written.") from error
