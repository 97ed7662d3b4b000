"""The close of a session: who earned what, with reasons, and what happens when things come late."""

from datetime import datetime, timedelta

import pytest

from shared.domain.certificates import CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.sessions import SessionPhase
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()


def _stayed(
    address: str, session: object = CLASS_1, late: int = 0, early: int = 0
) -> tuple[str, datetime, datetime]:
    starts, ends = session.starts_at, session.ends_at  # type: ignore[attr-defined]
    return address, starts + timedelta(minutes=late), ends - timedelta(minutes=early)


@pytest.fixture
def after_class_1(world: World) -> World:
    """Class 1 is over: five people paid, of whom one was refunded."""
    world.publish(CLASSES)
    for tier in ("reduced", "general", "supporter"):
        world.pay(CLASSES, f"{CLASS_1.id}-{tier}", f"{tier}@example.org")
    world.pay(CLASSES, f"{CLASS_1.id}-general", "absent@example.org")
    refunded = paid(CLASSES, f"{CLASS_1.id}-general", "refunded@example.org", 90)
    world.deliver(refunded)
    world.deliver(refunded.model_copy(update={"event": "evt_back", "says": "refunded"}))
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    return world


def _verdicts(world: World, scope: str) -> dict[str, Verdict]:
    return {v.learner: v for v in world.records.find(Verdict.partition_of(scope), Verdict)}


def _why(world: World, scope: str, address: str) -> list[str]:
    return [reason.code for reason in _verdicts(world, scope)[who(address)].earned.reasons]


def test_general_and_supporter_who_stayed_get_certificates_and_reduced_does_not(
    after_class_1: World,
) -> None:
    world = after_class_1
    everyone = ("reduced", "general", "supporter", "refunded")
    world.report(CLASS_1.id, [_stayed(f"{name}@example.org") for name in everyone])

    assert world.close(CLASS_1.id) == "closed"

    assert {c.learner for c in world.certificates()} == {
        who("general@example.org"),
        who("supporter@example.org"),
    }
    assert _why(world, CLASS_1.id, "reduced@example.org") == ["tier_without_credit"]
    assert _why(world, CLASS_1.id, "absent@example.org") == ["absent"]
    assert _why(world, CLASS_1.id, "refunded@example.org") == ["refunded"]
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED


@pytest.mark.parametrize(
    ("late", "early", "codes"),
    [
        (15, 0, ["attended"]),
        (16, 0, ["late"]),
        (0, 15, ["attended"]),
        (0, 16, ["left_early"]),
        (20, 80, ["late", "left_early"]),
    ],
)
def test_fifteen_minutes_of_grace_and_not_one_more(
    after_class_1: World, late: int, early: int, codes: list[str]
) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org", late=late, early=early)])

    world.close(CLASS_1.id)

    assert _why(world, CLASS_1.id, "general@example.org") == codes


def test_two_devices_and_a_rejoin_are_one_presence(after_class_1: World) -> None:
    world = after_class_1
    start, end = CLASS_1.starts_at, CLASS_1.ends_at
    middle = start + timedelta(minutes=60)
    world.report(
        CLASS_1.id,
        [
            ("general@example.org", start, middle),
            ("general@example.org", start + timedelta(minutes=20), middle),
            ("general@example.org", middle + timedelta(minutes=15), end + timedelta(minutes=30)),
        ],
    )

    world.close(CLASS_1.id)

    verdict = _verdicts(world, CLASS_1.id)[who("general@example.org")]
    assert verdict.earned.granted
    assert verdict.minutes == 135


def test_who_left_after_half_is_told_why_and_who_never_came_is_not_bothered(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org", early=75)])

    world.close(CLASS_1.id)

    (letter,) = world.letters(LetterKind.NO_CERTIFICATE)
    assert letter.learner == who("general@example.org")


def test_the_close_waits_for_the_report_and_goes_on_when_it_comes(after_class_1: World) -> None:
    world = after_class_1
    assert world.close(CLASS_1.id) == "waiting for the report"
    assert len(world.letters(LetterKind.STAFF_REPORT_MISSING)) == 1

    world.report(CLASS_1.id, [_stayed("general@example.org")])

    ((token, data),) = world.close_machine.resumed
    assert (token, data["session"]) == (f"token-{CLASS_1.id}", CLASS_1.id)


def test_a_report_that_comes_after_the_close_gave_up_closes_the_session_again(
    after_class_1: World,
) -> None:
    from shared.usecases.close_session import give_up_waiting

    world = after_class_1
    world.close(CLASS_1.id)
    give_up_waiting(CLASS_1.id, CLASS_1.ends_at, records=world.records, now=world.now)
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED_WITHOUT_REPORT
    world.wait(days=5)

    world.report(CLASS_1.id, [_stayed("general@example.org")])

    ((name, data),) = world.close_machine.started.items()
    assert name.startswith(f"close-{CLASS_1.id}-20250622T1830Z-")
    assert world.close(CLASS_1.id, data["report"]) == "closed"
    assert len(world.certificates()) == 1


def test_a_corrected_report_replaces_the_earlier_one_and_takes_no_certificate_back(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org")])
    world.close(CLASS_1.id)
    world.wait(days=1)

    world.report(CLASS_1.id, [_stayed("supporter@example.org")])
    world.close(CLASS_1.id, world.state(CLASS_1.id).report)

    assert {c.learner for c in world.certificates()} == {
        who("general@example.org"),
        who("supporter@example.org"),
    }
    assert _why(world, CLASS_1.id, "general@example.org") == ["absent"]


def test_an_older_report_that_arrives_late_does_not_undo_a_newer_one(after_class_1: World) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org")])
    newer = world.state(CLASS_1.id).report
    world.wait(hours=-1)

    assert world.report(CLASS_1.id, [_stayed("reduced@example.org")]) == "superseded"
    assert world.state(CLASS_1.id).report == newer


def test_the_same_report_twice_changes_nothing(after_class_1: World) -> None:
    world = after_class_1
    rows = [_stayed("general@example.org")]
    assert [world.report(CLASS_1.id, rows) for _ in range(2)] == ["taken", "unchanged"]


def test_a_report_of_another_day_is_refused_with_the_reason(after_class_1: World) -> None:
    world = after_class_1
    day = timedelta(days=1)
    rows = [("general@example.org", CLASS_1.starts_at + day, CLASS_1.ends_at + day)]

    assert world.report(CLASS_1.id, rows) == "refused"

    (letter,) = world.letters(LetterKind.STAFF_REPORT_REFUSED)
    assert "Is it another session's report?" in letter.lines[0]


@pytest.mark.parametrize("when", ["early", "moved", "again"])
def test_a_close_that_is_early_stale_or_repeated_does_nothing(
    after_class_1: World, when: str
) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org")])
    if when == "early":
        world.now = CLASS_1.ends_at - timedelta(minutes=1)
    if when == "moved":
        moved = CLASS_1.model_copy(update={"ends": CLASS_1.ends + timedelta(hours=1)})
        world.publish(CLASSES.model_copy(update={"sessions": (moved, *CLASSES.sessions[1:])}))
        from shared.usecases.close_session import check_due

        due = check_due(CLASS_1.id, CLASS_1.ends_at, None, records=world.records, now=world.now)
        assert due.reason == "The session has moved."
        return
    if when == "again":
        world.close(CLASS_1.id)
    assert world.close(CLASS_1.id) in (
        "The session is not over.",
        "The session has been closed.",
    )


def test_a_name_in_a_script_without_a_font_is_parked_and_the_others_are_issued(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.pay(CLASSES, f"{CLASS_1.id}-general", "tanaka@example.org", buyer_name="田中太郎")
    world.report(CLASS_1.id, [_stayed(f"{n}@example.org") for n in ("tanaka", "general")])

    world.close(CLASS_1.id)

    states = {c.learner: c.status for c in world.certificates()}
    assert states == {
        who("tanaka@example.org"): CertificateStatus.PARKED,
        who("general@example.org"): CertificateStatus.ISSUED,
    }
    assert len(world.letters(LetterKind.STAFF_CERTIFICATE)) == 1


def test_a_certificate_is_issued_once_and_keeps_its_words_when_the_name_changes(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [_stayed("general@example.org")])
    world.close(CLASS_1.id)
    (before,) = world.certificates()

    world.pay(CLASSES, "all-five-general", "general@example.org", buyer_name="Somebody Else")
    world.issue(CLASS_1.id, who("general@example.org"))

    assert world.certificates() == [before]
    assert len(world.letters(LetterKind.CERTIFICATE)) == 1


def _play_unit(world: World, misses: dict[str, str]) -> World:
    world.publish(UNIT)
    for name in ("asha", "ravi"):
        world.pay(UNIT, "unit-standard", f"{name}@example.org")
    for part in UNIT.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        there = [n for n in ("asha", "ravi") if misses.get(n) != part.id]
        world.report(part.id, [_stayed(f"{name}@example.org", part) for name in there])
        world.close(part.id)
    return world


def test_a_unit_gives_one_certificate_for_all_parts_and_tells_who_missed_one(world: World) -> None:
    _play_unit(world, {"ravi": UNIT.sessions[2].id})

    (certificate,) = world.certificates()
    assert (certificate.scope, certificate.learner) == (UNIT.series.id, who("asha@example.org"))
    assert "7 hours" in certificate.text.details
    (letter,) = world.letters(LetterKind.NO_CERTIFICATE)
    assert letter.learner == who("ravi@example.org")
    why = _verdicts(world, UNIT.series.id)[who("ravi@example.org")].earned.why
    assert why.startswith("Advocacy Roles within Therapeutic Services (Nov 22): You are not in")


def test_nothing_is_said_of_a_unit_before_its_last_part(world: World) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", "asha@example.org")
    for part in UNIT.sessions[:3]:
        world.now = part.ends_at + timedelta(minutes=15)
        world.report(part.id, [_stayed("asha@example.org", part)])
        world.close(part.id)

    assert world.certificates() == []
    assert world.letters(LetterKind.NO_CERTIFICATE) == []


def test_an_early_start_does_not_use_up_the_name_of_the_real_close(after_class_1: World) -> None:
    from shared.usecases.close_session import start_close

    world = after_class_1
    early = CLASS_1.ends_at - timedelta(hours=1)

    def start(now: datetime) -> bool:
        return start_close(CLASS_1.id, CLASS_1.ends_at, workflows=world.close_machine, now=now)

    assert not start(early)
    assert world.close_machine.started == {}
    assert start(CLASS_1.ends_at)
    assert not start(CLASS_1.ends_at)


def test_a_close_that_waits_in_vain_leaves_a_session_that_was_moved_alone(
    after_class_1: World,
) -> None:
    from shared.usecases.close_session import give_up_waiting

    world = after_class_1
    world.close(CLASS_1.id)
    moved = CLASS_1.model_copy(
        update={
            "starts": CLASS_1.starts + timedelta(days=2),
            "ends": CLASS_1.ends + timedelta(days=2),
        }
    )
    world.wait(minutes=1)
    world.publish(CLASSES.model_copy(update={"sessions": (moved, *CLASSES.sessions[1:])}))

    give_up_waiting(CLASS_1.id, CLASS_1.ends_at, records=world.records, now=world.now)

    assert world.state(CLASS_1.id).phase is SessionPhase.OPEN


def test_going_back_to_an_earlier_report_closes_on_it_again(after_class_1: World) -> None:
    world = after_class_1
    general, supporter = ([_stayed(f"{n}@example.org")] for n in ("general", "supporter"))
    world.report(CLASS_1.id, general)
    world.close(CLASS_1.id)
    for rows in (supporter, general):
        world.wait(hours=1)
        world.report(CLASS_1.id, rows)
        world.close(CLASS_1.id, world.state(CLASS_1.id).report)

    assert len(world.close_machine.started) == 2
    assert world.state(CLASS_1.id).decided_report == world.state(CLASS_1.id).report


def test_who_is_in_a_report_without_times_is_not_credited_and_is_told_why(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.report_without_times(CLASS_1.id, ["general@example.org"])

    assert world.close(CLASS_1.id) == "closed"

    assert _why(world, CLASS_1.id, "general@example.org") == ["times_unknown"]
    assert _why(world, CLASS_1.id, "absent@example.org") == ["absent"]
    assert world.certificates() == []


def test_a_report_with_times_makes_good_one_without(after_class_1: World) -> None:
    world = after_class_1
    world.report_without_times(CLASS_1.id, ["general@example.org"])
    world.close(CLASS_1.id)
    world.wait(hours=1)

    world.report(CLASS_1.id, [_stayed("general@example.org")])
    world.close(CLASS_1.id, "again")

    assert _why(world, CLASS_1.id, "general@example.org") == ["attended"]


def test_the_same_report_again_changes_nothing(after_class_1: World) -> None:
    world = after_class_1
    rows = [_stayed("general@example.org")]
    assert world.report(CLASS_1.id, rows) == "taken"
    world.close(CLASS_1.id)
    before = world.state(CLASS_1.id)
    world.wait(hours=1)

    assert world.report(CLASS_1.id, rows) == "unchanged"

    assert world.state(CLASS_1.id) == before
    assert world.close_machine.started == {}


def test_who_cannot_be_matched_is_named_to_staff_and_teachers_and_own_people_are_not(
    after_class_1: World,
) -> None:
    world = after_class_1
    (teacher, *_), own = CLASS_1.faculty, CLASSES.institute.staff[0]
    rows = [_stayed(a) for a in ("general@example.org", "stranger@example.org", own)]
    rows += [_stayed(name) for name in ("iPhone", teacher)]  # names, and no addresses
    world.report(CLASS_1.id, rows)

    world.close(CLASS_1.id)

    (letter,) = world.letters(LetterKind.STAFF_CLOSE)
    (line,) = letter.lines
    assert line.endswith("credit nobody: iPhone, stranger.")
