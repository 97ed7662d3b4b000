"""Signed messages of an institute's own form tool, as the Standard Webhooks specification has them.

The signature is over the bytes as they came; nothing is parsed before it is checked.
"""

import binascii
from collections.abc import Mapping, Sequence

from standardwebhooks import Webhook, WebhookVerificationError


def is_signed(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed this body, within five minutes of now.

    `headers` are the message's three, by their names in lower case. Never raises for what a sender
    sends; raises ValueError for a secret that is none.
    """
    # All are made ready first, so that a broken secret is noticed whichever one signed.
    keys = [_key(secret) for secret in secrets if secret]
    return any(_fits(key, body, headers) for key in keys)


def _key(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except Exception as error:
        # The library raises whatever base64 raises, and an error of its own for an empty one.
        raise ValueError("A signing secret of the form tool is not base64.") from error


def _fits(key: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        key.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, binascii.Error, ValueError, TypeError):
        return False
    return True
