"""A certificate as an Open Badge 3.0: a Verifiable Credential, secured as a compact JWS (VC-JWT).

Made from the frozen words of a certificate. It names its holder by a salted hash of their address
and by nothing else. Whether it still counts is a bit in a list of its class (Bitstring Status
List), which anybody may fetch without saying which badge they look at.
"""

import base64
import gzip
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.record import Key, Record

_CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# As many places as the standard asks for at least, so that one badge hides among many.
PLACES: Final = 131_072


class BadgePlace(Record):
    """Which place in the list of its class a badge has. Taken once, never given to another."""

    kind: ClassVar[str] = "badge_place"

    scope: str
    place: int
    public_id: str
    revision: int

    @staticmethod
    def key_of(scope: str, place: int) -> Key:
        """Where that place stands."""
        return Key(f"BADGES#{scope}", f"PLACE#{place}")

    def key(self) -> Key:
        return self.key_of(self.scope, self.place)


class BadgeList(Record):
    """That a class (or unit) has badges, and under which addresses they were issued."""

    kind: ClassVar[str] = "badge_list"

    scope: str
    series: str
    base: str

    @staticmethod
    def key_of(scope: str) -> Key:
        """Where that is noted."""
        return Key(f"BADGES#{scope}", "LIST")

    def key(self) -> Key:
        return self.key_of(self.scope)


class BadgeRevoked(Record):
    """That the badge in a place was revoked; `revoked` turns false if it counts again."""

    kind: ClassVar[str] = "badge_revoked"

    scope: str
    place: int
    revoked: bool = True

    @staticmethod
    def key_of(scope: str, place: int) -> Key:
        """Where that is noted."""
        return Key(f"BADGES#{scope}", f"REVOKED#{place}")

    def key(self) -> Key:
        return self.key_of(self.scope, self.place)


class Addresses(NamedTuple):
    """The addresses under which what belongs to badges is found; `base` has no slash at its end."""

    base: str

    def issuer(self, series: str) -> str:
        """The profile of the institute that issues."""
        return f"{self.base}/badges/issuers/{series}"

    def key(self, thumbprint: str) -> str:
        """A public key."""
        return f"{self.base}/badges/keys/{thumbprint}"

    def status(self, scope: str) -> str:
        """The list that says which badges of a class count."""
        return f"{self.base}/badges/status/{scope}"


def badge_file(public_id: str, revision: int) -> str:
    """The object key of a signed badge."""
    return f"badges/{public_id}-{revision}.jwt"


def key_file(name: str) -> str:
    """The object key of the public half of a key."""
    return f"badges/keys/{name}.json"


def issuer_file(series: str) -> str:
    """The object key of the profile of whoever issues the badges of a series."""
    return f"badges/issuers/{series}.json"


def places(public_id: str, revision: int) -> Iterable[int]:
    """The places that a badge may take, in the order to try them: spread over the list, stable."""
    for attempt in range(64):
        told = hashlib.sha256(f"{public_id}/{revision}/{attempt}".encode()).digest()
        yield int.from_bytes(told[:4]) % PLACES


def profile(catalogue: Catalogue, at: Addresses) -> dict[str, Any]:
    """The institute as an issuer."""
    institute = catalogue.institute
    return {
        "@context": [_CREDENTIALS, _BADGES],
        "id": at.issuer(catalogue.series.id),
        "type": ["Profile"],
        "name": institute.name,
        "url": catalogue.series.page,
        "email": institute.contact,
    }


def badge(
    certificate: Certificate,
    catalogue: Catalogue,
    address: str,
    place: int,
    salt: str,
    at: Addresses,
) -> dict[str, Any]:
    """The credential of an issued certificate, with the claims that a JWT needs beside it."""
    text = certificate.text
    issuer = profile(catalogue, at) | {"name": text.institute}
    del issuer["@context"]
    issued_at = certificate.corrected_at or certificate.issued_at or certificate.reserved_at
    later = f"/{certificate.revision}" if certificate.revision > 1 else ""
    identifier = f"{text.public_url}/badge{later}"
    subject = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, identifier)}"
    hours = float(certificate.hours) if certificate.hours else None
    achievement: dict[str, Any] = {
        "id": f"{issuer['id']}#{certificate.scope}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": text.title,
        "description": f"{text.institute}: {text.sentence} “{text.title}”. {text.details}.",
        "criteria": {"narrative": _criteria(certificate)},
        **({"creditsAvailable": hours} if hours else {}),
    }
    hashed = hashlib.sha256((address + salt).encode()).hexdigest()
    status = at.status(certificate.scope)
    credential = {
        "@context": [_CREDENTIALS, _BADGES],
        "id": identifier,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{text.heading}: {text.title}",
        "issuer": issuer,
        "validFrom": _iso(issued_at),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "emailAddress",
                    "hashed": True,
                    "salt": salt,
                    "identityHash": f"sha256${hashed}",
                }
            ],
            "achievement": achievement,
            **({"creditsEarned": hours} if hours else {}),
        },
        "credentialStatus": {
            "id": f"{status}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place),
            "statusListCredential": status,
        },
    }
    return _with_claims(credential, str(issuer["id"]), subject, issued_at)


def status_list(
    scope: str, series: str, revoked: Iterable[int], at: Addresses, since: datetime
) -> dict[str, Any]:
    """The credential that says which badges of a class were revoked; all others count."""
    bits = bytearray(PLACES // 8)
    for place in revoked:
        bits[place // 8] |= 128 >> place % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    address, issuer = at.status(scope), at.issuer(series)
    subject = f"{address}#list"
    credential = {
        "@context": [_CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _iso(since),
        "credentialSubject": {
            "id": subject,
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{_encode(packed)}",
        },
    }
    return _with_claims(credential, issuer, subject, since)


def to_be_signed(claims: Mapping[str, Any], key_address: str) -> bytes:
    """Head and claims of a JWS as the bytes that RS256 signs: the same claims, the same bytes."""
    head = {"alg": "RS256", "kid": key_address, "typ": "JWT"}
    return ".".join(_encode(_json(part)) for part in (head, dict(claims))).encode()


def signed(message: bytes, signature: bytes) -> str:
    """The compact JWS."""
    return f"{message.decode()}.{_encode(signature)}"


def claims_of(token: str) -> dict[str, Any]:
    """What one of our own tokens says; its signature is not looked at."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def public_jwk(der: bytes, at: Addresses) -> dict[str, str]:
    """An RSA public key (SubjectPublicKeyInfo, DER) as a JWK whose `kid` is where it is found."""
    modulus, exponent = _rsa_numbers(der)
    bare = {"e": _encode(exponent), "kty": "RSA", "n": _encode(modulus)}
    return {**bare, "use": "sig", "alg": "RS256", "kid": at.key(thumbprint(bare))}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The name of a key that its numbers give it (RFC 7638)."""
    bare = {name: jwk[name] for name in ("e", "kty", "n")}
    return _encode(hashlib.sha256(_json(bare)).digest())


def _criteria(certificate: Certificate) -> str:
    text = certificate.text
    goals = "".join(f"\n- {objective}" for objective in text.objectives)
    heading = f"\n\n{text.labels.objectives}:{goals}" if goals else ""
    return f"Live attendance, from the start to the end. {text.details}.{heading}"


def _with_claims(
    credential: dict[str, Any], issuer: str, subject: str, valid_from: datetime
) -> dict[str, Any]:
    registered = {"iss": issuer, "jti": credential["id"], "sub": subject}
    return {**credential, **registered, "nbf": int(valid_from.timestamp())}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _rsa_numbers(der: bytes) -> tuple[bytes, bytes]:
    """(modulus, exponent): the two whole numbers in a sequence in a bit string in a sequence."""
    outer, _ = _inside(der, 0x30)
    _, after_algorithm = _inside(outer, 0x30)
    bits, _ = _inside(after_algorithm, 0x03)
    numbers, _ = _inside(bits[1:], 0x30)
    modulus, rest = _inside(numbers, 0x02)
    exponent, _ = _inside(rest, 0x02)
    return modulus.lstrip(b"\0"), exponent.lstrip(b"\0")


def _inside(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """(content, rest) of one DER element of that kind. Raises ValueError for another."""
    if len(der) < 2 or der[0] != tag:
        raise ValueError("This is no RSA public key.")
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start])
    return der[start : start + length], der[start + length :]
