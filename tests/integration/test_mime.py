"""Letters as bytes, parsed back: whoever is written to, and whatever they are called."""

import email
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.jinja_letters import JinjaComposer
from shared.adapters.mime import ascii_address, to_bytes
from shared.domain.letter_facts import Composed, Envelope
from shared.domain.letters import LetterKind
from shared.domain.people import clean_name
from tests.catalogues import classes_catalogue, letter_facts

LETTER = Composed(subject="Your seat", text="Hello\n", html="<p>Hello</p>")
NAMES = [
    "Amara Osei",
    "O'Brien\r\nBcc: x@y",
    "O'Brien\nBcc: x@y\n\nHello",
    "\u202eevil\u202c",
    "🙂" * 120,
    "A" * 120,
    "Doe, " * 24,
    "é, " * 40,
    "ab.cd, " * 17,
    "Name (comment) " * 8,
    "A & B <3",
    "Rae <rae@evil.example>",
    '"; Bcc: x@y',
    "{{7*7}}",
    "{% raw %}",
    "=?utf-8?q?evil=2C?= <a@b.example>",
    "=?utf-8?q?a?= " * 8,
    '"' * 120,
    "\\" * 119,
    "x\x00y\x1b[31m",
    "प्रियंका मित्तक " * 8,
    "محمد علي",
    "👩\u200d🔬" * 30,
    "",
    " ",
]


def envelope(name: str = "Amara Osei", *to: str, letter_id: str = "certificate#c1/l1") -> Envelope:
    return Envelope(
        sender_name="Institute, for Human Arts",
        sender="letters@idha.example",
        reply_to="contact@idha.example",
        to_name=name,
        to=to or ("amara@example.org",),
        letter_id=letter_id,
    )


def parse(message: bytes) -> EmailMessage:
    return email.message_from_bytes(message, policy=default)


def head(message: bytes) -> list[bytes]:
    return message.split(b"\r\n\r\n")[0].split(b"\r\n")


def assert_reaches_only(name: str, message: bytes) -> None:
    parsed = parse(message)
    assert sorted(set(parsed.keys())) == [
        "Auto-Submitted", "Content-Type", "From", "MIME-Version", "Reply-To", "Subject", "To",
        "X-Tending-Letter",
    ]  # fmt: skip
    assert [one.addr_spec for one in parsed["To"].addresses] == ["amara@example.org"]
    # By the older parser too: the newer one drops no header where the older one sees two people.
    ((shown, address),) = getaddresses([str(email.message_from_bytes(message)["To"])])
    assert address == "amara@example.org"
    # A mail program joins the encoded words before it looks at anything else.
    joined = str(make_header(decode_header(re.sub(r"\s+", " ", shown))))
    assert joined == clean_name(name)
    assert max(map(len, head(message))) <= 78
    assert message.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_adds_a_header_a_recipient_or_a_line(name: str) -> None:
    assert_reaches_only(name, to_bytes(envelope(name), LETTER))


def test_the_check_above_notices_a_second_recipient_and_a_second_header() -> None:
    message = to_bytes(envelope(), LETTER)
    for added in (b"To: Doe, ", b"Bcc: x@y\r\nTo: "):
        with pytest.raises(AssertionError):
            assert_reaches_only("Amara Osei", message.replace(b"To: ", added, 1))


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=140))
def test_no_name_at_all_adds_a_header_a_recipient_or_a_line(name: str) -> None:
    assert_reaches_only(name, to_bytes(envelope(name), LETTER))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=59))
def test_no_subject_becomes_a_second_header(subject: str) -> None:
    message = to_bytes(envelope(), LETTER.model_copy(update={"subject": subject}))
    assert len(parse(message).keys()) == 8
    assert all(re.match(rb"[A-Za-z-]+: | \S", line) for line in head(message))


def test_a_letter_arrives_with_text_html_and_its_certificate() -> None:
    letter = JinjaComposer().compose(letter_facts(LetterKind.CERTIFICATE, classes_catalogue()))
    parsed = parse(to_bytes(envelope(), letter))
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    text, html = (parsed.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().replace("\r\n", "\n") == letter.html
    (pdf,) = parsed.iter_attachments()
    assert pdf.get_filename() == letter.attachments[0].filename
    assert pdf.get_content() == b"%PDF-1.7 example"
    assert parsed["Subject"] == letter.subject
    assert str(parsed["From"]) == '"Institute, for Human Arts" <letters@idha.example>'
    assert parsed["Reply-To"] == "contact@idha.example"
    assert parsed["X-Tending-Letter"] == "certificate#c1/l1"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Date"] is None and parsed["Message-ID"] is None


def test_a_calendar_file_arrives_as_one_with_its_method() -> None:
    letter = JinjaComposer().compose(letter_facts(LetterKind.CONFIRMATION, classes_catalogue()))
    (file,) = parse(to_bytes(envelope(), letter)).iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file["Content-Type"].params["method"] == "PUBLISH"
    assert file["Content-Type"].params["charset"] == "utf-8"
    assert file.get_filename() == "tending-2025.ics"
    assert file.get_payload(decode=True) == letter.attachments[0].content


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = JinjaComposer().compose(letter_facts(LetterKind.CONFIRMATION, classes_catalogue()))
    assert to_bytes(envelope(), letter) == to_bytes(envelope(), letter)


def test_staff_are_all_written_to_at_once() -> None:
    parsed = parse(to_bytes(envelope("", "a@idha.example", "b@idha.example"), LETTER))
    assert [one.addr_spec for one in parsed["To"].addresses] == ["a@idha.example", "b@idha.example"]


def test_a_letter_id_of_any_file_name_stays_one_plain_header() -> None:
    message = to_bytes(envelope(letter_id="staff_recording#x/Série 1\r\nBcc: x@y नोट.mp4"), LETTER)
    said = parse(message)["X-Tending-Letter"]
    assert said.startswith("staff_recording#x/S%C3%A9rie%201%0D%0ABcc:%20x@y")
    assert parse(message)["Bcc"] is None


def test_a_domain_in_another_script_is_written_the_way_servers_know_it() -> None:
    assert ascii_address("amara@bücher.example") == "amara@xn--bcher-kva.example"
    assert ascii_address("operator@localhost") == "operator@localhost"


@pytest.mark.parametrize(
    "address", ["ö@x.example", "a@b\r\nBcc: c@d", "a b@c.example", "a,b@c.example", "", "<a@b>"]
)
def test_an_address_no_mail_can_reach_is_refused_without_being_named(address: str) -> None:
    with pytest.raises(
        ValueError, match=r"^A letter has an address that mail cannot be sent to\.$"
    ):
        to_bytes(envelope("Amara", address), LETTER)
