"""The pages of the desk through the front door: who sees what, and what they can do from there."""

import csv
import re

import pytest

from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.decisions import granted
from shared.domain.letters import Letter, LetterKind
from shared.domain.likeness import WAITING, Likeness, SamePerson
from shared.domain.mailboxes import Mailbox
from shared.domain.money import Money
from shared.domain.overrides import Overrides
from shared.domain.particulars import Licence, Particulars
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Learner
from shared.domain.staff import Role
from tests.cloud import Cloud
from tests.desk import formulas_in
from tests.reading import Reader
from tests.record_samples import SAMPLES
from tests.season import AMARA, BO, CLASS_1, IDHA, closed_season, open_season
from tests.staff import Answer, Browser, signed_in

COORDINATOR = frozenset({Role.COORDINATOR})
MONEY = COORDINATOR | {Role.ACCOUNTANT}
SERIES = IDHA.series.id
# Every page, and whose part it is.
PAGES = {
    "/staff/series": MONEY,
    f"/staff/series/{SERIES}": MONEY,
    f"/staff/series/{SERIES}/people.csv": MONEY,
    f"/staff/series/{SERIES}/orders.csv": MONEY,
    f"/staff/sessions/{CLASS_1.id}": MONEY,
    f"/staff/sessions/{CLASS_1.id}/roster.csv": MONEY,
    f"/staff/sessions/{CLASS_1.id}/upload/attendance": COORDINATOR,
    f"/staff/people/{AMARA}": MONEY,
    f"/staff/people/{AMARA}/letters.csv": MONEY,
    f"/staff/people/{AMARA}/ledger.csv": MONEY,
    f"/staff/people/{AMARA}/sessions.csv": MONEY,
    f"/staff/people/{AMARA}/orders.csv": MONEY,
    f"/staff/series/{SERIES}/money.csv": MONEY,
    f"/staff/sessions/{CLASS_1.id}/timeline.csv": MONEY,
    f"/staff/sessions/{CLASS_1.id}/accreditor.csv": COORDINATOR,
    f"/staff/sessions/{CLASS_1.id}/evaluations.csv": COORDINATOR,
    "/staff/search": MONEY,
    "/staff/search.csv": MONEY,
}
ACTS = {
    "close-session": {"session": CLASS_1.id},
    "announce-recording": {"session": CLASS_1.id},
    "post-letter-again": {"learner": AMARA, "letter": "confirmation#stripe-pi_1"},
    "override": {"learner": AMARA, "scope": CLASS_1.id, "about": "credit", "granted": "no"},
    "two-after-all": {"other": BO},
    "take-back-override": {"learner": AMARA, "word": f"{CLASS_1.id}#credit"},
    "revoke-certificate": {"learner": AMARA, "scope": CLASS_1.id, "ground": "mistake"},
    "reinstate-certificate": {"learner": AMARA, "scope": CLASS_1.id},
    "correct-certificate": {"learner": AMARA, "scope": CLASS_1.id, "name": "Amara O."},
    "hold-person": {"learner": AMARA},
    "lift-hold": {"learner": AMARA},
    "change-address": {"learner": AMARA, "address": "elsewhere@example.org"},
}


@pytest.fixture
def coordinator(cloud: Cloud) -> Browser:
    """A coordinator, just after class 1 was closed."""
    closed_season(cloud)
    return signed_in(cloud, Role.COORDINATOR)


def act(browser: Browser, what: str, **sent: str) -> Answer:
    fields = {"why": "She told us on the phone.", "back": f"/staff/people/{AMARA}", **sent}
    return browser.post(f"/staff/acts/{what}", **fields)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_whose_part_it_is_and_is_one_closed_page_for_everybody_else(
    cloud: Cloud, address: str
) -> None:
    closed_season(cloud)
    closed = {signed_in(cloud).get(address).body, Browser().get(address).body}
    for role in Role:
        answer = signed_in(cloud, role).get(address)
        if role in PAGES[address]:
            assert answer.status == 200, answer.body
        else:
            assert answer.status == 403
            closed.add(answer.body)

    assert len(closed) == 1


@pytest.mark.parametrize("what", ACTS)
def test_each_act_is_a_coordinators_alone_and_asks_why(cloud: Cloud, what: str) -> None:
    closed_season(cloud)
    before = cloud.items("RECORDS_TABLE")

    assert act(signed_in(cloud, Role.ACCOUNTANT), what, **ACTS[what]).status == 403
    assert act(signed_in(cloud, Role.REVIEWER), what, **ACTS[what]).status == 403
    assert act(Browser(), what, **ACTS[what]).status == 403
    coordinator = signed_in(cloud, Role.COORDINATOR)
    assert act(coordinator, what, **ACTS[what], once="made up").status == 403
    assert act(coordinator, what, **ACTS[what], why=" ").status == 422

    assert cloud.items("RECORDS_TABLE") == before


@pytest.mark.parametrize("what", ACTS)
def test_an_act_about_nobody_and_nothing_is_refused_in_a_sentence(
    coordinator: Browser, what: str
) -> None:
    nothing = dict.fromkeys(ACTS[what], "nothing-of-the-kind")

    answer = act(coordinator, what, **nothing)

    assert answer.status == 409
    assert "Nothing was done" in answer.body


@pytest.mark.parametrize(
    "address",
    [
        "/staff/series/none-such",
        "/staff/series/none-such/orders.csv",
        "/staff/series/none-such/people.csv",
        "/staff/sessions/none-such",
        "/staff/sessions/none-such/roster.csv",
        f"/staff/sessions/{CLASS_1.id}/upload/virus",
        "/staff/sessions/none-such/upload/video",
        "/staff/people/lnobody",
        "/staff/people/lnobody/letters.csv",
        "/staff/people/lnobody/ledger.csv",
        "/staff/people/lnobody/sessions.csv",
        f"/staff/people/{AMARA}/secrets.csv",
        f"/staff/series/{SERIES}/secrets.csv",
        f"/staff/sessions/{CLASS_1.id}/secrets.csv",
    ],
)
def test_what_is_not_there_is_said_and_leads_to_the_search(
    coordinator: Browser, address: str
) -> None:
    answer = coordinator.get(address)

    assert answer.status == 404
    assert "/staff/search" in answer.body


_STRANGE = ("x" * 4000, "%00", "..%2F..", "%F0%9F%92%A5", "%3Cscript%3E", "a b", "'--")


@pytest.mark.parametrize("strange", _STRANGE)
def test_whatever_is_typed_into_an_address_is_not_there_and_nobody_stumbles(
    coordinator: Browser, strange: str
) -> None:
    for address in (
        *("sessions/{}", "series/{}", "people/{}", "sessions/{}/upload/video"),
        *("catalogue/{}", "catalogue/{}/file"),
    ):
        assert coordinator.get(f"/staff/{address.format(strange)}").status in (403, 404), address
    roster = f"/staff/sessions/{CLASS_1.id}?from={strange}"
    assert "Amara" in coordinator.get(roster).body
    assert coordinator.get(f"/staff?from={strange}").status == 200
    for asked in (f"q={strange}", f"q=ama&from={strange}", f"q=ama&from=9.{strange}"):
        assert coordinator.get(f"/staff/search?{asked}").status == 200, asked


def test_a_session_shows_what_is_ready_who_has_a_seat_and_what_happened(
    coordinator: Browser,
) -> None:
    answer = coordinator.get(f"/staff/sessions/{CLASS_1.id}")

    page = Reader(answer.body)
    for said in (
        "3 hold a seat",
        "A report was uploaded and counts. It lists 3 people.",
        "There is no file to watch or hear yet. Upload it below.",
        "Amara",
        "in full, 150 minutes",
        "It was closed.",
        "An attendance report came, with 3 people.",
    ):
        assert said in page.text, said
    assert f"../../staff/people/{AMARA}" in page.links


def test_before_class_nothing_is_asked_of_anybody(cloud: Cloud) -> None:
    open_season(cloud)
    answer = signed_in(cloud, Role.COORDINATOR).get(f"/staff/sessions/{CLASS_1.id}")

    page = Reader(answer.body)
    assert "It closes by itself at" in page.text
    assert "Reminder, 1 day before the start. " in page.text
    assert "Close it now" not in page.text


def test_a_series_shows_seats_money_and_credit_in_charts_with_a_table_beside_each(
    coordinator: Browser,
) -> None:
    answer = coordinator.get(f"/staff/series/{SERIES}")

    assert answer.status == 200
    charts = re.findall(r'<svg class="bars" role="img".*?</svg>', answer.body, re.DOTALL)
    assert len(charts) == 3
    assert all("<title" in chart and "<desc" in chart for chart in charts)
    assert answer.body.count("<table ") == 3
    assert "Came in" in answer.body


def test_a_person_shows_what_they_have_and_everything_that_happened(coordinator: Browser) -> None:
    answer = coordinator.get(f"/staff/people/{AMARA}")

    page = Reader(answer.body)
    for said in ("amara@example.org", "in full, 150 minutes", "Issued: certificate", "Paid $"):
        assert said in page.text, said
    assert not [link for link in page.links if "/me/" in link or "/watch/" in link]


def test_a_person_shows_what_else_they_see_themselves_and_is_sent_their_link(
    coordinator: Browser, cloud: Cloud
) -> None:
    licence = Licence(profession="Psychologist", state="NY", number="012345")
    told = Particulars(
        learner=AMARA, revision=1, certificate_name="Amara N. Osei", licences=(licence,),
        told_at=cloud.now,
    )  # fmt: skip
    (order,) = [one for one in cloud.everything(Order) if one.learner == AMARA]
    request = SAMPLES[RefundRequest]().model_copy(
        update={
            "order": order.order, "learner": AMARA, "series": SERIES, "sessions": (CLASS_1.id,),
            "state": RefundState.STAFF, "amount": Money(minor=4200, currency="USD"),
        }
    )  # fmt: skip
    cloud.records.commit(told, request)

    page = Reader(coordinator.get(f"/staff/people/{AMARA}").body)
    money = signed_in(cloud, Role.ACCOUNTANT).get(f"/staff/people/{AMARA}").body

    for said in ("What else is theirs", "Amara N. Osei", "License 012345", "$42.00 of order"):
        assert said in page.text, said
    assert "$42.00 of order" in money
    assert "012345" not in money
    assert act(coordinator, "send-page-link", learner=AMARA).status == 303
    (letter,) = [one for one in cloud.everything(Letter) if one.letter is LetterKind.MY_PAGE_LINK]
    assert letter.learner == AMARA


def test_an_accountant_reads_codes_and_no_reason_in_words(cloud: Cloud) -> None:
    closed_season(cloud)
    robin = signed_in(cloud, Role.COORDINATOR)
    why = "She was in hospital that week."
    assert act(robin, "override", **ACTS["override"], why=why).status == 303

    for address in (
        f"/staff/people/{AMARA}",
        f"/staff/people/{AMARA}/ledger.csv",
        f"/staff/people/{AMARA}/sessions.csv",
        f"/staff/sessions/{CLASS_1.id}/timeline.csv",
        f"/staff/sessions/{CLASS_1.id}",
        f"/staff/sessions/{CLASS_1.id}/roster.csv",
    ):
        seen = signed_in(cloud, Role.ACCOUNTANT, name="ada@idha.example").get(address).body
        assert "hospital" not in seen, address
        assert "You were there" not in seen, address
        assert "<form class=" not in seen.replace('<form method="post" action="../', ""), address
    assert why in robin.get(f"/staff/people/{AMARA}").body


@pytest.mark.parametrize(
    "asked", ["amara", "AMA", "amara@example.org", "pi_1", "stripe-pi_1", CLASS_1.id, SERIES]
)
def test_a_search_finds_by_name_address_order_session_and_series(
    coordinator: Browser, asked: str
) -> None:
    answer = coordinator.get(f"/staff/search?q={asked.replace('@', '%40')}")

    links = Reader(answer.body).links
    wanted = {
        CLASS_1.id: f"../staff/sessions/{CLASS_1.id}",
        SERIES: f"../staff/series/{SERIES}",
    }.get(asked, f"../staff/people/{AMARA}")
    assert wanted in links


def test_a_search_finds_the_number_of_a_certificate_and_the_address_of_its_page(
    coordinator: Browser, cloud: Cloud
) -> None:
    (held,) = [one for one in cloud.everything(Certificate) if one.learner == AMARA]

    number = held.text.number
    for asked in (
        *(number, number.lower(), number.replace("-", "%20"), number.replace("-", "")),
        *(f"Certificate%20no.%20{number}", number.replace("-", "%E2%80%93")),
        *(held.public_id, held.public_id.lower(), held.text.public_url),
        f"{held.public_id[:13]}%20{held.public_id[13:]}",
    ):
        answer = coordinator.get(f"/staff/search?q={asked.replace(':', '%3A')}")
        assert f"../staff/people/{AMARA}" in Reader(answer.body).links, asked


def test_a_letter_is_posted_again_under_an_id_of_its_own(
    coordinator: Browser, cloud: Cloud
) -> None:
    (first,) = [
        one for one in cloud.everything(Letter)
        if one.letter is LetterKind.CERTIFICATE and one.learner == AMARA
    ]  # fmt: skip
    sent = first.sent("ses-1", cloud.now)
    cloud.records.commit(sent)
    chosen = {"learner": AMARA, "letter": f"{first.letter}#{first.about}"}

    assert act(coordinator, "post-letter-again", **chosen).status == 303
    chosen["why"] = "She told us once more."
    assert act(coordinator, "post-letter-again", **chosen).status == 409, "one at a time"

    copies = [one for one in cloud.everything(Letter) if one.about == first.about and one.again]
    assert [(one.again, one.status.value, one.learner) for one in copies] == [(1, "PENDING", AMARA)]
    stranger = {"learner": BO, "letter": chosen["letter"]}
    assert act(coordinator, "post-letter-again", **stranger).status == 409


def test_the_last_word_on_credit_is_kept_and_can_be_taken_back(
    coordinator: Browser, cloud: Cloud
) -> None:
    assert act(coordinator, "override", **ACTS["override"]).status == 303
    assert act(coordinator, "take-back-override", **ACTS["take-back-override"]).status == 303

    (said,) = cloud.everything(Overrides)
    (word,) = said.said
    assert (word.by, word.granted) == ("robin@idha.example", False)
    assert word.withdrawn is not None


def test_two_who_count_as_one_are_two_after_all_and_it_is_said_first_what_that_means(
    coordinator: Browser, cloud: Cloud
) -> None:
    pair = tuple(sorted((AMARA, BO)))
    asked = Likeness(
        series=SERIES, pair=(pair[0], pair[1]), noticed_at=cloud.now,
        found=granted("r", "x", "Y."), waiting=WAITING, waiting_since=cloud.now.isoformat(),
    )  # fmt: skip
    cloud.records.commit(asked)
    joins = {"pair": f"{SERIES}/{'+'.join(pair)}"}
    assert act(coordinator, "same-person", **joins).status == 303
    (same,) = cloud.everything(SamePerson)
    person = coordinator.get(f"/staff/people/{same.person}").body
    assert f'href="{same.other}/apart"' in person

    page = coordinator.get(f"/staff/people/{same.other}/apart")
    for said in ("What each gets back", "What stays", "Certificate", "They are two people"):
        assert said in page.body
    assert "is in the way" not in page.body
    assert act(coordinator, "two-after-all", other=same.other).status == 303

    (order,) = [one for one in cloud.everything(Order) if one.buyer_address.startswith("bo@")]
    assert order.learner == BO
    assert coordinator.get(f"/staff/people/{same.other}/apart").status == 404
    again = act(coordinator, "two-after-all", other=same.other, why="She told us once more.")
    assert (again.status, "two people already" in again.body) == (409, True)
    person = coordinator.get(f"/staff/people/{same.person}").body
    assert "another person&#39;s after all" in person or "another person's after all" in person
    assert act(coordinator, "same-person", **joins).status == 303


def test_a_certificate_is_withdrawn_and_counts_again(coordinator: Browser, cloud: Cloud) -> None:
    def status() -> CertificateStatus:
        return next(one.status for one in cloud.everything(Certificate) if one.learner == AMARA)

    assert act(coordinator, "revoke-certificate", **ACTS["revoke-certificate"]).status == 303
    assert status() is CertificateStatus.REVOKED
    assert act(coordinator, "reinstate-certificate", **ACTS["reinstate-certificate"]).status == 303
    assert status() is CertificateStatus.ISSUED


def test_lists_are_files_in_which_no_name_is_a_formula(cloud: Cloud) -> None:
    open_season(cloud, devika='=HYPERLINK("http://evil.example","Devika")')
    browser = signed_in(cloud, Role.COORDINATOR)

    for address in (
        f"/staff/sessions/{CLASS_1.id}/roster.csv",
        f"/staff/series/{SERIES}/people.csv",
        f"/staff/series/{SERIES}/orders.csv",
    ):
        answer = browser.get(address)
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        assert len(answer.body.strip().splitlines()) == 4, answer.body
        assert formulas_in(answer.body) == []
    assert formulas_in('a,"=HYPERLINK(1)"\n') == ["=HYPERLINK(1)"]


@pytest.mark.parametrize(
    ("page", "lists"),
    [
        ("/staff/series", {"series.csv"}),
        (
            f"/staff/series/{SERIES}",
            {f"{SERIES}/{name}.csv" for name in ("sessions", "people", "orders", "money")},
        ),
        (
            f"/staff/sessions/{CLASS_1.id}",
            {f"{CLASS_1.id}/{name}.csv" for name in ("roster", "ready", "timeline", "accreditor")},
        ),
        (
            f"/staff/people/{AMARA}",
            {f"{AMARA}/{name}.csv" for name in ("sessions", "orders", "letters", "ledger")},
        ),
        ("/staff/search?q=ama", {"search.csv?q=ama"}),
    ],
)
def test_every_list_of_a_page_can_be_taken_away_with_the_same_in_it(
    cloud: Cloud, page: str, lists: set[str]
) -> None:
    closed_season(cloud)
    browser = signed_in(cloud, Role.COORDINATOR)
    answer = browser.get(page)

    found = {link for link in Reader(answer.body).links if ".csv" in link}

    assert found == lists
    for link in found:
        listed = browser.get(f"{page.rpartition('/')[0]}/{link}")
        assert listed.status == 200, link
        assert listed.headers["Content-Type"].startswith("text/csv"), link
        headings, *rows = csv.reader(listed.body.lstrip("\ufeff").splitlines())
        assert rows, link
        assert {len(row) for row in rows} == {len(headings)}, link


def test_what_waits_can_be_taken_away_and_an_accountant_takes_money_alone(cloud: Cloud) -> None:
    open_season(cloud)
    person = cloud.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None
    named = person.model_copy(update={"name": "=1+1", "address": "=amara@example.org"})
    box = Mailbox(learner=AMARA, address_id=AMARA).bounced(cloud.now)
    cloud.records.commit(named, box)
    robin = signed_in(cloud, Role.COORDINATOR)

    assert "today.csv" in robin.get("/staff").body
    listed = robin.get("/staff/today.csv").body
    money = signed_in(cloud, Role.ACCOUNTANT).get("/staff/today.csv").body

    assert "=1+1" in listed
    assert formulas_in(listed) == []
    assert len(listed.strip().splitlines()) == 2
    assert len(money.strip().splitlines()) == 1
