"""Everything of one person can be taken along and taken away, and nothing brings it back."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.appeals import Appeal
from shared.domain.credit import Verdict
from shared.domain.erasure import KEPT, Erasure
from shared.domain.letters import CARRIED_FOR, LetterKind, LetterStatus, owe
from shared.domain.links import sign
from shared.domain.my_page import ErasureView
from shared.domain.payments import Order, PaymentFact
from shared.domain.redaction import APART, IMPERSONAL, personal_kinds
from shared.domain.registrations import Learner, Registration, RegistrationStatus
from shared.usecases.ask_appeal import ask_appeal
from shared.usecases.ask_erasure import ask_erasure, open_erasure
from shared.usecases.change_mine import ask_another_address, put_name_right
from shared.usecases.erase_person import Stores, erase_person
from shared.usecases.export_person import export_person
from shared.usecases.open_my_page import open_my_page
from shared.usecases.open_pages import NotFound, open_my_certificate, show_certificate
from shared.usecases.record_payment import LISTED, record_payment
from shared.usecases.tell_particulars import tell_particulars
from tests.catalogues import classes_catalogue
from tests.record_samples import SAMPLES
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
ANA, BO = "ana.quillfeather@zebracorn.example", "bo@example.org"
NAME = "Ana Quillfeather"
# Each is unique to her: whatever holds one of them holds something of hers.
WORDS = ("quillfeather", "zebracorn", "licence-4711", "wanderlust-text", "anadevice")
FACT = paid(CLASSES, f"{CLASS_1.id}-general", ANA, 1, buyer_name=NAME)


class Season:
    """Ana takes part in everything that keeps something of somebody."""

    def __init__(self) -> None:
        self.world = World()
        self.applications = MemoryRecords()
        self.bodies: list[bytes] = []
        self._play()

    def _play(self) -> None:
        world = self.world
        world.publish(CLASSES)
        self.deliver(FACT)
        self.deliver(paid(CLASSES, f"{CLASS_2.id}-general", ANA, 2, buyer_name=NAME))
        world.pay(CLASSES, f"{CLASS_1.id}-general", BO)
        world.post()
        world.now = CLASS_1.ends_at + timedelta(minutes=15)
        self.report()
        world.close(CLASS_1.id)
        world.post()
        token = self.token()
        told: dict[str, Any] = {"keys": [KEY], "records": world.records, "now": world.now}
        fields = {
            "certificate_name": [f"Dr. {NAME}"], "profession-0": ["other"], "other-0": ["Healer"],
            "state-0": ["other"], "number-0": ["licence-4711"],
        }  # fmt: skip
        tell_particulars(token, fields, **told)
        put_name_right(token, f"{NAME} B.", **told)
        ask_another_address(
            token, "a2@zebracorn.example", "192.0.2.1", change_id=lambda: "c1", **told
        )
        world.post()

    def deliver(self, fact: PaymentFact) -> None:
        """A provider's event comes in, and is kept as it came."""
        body = fact.model_dump_json().encode()
        if body not in self.bodies:
            self.bodies.append(body)
        self.world.keep(body, [fact])
        digest = hashlib.sha256(body).hexdigest()
        record_payment(
            fact, digest, records=self.world.records, identity_key=KEY, live=False,
            now=self.world.now,
        )  # fmt: skip

    def report(self) -> None:
        """The report of class 1 comes: Ana, her phone without an address, and Bo."""
        content = f"{NAME},{ANA}\n{NAME},\nBo,{BO}\n".encode()
        world = self.world
        world.uploads.write(f"attendance/{CLASS_1.id}/report.csv", content, "text/csv")
        times = (CLASS_1.starts_at, CLASS_1.ends_at)
        world.report(
            CLASS_1.id,
            [(ANA, *times), (NAME, *times), ("Ana Quillfeather's anadevice", *times), (BO, *times)],
            content=content,
        )

    def token(self) -> str:
        return sign("me", who(ANA), KEY, self.world.now + timedelta(days=1))

    @property
    def stores(self) -> Stores:
        world = self.world
        return Stores(
            world.records, self.applications, world.uploads, world.documents, world.raw_events, KEY
        )

    def found(self) -> dict[str, set[str]]:
        """Where each of her words is found, in every store: the kind of record, or the file."""
        hits: dict[str, set[str]] = {}
        for store in (self.world.records, self.applications):
            for record in store._kept.values():
                text = f"{record.key()} {record.model_dump_json()}".lower()
                hits.setdefault(record.kind, set()).update(w for w in WORDS if w in text)
        for files in (self.world.uploads, self.world.documents, self.world.raw_events):
            for key, content in files.objects.items():
                text = f"{key} {content.decode(errors='replace')}".lower()
                hits.setdefault(key.split("/")[0], set()).update(w for w in WORDS if w in text)
        return {where: words for where, words in hits.items() if words}

    def export(self) -> dict[str, Any]:
        told = export_person(
            self.token(), keys=[KEY], records=self.world.records, applications=self.applications,
            raw_events=self.world.raw_events, now=self.world.now,
        )  # fmt: skip
        assert isinstance(told, dict)
        return told

    def ask(self, *, understood: bool = True) -> ErasureView:
        shown = ask_erasure(
            self.token(), understood, keys=[KEY], records=self.world.records, now=self.world.now
        )
        assert isinstance(shown, ErasureView)
        return shown

    def erase(self) -> None:
        """She says the word, and everything is done that follows from it."""
        assert self.ask().asked
        assert erase_person(who(ANA), self.stores, self.world.now)


@pytest.fixture
def season() -> Season:
    return Season()


def test_every_kind_of_record_is_either_emptied_or_holds_nothing_of_anybody() -> None:
    personal = {of.kind for of in personal_kinds()}
    kinds = {of.kind for of in SAMPLES}

    assert not personal & IMPERSONAL and not personal & APART
    assert kinds - personal - IMPERSONAL - APART == set()


def test_the_search_finds_her_before(season: Season) -> None:
    """The control: what is not found here would not be missed afterwards."""
    found = season.found()

    places = {
        "order", "learner", "sighting", "particulars", "particulars_told", "address_change",
        "certificate", "certificates", "payment-events", "attendance", "letter",
    }  # fmt: skip
    assert places <= set(found)
    assert set().union(*found.values()) == {*WORDS} - {"wanderlust-text"}


def test_the_export_holds_everything_that_a_search_of_all_stores_finds(season: Season) -> None:
    told = season.export()

    text = json.dumps(told, ensure_ascii=False).lower()
    for where, words in season.found().items():
        assert all(word in text for word in words), where
        if where not in ("certificates", "attendance", "payment-events"):
            assert where in told["kept"], where
    assert told["from_payment_providers"] and told["files"]
    assert "bo@example.org" not in text


def test_afterwards_the_search_finds_nothing_outside_what_the_accreditor_asks_for(
    season: Season,
) -> None:
    season.erase()

    assert set(season.found()) <= {"certificate", "certificates"}
    (kept,) = [one for one in season.world.certificates() if one.learner == who(ANA)]
    erasure = season.world.records.get(Erasure.key_of(who(ANA)), Erasure)
    assert kept.given and not kept.name_is_public
    assert erasure is not None and erasure.kept == (CLASS_1.id,) and erasure.waiting == KEPT
    verdict = season.world.records.get(Verdict.key_of(CLASS_1.id, who(ANA)), Verdict)
    assert verdict is not None and verdict.presence


def test_bo_keeps_everything(season: Season) -> None:
    before = {
        one.key(): one for one in season.world.records._kept.values() if one.learner == who(BO)
    }
    season.erase()

    after = season.world.records._kept
    assert before and {key: after[key] for key in before} == before


def test_replaying_every_old_event_brings_nothing_back(season: Season) -> None:
    season.erase()
    before, posted = season.found(), len(season.world.mailer.sent)

    for body in season.bodies:
        fact = PaymentFact.model_validate_json(body)
        season.deliver(fact)
        # The marker is gone by then, or the provider lists it under another name.
        again = fact.model_copy(update={"event": f"{fact.event}-again"})
        record_payment(
            again, LISTED, records=season.world.records, identity_key=KEY, live=False,
            now=season.world.now,
        )  # fmt: skip
    season.deliver(paid(CLASSES, f"{CLASS_1.id}-reduced", ANA, 77, buyer_name=NAME))
    season.report()
    season.world.close(CLASS_1.id)
    season.world.decide_wanted()
    season.world.sweep()
    season.world.post()

    assert set(season.found()) <= set(before)
    assert not [e for e, _ in season.world.mailer.sent[posted:] if ANA in e.to or "" in e.to]
    seat = season.world.records.get(Registration.key_of(CLASS_2.id, who(ANA)), Registration)
    assert seat is not None and seat.status is RegistrationStatus.ENDED


def test_a_cut_off_between_any_two_steps_ends_the_same(season: Season) -> None:
    """Each commit and each file in turn is the last thing that a run does."""
    assert season.ask().asked
    for cut_off_after in range(0, 60, 3):
        with pytest.MonkeyPatch.context() as patch:
            left = iter(range(cut_off_after))
            commit = season.world.records.commit

            def limited(*args: Any, left: Any = left, commit: Any = commit, **more: Any) -> None:
                if next(left, None) is None:
                    raise ConnectionError
                commit(*args, **more)

            patch.setattr(season.world.records, "commit", limited)
            try:
                erase_person(who(ANA), season.stores, season.world.now)
            except ConnectionError:
                continue
    erase_person(who(ANA), season.stores, season.world.now)

    assert set(season.found()) <= {"certificate", "certificates"}
    assert not erase_person(who(ANA), season.stores, season.world.now)


def test_none_of_her_links_opens_any_more(season: Season) -> None:
    token, world = season.token(), season.world
    certificate = sign("certificate", f"{CLASS_1.id}/{who(ANA)}", KEY)
    assert season.ask().asked

    told: dict[str, Any] = {"keys": [KEY], "records": world.records, "now": world.now}
    assert isinstance(open_my_page(token, link=world.desk.link, **told), NotFound)
    assert isinstance(open_my_certificate(certificate, documents=world.documents, **told), NotFound)
    assert isinstance(open_erasure(token, **told), NotFound)
    (kept,) = [one for one in world.certificates() if one.learner == who(ANA)]
    assert not isinstance(show_certificate(kept.public_id, records=world.records), NotFound)


def test_who_sends_the_word_twice_reads_it_twice_and_nothing_is_asked_twice(season: Season) -> None:
    token, world = season.token(), season.world
    told: dict[str, Any] = {"keys": [KEY], "records": world.records}
    assert season.ask().asked

    again = ask_erasure(token, True, now=world.now + timedelta(seconds=5), **told)
    assert isinstance(again, ErasureView) and again.asked
    without_the_word = ask_erasure(token, False, now=world.now + timedelta(seconds=5), **told)
    assert isinstance(without_the_word, NotFound)
    later = ask_erasure(token, True, now=world.now + timedelta(minutes=2), **told)
    assert isinstance(later, NotFound)
    assert len(world.records.everything(Erasure)) == 1


def test_the_last_term_ends_and_the_name_goes_too(season: Season) -> None:
    season.erase()
    erasure = season.world.records.get(Erasure.key_of(who(ANA)), Erasure)
    assert erasure is not None and erasure.kept_until is not None
    season.world.now = erasure.kept_until + timedelta(hours=1)

    assert season.world.sweep().erasures == 1
    assert erase_person(who(ANA), season.stores, season.world.now)

    assert season.found() == {}
    after = season.world.records.get(Erasure.key_of(who(ANA)), Erasure)
    assert after is not None and after.waiting is None and after.kept == ()


def test_letters_to_staff_forget_by_themselves_what_they_carried(season: Season) -> None:
    sent = [one for one in season.world.letters(LetterKind.STAFF_CLOSE)
            if one.status is LetterStatus.SENT]  # fmt: skip
    assert sent and sent[0].facts
    season.world.now += CARRIED_FOR

    season.world.sweep()

    (letter,) = season.world.letters(LetterKind.STAFF_CLOSE)
    assert (letter.facts, letter.lines, letter.waiting) == ((), (), None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"says": "dispute", "part": "dp_1", "state": "open"}, "disputed"),
        ({"says": "pending", "order": "pi_new", "event": "evt_new"}, "payment_pending"),
    ],
)
def test_while_money_is_on_its_way_nothing_goes_and_it_says_why(
    season: Season, change: dict[str, Any], code: str
) -> None:
    season.deliver(FACT.model_copy(update={"event": "evt_x", **change}))

    shown = season.ask()

    assert not shown.asked and code in {reason.code for reason in shown.decision.reasons}
    assert season.world.records.get(Erasure.key_of(who(ANA)), Erasure) is None


def test_two_words_are_needed_and_opening_the_page_changes_nothing(season: Season) -> None:
    before = dict(season.world.records._kept)

    view = season.ask(understood=False)

    assert view.problem and not view.asked
    assert view.seats_ahead == (CLASS_2.title,)
    assert [one.title for one in view.kept]
    assert season.world.records._kept == before


def test_who_comes_back_begins_anew(season: Season) -> None:
    season.erase()
    season.world.wait(days=1)
    fresh = paid(CLASSES, f"{CLASS_2.id}-general", ANA, 99, buyer_name="Ana Q.")
    season.deliver(fresh.model_copy(update={"at": season.world.now}))

    person = season.world.records.get(Learner.key_of(who(ANA)), Learner)
    assert person is not None and (person.name, person.erased_at) == ("Ana Q.", None)
    assert not isinstance(
        open_my_page(
            season.token(), keys=[KEY], records=season.world.records,
            link=season.world.desk.link, now=season.world.now,
        ),
        NotFound,
    )  # fmt: skip


def test_who_came_back_keeps_what_came_since_when_the_old_term_ends(season: Season) -> None:
    season.erase()
    world = season.world
    world.wait(days=1)
    fresh = paid(CLASSES, f"{CLASS_2.id}-general", ANA, 99, buyer_name=NAME)
    season.deliver(fresh.model_copy(update={"at": world.now}))
    world.now = CLASS_2.ends_at + timedelta(minutes=15)
    world.report(CLASS_2.id, [(ANA, CLASS_2.starts_at, CLASS_2.ends_at)])
    world.close(CLASS_2.id)
    erasure = world.records.get(Erasure.key_of(who(ANA)), Erasure)
    assert erasure is not None and erasure.kept_until is not None
    world.now = erasure.kept_until + timedelta(hours=1)

    assert world.sweep().erasures == 1
    assert erase_person(who(ANA), season.stores, world.now)

    names = {one.scope: one.text.name for one in world.certificates() if one.learner == who(ANA)}
    assert names == {CLASS_1.id: "", CLASS_2.id: NAME}
    order = world.records.get(Order.key_of(fresh.order), Order)
    assert order is not None and order.buyer_address == ANA
    after = world.records.get(Erasure.key_of(who(ANA)), Erasure)
    assert after is not None and (after.waiting, after.kept) == (None, ())


def test_what_a_provider_says_again_of_somebody_who_is_gone_is_not_kept_again(
    season: Season,
) -> None:
    world = season.world
    later = FACT.model_copy(update={"event": "evt_later", "says": "refunded"})
    told: list[tuple[bytes, list[PaymentFact]]] = [
        (FACT.model_dump_json().encode(), [FACT]),
        (later.model_dump_json().encode(), [later]),
        (json.dumps({"customer": {"email": ANA.upper()}}).encode(), []),
    ]
    names = [hashlib.sha256(body).hexdigest() for body, _ in told]
    for body, facts in told:
        assert world.keep(body, facts), "the control: as long as she is here, it is kept"
    season.erase()
    assert not any(name in key for name in names for key in world.raw_events.objects)

    world.wait(days=1)
    assert [world.keep(body, facts) for body, facts in told] == [False] * 3
    unreadable = b'{"email": "' + ANA.encode()
    assert world.keep(unreadable, None), "money may be at stake, so it waits for better code"
    fresh = paid(CLASSES, f"{CLASS_2.id}-general", ANA, 99).model_copy(update={"at": world.now})
    assert world.keep(fresh.model_dump_json().encode(), [fresh]), "she begins anew"


def test_of_a_months_events_only_those_about_the_person_are_opened(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200, 500):
        season.deliver(
            paid(CLASSES, f"{CLASS_2.id}-general", f"other-{number}@example.org", number)
        )
    files, asked = season.world.raw_events, Counter[str]()
    read, under = files.read, files.under

    def reading(key: str) -> bytes:
        asked["opened"] += 1
        return read(key)

    def listing(prefix: str) -> Iterator[tuple[str, int, datetime]]:
        found = list(under(prefix))
        asked["listed"] += len(found)
        return iter(found)

    monkeypatch.setattr(files, "read", reading)
    monkeypatch.setattr(files, "under", listing)

    told = season.export()

    assert len(told["from_payment_providers"]) == 2
    assert asked == {"opened": 2, "listed": 2}


def test_a_report_that_names_somebody_who_is_gone_goes_once_it_was_taken_in(
    season: Season,
) -> None:
    season.erase()
    world, file = season.world, f"attendance/{CLASS_1.id}/report.csv"
    assert file not in world.uploads.objects

    season.report()
    assert file not in world.uploads.objects, "its rows are in the records"

    times = (CLASS_1.starts_at, CLASS_1.ends_at)
    world.uploads.write(file, b"Bo alone", "text/csv")
    assert world.report(CLASS_1.id, [(BO, *times)], content=b"Bo alone") == "taken"
    assert file in world.uploads.objects, "the control: what does not name her, stays"


def test_a_report_that_another_took_the_place_of_goes_with_it(season: Season) -> None:
    file = f"attendance/{CLASS_1.id}/report.csv"
    season.world.uploads.write(file, b"a later file of that name, without her", "text/csv")

    season.erase()

    assert file not in season.world.uploads.objects


def test_somebody_of_the_same_first_name_is_not_handed_out_and_keeps_what_is_theirs(
    season: Season,
) -> None:
    other = "ana.other@example.org"
    fact = paid(CLASSES, f"{CLASS_1.id}-general", other, 55, buyer_name="Ana")
    season.deliver(fact)
    raw = len(season.world.raw_events.objects)

    assert other not in json.dumps(season.export())
    season.erase()

    person = season.world.records.get(Learner.key_of(who(other)), Learner)
    assert person is not None and person.address == other
    assert len(season.world.raw_events.objects) == 1 < raw


def test_an_appeal_that_waits_is_closed_and_its_words_go(season: Season) -> None:
    world = season.world
    world.now = CLASS_2.ends_at + timedelta(minutes=15)
    joined = CLASS_2.starts_at + timedelta(minutes=40)
    world.report(CLASS_2.id, [(ANA, joined, CLASS_2.ends_at)])
    world.close(CLASS_2.id)
    ask_appeal(
        season.token(), CLASS_2.id, "wanderlust-text", keys=[KEY], records=world.records,
        now=world.now,
    )  # fmt: skip
    assert "wanderlust-text" in season.found()["appeal"]
    assert "wanderlust-text" in json.dumps(season.export())

    season.erase()

    (appeal,) = world.records.everything(Appeal)
    assert (appeal.reason, appeal.open, appeal.waiting) == ("", False, None)
    assert "appeal" not in season.found()


def test_of_a_letter_to_staff_that_speaks_of_several_she_gets_what_it_calls_her(
    season: Season,
) -> None:
    device, other = "Ana Quillfeather's anadevice", "Somebody Wayfarer"
    world = season.world
    named = f"These people are nobody who is registered: {device}, {other}."
    letter = owe(LetterKind.STAFF_CLOSE, "again", world.now, session=CLASS_1.id, lines=(named,))
    world.records.commit(letter)

    told = season.export()

    text = json.dumps(told["kept"]["letter"])
    assert device in text, "it calls her that"
    assert "Wayfarer" not in text
    assert [one["calls_you"] for one in told["kept"]["letter"] if one.get("about") == "again"]
