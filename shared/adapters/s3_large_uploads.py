"""Objects that are put into a bucket part by part (S3's multipart uploads)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError

from shared.failures import Unavailable
from shared.file_ports import Part, Standing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")
_MARK = "zoom-file"
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class S3LargeUploads:
    """The objects of one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def standing(self, key: str) -> Standing | None:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise Unavailable("The bucket did not say what stands there.") from error
        except BotoCoreError as error:
            raise Unavailable("The bucket did not say what stands there.") from error
        return Standing(found["ContentLength"], found["Metadata"].get(_MARK, ""))

    def begin(self, key: str, media_type: str, mark: str) -> str:
        answer = _asked(
            lambda: self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=media_type, Metadata={_MARK: mark}
            )
        )
        return answer["UploadId"]

    def parts(self, key: str, upload: str) -> list[Part]:
        def listed() -> list[Part]:
            pages = self._client.get_paginator("list_parts")
            return [
                Part(part["PartNumber"], part["Size"], part["ETag"])
                for page in pages.paginate(Bucket=self._bucket, Key=key, UploadId=upload)
                for part in page.get("Parts", [])
            ]

        return _asked(listed)

    def put(self, key: str, upload: str, number: int, content: bytearray) -> Part:
        body = cast("bytes", content)  # the SDK takes it as it is; a copy would be a second part
        answer = _asked(
            lambda: self._client.upload_part(
                Bucket=self._bucket, Key=key, UploadId=upload, PartNumber=number, Body=body
            )
        )
        return Part(number, len(content), answer["ETag"])

    def finish(self, key: str, upload: str, parts: list[Part]) -> None:
        _asked(
            lambda: self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                MultipartUpload={
                    "Parts": [{"PartNumber": one.number, "ETag": one.etag} for one in parts]
                },
                IfNoneMatch="*",
            )
        )

    def abandon(self, key: str, upload: str) -> None:
        try:
            _asked(
                lambda: self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=key, UploadId=upload
                )
            )
        except KeyError:
            return  # it is forgotten already


def _asked(request: Callable[[], T]) -> T:
    try:
        return request()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchUpload":
            raise KeyError(code) from error
        if code in _TAKEN:
            raise FileExistsError(code) from error
        raise Unavailable("The bucket did not take it.") from error
    except BotoCoreError as error:
        raise Unavailable("The bucket did not answer.") from error
