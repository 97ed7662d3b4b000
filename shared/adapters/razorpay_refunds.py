"""Refunds at Razorpay: each request moves money once, whoever asks again, however much later.

Razorpay knows a repeated request by its header. How long it remembers it does not say, so before
anything is given back it is asked which refunds the payment has: each of ours names its request.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import urllib3

from shared.domain.decisions import Decision
from shared.domain.refund_requests import Repayment, no_refund
from shared.failures import Unavailable

_API = "https://api.razorpay.com"
_PATIENCE = urllib3.Timeout(connect=3.0, read=8.0)
_PAGE = 100  # the most that Razorpay gives at once
_LONGEST_NOTE, _LONGEST_RECEIPT = 256, 40
T = TypeVar("T")
_PLAIN = re.compile(r"[a-z_]{1,60}")


class RazorpayKey(NamedTuple):
    """A key of Razorpay's API: its id and its secret, both empty if there is none."""

    id: str
    secret: str


class RazorpayRefunds:
    """Gives back with a key of the institute's account.

    `key` is asked for each time; `address` is where Razorpay's API is.
    """

    def __init__(self, key: Callable[[], RazorpayKey], address: str = _API) -> None:
        self._key = key
        self._address = address
        self._pool = urllib3.PoolManager(timeout=_PATIENCE, retries=False)

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        key = self._key()
        if not key.id or not key.secret:
            return None
        before = self._made_before(key, repayment)
        if before is not None:
            return before
        body = {
            "amount": repayment.amount.minor,
            "speed": "normal",
            # Razorpay says both again in every event about the refund.
            "notes": {
                "request": repayment.request,
                "sessions": ",".join(repayment.sessions)[:_LONGEST_NOTE],
            },
            "receipt": repayment.request[:_LONGEST_RECEIPT],
        }
        return self._ask(
            key,
            "POST",
            f"/v1/payments/{repayment.payment}/refund",
            _made,
            body=json.dumps(body),
            headers={"X-Refund-Idempotency": repayment.request, "Content-Type": "application/json"},
        )

    def _made_before(self, key: RazorpayKey, repayment: Repayment) -> str | Decision | None:
        """The refund that this request has made before. Raises Unavailable if others are news."""
        by_hand, skip = 0, 0
        while True:
            where = f"/v1/payments/{repayment.payment}/refunds?count={_PAGE}&skip={skip}"
            found = self._ask(key, "GET", where, _refunds)
            if isinstance(found, Decision):
                return found
            for refund, request, amount in found:
                if request == repayment.request:
                    return refund
                by_hand += 0 if request else amount
            if len(found) < _PAGE:
                break
            skip += _PAGE
        if by_hand > repayment.heard_of:
            raise Unavailable("Razorpay knows of refunds that we have not heard of.")
        return None

    def _ask(
        self,
        key: RazorpayKey,
        method: str,
        where: str,
        read: Callable[[dict[str, Any]], T],
        *,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> T | Decision:
        """What `read` makes of the answer, or why not for good. Raises Unavailable."""
        told = urllib3.make_headers(basic_auth=f"{key.id}:{key.secret}") | (headers or {})
        try:
            response = self._pool.request(
                method, self._address + where, body=body, headers=told, redirect=False
            )
            answer = json.loads(response.data)
            if response.status == 200:
                return read(answer)
            reason = str((answer.get("error") or {}).get("reason") or "")
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable("Razorpay did not answer.") from error
        except (ValueError, LookupError, TypeError, AttributeError):
            raise Unavailable("Razorpay's answer was none that we know.") from None
        if response.status in (401, 403):
            return no_refund("Razorpay does not let our key give money back.", "key_refused")
        if response.status in (400, 404):
            said = f" It says: {reason}." if _PLAIN.fullmatch(reason) else ""
            return no_refund(f"Razorpay refuses to give it back.{said}")
        raise Unavailable(f"Razorpay answered {response.status}.")


def _made(answer: dict[str, Any]) -> str:
    return str(answer["id"])


def _refunds(answer: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(id, the request of ours that it names, amount that went or is going) of each refund."""
    found = []
    for item in answer["items"]:
        notes = item.get("notes") or {}  # an empty list where there are none
        amount = 0 if item["status"] == "failed" else int(item["amount"])
        found.append((str(item["id"]), str(notes.get("request") or ""), amount))
    return found
