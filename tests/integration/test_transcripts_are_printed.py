"""A transcript as a document: true to its words, tagged, archivable, and for its holder alone."""

import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pdfua
import pikepdf
import pytest

from functions.learner_pages.my_transcript_pdf import handler
from shared.adapters.typst_transcripts import transcript_pdf
from shared.domain.printing import UnprintableText
from shared.domain.registrations import Learner
from shared.domain.transcript_text import TranscriptRow, TranscriptText
from tests.cloud import CONTEXT, ENVIRON, Cloud, link
from tests.gateway import proxy_event
from tests.integration.test_certificate_printing import HOSTILE, LATIN_GREEK_CYRILLIC
from tests.integration.test_my_page import headers_of, wrong_tokens
from tests.paper import darkest, elements, fonts, page_count, picture, read
from tests.reading import Reader
from tests.season import AMARA, BO, IDHA, closed_season

_PDFINFO = shutil.which("pdfinfo")
RESOURCE = "/me/{token}/transcript/{series}/pdf"
COUNTS = TranscriptRow(
    title="In All Things a Wisdom: Complexity Theory & Practice for Liberatory Care",
    held="Sunday, June 22, 2025",
    credit="2.25",
    state="Counts",
    says="Certificate issued.",
    number="IDHA-2025-7K3M",
    checked_at="https://tending.example.org/certificates/7K3MQ9TDX4VB2NH6",
)
REFUSED = TranscriptRow(
    title="Between Resistance & Complicity",
    held="Sunday, July 13, 2025",
    credit="2.25",
    state="Not earned",
    says="You joined at 12:24; the class asks for arrival by 12:15 for CE credit.",
    number="",
    checked_at="",
)


def a_transcript(name: str = "Ana Ruiz-Gómez", *rows: TranscriptRow) -> TranscriptText:
    """A transcript of one class that counts and one that does not, or of other rows."""
    return TranscriptText(
        institute="Institute for the Development of Human Arts",
        accent="#0B5D5A",
        language="en",
        heading="Transcript of credit",
        name=name,
        series="Tending the Future of Care",
        earned="2.25 of 4.50 CE hours",
        missing="2.25 CE hours are missing, and no class of this series is ahead.",
        columns=("Class", "CE hours", "What stands"),
        rows=rows or (COUNTS, REFUSED),
        statement="As of Monday, July 14, 2025.",
        made_at=IDHA.sessions[1].ends_at,
    )


def test_everything_is_read_in_the_order_it_is_meant() -> None:
    text = a_transcript()
    page = read(transcript_pdf(text))
    words = [
        *(text.institute, text.heading, text.name, text.series, text.earned, text.missing),
        " ".join(text.columns),
        *(COUNTS.title, COUNTS.held, COUNTS.state, COUNTS.says, COUNTS.number),
        *(REFUSED.title, REFUSED.held, REFUSED.state, REFUSED.says),
        text.statement,
    ]
    places = [page.find(one) for one in words]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", [*LATIN_GREEK_CYRILLIC, *HOSTILE])
def test_any_name_is_printed_as_typed_and_never_as_markup(name: str) -> None:
    row = COUNTS.model_copy(update={"title": name, "says": name})
    pdf = transcript_pdf(a_transcript(name, row))

    assert read(pdf).count(name) == 3
    assert page_count(pdf) == 1


@pytest.mark.parametrize(
    ("name", "font"),
    [("प्रियंका मित्तक", "NotoSansDevanagari"), ("عبد الرحمن محمود", "Amiri")],
)
def test_names_in_devanagari_and_arabic_are_drawn_with_their_own_letters(
    name: str, font: str
) -> None:
    pdf = transcript_pdf(a_transcript(name))

    assert font in fonts(pdf) and font not in fonts(transcript_pdf(a_transcript()))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert name in str(document.docinfo["/Title"])


def test_letters_without_a_font_are_named_and_nothing_is_printed() -> None:
    with pytest.raises(UnprintableText) as refused:
        transcript_pdf(a_transcript("Ana 田 Ruiz"))

    assert refused.value.characters == "田"


@pytest.mark.parametrize(
    ("name", "classes"),
    [("Bo", 1), ("Wilhelmina Konstantinopoulou-Fernandez " * 3, 5), ("W" * 90, 2)],
)
def test_whatever_the_length_nothing_leaves_the_frame(name: str, classes: int) -> None:
    pdf = transcript_pdf(a_transcript(name, *[COUNTS, REFUSED, COUNTS, REFUSED, COUNTS][:classes]))
    page = picture(pdf, 72)

    assert page_count(pdf) == 1
    side = page.width / 210 * 12.5  # within the frame, well before the words begin
    left = page.crop((round(side), 60, round(side * 1.8), page.height - 60))
    right = page.crop(
        (page.width - round(side * 1.8), 60, page.width - round(side), page.height - 60)
    )
    assert darkest(left) > 240 and darkest(right) > 240


def test_a_long_one_has_more_pages_each_with_its_number_and_the_headings_again() -> None:
    pdf = transcript_pdf(a_transcript("Ana", *([COUNTS, REFUSED] * 12)))

    assert page_count(pdf) > 1
    assert f"1 / {page_count(pdf)}" in read(pdf)
    assert read(pdf).count("What stands") == page_count(pdf)
    assert "1 / 1" not in read(transcript_pdf(a_transcript()))


def test_the_accessibility_check_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "transcript.pdf"
    for text in (a_transcript(), a_transcript("प्रियंका", *([COUNTS, REFUSED] * 12))):
        path.write_bytes(transcript_pdf(text))
        report = pdfua.validate(str(path))
        assert [finding.message for finding in report.findings] == []


def test_it_says_what_it_is_in_its_language_and_a_table_is_heard_as_one() -> None:
    text = a_transcript()
    pdf = transcript_pdf(text)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/Title"]) == f"{text.heading}: {text.name}, {text.series}"
        assert str(document.Root["/Lang"]) == "en"
        with document.open_metadata() as claims:
            assert claims["pdfuaid:part"] == "1"
            assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("2", "A")
    kinds = [kind for kind, _ in elements(pdf)]
    assert [kinds.count(kind) for kind in ("H1", "Table", "TH", "TD", "Link")] == [1, 1, 3, 6, 1]


@pytest.mark.skipif(_PDFINFO is None, reason="pdfinfo is not installed")
def test_another_reader_of_documents_finds_the_tags_too(tmp_path: Path) -> None:
    path = tmp_path / "transcript.pdf"
    path.write_bytes(transcript_pdf(a_transcript()))
    said = subprocess.run(
        [str(_PDFINFO), "-struct-text", str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^ *(Table|H1|TH)\b", said, re.MULTILINE) == ["H1", "Table", *["TH"] * 3]
    assert '"Ana Ruiz-Gómez"' in said


def test_the_same_words_are_the_same_bytes() -> None:
    assert transcript_pdf(a_transcript()) == transcript_pdf(a_transcript())
    assert transcript_pdf(a_transcript()) != transcript_pdf(a_transcript("Bo"))


# --- through the entry point -----------------------------------------------------------------


def _asked(token: str, series: str = IDHA.series.id) -> dict[str, object]:
    event = proxy_event("GET", RESOURCE, {"token": token, "series": series})
    answer: dict[str, object] = handler(event, CONTEXT)
    return answer


def _laid_out(cloud: Cloud) -> list[str]:
    listed = cloud.s3.list_objects_v2(Bucket=ENVIRON["DOCUMENTS_BUCKET"], Prefix="transcripts/")
    return [one["Key"] for one in listed.get("Contents", [])]


def test_its_holder_is_led_to_the_document_for_minutes(cloud: Cloud) -> None:
    closed_season(cloud)
    earlier = set(_laid_out(cloud))

    answer = _asked(link("me", AMARA))

    assert answer["statusCode"] == 302
    url = urlsplit(headers_of(answer)["Location"])
    key = url.path.removeprefix(f"/{ENVIRON['DOCUMENTS_BUCKET']}").lstrip("/")
    assert parse_qs(url.query)["X-Amz-Expires"] == ["300"]
    assert (
        re.fullmatch(r"transcripts/[0-9a-f]{64}\.pdf", key)
        and {key} == set(_laid_out(cloud)) - earlier
    )
    page = read(cloud.document(key))
    for said in ("Amara", "2.25 of 11.25 CE hours", "As of Sunday, June 22, 2025."):
        assert said in page


def test_asked_for_again_on_the_same_day_it_takes_no_more_room(cloud: Cloud) -> None:
    closed_season(cloud)
    _asked(link("me", AMARA))
    first = _laid_out(cloud)
    cloud.wait(hours=1)
    _asked(link("me", AMARA))
    assert _laid_out(cloud) == first
    cloud.now += timedelta(days=1)
    _asked(link("me", AMARA))
    assert len(_laid_out(cloud)) == len(first) + 1


def test_who_has_a_name_without_a_font_gets_the_page_and_the_way_on(cloud: Cloud) -> None:
    closed_season(cloud)
    bo = cloud.records.get(Learner.key_of(BO), Learner)
    assert bo is not None
    cloud.records.commit(bo.model_copy(update={"name": "王小明"}))
    before = _laid_out(cloud)

    answer = _asked(link("me", BO))

    page = Reader(str(answer["body"]))
    assert answer["statusCode"] == 422
    assert "We have no font for some letters" in page.text and "王小明" in page.text
    assert f"../../../../me/{link('me', BO)}" in page.links
    assert _laid_out(cloud) == before


def test_every_wrong_token_gets_the_same_page_and_nothing_is_printed(cloud: Cloud) -> None:
    closed_season(cloud)
    before = _laid_out(cloud)

    answers = [_asked(token) for token in wrong_tokens(cloud).values()]
    answers.append(_asked(link("me", AMARA), "no-such-series"))

    assert {answer["statusCode"] for answer in answers} == {404}
    assert len({str(answer["body"]) for answer in answers}) == 1
    assert _laid_out(cloud) == before
