"""Certificates withdrawn by staff, let count again, and sent once more: told, kept, and once."""

from datetime import timedelta

import pytest

from shared.domain.certificate_life import Ground
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import LetterKind, LetterStatus
from shared.usecases.open_pages import NotFound, show_certificate
from shared.usecases.post_certificate_again import HOLDER, post_certificate_again
from shared.usecases.revoke_certificate import (
    NothingToChange,
    reinstate_certificate,
    revoke_certificate,
)
from tests.catalogues import classes_catalogue
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
HOLDER_ID = who("general@example.org")
WHY = "The report was of another class."


@pytest.fixture
def issued(world: World) -> World:
    """General paid for class 1, stayed, has the certificate, and had its letter."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "general@example.org")
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [("general@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)
    world.post()
    return world


def _revoke(world: World, **more: object) -> Certificate:
    return revoke_certificate(
        CLASS_1.id, HOLDER_ID, by="Noor", why=WHY, records=world.records, now=world.now,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _reinstate(world: World) -> Certificate:
    return reinstate_certificate(
        CLASS_1.id, HOLDER_ID, by="Noor", why="It was not.", records=world.records, now=world.now
    )


def _again(world: World, by: str) -> Certificate:
    return post_certificate_again(
        CLASS_1.id, HOLDER_ID, by=by, why="asked", records=world.records, now=world.now
    )


def _sent(world: World, kind: LetterKind) -> int:
    return sum(letter.status is LetterStatus.SENT for letter in world.letters(kind))


def test_who_when_and_why_are_kept_and_the_holder_is_told_in_the_same_commit(issued: World) -> None:
    _revoke(issued, ground=Ground.ATTENDANCE)

    (certificate,) = issued.certificates()
    assert certificate.status is CertificateStatus.REVOKED
    (act,) = certificate.acts
    assert (act.by, act.why, act.at, act.ground) == ("Noor", WHY, issued.now, Ground.ATTENDANCE)
    (letter,) = issued.letters(LetterKind.CERTIFICATE_REVOKED)
    assert letter.learner == HOLDER_ID


def test_withdrawing_again_changes_nothing_and_writes_nobody_twice(issued: World) -> None:
    first = _revoke(issued)
    issued.wait(days=1)
    again = _revoke(issued)

    assert again.acts == first.acts
    issued.post()
    assert _sent(issued, LetterKind.CERTIFICATE_REVOKED) == 1


def test_a_close_that_runs_again_does_not_bring_back_what_was_withdrawn(issued: World) -> None:
    _revoke(issued)
    issued.finish_close(CLASS_1.id)
    issued.issue(CLASS_1.id, HOLDER_ID)

    (certificate,) = issued.certificates()
    assert certificate.status is CertificateStatus.REVOKED
    assert len(issued.letters(LetterKind.CERTIFICATE)) == 1


def test_one_that_is_withdrawn_while_it_is_printed_is_never_given(world: World) -> None:
    from shared.usecases.issue_certificate import post_certificate, reserve_certificate

    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "general@example.org")
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [("general@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    from shared.usecases.decide_credit import decide_credit

    decide_credit(CLASS_1.id, records=world.records, documents=world.documents, now=world.now)
    reserve_certificate(
        CLASS_1.id, HOLDER_ID, records=world.records, random_bytes=lambda n: b"r" * n,
        page_of=lambda public_id: f"https://pages.example/certificates/{public_id}", now=world.now,
    )  # fmt: skip
    _revoke(world)
    post_certificate(CLASS_1.id, HOLDER_ID, "ab" * 32, records=world.records, now=world.now)

    (certificate,) = world.certificates()
    assert certificate.status is CertificateStatus.REVOKED
    assert world.letters(LetterKind.CERTIFICATE) == []
    assert world.letters(LetterKind.CERTIFICATE_REVOKED) == []
    assert isinstance(show_certificate(certificate.public_id, records=world.records), NotFound)
    _reinstate(world)
    world.issue(CLASS_1.id, HOLDER_ID)
    assert [kept.status for kept in world.certificates()] == [CertificateStatus.ISSUED]


def test_one_that_counts_again_has_its_words_its_number_and_its_document(issued: World) -> None:
    (before,) = issued.certificates()
    _revoke(issued)
    issued.wait(days=3)
    _reinstate(issued)
    _reinstate(issued)

    (after,) = issued.certificates()
    for kept in ("text", "document", "sha256", "issued_at", "status", "public_id"):
        assert getattr(after, kept) == getattr(before, kept)
    assert [act.what for act in after.acts] == ["revoked", "reinstated"]
    issued.post()
    assert _sent(issued, LetterKind.CERTIFICATE_REINSTATED) == 1
    # Undone before anybody was told: there was nothing to tell.
    assert _sent(issued, LetterKind.CERTIFICATE_REVOKED) == 0


def test_withdrawn_twice_is_told_twice(issued: World) -> None:
    for act in (_revoke, _reinstate, _revoke):
        act(issued)
        issued.post()
        issued.wait(hours=1)

    assert _sent(issued, LetterKind.CERTIFICATE_REVOKED) == 2
    assert _sent(issued, LetterKind.CERTIFICATE_REINSTATED) == 1


def test_staff_can_send_it_again_as_often_as_they_say(issued: World) -> None:
    for _ in range(2):
        _again(issued, "Noor")
        issued.post()

    assert _sent(issued, LetterKind.CERTIFICATE) == 3


def test_holders_can_have_it_sent_again_once_an_hour(issued: World) -> None:
    for minutes in (0, 1, 58, 1):
        issued.wait(minutes=minutes)
        _again(issued, HOLDER)
    issued.post()

    assert _sent(issued, LetterKind.CERTIFICATE) == 3


def test_what_was_withdrawn_cannot_be_sent_again(issued: World) -> None:
    _revoke(issued)
    with pytest.raises(NothingToChange, match="counts"):
        _again(issued, "Noor")


def test_nothing_is_withdrawn_from_somebody_who_has_nothing(issued: World) -> None:
    for act in (revoke_certificate, reinstate_certificate, post_certificate_again):
        with pytest.raises(NothingToChange, match="no certificate"):
            act(CLASS_1.id, "lnobody", by="N", why="w", records=issued.records, now=issued.now)
