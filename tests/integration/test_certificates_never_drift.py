"""What was issued stays as it was: no new template, typesetter or wording ever touches it."""

import hashlib
import shutil
from pathlib import Path

import pytest

from functions.session_closed import handler as close
from functions.session_closed import print_certificate
from shared.adapters import typst_certificates
from shared.adapters.typst_certificates import TypstCertificatePrinter
from shared.domain.certificates import Certificate
from shared.domain.letters import LetterKind
from tests.cloud import CONTEXT, Cloud
from tests.season import AMARA, CLASS_1, closed_season


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class was closed, and Amara holds a certificate."""
    return closed_season(cloud)


def _certificate(cloud: Cloud) -> Certificate:
    kept = cloud.records.get(Certificate.key_of(CLASS_1.id, AMARA), Certificate)
    assert kept is not None
    return kept


def _deploy_another_template(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> TypstCertificatePrinter:
    """From now on what prints is the printer of a later deploy, whose pages look different."""
    changed = folder / "certificate.typ"
    shutil.copy(typst_certificates._TEMPLATE, changed)
    changed.write_text(changed.read_text("utf-8").replace("size: 44 ", "size: 40 "), "utf-8")
    monkeypatch.setattr(typst_certificates, "_TEMPLATE", changed)
    printer = TypstCertificatePrinter()
    monkeypatch.setattr(print_certificate, "_printer", lambda: printer)
    return printer


def test_a_deploy_with_another_template_re_issues_nothing_and_writes_nobody(
    season: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, letters = _certificate(season), len(season.letters(LetterKind.CERTIFICATE))
    stood = season.document(before.document or "")
    _deploy_another_template(tmp_path, monkeypatch)

    decided = close.decide_credit({"session": CLASS_1.id}, CONTEXT)
    reserved = close.reserve_certificate({"scope": CLASS_1.id, "learner": AMARA}, CONTEXT)
    partition, sort = before.key()
    again = print_certificate.handler({"partition": partition, "sort": sort}, CONTEXT)
    close.post_certificate(
        {"scope": CLASS_1.id, "learner": AMARA, "sha256": again["sha256"]}, CONTEXT
    )

    assert (decided["earned"], reserved["to_print"]) == (0, False)
    # Even the printer itself, asked by hand, hands back what stands.
    assert again == {"printed": True, "sha256": before.sha256, "revision": 1}
    assert season.document(before.document or "") == stood
    assert hashlib.sha256(stood).hexdigest() == before.sha256
    assert _certificate(season) == before
    assert len(season.letters(LetterKind.CERTIFICATE)) == letters


def test_the_other_template_would_have_printed_other_bytes(
    season: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the bytes are the same because they stood, not because nothing changed."""
    before = _certificate(season)
    words = before.text.model_dump(mode="json")
    changed = _deploy_another_template(tmp_path, monkeypatch).typeset(words)

    assert changed != season.document(before.document or "")


def test_nobody_who_guesses_the_name_can_make_the_same_document(season: Cloud) -> None:
    """The seal is random and stands in the document alone, so its hash gives no name away."""
    certificate = _certificate(season)
    guessed = certificate.text.model_dump(mode="json") | {"seal": ""}

    assert len(certificate.text.seal) == 26
    assert certificate.text.seal != certificate.public_id
    forged = hashlib.sha256(TypstCertificatePrinter().typeset(guessed)).hexdigest()
    assert forged != certificate.sha256
