"""Forms by which a browser puts one object into a bucket in S3 (presigned POST).

What the form may do is signed into it: this key, this media type, at most so many bytes, until
then. S3 refuses whatever differs, whoever sends it.
"""

from typing import TYPE_CHECKING, Any

from shared.domain.hand_uploads import UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3UploadForms:
    """Forms for one bucket. The rights of whoever signs hold when the form is sent."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def form(self, key: str, media_type: str, most: int, seconds: int, then: str) -> UploadForm:
        after = {"success_action_redirect": then} if then else {"success_action_status": "204"}
        fields = {"Content-Type": media_type, **after}
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        signed = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields=dict(fields),
            Conditions=[*conditions, ["content-length-range", 1, most]],
            ExpiresIn=seconds,
        )
        return UploadForm(url=signed["url"], fields=signed["fields"])
