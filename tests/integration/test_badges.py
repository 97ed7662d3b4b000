"""Badges as whoever verifies them sees them: by an independent library, and by hand where it is not
enough. Signed for real by a key in KMS."""

import base64
import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jsonschema import Draft201909Validator  # type: ignore[import-untyped]
from moto.kms.utils import RSAPrivateKey
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from functions.learner_pages.badge import handler
from shared import wiring
from shared.adapters.memory_signer import MemorySigner
from shared.domain.badges import Addresses, public_jwk
from shared.domain.certificates import Certificate
from shared.ports import Signer
from shared.usecases.correct_certificate import correct_certificate
from shared.usecases.revoke_certificate import reinstate_certificate, revoke_certificate
from tests.cloud import CONTEXT, ENVIRON, Cloud, forget_wiring, link
from tests.gateway import proxy_event
from tests.season import AMARA, BO, CLASS_1, IDHA, PrintsHere, closed_season

BASE = ENVIRON["PUBLIC_BASE_URL"]
MY_BADGE = "/my-certificate/{token}/badge"
# The schema may not be kept here: decision record 0033.
_SCHEMA = os.environ.get("OB3_SCHEMA", "")


def a_key() -> str:
    """A new key in KMS, under the name that the functions use."""
    kms = wiring.client("kms")
    made = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    known = {one["AliasName"] for one in kms.list_aliases()["Aliases"]}
    act = kms.update_alias if ENVIRON["BADGE_KEY_ID"] in known else kms.create_alias
    act(AliasName=ENVIRON["BADGE_KEY_ID"], TargetKeyId=made)
    return str(made)


@pytest.fixture(autouse=True)
def _moto_signs_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto hashes what it is told is a hash already; KMS and the local stack do not."""

    def sign(key: RSAPrivateKey, message: bytes, signing_algorithm: str) -> bytes:
        assert (signing_algorithm, len(message)) == ("RSASSA_PKCS1_V1_5_SHA_256", 32)
        prehashed = utils.Prehashed(hashes.SHA256())
        return bytes(key.private_key.sign(message, padding.PKCS1v15(), prehashed))

    monkeypatch.setattr(RSAPrivateKey, "sign", sign)


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class was closed, Amara and Devika hold certificates, and there is a key."""
    a_key()
    return closed_season(cloud)


def _certificate(cloud: Cloud) -> Certificate:
    kept = cloud.records.get(Certificate.key_of(CLASS_1.id, AMARA), Certificate)
    assert kept is not None
    return kept


def _get(resource: str, **parameters: str) -> dict[str, Any]:
    answer: dict[str, Any] = handler(proxy_event("GET", resource, parameters), CONTEXT)
    return answer


def _badge() -> str:
    answer = _get(MY_BADGE, token=link("certificate", f"{CLASS_1.id}/{AMARA}"))
    assert answer["statusCode"] == 200
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/vc+jwt"]
    return str(answer["body"])


def _dereferenced(address: str) -> dict[str, Any]:
    """What stands at an address of ours, fetched as a verifier does."""
    resources = {
        "keys": "/badges/keys/{name}",
        "issuers": "/badges/issuers/{series}",
    }
    kind, name = re.fullmatch(rf"{BASE}/badges/(\w+)/([\w-]+)", address).groups()  # type: ignore[union-attr]
    (parameter,) = re.findall(r"{(\w+)}", resources[kind])
    answer = _get(resources[kind], **{parameter: name})
    assert answer["statusCode"] == 200
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def _key_of(token: str) -> RSAPublicKey:
    """The key that a token names, fetched from where the token says."""
    jwk = _dereferenced(jwt.get_unverified_header(token)["kid"])
    key = jwt.PyJWK(jwk).key
    assert isinstance(key, RSAPublicKey)
    return key


def _verified(token: str) -> Any:
    pem = _key_of(token).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return OB3Verifier(pem).verify(token)


def _status(token: str) -> bool:
    """Whether the badge is revoked, read off the list as the standard has it."""
    entry = jwt.decode(token, options={"verify_signature": False})["credentialStatus"]
    scope = entry["statusListCredential"].rpartition("/")[2]
    signed = str(_get("/badges/status/{scope}", scope=scope)["body"])
    said = jwt.decode(signed, _key_of(signed), algorithms=["RS256"], options={"verify_aud": False})
    subject = said["credentialSubject"]
    packed = subject["encodedList"]
    assert (packed[0], subject["statusPurpose"]) == ("u", entry["statusPurpose"])
    bits = gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 >= 131_072
    place = int(entry["statusListIndex"])
    return bool(bits[place // 8] & (128 >> place % 8))


def test_an_independent_verifier_accepts_the_badge(season: Cloud) -> None:
    credential = _verified(_badge())

    assert credential.achievement.name == CLASS_1.title
    assert credential.issuer.name == IDHA.institute.name


def test_a_badge_that_was_tampered_with_is_not_accepted(season: Cloud) -> None:
    """The control: the verifier does look."""
    head, body, signature = _badge().split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["credentialSubject"]["creditsEarned"] = 40.0
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    with pytest.raises(OB3VerificationError):
        _verified(f"{head}.{forged}.{signature}")


def test_the_head_and_the_claims_are_those_the_specification_asks_for(season: Cloud) -> None:
    token = _badge()
    head, said = (
        jwt.get_unverified_header(token),
        jwt.decode(token, _key_of(token), algorithms=["RS256"]),
    )

    assert set(head) == {"alg", "kid", "typ"} and head["alg"] == "RS256"
    assert said["iss"] == said["issuer"]["id"]
    assert said["jti"] == said["id"] == f"{_certificate(season).text.public_url}/badge"
    assert said["sub"] == said["credentialSubject"]["id"]
    issued_at = _certificate(season).issued_at
    assert issued_at is not None and said["nbf"] == int(issued_at.timestamp())
    assert said["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert "vc" not in said
    achievement = said["credentialSubject"]["achievement"]
    assert achievement["achievementType"] == "Certificate"
    assert achievement["creditsAvailable"] == said["credentialSubject"]["creditsEarned"] == 2.25
    assert CLASS_1.objectives[0] in achievement["criteria"]["narrative"]


# The contexts as an independent library ships them; the JSON schema no package of ours has.
_CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
}
_CLAIMS = {"iss", "jti", "nbf", "sub", "exp"}


def _words_of(context: Any) -> set[str]:
    """Every term that a JSON-LD context defines, at any depth."""
    if isinstance(context, list):
        return {word for one in context for word in _words_of(one)}
    if not isinstance(context, dict):
        return set()
    inner = (_words_of(meant.get("@context")) for meant in context.values() if _is_map(meant))
    return set(context).union(*inner)


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _words_said(said: Any) -> set[str]:
    """Every word a credential uses: its properties and its types."""
    if isinstance(said, list):
        return {word for one in said for word in _words_said(one)}
    if not isinstance(said, dict):
        return set()
    kinds = said.get("type", [])
    types = {kinds} if isinstance(kinds, str) else set(kinds)
    inner = (_words_said(value) for word, value in said.items() if word != "@context")
    return (set(said) | types).union(*inner)


def test_every_word_of_the_badge_stands_in_the_contexts_it_names(season: Cloud) -> None:
    said = jwt.decode(_badge(), options={"verify_signature": False})
    known = {"@context"} | _CLAIMS
    for context in said["@context"]:
        if isinstance(context, str):
            file = files("openbadgeslib.ob3.contexts") / _CONTEXTS[context]
            known |= _words_of(json.loads(file.read_bytes())["@context"])
        else:
            known |= _words_of(context)

    assert _words_said(said) - known == set()
    said["credentialSubject"]["creditsGiven"] = 1
    assert _words_said(said) - known == {"creditsGiven"}


@pytest.mark.skipif(not _SCHEMA, reason="OB3_SCHEMA names no copy of the published schema")
def test_the_badge_fits_the_published_schema_and_one_without_its_achievement_does_not(
    season: Cloud,
) -> None:
    schema = Draft201909Validator(json.loads(Path(_SCHEMA).read_bytes()))
    said = jwt.decode(_badge(), options={"verify_signature": False})

    assert [found.message for found in schema.iter_errors(said)] == []
    del said["credentialSubject"]["achievement"]
    assert not schema.is_valid(said)


def test_the_badge_names_its_holder_by_a_salted_hash_alone(season: Cloud) -> None:
    token = _badge()
    said = jwt.decode(token, options={"verify_signature": False})
    (identity,) = said["credentialSubject"]["identifier"]

    told = f"amara@example.org{identity['salt']}".encode()
    assert identity["identityHash"] == f"sha256${hashlib.sha256(told).hexdigest()}"
    assert (identity["hashed"], len(identity["salt"])) == (True, 32)
    assert "Amara" not in json.dumps(said) and "amara@" not in json.dumps(said)


def test_a_badge_is_signed_once_and_stands_whichever_key_signs_later(season: Cloud) -> None:
    first = _badge()
    a_key()
    forget_wiring()

    assert _badge() == first
    assert _verified(first)


def test_what_an_earlier_key_signed_can_be_verified_for_good(season: Cloud) -> None:
    first = _badge()
    a_key()
    forget_wiring()
    later = str(_get("/badges/status/{scope}", scope=CLASS_1.id)["body"])
    answer = _get("/badges/keys")

    listed = {one["kid"] for one in json.loads(answer["body"])["keys"]}
    assert listed == {jwt.get_unverified_header(token)["kid"] for token in (first, later)}
    assert len(listed) == 2
    assert answer["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["*"]


def test_the_issuer_can_be_looked_up_where_the_badge_says(season: Cloud) -> None:
    said = jwt.decode(_badge(), options={"verify_signature": False})
    profile = _dereferenced(said["issuer"]["id"])

    assert (profile["id"], profile["name"]) == (said["issuer"]["id"], IDHA.institute.name)
    assert profile["type"] == ["Profile"]


def test_a_withdrawn_certificate_takes_its_badge_with_it_and_brings_it_back(season: Cloud) -> None:
    told: dict[str, Any] = {"by": "Noor", "why": "w", "records": season.records, "now": season.now}
    token = _badge()
    assert not _status(token)

    revoke_certificate(CLASS_1.id, AMARA, **told)
    assert _status(token)
    assert _get(MY_BADGE, token=link("certificate", f"{CLASS_1.id}/{AMARA}"))["statusCode"] == 404
    reinstate_certificate(CLASS_1.id, AMARA, **told)
    assert not _status(token)


def test_a_corrected_certificate_has_a_badge_of_its_own_and_the_earlier_one_ends(
    season: Cloud,
) -> None:
    told: dict[str, Any] = {"by": "Noor", "why": "w", "records": season.records, "now": season.now}
    before = _badge()
    correct_certificate(CLASS_1.id, AMARA, name="Amara Osei", printing=PrintsHere(), **told)
    after = _badge()

    assert _status(before) and not _status(after)
    ids = [jwt.decode(one, options={"verify_signature": False})["id"] for one in (before, after)]
    assert ids[1] == f"{ids[0]}/2"
    assert _verified(after)


def test_strangers_find_a_badge_only_where_the_holder_shows_their_name(season: Cloud) -> None:
    certificate = _certificate(season)
    resources = ("/certificates/{public_id}/badge", "/certificates/{public_id}/badge.json")
    for resource in resources:
        assert _get(resource, public_id=certificate.public_id)["statusCode"] == 404
    season.records.commit(certificate.model_copy(update={"name_is_public": True}))

    signed, readable = (_get(one, public_id=certificate.public_id) for one in resources)
    assert signed["body"] == _badge()
    assert json.loads(readable["body"])["id"] == f"{certificate.text.public_url}/badge"


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        (MY_BADGE, {"token": link("certificate", f"{CLASS_1.id}/{BO}")}),
        (MY_BADGE, {"token": link("watch", f"{CLASS_1.id}/{AMARA}")}),
        (MY_BADGE, {"token": "made-up.token"}),
        ("/badges/keys/{name}", {"name": "none"}),
        ("/badges/keys/{name}", {"name": "..%2F..%2Fcertificates"}),
        ("/badges/issuers/{series}", {"series": "none"}),
        ("/badges/status/{scope}", {"scope": "none"}),
        ("/badges/elsewhere", {}),
    ],
)
def test_whatever_is_not_there_is_not_found(
    season: Cloud, resource: str, parameters: dict[str, str]
) -> None:
    assert _get(resource, **parameters)["statusCode"] == 404


@pytest.mark.parametrize("make", [MemorySigner, wiring.signer], ids=["memory", "kms"])
def test_both_signers_sign_alike(cloud: Cloud, make: Callable[[], Signer]) -> None:
    a_key()
    signer = make()
    key = serialization.load_der_public_key(signer.public_key())
    assert isinstance(key, RSAPublicKey)

    signature = signer.sign(b"message")

    key.verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())
    assert signer.sign(b"message") == signature
    jwk = public_jwk(signer.public_key(), Addresses(BASE))
    read = jwt.PyJWK(jwk).key
    assert isinstance(read, RSAPublicKey) and read.public_numbers() == key.public_numbers()
