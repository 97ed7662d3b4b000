"""The user pool of staff at Cognito: its hosted page, and the tokens it signs.

A code comes by the browser and is worth nothing without our client's secret and the verifier. What
it is exchanged for is verified all the same: signed by this pool, for us, now, for this sign-in.
"""

import base64
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.provider_api import ProviderApi
from shared.domain.people import clean_address
from shared.domain.staff import Staff, roles_of
from shared.domain.staff_sessions import Proof, challenge_of
from shared.failures import Unavailable

_OURS = "staff-desk"
_NAME = "The staff's sign-in"
# How far two clocks may be apart, in seconds.
_LEEWAY = 60


class Pool(NamedTuple):
    """A user pool: its id, from whom its tokens say they are, its pages, and where it is itself."""

    id: str
    issuer: str
    pages: str
    address: str


class _Client(NamedTuple):
    id: str
    secret: str
    back: str
    left: str


class CognitoSignIn:
    """`client` is boto3's for `cognito-idp`. Keep one: client and keys are asked for once."""

    def __init__(self, client: Any, pool: Pool) -> None:
        self._cognito = client
        self._pool = pool
        self._pages = ProviderApi(_NAME, pool.pages)
        self._key_list = ProviderApi(_NAME, pool.address)
        self._keys: dict[str, jwt.PyJWK] = {}

    def address(self, proof: Proof) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.back,
            "scope": "openid email",
            "state": proof.state,
            "nonce": proof.nonce,
            "code_challenge": challenge_of(proof.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._pool.pages}/oauth2/authorize?{urlencode(asked)}"

    def who(self, code: str, proof: Proof) -> Staff | None:
        ours = self._client
        shown = base64.b64encode(f"{ours.id}:{ours.secret}".encode()).decode()
        form = {
            "grant_type": "authorization_code",
            "client_id": ours.id,
            "code": code,
            "redirect_uri": ours.back,
            "code_verifier": proof.verifier,
        }
        answered = self._pages.ask(
            "POST",
            "/oauth2/token",
            headers={
                "authorization": f"Basic {shown}",
                "content-type": "application/x-www-form-urlencoded",
            },
            body=urlencode(form),
        )
        token = answered.said.get("id_token")
        if answered.status != 200 or not isinstance(token, str):
            return None
        claims = self._verified(token)
        if claims is None or claims.get("nonce") != proof.nonce:
            return None
        return _staff(claims)

    def leave(self) -> str:
        asked = {"client_id": self._client.id, "logout_uri": self._client.left}
        return f"{self._pool.pages}/logout?{urlencode(asked)}"

    def _verified(self, token: str) -> dict[str, Any] | None:
        """What a token claims, if this pool signed it for us and its time is now."""
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                return None
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._client.id,
                issuer=self._pool.issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except jwt.PyJWTError:
            return None
        return claims if claims.get("token_use") == "id" else None

    def _key(self, name: str) -> jwt.PyJWK | None:
        if name not in self._keys:
            status, said = self._key_list.ask("GET", "/.well-known/jwks.json", headers={})
            if status != 200:
                raise Unavailable(f"{_NAME} showed no keys.")
            found = (jwt.PyJWK(one) for one in said.get("keys", ()) if one.get("kty") == "RSA")
            self._keys = {str(key.key_id): key for key in found}
        return self._keys.get(name)

    @cached_property
    def _client(self) -> _Client:
        """Ours among the pool's clients, with the addresses it may come back to.

        Looked up rather than told: it is made after the API, and the API after our function.
        """
        try:
            listed = self._cognito.list_user_pool_clients(UserPoolId=self._pool.id, MaxResults=60)
            (found,) = [one for one in listed["UserPoolClients"] if one["ClientName"] == _OURS]
            told = self._cognito.describe_user_pool_client(
                UserPoolId=self._pool.id, ClientId=found["ClientId"]
            )["UserPoolClient"]
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Unavailable(f"{_NAME} does not know us.") from error
        return _Client(
            told["ClientId"], told["ClientSecret"], told["CallbackURLs"][0], told["LogoutURLs"][0]
        )


def _staff(claims: dict[str, Any]) -> Staff | None:
    name = clean_address(str(claims.get("email", "")))
    if name is None or claims.get("email_verified") is not True:
        return None
    return Staff(name=name, roles=roles_of(claims.get("cognito:groups")))
