"""What a viewer is shown of a session's files, and what is known of who opened them."""

from datetime import timedelta
from itertools import permutations

import pytest

from shared.domain.decisions import granted
from shared.domain.letters import LetterKind
from shared.domain.made_up import MadeUp
from shared.domain.openings import (
    MOST_IN_A_DAY,
    MOST_IN_ALL,
    ORIGINS_KEPT,
    Opening,
    Origins,
    judge_sharing,
    network_of,
)
from shared.domain.recording_files import TEXT_LIMIT
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.watch_links import HOLDER, WatchLink, read_subject, subject_of
from shared.domain.watching import Programme, Role, group_files
from shared.failures import Conflict
from shared.usecases.count_opening import count_opening
from shared.usecases.look_up_openings import look_up_openings
from shared.usecases.open_pages import NotFound
from shared.usecases.open_recording import Allowed, Captions, Media, open_captions
from shared.usecases.replace_watch_link import replace_watch_link
from shared.usecases.revoke_certificate import NothingToChange
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import CAPTIONS, KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
ANA = "ana@example.org"
NOON = CLASS_1.ends_at


def file(name: str, minutes: int = 0, size: int = 1000, **changes: object) -> Recording:
    return Recording(
        session=CLASS_1.id, name=name, object_key=f"recordings/{CLASS_1.id}/{name}",
        object_version="v1", size=size, uploaded_at=NOON + timedelta(minutes=minutes),
        status=RecordingStatus.READY, judged=granted("recording-1", "plausible", "It is one."),
    ).model_copy(update=changes)  # fmt: skip


def named(programme: Programme) -> dict[str, str]:
    return {str(role): one.name for role, one in programme.files.items()} | {
        f"captions {tag}": one.name for tag, one in programme.captions.items()
    }


WHOLE = (
    "main.mp4", "asl.mp4", "audio.m4a", "captions.en.vtt", "captions.es.vtt", "transcript.txt",
    "slides.pdf",
)  # fmt: skip


def test_every_file_is_known_by_its_name_in_whatever_order_they_come() -> None:
    expected = {
        "main": "main.mp4", "asl": "asl.mp4", "audio": "audio.m4a", "transcript": "transcript.txt",
        "slides": "slides.pdf", "captions en": "captions.en.vtt", "captions es": "captions.es.vtt",
    }  # fmt: skip
    for order in list(permutations(WHOLE))[::97]:
        programme = group_files(file(name, minute) for minute, name in enumerate(order))
        assert named(programme) == expected
        assert programme.played == (Role.MAIN, Role.SIGNED, Role.SOUND)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["class-1.mp4", "class-1.vtt"], {"main": "class-1.mp4", "captions en": "class-1.vtt"}),
        (["class.mp4", "zoom.1.vtt"], {"main": "class.mp4", "captions en": "zoom.1.vtt"}),
        (["first.mp4", "second.mp4"], {"main": "second.mp4"}),
        (["Class.MP4", "class.es.VTT"], {"main": "Class.MP4", "captions es": "class.es.VTT"}),
        (["sound.m4a"], {"audio": "sound.m4a"}),
        (["main.mp4", "asl.vtt", "other.vtt"], {"main": "main.mp4"}),
        (["notes.txt", "flyer.pdf", "noname", ".mp4x"], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_names_of_before_are_known_too_and_what_has_no_part_is_left_out(
    names: list[str], expected: dict[str, str]
) -> None:
    assert named(group_files(file(name, at) for at, name in enumerate(names))) == expected


def test_what_was_set_aside_and_captions_of_a_strange_size_are_not_shown() -> None:
    files = [
        file("main.mp4"),
        file("asl.mp4", status=RecordingStatus.QUARANTINED),
        file("captions.en.vtt", size=TEXT_LIMIT + 1),
    ]
    assert named(group_files(files)) == {"main": "main.mp4"}


@pytest.mark.parametrize(
    ("wish", "plays"),
    [("", Role.MAIN), ("asl", Role.SIGNED), ("slides", Role.MAIN), ("../etc", Role.MAIN)],
)
def test_a_wish_for_what_does_not_play_is_a_wish_for_the_first(wish: str, plays: Role) -> None:
    assert group_files(file(name) for name in WHOLE).wished(wish) is plays


def test_where_nothing_plays_no_wish_is_granted() -> None:
    assert group_files([file("transcript.txt")]).wished("main") is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("not an address", "not an address"),
        ("", ""),
        ("x" * 500, "x" * 64),
    ],
)
def test_a_phone_that_changes_its_address_stays_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


def _opened_from(places: int, within: timedelta) -> Origins:
    origins = Origins(session=CLASS_1.id, learner="lana")
    for place in range(places):
        origins = origins.and_from(f"place-{place}", 0, NOON + within * place / max(places - 1, 1))
    return origins


@pytest.mark.parametrize(
    ("places", "within", "codes"),
    [
        (MOST_IN_A_DAY, timedelta(hours=23), []),
        (MOST_IN_A_DAY + 1, timedelta(hours=23), ["many_in_a_day"]),
        (MOST_IN_A_DAY + 1, timedelta(days=2), []),
        (MOST_IN_ALL, timedelta(days=29), []),
        (MOST_IN_ALL + 1, timedelta(days=29), ["many_in_all"]),
        (MOST_IN_ALL + 1, timedelta(hours=2), ["many_in_a_day", "many_in_all"]),
        (500, timedelta(hours=2), ["many_in_a_day", "many_in_all"]),
    ],
)
def test_a_link_is_thought_shared_only_beyond_what_one_person_does(
    places: int, within: timedelta, codes: list[str]
) -> None:
    judged = judge_sharing(_opened_from(places, within), NOON + within)
    assert [reason.code for reason in judged.reasons if not judged.granted] == codes


def test_places_are_forgotten_after_a_month_and_begin_anew_with_a_new_link() -> None:
    origins = _opened_from(5, timedelta(hours=1))
    later = NOON + ORIGINS_KEPT + timedelta(hours=2)

    assert [one.name for one in origins.and_from("home", 0, later).seen] == ["home"]
    assert [one.name for one in origins.and_from("home", 1, NOON).seen] == ["home"]
    assert origins.expires_at is not None
    assert origins.expires_at <= (NOON + ORIGINS_KEPT + timedelta(hours=1)).timestamp()


@pytest.mark.parametrize("text", ["", "class", "class/", "class//2", "class/l/x", "class/l/²", "/"])
def test_what_is_no_subject_of_a_link_is_none(text: str) -> None:
    linked = read_subject(text)
    assert linked is None or linked.session == ""


@pytest.mark.parametrize("generation", [0, 1, 12])
def test_a_link_says_which_generation_it_is(generation: int) -> None:
    assert read_subject(subject_of("class", "lana", generation)) == ("class", "lana", generation)


# --- what is done with it -------------------------------------------------------------------


@pytest.fixture
def recorded(world: World) -> World:
    """Ana registered, class 1 is over, and its video is there with captions."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.upload_recording(CLASS_1.id)
    world.upload_recording(CLASS_1.id, "main.vtt", content=CAPTIONS, version="c1")
    return world


def _allowed(world: World, generation: int = 0) -> Allowed:
    allowed = world.may_watch(CLASS_1.id, ANA, generation)
    assert isinstance(allowed, Allowed)
    return allowed


def _open(world: World, address: str = "203.0.113.7", *, fetched: bool = False) -> bool:
    generation = _link(world).generation
    return count_opening(
        _allowed(world, generation), address, fetched=fetched, records=world.records, key=KEY,
        now=world.now,
    )  # fmt: skip


def _link(world: World) -> WatchLink:
    kept = world.records.get(WatchLink.key_of(CLASS_1.id, who(ANA)), WatchLink)
    return kept or WatchLink(session=CLASS_1.id, learner=who(ANA))


def _replace(world: World, **more: int) -> WatchLink:
    return replace_watch_link(
        CLASS_1.id, who(ANA), by="Sam", why="It was on a forum.", records=world.records,
        now=world.now, **more,
    )  # fmt: skip


def _letter_about(world: World, kind: LetterKind) -> list[str]:
    return [letter.about for letter in world.letters(kind)]


def test_captions_come_in_full_and_in_the_languages_there_are(recorded: World) -> None:
    allowed = _allowed(recorded)

    assert open_captions("en", allowed, uploads=recorded.uploads) == Captions(CAPTIONS)
    assert isinstance(open_captions("xx", allowed, uploads=recorded.uploads), NotFound)


def test_openings_are_counted_and_a_player_that_fetches_again_is_one_opening(
    recorded: World,
) -> None:
    first = recorded.now
    _open(recorded)
    for _ in range(5):
        recorded.wait(minutes=9)
        _open(recorded, fetched=True)
    last = recorded.now
    _open(recorded)

    (opening,) = recorded.records.everything(Opening)
    assert (opening.count, opening.first_at, opening.last_at) == (2, first, last)
    assert opening.fetched_at == first + timedelta(minutes=9)
    (said,) = look_up_openings(CLASS_1.id, records=recorded.records)
    assert (said["learner"], said["count"], said["networks"]) == (who(ANA), 2, 1)


def test_who_has_had_the_recording_of_a_part_may_make_up_for_it(recorded: World) -> None:
    """A look at the page is not enough: a mail program may have looked."""
    unit = unit_catalogue()
    part = unit.sessions[0]
    policy = unit.policies.credit.model_copy(update={"make_up": (part.kind,)})
    policies = unit.policies.model_copy(update={"credit": policy})
    recorded.publish(unit.model_copy(update={"policies": policies}))
    recorded.pay(unit, unit.prices[0].id, ANA)
    recorded.now = part.ends_at + timedelta(minutes=15)
    recorded.upload_recording(part.id)
    allowed = recorded.may_watch(part.id, ANA)
    assert isinstance(allowed, Allowed)

    for fetched, kept in ((False, 0), (True, 1), (True, 1)):
        count_opening(
            allowed, "203.0.113.7", fetched=fetched, records=recorded.records, key=KEY,
            now=recorded.now,
        )  # fmt: skip
        assert len(recorded.records.everything(MadeUp)) == kept


def test_no_address_of_anybody_is_kept(recorded: World) -> None:
    _open(recorded, "203.0.113.7")

    kept = "".join(
        one.model_dump_json()
        for of in (Opening, Origins)
        for one in recorded.records.everything(of)
    )
    assert "203.0" not in kept


def test_staff_hear_once_of_a_link_that_is_opened_from_everywhere(recorded: World) -> None:
    for place in range(MOST_IN_A_DAY):
        _open(recorded, f"198.51.{place}.1")
    assert _letter_about(recorded, LetterKind.STAFF_SHARING) == []

    for place in range(20, 30):
        _open(recorded, f"198.51.{place}.1")

    (letter,) = recorded.letters(LetterKind.STAFF_SHARING)
    assert letter.lines == (
        "It was opened from 7 networks within a day. One person rarely uses more than 6.",
    )
    assert [fact.value for fact in letter.facts][:1] == [ANA]
    assert isinstance(recorded.open_recording(CLASS_1.id, ANA), Media), "it still opens"


def test_a_link_that_was_replaced_opens_nothing_and_letters_bring_the_new_one(
    recorded: World,
) -> None:
    old = recorded.may_watch(CLASS_1.id, ANA)
    link = _replace(recorded)

    assert isinstance(old, Allowed)
    assert isinstance(recorded.may_watch(CLASS_1.id, ANA), NotFound)
    assert isinstance(recorded.may_watch(CLASS_1.id, ANA, 2), NotFound), "not made yet"
    assert isinstance(recorded.may_watch(CLASS_1.id, ANA, link.generation), Allowed)
    recorded.post()
    told = [letter.text for envelope, letter in recorded.mailer.sent if "recording" in letter.text]
    assert told and all(f"/watch/{CLASS_1.id}/{who(ANA)}/1" in text for text in told)
    assert [(act.by, act.why) for act in link.acts] == [("Sam", "It was on a forum.")]


def test_what_staff_said_of_a_link_that_is_replaced_is_said_again_of_the_next(
    recorded: World,
) -> None:
    for round_ in range(2):
        for place in range(MOST_IN_A_DAY + 2):
            _open(recorded, f"198.51.{place}.1")
        assert len(recorded.letters(LetterKind.STAFF_SHARING)) == round_ + 1
        _replace(recorded)


def test_a_double_click_replaces_a_link_once(recorded: World) -> None:
    for _ in range(2):
        _replace(recorded, instead_of=0)

    assert _link(recorded).generation == 1
    assert len(recorded.letters(LetterKind.RECORDING_LINK)) == 1


def test_nobody_gets_a_link_who_has_no_registration(recorded: World) -> None:
    with pytest.raises(NothingToChange):
        replace_watch_link(
            CLASS_1.id, who("stranger@example.org"), by=HOLDER, why="", records=recorded.records,
            now=recorded.now,
        )  # fmt: skip
    assert recorded.letters(LetterKind.RECORDING_LINK) == []


def test_who_may_watch_watches_even_where_too_many_open_at_once_to_be_counted(
    recorded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contested(*_: object, **__: object) -> None:
        raise Conflict("Somebody else was quicker.")

    monkeypatch.setattr(recorded.records, "commit", contested)

    assert _open(recorded) is False
    assert isinstance(recorded.open_recording(CLASS_1.id, ANA), Media)
