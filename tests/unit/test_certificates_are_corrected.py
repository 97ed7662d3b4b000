"""Certificates corrected: a new revision, the same number, and nothing of the earlier one lost."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.adapters.memory import MemoryPrinting
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import LetterKind, LetterStatus
from shared.failures import Unavailable
from shared.usecases.correct_certificate import correct_certificate
from shared.usecases.revoke_certificate import NothingToChange, revoke_certificate
from tests.catalogues import classes_catalogue
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
HOLDER = who("general@example.org")


@pytest.fixture
def issued(world: World) -> World:
    """General paid for class 1, stayed, has the certificate, and had its letter."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "general@example.org", buyer_name="Genral Tipo")
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [("general@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)
    world.post()
    world.wait(days=2)
    return world


def _correct(world: World, name: str | None = "General Typo", **more: object) -> Certificate:
    told: dict[str, object] = {"printing": world.printing} | more
    return correct_certificate(
        CLASS_1.id, HOLDER, by="Noor", why="A letter was missing.", name=name,
        records=world.records, now=world.now, **told,  # type: ignore[arg-type]
    )  # fmt: skip


def _only(world: World) -> Certificate:
    (certificate,) = world.certificates()
    return certificate


def test_a_corrected_name_is_a_new_revision_under_the_same_number(issued: World) -> None:
    before = _only(issued)
    after = _correct(issued)

    assert after.text.name == "General Typo"
    for same in ("number", "public_url", "title", "details", "seal", "objectives"):
        assert getattr(after.text, same) == getattr(before.text, same)
    assert (after.public_id, after.issued_at) == (before.public_id, before.issued_at)
    assert (after.revision, after.corrected_at) == (2, issued.now)
    assert after.text.statements[:-1] == before.text.statements
    assert after.text.statements[-1] == (
        "Corrected on Tuesday, June 24, 2025. It replaces the certificate of the same number that"
        " was issued on Sunday, June 22, 2025."
    )


def test_the_earlier_words_their_document_and_its_hash_are_kept(issued: World) -> None:
    before = _only(issued)
    after = _correct(issued)

    (earlier,) = after.earlier
    assert (earlier.text, earlier.sha256, earlier.revision) == (before.text, before.sha256, 1)
    for kept in (earlier, after):
        stands = issued.documents.objects[kept.document or ""]
        assert hashlib.sha256(stands).hexdigest() == kept.sha256
    assert earlier.document != after.document


def test_the_holder_gets_the_corrected_one_once(issued: World) -> None:
    _correct(issued)
    issued.post()
    issued.sweep()
    issued.post()

    (letter,) = issued.letters(LetterKind.CERTIFICATE_CORRECTED)
    assert letter.status is LetterStatus.SENT


def test_what_is_said_already_is_no_correction(issued: World) -> None:
    for name in ("Genral Tipo", " Genral  Tipo "):
        with pytest.raises(NothingToChange, match="already"):
            _correct(issued, name)
    _correct(issued)
    with pytest.raises(NothingToChange, match="already"):
        _correct(issued)
    assert len(issued.letters(LetterKind.CERTIFICATE_CORRECTED)) == 1


def test_a_second_correction_says_what_it_replaces_and_not_what_that_replaced(
    issued: World,
) -> None:
    _correct(issued)
    issued.wait(days=10)
    after = _correct(issued, "General Typographer")

    assert [kept.revision for kept in after.earlier] == [1, 2]
    assert len(after.text.statements) == len(CLASSES.institute.certificate_statements) + 1
    assert "issued on Tuesday, June 24, 2025" in after.text.statements[-1]


def test_without_asking_for_it_no_word_but_the_name_follows_the_catalogue(issued: World) -> None:
    moved = CLASS_1.model_copy(update={"credit_hours": Decimal("2.5"), "title": "Renamed"})
    issued.publish(CLASSES.model_copy(update={"sessions": (moved, *CLASSES.sessions[1:])}))
    after = _correct(issued)
    assert "2.25 CE hours" in after.text.details and after.text.title == CLASS_1.title

    issued.wait(days=1)
    after = _correct(issued, None, from_catalogue=True)
    assert "2.5 CE hours" in after.text.details and after.text.title == "Renamed"
    assert (after.hours, after.text.name) == (Decimal("2.5"), "General Typo")
    assert after.text.number == after.earlier[0].text.number


def test_until_the_new_document_stands_the_old_one_counts_and_the_sweep_finishes(
    issued: World,
) -> None:
    before = _only(issued)
    silent = MemoryPrinting(issued.records, issued.documents, silent=True)
    with pytest.raises(Unavailable):
        _correct(issued, printing=silent)

    between = _only(issued)
    assert (between.text, between.sha256, between.revision) == (before.text, before.sha256, 1)
    assert issued.letters(LetterKind.CERTIFICATE_CORRECTED) == []
    issued.wait(hours=1)
    assert issued.sweep().corrections == 1
    assert issued.sweep().corrections == 0
    assert _only(issued).text.name == "General Typo"
    assert len(issued.letters(LetterKind.CERTIFICATE_CORRECTED)) == 1


def test_the_same_wish_again_only_finishes_what_was_begun(issued: World) -> None:
    silent = MemoryPrinting(issued.records, issued.documents, silent=True)
    for _ in range(2):
        with pytest.raises(Unavailable):
            _correct(issued, printing=silent)
    with pytest.raises(NothingToChange, match="in a moment"):
        _correct(issued, "Somebody Else")
    assert _correct(issued).revision == 2


def test_a_name_no_font_can_draw_leaves_everything_as_it_was(issued: World) -> None:
    before = _only(issued)
    with pytest.raises(NothingToChange, match="no font"):
        _correct(issued, "田中太郎")

    after = _only(issued)
    assert (after.text, after.sha256, after.draft) == (before.text, before.sha256, None)
    assert after.waiting is None
    # The number is used up, so that no document of the failed one could ever be taken for it.
    assert _correct(issued).revision == 3


def test_what_was_withdrawn_meanwhile_is_not_corrected_back_to_life(issued: World) -> None:
    silent = MemoryPrinting(issued.records, issued.documents, silent=True)
    with pytest.raises(Unavailable):
        _correct(issued, printing=silent)
    revoke_certificate(
        CLASS_1.id, HOLDER, by="Noor", why="No.", records=issued.records, now=issued.now
    )
    issued.wait(hours=1)
    issued.sweep()

    certificate = _only(issued)
    assert (certificate.status, certificate.revision) == (CertificateStatus.REVOKED, 1)
    with pytest.raises(NothingToChange, match="counts"):
        _correct(issued)


def test_a_new_wording_policy_or_catalogue_re_issues_nothing_and_writes_nobody(
    issued: World,
) -> None:
    """What an upgrade did elsewhere: re-issue and re-send every certificate there ever was."""
    before, document = _only(issued), dict(issued.documents.objects)
    letters = len(issued.letters(LetterKind.CERTIFICATE))
    institute = CLASSES.institute.model_copy(
        update={"name": "Another Name", "certificate_statements": ("Another statement.",)}
    )
    sessions = tuple(
        one.model_copy(update={"title": f"New: {one.title}", "credit_hours": Decimal(9)})
        for one in CLASSES.sessions
    )
    issued.publish(CLASSES.model_copy(update={"institute": institute, "sessions": sessions}))
    issued.finish_close(CLASS_1.id)
    issued.issue(CLASS_1.id, HOLDER)
    issued.sweep()
    issued.post()

    assert _only(issued) == before
    assert issued.documents.objects[before.document or ""] == document[before.document or ""]
    assert len(issued.letters(LetterKind.CERTIFICATE)) == letters
    assert issued.letters(LetterKind.CERTIFICATE_CORRECTED) == []
