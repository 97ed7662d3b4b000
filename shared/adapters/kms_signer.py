"""Signing with a key that never leaves AWS KMS (RSA, PKCS #1 v1.5 with SHA-256: RS256)."""

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSigner:
    """Signs with the key of that id. The same message has the same signature, so it is kept."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self.sign = lru_cache(maxsize=64)(self._sign)
        self.public_key = lru_cache(maxsize=1)(self._public_key)

    def _sign(self, message: bytes) -> bytes:
        # Of a message, KMS takes 4 kB at most; of its hash, any.
        try:
            return self._client.sign(
                KeyId=self._key_id,
                Message=hashlib.sha256(message).digest(),
                MessageType="DIGEST",
                SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
            )["Signature"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The key for badges cannot be used now.") from error

    def _public_key(self) -> bytes:
        try:
            return self._client.get_public_key(KeyId=self._key_id)["PublicKey"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The key for badges cannot be used now.") from error
