"""Pages as people open them: what each says, to whom it says less, and what a browser may load."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from shared.adapters.jinja_pages import JinjaPages, content_security_policy
from shared.domain.catalogue import contrast
from shared.domain.certificate_life import Comparison
from shared.domain.decisions import Decision, Reason, refused
from tests.catalogues import (
    CATALOGUES,
    CORRECTED,
    PUBLIC_ID,
    REVOKED,
    SITE,
    a_certificate,
    classes_catalogue,
    unit_catalogue,
)
from tests.front_door import said_by_gateway
from tests.reading import Reader

PAGES = JinjaPages()
DOCUMENT = "https://bucket.example/certificates/x.pdf?signature=a&expires=300"
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "A & B <3", '"><b>Bo', "محمد علي"]
COMPARES = ("certificate", "certificate_withdrawn", "certificate_corrected")


def closed() -> Decision:
    return refused(
        "entitlements-1",
        Reason(code="window_closed", text="This recording could be watched for 14 days."),
    )


def all_pages(shape: str) -> dict[str, str]:
    catalogue = CATALOGUES[shape]()
    certificate = a_certificate(catalogue)
    withdrawn = a_certificate(catalogue, **REVOKED)
    return {
        "certificate": PAGES.certificate(certificate, catalogue),
        "my_certificate": PAGES.my_certificate(certificate, catalogue, DOCUMENT),
        "certificate_corrected": PAGES.certificate(
            a_certificate(catalogue, **CORRECTED), catalogue, Comparison.SUPERSEDED
        ),
        "certificate_withdrawn": PAGES.certificate(withdrawn, catalogue),
        "my_certificate_withdrawn": PAGES.my_certificate(withdrawn, catalogue, ""),
        "no_access": PAGES.no_access(closed(), catalogue, catalogue.sessions[0].title),
        "not_found": PAGES.not_found(),
        "trouble": PAGES.trouble(),
    }


every_page = pytest.mark.parametrize(
    ("shape", "name"), [(shape, name) for shape in CATALOGUES for name in all_pages(shape)]
)


@every_page
def test_every_page_is_whole_and_reads_well_to_everybody(shape: str, name: str) -> None:
    html = all_pages(shape)[name]
    page = Reader(html)
    assert page.open == []
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("title") == 1
    assert ("html", "lang", "en") in page.attributes
    assert ("meta", "content", "noindex, nofollow") in page.attributes
    assert ("meta", "content", "no-referrer") in page.attributes
    assert "user-scalable" not in html
    words = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"\{\{|\{%|None|Undefined|[Ii]nvalid|[Ee]rror|!(?!DOCTYPE)", words)


@every_page
def test_a_browser_may_load_nothing_but_the_pages_own_style(shape: str, name: str) -> None:
    html = all_pages(shape)[name]
    page = Reader(html)
    assert not {"img", "link", "iframe"} & set(page.tags)
    # The one page with a script compares a PDF by itself, so that nobody has to send it to us.
    script = "".join(re.findall(r"<script>(.*?)</script>", html, re.DOTALL))
    assert bool(script) == ("script" in page.tags) == (name in COMPARES)
    runs = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() if script else ""
    for reaching_out in ("fetch", "XMLHttp", "import", "eval", "innerHTML", "src", "http"):
        assert reaching_out not in script
    assert not [value for _, attribute, value in page.attributes if attribute == "style"]
    assert not [attribute for _, attribute, _ in page.attributes if attribute.startswith("on")]
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert content_security_policy(html) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        + (f"script-src 'sha256-{runs}'; " if runs else "")
        + "form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert "url(" not in sheet and "@import" not in sheet


def test_the_public_page_answers_its_one_question_first_and_then_shows_the_facts() -> None:
    catalogue = classes_catalogue()
    text = Reader(PAGES.certificate(a_certificate(catalogue), catalogue)).text
    body = text.partition("Institute for the Development of Human Arts ")[2]
    assert body.startswith("This certificate is valid.")
    for said in (
        "A•••• O••• has completed the live class “What Emerges in Dialogue: Relational",
        "Sunday, September 14, 2025 live online 2.25 CE hours",
        "Charmaine Harris and Russell Razzaque",
        "Noor Haddad, Director of Training",
        "There is no commercial support for this class.",
        "contact@idha.example",
    ):
        assert said in text
    assert re.search(r"IDHA-2025-\w{4}-\w{4}", text)


def test_a_stranger_sees_the_whole_name_only_if_its_holder_chose_so() -> None:
    catalogue = unit_catalogue()
    masked = PAGES.certificate(a_certificate(catalogue), catalogue)
    shown = PAGES.certificate(a_certificate(catalogue, name_is_public=True), catalogue)
    assert "Amara" not in masked and "Osei" not in masked
    assert "only the first letters" in masked.lower()
    assert "Amara Osei" in shown and "•" not in shown


def test_a_withdrawn_certificate_says_so_first_and_its_reason_in_words_fit_for_strangers() -> None:
    catalogue = classes_catalogue()
    withdrawn = a_certificate(catalogue, **REVOKED)
    public = Reader(PAGES.certificate(withdrawn, catalogue)).text
    mine = Reader(PAGES.my_certificate(withdrawn, catalogue, ""))

    assert "This certificate was withdrawn. It has not counted since Sunday, June 1" in public
    assert "The record of attendance was corrected after it was issued." in public
    assert "is valid" not in public and "confirms that" not in public
    assert "You told us that you left at noon." not in public
    assert "You told us that you left at noon." in mine.text
    assert not any(".pdf" in link for link in mine.links)


def test_the_public_page_shows_everything_that_is_printed() -> None:
    for make in CATALOGUES.values():
        catalogue = make()
        certificate = a_certificate(catalogue, name_is_public=True)
        page = Reader(PAGES.certificate(certificate, catalogue)).text
        text = certificate.text
        printed = (
            *(text.institute, text.name, text.sentence, text.title, text.number),
            *(text.signatory_name, text.signatory_office, *text.details.split(" · ")),
            *(*text.faculty, *text.objectives, *text.statements),
        )
        assert [words for words in printed if words not in page] == []


@pytest.mark.parametrize(("is_public", "choice"), [(False, "yes"), (True, "no")])
def test_holders_can_change_what_others_see_without_a_script(is_public: bool, choice: str) -> None:
    catalogue = classes_catalogue()
    certificate = a_certificate(catalogue, name_is_public=is_public)
    page = Reader(PAGES.my_certificate(certificate, catalogue, DOCUMENT))
    assert ("form", "method", "post") in page.attributes
    assert ("input", "name", "show_name") in page.attributes
    assert ("input", "value", choice) in page.attributes
    assert page.tags.count("button") == 2
    assert ("That page shows your whole name." in page.text) is is_public


def test_holders_find_their_document_and_the_public_page() -> None:
    catalogue = classes_catalogue()
    page = Reader(PAGES.my_certificate(a_certificate(catalogue), catalogue, DOCUMENT))
    assert page.links[:2] == [DOCUMENT, f"{SITE}/c/{PUBLIC_ID}"]
    assert "Amara Osei" in page.text


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("window_closed", "The time to watch has passed"),
        ("refunded", "Your access has ended"),
        ("payment_pending", "Your payment is still on its way"),
        ("not_here", "It is not here yet"),
        ("something_new", "We cannot open this for you"),
    ],
)
def test_a_closed_door_says_why_and_whom_to_ask(code: str, heading: str) -> None:
    catalogue = unit_catalogue()
    decision = refused("v1", Reason(code=code, text="This is why."), Reason(code="x", text="And."))
    page = Reader(PAGES.no_access(decision, catalogue, "Advocacy Roles"))
    for said in (heading, "Advocacy Roles", "This is why.", "And.", "workshops@misa.example"):
        assert said in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_ever_more_than_words(name: str) -> None:
    catalogue = classes_catalogue()
    plain = a_certificate(catalogue, name_is_public=True)
    hostile = a_certificate(catalogue, name, name_is_public=True)
    for before, after in (
        (PAGES.certificate(plain, catalogue), PAGES.certificate(hostile, catalogue)),
        (
            PAGES.my_certificate(plain, catalogue, DOCUMENT),
            PAGES.my_certificate(hostile, catalogue, DOCUMENT),
        ),
    ):
        assert Reader(before).tags == Reader(after).tags
        assert name in Reader(after).text
        assert content_security_policy(before) == content_security_policy(after)


@pytest.mark.parametrize("accent", ["#0B5D5A", "#8A2F3C", "#000000", "#1A237E"])
def test_every_colour_of_a_page_is_readable_by_day_and_by_night(accent: str) -> None:
    catalogue = classes_catalogue(accent=accent)
    html = PAGES.certificate(a_certificate(catalogue), catalogue)
    day, night, *_ = (
        dict(re.findall(r"--(\w+): (#[0-9A-F]{6});", rule))
        for rule in re.findall(r":root \{[^}]*--accent[^}]*\}", html)
    )
    assert day["accent"] == accent and night["accent"] != accent
    for theme in (day, night):
        for role in ("ink", "quiet", "accent"):
            assert contrast(theme[role], theme["paper"]) >= 4.5


def test_pages_start_without_the_calendar_library() -> None:
    program = "import sys, shared.adapters.jinja_pages; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("what", "status", "ours"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", 404, PAGES.not_found),
        ("DEFAULT_5XX", 502, PAGES.trouble),
    ],
)
def test_where_no_function_answers_the_api_says_what_our_pages_say(
    what: str, status: int, ours: Callable[[], str]
) -> None:
    _, headers, said = said_by_gateway(what, status)

    page = Reader(said.decode())
    assert page.open == []
    assert page.text.removeprefix("Tending").strip() in Reader(ours()).text
    assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"
