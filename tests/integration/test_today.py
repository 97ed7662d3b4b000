"""Today, as staff use it: each thing that waits is there with one act, and the act settles it."""

import json
import re
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from functions.payment_webhook.record import handler as record
from functions.session_closed import handler as close
from shared import wiring
from shared.domain.audits import Audit, CameOf
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.decisions import Reason, granted, refused
from shared.domain.letters import Letter, LetterKind, LetterStatus, owe
from shared.domain.likeness import WAITING as LIKENESSES
from shared.domain.likeness import Likeness
from shared.domain.mailboxes import Mailbox
from shared.domain.matching import Alias
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.recording_release import WAITING as RELEASES
from shared.domain.recording_release import Release
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Learner, Registration
from shared.domain.staff import Role
from shared.domain.unmatched import UnmatchedRow, UnmatchedRows
from tests.cloud import CONTEXT, Cloud, who
from tests.gateway import queue_event
from tests.payments import checkout
from tests.record_samples import SAMPLES
from tests.season import AMARA, BO, CLASS_1, IDHA, after, open_season, report_came
from tests.staff import Answer, Browser, signed_in

SERIES = IDHA.series.id


class Forms(HTMLParser):
    """Every form of a page, as a browser would post it: where to, and its fields."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.section = ""
        self.of_section: dict[str, list[tuple[str, dict[str, str]]]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "section":
            self.section = named["id"]
        elif tag == "form":
            self.posts.append((named.get("action", ""), {}))
            self.of_section.setdefault(self.section, []).append(self.posts[-1])
        elif tag == "input" and named.get("type") != "checkbox":
            self.posts[-1][1][named["name"]] = named.get("value", "")
        elif tag == "select":
            self.posts[-1][1][named["name"]] = ""

    def suggested(self, kind: str) -> list[tuple[str, dict[str, str]]]:
        """The forms of everything of that kind, in the order of the page."""
        return [
            form
            for section, forms in self.of_section.items()
            if section.startswith(f"{kind}-")
            for form in forms
        ]


def _forms(browser: Browser) -> Forms:
    answer = browser.get("/staff")
    assert answer.status == 200
    return Forms(answer.body)


def _post(browser: Browser, form: tuple[str, dict[str, str]], **filled_in: str) -> Answer:
    where, fields = form
    sent = {**fields, "why": "They told me.", **filled_in}
    return browser.post("/" + where.lstrip("./"), **sent)


def _do(browser: Browser, form: tuple[str, dict[str, str]], **filled_in: str) -> None:
    answer = _post(browser, form, **filled_in)
    assert answer.status == 303, answer.body
    assert answer.headers["Location"].endswith("../staff")


def _audit(cloud: Cloud) -> Audit:
    (kept,) = cloud.everything(Audit)
    assert (kept.by, kept.why, kept.came_of) == ("robin@idha.example", "They told me.", CameOf.DONE)
    return kept


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    return open_season(cloud)


@pytest.fixture
def robin(season: Cloud) -> Browser:
    return signed_in(season, Role.COORDINATOR)


def _strange_payment(cloud: Cloud, minor: int = 100) -> str:
    told = json.loads(checkout(IDHA, "general-class-1", "Ella", 9))
    told["data"]["object"]["amount_total"] = minor
    body = json.dumps(told)
    assert record(queue_event(body), CONTEXT) == {"batchItemFailures": []}
    (order,) = [one for one in cloud.everything(Order) if one.waiting == "review"]
    return order.order


def test_where_nothing_waits_the_page_says_what_will_stand_there(robin: Browser) -> None:
    answer = robin.get("/staff")

    assert "Nothing waits for you" in answer.body
    assert _forms(robin).posts == [("./staff/sign-out", {"once": robin.once})]


def test_a_payment_in_review_is_accepted_with_one_form(season: Cloud, robin: Browser) -> None:
    order = _strange_payment(season)
    accept, refuse = _forms(robin).suggested("payment")
    assert refuse[0] == "./staff/acts/refuse-payment"

    _do(robin, accept, offer="general-class-1")

    kept = season.records.get(Order.key_of(order), Order)
    assert kept is not None and kept.ruling is not None
    assert (kept.ruling.by, kept.ruling.why) == ("robin@idha.example", "They told me.")
    assert season.records.get(
        Registration.key_of(CLASS_1.id, who("ella@example.org")), Registration
    )
    assert _audit(season).about == (order, "general-class-1")
    assert "Nothing waits" in robin.get("/staff").body


def test_who_clicks_twice_is_not_told_that_nothing_was_done(season: Cloud, robin: Browser) -> None:
    _strange_payment(season)
    accept, refuse = _forms(robin).suggested("payment")
    sam = signed_in(season, Role.COORDINATOR, name="sam@idha.example")

    _do(robin, accept, offer="general-class-1")
    _do(robin, accept, offer="general-class-1")

    others = {**accept[1], "once": sam.once}
    for browser, form in ((robin, refuse), (sam, (accept[0], others))):
        answer = _post(browser, form, offer="general-class-1")
        assert (answer.status, "waits for a decision" in answer.body) == (409, True)
    season.wait(minutes=2)
    assert _post(robin, accept, offer="general-class-1").status == 409
    came_of = [one.came_of for one in season.everything(Audit)]
    assert sorted(came_of) == [CameOf.DONE, *[CameOf.REFUSED] * 4]


def test_two_people_in_the_record_are_matched_one_by_one(season: Cloud) -> None:
    wiring.client("stepfunctions").create_state_machine(
        name="session-close",
        definition='{"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/any",
    )
    after(season)
    report_came(season, CLASS_1, "devika", "amara.home", "stranger")
    close.decide_credit({"session": CLASS_1.id}, CONTEXT)
    close.report_to_staff({"session": CLASS_1.id}, CONTEXT)
    robin = signed_in(season, Role.COORDINATOR)
    forms = _forms(robin).suggested("attendance")
    matches = [form for form in forms if "learner" in form[1]]
    assert [form[1]["learner"] for form in matches] == [AMARA]

    _do(robin, matches[0])
    (nobody,) = [one for one in _forms(robin).suggested("attendance") if "nobody" in one[1]]
    _do(robin, nobody)

    said = {one.now.learner for one in season.everything(Alias)}
    assert said == {AMARA, None}
    assert _forms(robin).suggested("attendance") == []
    assert {one.act for one in season.everything(Audit)} == {"match-row"}


def test_from_what_waits_a_link_leads_to_whom_and_what_it_is_about(
    season: Cloud, robin: Browser
) -> None:
    box = Mailbox(learner=AMARA, address_id=AMARA).bounced(season.now)
    rows = UnmatchedRows(session=CLASS_1.id, series=SERIES, people=0).counted(
        [UnmatchedRow(participant="P1", source="ab")], season.now
    )
    season.records.commit(box, rows)

    links = re.findall(r'href="([^"]+)"', robin.get("/staff").body)

    for address in (f"staff/people/{AMARA}", f"staff/sessions/{CLASS_1.id}"):
        assert any(link.endswith(address) for link in links), address


def test_letters_go_to_the_corrected_address(season: Cloud, robin: Browser) -> None:
    box = Mailbox(learner=BO, address_id=BO).bounced(season.now)
    season.records.commit(box)
    (correct,) = _forms(robin).suggested("address")

    _do(robin, correct, address="bo.new@example.org")

    person = season.records.get(Learner.key_of(BO), Learner)
    assert person is not None and person.address == "bo.new@example.org"
    assert _audit(season).learner == BO
    assert "bo.new" not in str(_audit(season)), "ids alone"


def test_what_is_no_address_is_refused_in_a_sentence_and_written_down(
    season: Cloud, robin: Browser
) -> None:
    season.records.commit(Mailbox(learner=BO, address_id=BO).bounced(season.now))
    (form,) = _forms(robin).suggested("address")

    answer = _post(robin, form, address="nowhere")

    assert answer.status == 409
    assert "no address" in answer.body
    (kept,) = season.everything(Audit)
    assert kept.came_of is CameOf.REFUSED


def test_an_act_without_a_reason_is_asked_for_one(season: Cloud, robin: Browser) -> None:
    season.records.commit(Mailbox(learner=BO, address_id=BO).bounced(season.now))
    (form,) = _forms(robin).suggested("address")

    answer = _post(robin, form, address="bo@example.net", why="  ")

    assert answer.status == 422
    assert "Say why" in answer.body
    assert season.everything(Audit) == []


def test_what_was_typed_into_a_form_that_is_refused_is_sent_again_from_there(
    season: Cloud, robin: Browser
) -> None:
    season.records.commit(Mailbox(learner=BO, address_id=BO).bounced(season.now))
    (form,) = _forms(robin).suggested("address")
    for typed in ({"address": "bo@example.net", "why": ""}, {"address": "bo", "why": "By phone."}):
        refused = Forms(_post(robin, form, **typed).body)

        (_, once_more), *_ = refused.posts[1:]
        assert typed.items() <= once_more.items()
        assert (once_more["learner"], once_more["once"]) == (BO, robin.once)

    _do(robin, (form[0], once_more), address="bo@example.net", why="By phone.")

    person = season.records.get(Learner.key_of(BO), Learner)
    assert person is not None and person.address == "bo@example.net"


def test_a_form_that_was_open_since_before_the_last_sign_in_is_sent_again_as_it_was(
    season: Cloud, robin: Browser
) -> None:
    order = _strange_payment(season)
    accept, _ = _forms(robin).suggested("payment")
    later = signed_in(season, Role.COORDINATOR, name="sam@idha.example")
    before = season.items()

    answer = _post(later, accept, offer="general-class-1", why="<b>Half</b> of it was a gift.")

    assert (answer.status, season.items()) == (403, before)
    assert "Nothing was done yet" in answer.body and "accept payment" in answer.body
    (_, once_more), *_ = Forms(answer.body).posts[1:]
    assert once_more["why"] == "<b>Half</b> of it was a gift." and "<b>Half" not in answer.body
    assert (once_more["order"], once_more["offer"]) == (order, "general-class-1")
    assert later.post("/staff/acts/accept-payment", **once_more).status == 303


def test_a_form_of_another_page_is_shown_nothing_of_what_it_says(robin: Browser) -> None:
    """Else a page elsewhere could put its words, and a button, into the desk."""
    for once in ("", robin.once):
        answer = robin.post(
            "/staff/acts/refuse-payment",
            origin="https://elsewhere.example", once=once, why="Press the button", order="o",
        )  # fmt: skip
        assert answer.status == 403
        assert "Press the button" not in answer.body and "Nothing was done" in answer.body


def _failed(cloud: Cloud) -> Letter:
    letter = owe(LetterKind.RECORDING, "x", cloud.now, learner=BO, series=SERIES)
    cloud.records.commit(letter.failed("Address refused."))
    kept = cloud.records.get(letter.key(), Letter)
    assert kept is not None
    return kept


@pytest.mark.parametrize("at", [0, 1], ids=["sent once more", "seen to"])
def test_a_letter_that_failed_is_sent_again_or_seen_to(
    season: Cloud, robin: Browser, at: int
) -> None:
    letter = _failed(season)

    _do(robin, _forms(robin).suggested("letter")[at])

    kept = season.records.get(letter.key(), Letter)
    assert kept is not None
    assert kept.status is (LetterStatus.FAILED if at else LetterStatus.PENDING)
    assert "robin@idha.example" in (kept.note or "")
    assert _forms(robin).suggested("letter") == []


def test_a_recording_without_captions_is_shared(season: Cloud, robin: Browser) -> None:
    missing = refused("r", Reason(code="captions_missing", text="Captions are missing."))
    waits = {"waiting": RELEASES, "waiting_since": season.now.isoformat()}
    release = Release(session=CLASS_1.id, series=SERIES, decision=missing)
    season.records.commit(release.model_copy(update=waits))
    share, nobody = _forms(robin).suggested("recording")
    assert nobody[1]["late"] == "do-not-share"

    _do(robin, share)
    too_late = _post(robin, nobody)

    kept = season.records.get(Release.key_of(CLASS_1.id), Release)
    assert kept is not None
    assert [(word.act, word.by) for word in kept.words] == [("release", "robin@idha.example")]
    assert (too_late.status, kept.choices) == (409, ())
    assert "somebody was quicker" in too_late.body


def test_a_recording_that_came_late_is_chosen_for(season: Cloud, robin: Browser) -> None:
    late = refused("r", Reason(code="too_little_time", text="It came late."))
    waits = {"waiting": RELEASES, "waiting_since": season.now.isoformat()}
    release = Release(session=CLASS_1.id, series=SERIES, decision=late)
    season.records.commit(release.model_copy(update=waits))
    anew, *_, nobody = _forms(robin).suggested("recording")

    answer = _post(robin, anew, days="many")
    assert (answer.status, "How many days" in answer.body) == (409, True)
    _do(robin, nobody)

    kept = season.records.get(Release.key_of(CLASS_1.id), Release)
    assert kept is not None
    assert [one.choice for one in kept.choices] == ["do-not-share"]


def _asked_back(cloud: Cloud) -> RefundRequest:
    (order,) = [one for one in cloud.everything(Order) if one.learner == AMARA]
    assert order.paid is not None
    request = RefundRequest(
        request=f"{order.order}-r1",
        order=order.order,
        provider=order.provider,
        series=SERIES,
        learner=AMARA,
        sessions=(CLASS_1.id,),
        shares={CLASS_1.id: order.paid.minor},
        amount=order.paid,
        note="My health does not let me come.",
        asked_at=cloud.now,
        state=RefundState.STAFF,
        decided=refused("r", Reason(code="late", text="It was asked for late.")),
    ).at(RefundState.STAFF)
    asked = {request.request: request.asked()}
    cloud.records.commit(request, order.model_copy(update={"asked_back": asked}))
    return request


def test_a_late_request_is_given_back_in_part_by_the_accountant_who_does_not_read_the_note(
    season: Cloud,
) -> None:
    request = _asked_back(season)
    robin, accountant = signed_in(season, Role.COORDINATOR), signed_in(season, Role.ACCOUNTANT)
    assert "My health" in robin.get("/staff").body
    assert escape(CLASS_1.title) in robin.get("/staff").body
    assert "My health" not in accountant.get("/staff").body
    whole, part, decline = _forms(accountant).suggested("refund")
    assert accountant.get("/staff").body.count("<textarea") == 1, "they read why it is declined"
    assert (whole[0], decline[0]) == ("./staff/acts/accept-refund", "./staff/acts/decline-refund")

    answer = _post(accountant, part, amount="a lot")
    assert (answer.status, "is no amount" in answer.body) == (409, True)
    _do(accountant, part, amount="20")

    kept = season.records.get(request.key(), RefundRequest)
    assert kept is not None
    assert (kept.state, kept.amount) == (RefundState.ASKED, Money(minor=2000, currency="USD"))


@pytest.mark.parametrize("at", [0, 1], ids=["one person", "two people"])
def test_whether_two_are_one_is_said_once(season: Cloud, robin: Browser, at: int) -> None:
    pair: Any = tuple(sorted((AMARA, BO)))
    asked = Likeness(series=SERIES, pair=pair, noticed_at=season.now, found=granted("r", "x", "Y."))
    waits = {"waiting": LIKENESSES, "waiting_since": season.now.isoformat()}
    season.records.commit(asked.model_copy(update=waits))

    _do(robin, _forms(robin).suggested("likeness")[at])

    kept = season.records.get(asked.key(), Likeness)
    assert kept is not None and kept.said is not None
    assert kept.said.same is (at == 0)
    assert _forms(robin).suggested("likeness") == []


def test_whoever_has_a_parked_certificate_is_sent_a_link_to_write_their_name(
    season: Cloud, robin: Browser
) -> None:
    sample = SAMPLES[Certificate]()
    told = {"scope": CLASS_1.id, "series": SERIES, "learner": BO, "version": 0}
    parked = {"status": CertificateStatus.PARKED, "parked_because": "No font has these letters."}
    waits = {"waiting": "certificate", "waiting_since": season.now.isoformat()}
    season.records.commit(sample.model_copy(update={**told, **parked, **waits}))
    ask, again = _forms(robin).suggested("certificate")

    _do(robin, ask)
    _do(robin, again)

    (letter,) = season.letters(LetterKind.MY_PAGE_LINK)
    assert letter.learner == BO
    assert {one.act for one in season.everything(Audit)} == {"send-page-link", "print-again"}


def test_a_reviewer_sees_none_of_it_and_an_accountant_sees_money_alone(season: Cloud) -> None:
    _strange_payment(season)
    season.wait(minutes=1)
    _failed(season)
    reviewer, accountant = signed_in(season, Role.REVIEWER), signed_in(season, Role.ACCOUNTANT)

    assert "Nothing waits for you" in reviewer.get("/staff").body
    assert set(_forms(accountant).of_section) - {""} == {
        section for section in _forms(accountant).of_section if section.startswith("payment-")
    }


def test_what_waits_longest_comes_first_and_the_rest_is_a_link_away(
    season: Cloud, robin: Browser
) -> None:
    for number in range(30):
        season.records.commit(
            owe(LetterKind.RECORDING, f"{number:02}", season.now, series=SERIES).failed("No.")
        )
        season.wait(minutes=1)
    page = robin.get("/staff").body
    assert "30 things wait for you" in page
    assert len(Forms(page).suggested("letter")) == 50

    (link,) = [part.partition('"')[0] for part in page.split('href="./staff?')[1:]]
    rest = robin.get(f"/staff?{link}").body

    assert len(Forms(rest).suggested("letter")) == 10
    assert {one[1]["letter"] for one in Forms(page).suggested("letter")}.isdisjoint(
        one[1]["letter"] for one in Forms(rest).suggested("letter")
    )


def test_the_page_says_the_same_however_long_it_has_been_open(
    season: Cloud, robin: Browser
) -> None:
    """Two who do the same act: the second is told that it is done."""
    _strange_payment(season)
    sam = signed_in(season, Role.ACCOUNTANT, name="sam@idha.example")
    form = _forms(robin).suggested("payment")[-1]
    same = _forms(sam).suggested("payment")[-1]

    _do(robin, form)
    answer = _post(sam, same)

    assert answer.status == 409
    assert "waits for a decision" in answer.body
    assert [one.came_of for one in sorted(season.everything(Audit), key=lambda a: a.by)] == [
        CameOf.DONE,
        CameOf.REFUSED,
    ]
