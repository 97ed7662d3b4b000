"""A stand-in for the user pool of staff: its client, its page, its tokens and its keys, over HTTP.

It signs as Cognito does, and can be told to sign otherwise, so that what is believed is seen.
"""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests import loopback

POOL = "eu-central-1_Tending26"
ISSUER = f"https://cognito-idp.eu-central-1.amazonaws.com/{POOL}"
CLIENT, SECRET = "1h57kf5cpq17m0eml12EXAMPLE", "the client's secret, for tests"
BACK, LEFT = "https://pages.example/live/staff/signed-in", "https://pages.example/live/signed-out"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_KID = "k1"


class StaffPool:
    """Who signs in next, and how its next token is made."""

    def __init__(self) -> None:
        self.address = ""
        self.forget()

    def forget(self) -> None:
        """As it is at first: a coordinator signs in, and tokens are as they should be."""
        self.email = "robin@idha.example"
        self.groups: list[str] | None = ["coordinator"]
        self.verified: Any = True
        self.claims: dict[str, Any] = {}  # instead of what the token would say
        self.signs_with: Any = _KEY
        self.algorithm = "RS256"
        self.kid = _KID
        self.broken = False
        self._codes: dict[str, dict[str, str]] = {}

    def signs_in(self, address: str) -> str:
        """Somebody signs in on the page at that address; where their browser is led then."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["redirect_uri"] == BACK
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes) + 1}-{time.monotonic_ns()}"
        self._codes[code] = asked
        return f"{BACK}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, nonce: str) -> str:
        """A token for whoever signed in."""
        now = int(time.time())
        claims = {
            "sub": "0d3a1c9e-0000-4000-8000-000000000000",
            "iss": ISSUER,
            "aud": CLIENT,
            "token_use": "id",
            "auth_time": now,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": self.email,
            "email_verified": self.verified,
            "cognito:username": "0d3a1c9e-0000-4000-8000-000000000000",
        }
        if self.groups is not None:
            claims["cognito:groups"] = self.groups
        claims = {k: v for k, v in (claims | self.claims).items() if v is not None}
        key: Any = None if self.algorithm == "none" else self.signs_with
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.kid})

    def exchanged(self, sent: dict[str, str], proof: str) -> tuple[int, Any]:
        """What the token endpoint answers."""
        if proof != f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}":
            return 400, {"error": "invalid_client"}
        asked = self._codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if sent.get("redirect_uri") != BACK or sent.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(asked["nonce"]), "token_type": "Bearer"}

    @staticmethod
    def keys() -> dict[str, Any]:
        """The public half of what it signs with."""
        jwk = RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
        return {"keys": [{**jwk, "kid": _KID, "alg": "RS256", "use": "sig"}]}

    @staticmethod
    def told(target: str) -> dict[str, Any]:
        """What the service itself says of its clients."""
        client = {
            "ClientName": "staff-desk",
            "ClientId": CLIENT,
            "UserPoolId": POOL,
        }
        if target.endswith("ListUserPoolClients"):
            return {"UserPoolClients": [client, {**client, "ClientName": "another"}]}
        more = {"ClientSecret": SECRET, "CallbackURLs": [BACK], "LogoutURLs": [LEFT]}
        return {"UserPoolClient": client | more}


@contextmanager
def standing() -> Iterator[StaffPool]:
    """The stand-in, listening."""
    pool = StaffPool()

    class Asked(loopback.Handler):
        def asked(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            target = self.headers.get("x-amz-target", "")
            path = urlsplit(self.path).path
            if pool.broken:
                self.say(500, {})
            elif target:
                self.say(200, json.dumps(pool.told(target)).encode())
            elif path == f"/{POOL}/.well-known/jwks.json":
                self.say(200, pool.keys())
            elif path == "/oauth2/token":
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                self.say(*pool.exchanged(sent, self.headers.get("authorization", "")))
            else:
                self.say(404, {})

    with loopback.serving(Asked) as address:
        pool.address = address
        yield pool
