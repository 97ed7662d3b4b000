"""Make a certificate's badge when it is first asked for, keep it, and say which badges count.

What was signed once stands: the bytes in the bucket decide, whichever key signs today. Public keys
are kept beside the badges, so that what an earlier key signed can be verified for good.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from shared.domain.badges import (
    Addresses,
    BadgeList,
    BadgePlace,
    BadgeRevoked,
    badge,
    badge_file,
    issuer_file,
    key_file,
    places,
    profile,
    public_jwk,
    signed,
    status_list,
    thumbprint,
    to_be_signed,
)
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.registrations import Learner
from shared.domain.sessions import Series
from shared.ports import Files, Records, Signer
from shared.usecases.commit_again import until_committed

_KEYS = "badges/keys/"
# A list that names nobody has been so since before there were badges.
_SINCE = datetime(2025, 1, 1, tzinfo=UTC)


def make_badge(
    certificate: Certificate,
    *,
    records: Records,
    documents: Files,
    signer: Signer,
    random_bytes: Callable[[int], bytes],
) -> str | None:
    """The badge as a compact JWS, the same for good; None unless the certificate counts."""
    if certificate.status is not CertificateStatus.ISSUED:
        return None
    file = badge_file(certificate.public_id, certificate.revision)
    if _stands(file, documents):
        return documents.read(file).decode()
    series = records.get(Series.key_of(certificate.series), Series)
    person = records.get(Learner.key_of(certificate.learner), Learner)
    if series is None or person is None:
        return None
    at = Addresses(certificate.text.public_url.rpartition("/certificates/")[0])
    place = until_committed(lambda: _take_place(certificate, at.base, records))
    claims = badge(certificate, series.catalogue, person.address, place, random_bytes(16).hex(), at)
    token = _sign(claims, signer, documents, at)
    issuer = json.dumps(profile(series.catalogue, at), ensure_ascii=False).encode()
    documents.write(issuer_file(certificate.series), issuer, "application/ld+json")
    return documents.write_once(file, token.encode(), "application/vc+jwt").decode()


def which_count(scope: str, *, records: Records, documents: Files, signer: Signer) -> str | None:
    """The signed list of a class's (or unit's) badges that were revoked; None if it has none."""
    kept = records.get(BadgeList.key_of(scope), BadgeList)
    if kept is None:
        return None
    noted = records.find(kept.key().partition, BadgeRevoked, "REVOKED#")
    revoked = [one.place for one in noted if one.revoked]
    at = Addresses(kept.base)
    return _sign(status_list(scope, kept.series, revoked, at, _SINCE), signer, documents, at)


def key_set(*, documents: Files) -> dict[str, Any]:
    """Every public key that ever signed a badge, as a JWK set."""
    return {"keys": [json.loads(documents.read(key)) for key, *_ in documents.under(_KEYS)]}


def published(file: str, *, documents: Files) -> dict[str, Any] | None:
    """A key or a profile that stands in the bucket, or None if there is none."""
    if not _stands(file, documents):
        return None
    found: dict[str, Any] = json.loads(documents.read(file))
    return found


def _stands(file: str, documents: Files) -> bool:
    """Whether there is such a file: asked of the list, for reading what is not there is refused."""
    return any(key == file for key, *_ in documents.under(file))


def _take_place(certificate: Certificate, base: str, records: Records) -> int:
    """The place of this badge in its list: the one it has, or the first that is free."""
    mine = (certificate.public_id, certificate.revision)
    for place in places(*mine):
        taken = records.get(BadgePlace.key_of(certificate.scope, place), BadgePlace)
        if taken is not None and (taken.public_id, taken.revision) == mine:
            return place
        if taken is None:
            current = records.get(certificate.key(), Certificate) or certificate
            wanted = BadgePlace(
                scope=certificate.scope, place=place, public_id=mine[0], revision=mine[1]
            )
            scope = certificate.scope
            listed = records.get(BadgeList.key_of(scope), BadgeList)
            new = BadgeList(scope=scope, series=certificate.series, base=base)
            mine_now = current.model_copy(update={"badge_place": place})
            records.commit(wanted, mine_now, *([] if listed else [new]))
            return place
    raise LookupError(f"The list of badges of '{certificate.scope}' is full.")


def _sign(claims: dict[str, Any], signer: Signer, documents: Files, at: Addresses) -> str:
    message = to_be_signed(claims, _keep_key(signer, documents, at)["kid"])
    return signed(message, signer.sign(message))


def _keep_key(signer: Signer, documents: Files, at: Addresses) -> dict[str, str]:
    """The public key that signs now; kept before anything it signs is handed out."""
    jwk = public_jwk(signer.public_key(), at)
    content = json.dumps(jwk, sort_keys=True).encode()
    documents.write_once(key_file(thumbprint(jwk)), content, "application/jwk+json")
    return jwk
