"""The printed certificate: every word in its place, one page, one person, stable bytes."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from shared.adapters.typst_certificates import TypstCertificatePrinter
from shared.domain.certificate_text import CertificateText
from shared.domain.printing import UnprintableText
from tests.paper import (
    a_certificate,
    darkest_between,
    filled_with,
    fonts,
    letter_boxes,
    page_count,
    picture,
    read,
)

REPOSITORY = Path(__file__).resolve().parents[2]
PRINTER = TypstCertificatePrinter()

LATIN_GREEK_CYRILLIC = ["Bo", "Ana Ruiz-Gómez", "Nguyễn Thị Ánh", "Ελένη Δήμου", "Людмила Шевченко"]
HOSTILE = [
    "A & B <3",
    "#panic",
    '#panic("x")',
    "$1000",
    "*bold* _it_ `raw`",
    "@cite",
    "\"quotes\" 'single'",
    "back\\slash \\u{41} \\",
    "[x] // gone? /* gone? */",
    "= Heading",
    "- item -- dash --- ... ~",
    "https://example.org/<label>",
    "{{ name }} {% x %}",
    "</script><b>",
    ") Tj ET (",
    "/Type/Pages/Count 7/",
]


def test_everything_on_the_certificate_is_read_in_the_order_it_is_meant() -> None:
    text = a_certificate()
    page = read(PRINTER.print(text))
    places = [
        page.find(words)
        for words in (
            text.institute,
            text.heading,
            text.name,
            text.sentence,
            text.title,
            text.details,
            "Faculty Zena Sharman · Kai Cheng Thom",
            text.labels.objectives,
            *text.objectives,
            *text.statements,
            text.signatory_name,
            text.signatory_office,
            text.number,
            text.public_url,
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", [*LATIN_GREEK_CYRILLIC, *HOSTILE])
def test_a_name_is_printed_as_typed_and_never_as_markup(name: str) -> None:
    text = a_certificate(name=name, title=name, objectives=(name, name), statements=(name,))
    pdf = PRINTER.print(text)
    assert read(pdf).count(name) == 5
    assert page_count(pdf) == 1


def test_an_ordinary_certificate_is_set_as_designed_and_not_squeezed() -> None:
    text = a_certificate()
    (box, letter), *_ = letter_boxes(PRINTER.print(text), text.heading, text.sentence)
    assert letter == "A"
    assert box[3] - box[1] == pytest.approx(0.71 * 44, abs=1)  # the height of a capital at 44 pt


@pytest.mark.parametrize("length", [60, 80])
def test_a_long_name_is_whole_and_still_the_largest_thing_on_the_page(length: int) -> None:
    name = "Wilhelmina Konstantinopoulou-Fernandez de Oliveira Albuquerque e Vasconcelos Neto"[
        :length
    ]
    text = a_certificate(name=name)
    pdf = PRINTER.print(text)
    assert name in read(pdf)
    (first_box, first), *_ = letter_boxes(pdf, text.heading, text.sentence)
    (title_box, _), *_ = letter_boxes(pdf, text.sentence, text.details)
    assert first == "W"
    assert first_box[3] - first_box[1] > 1.5 * (title_box[3] - title_box[1])


@pytest.mark.parametrize(
    ("name", "font"),
    [("प्रियंका मित्तक", "NotoSansDevanagari"), ("عبد الرحمن محمود", "Amiri")],
)
def test_names_in_devanagari_and_arabic_are_drawn_with_their_own_letters(
    name: str, font: str
) -> None:
    pdf = PRINTER.print(a_certificate(name=name))
    assert font in fonts(pdf)
    assert font not in fonts(PRINTER.print(a_certificate()))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert name in str(document.docinfo["/Title"])


def test_a_name_from_right_to_left_ends_at_the_left() -> None:
    def from_left_to_right(name: str) -> str:
        text = a_certificate(name=name)
        boxes = letter_boxes(PRINTER.print(text), text.heading, text.sentence)
        return "".join(letter for _, letter in sorted(boxes))

    assert from_left_to_right("Ana R.")[-1] == "."
    assert from_left_to_right("عبد الرحمن م.")[0] == "."


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("王小明", "王小明"),
        ("Ana 田 Ruiz", "田"),
        ("สมชาย", "สมชาย"),
        ("Ana 😀", "😀"),
        ("Ana \U0001f3fb", "\U0001f3fb"),
        ("\ue00b\u0319", "\ue00b"),
    ],
)
def test_a_script_without_a_font_is_refused_with_its_letters(name: str, missing: str) -> None:
    with pytest.raises(UnprintableText) as refusal:
        PRINTER.print(a_certificate(name=name))
    assert refusal.value.characters == "".join(dict.fromkeys(missing))
    assert refusal.value.__context__ is None  # Typst's own message would carry the name into logs


def test_a_refusal_does_not_spoil_the_next_certificate() -> None:
    before = PRINTER.print(a_certificate())
    with pytest.raises(UnprintableText):
        PRINTER.print(a_certificate(name="王小明"))
    assert PRINTER.print(a_certificate()) == before


def test_nothing_of_one_person_shows_on_the_next_persons_certificate() -> None:
    first = a_certificate()
    second = a_certificate(
        name="Bo", number="IDHA-2025-OTHER", public_url="https://tending.example.org/c/OTHER"
    )
    PRINTER.print(first)
    pdf = PRINTER.print(second)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        seen = read(pdf) + str(document.docinfo["/Title"])
    assert second.number in seen
    for private in (first.name, first.number, first.public_url):
        assert private not in seen


def test_many_certificates_at_once_each_carry_their_own_name() -> None:
    texts = [a_certificate(name=f"Person {at:03}", number=f"N-{at:03}") for at in range(24)]
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(PRINTER.print, texts))
    assert [re.findall(r"Person \d{3}|N-\d{3}", read(page)) for page in pages] == [
        [text.name, text.number] for text in texts
    ]


def test_the_same_words_give_the_same_bytes_in_another_process_at_another_place(
    tmp_path: Path,
) -> None:
    texts = [
        a_certificate(),
        a_certificate(name="प्रियंका मित्तक"),
        filled_with("Wilhelmina Montgomery "),
    ]
    elsewhere = tmp_path / "some where"
    for part in (
        "domain/certificate_text.py",
        "domain/printing.py",
        "adapters/typst_certificates.py",
        "templates/certificate/certificate.typ",
    ):
        target = elsewhere / "shared" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "shared" / part, target)
    program = (
        "import hashlib, sys\n"
        "from shared.adapters.typst_certificates import TypstCertificatePrinter as Printer\n"
        "from shared.domain.certificate_text import CertificateText as Text\n"
        "printer = Printer()\n"
        "for line in sys.stdin.buffer:\n"
        "    pdf = printer.print(Text.model_validate_json(line))\n"
        "    print(hashlib.sha256(pdf).hexdigest())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        input="\n".join(text.model_dump_json() for text in reversed(texts)).encode(),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(elsewhere), "TZ": "Asia/Kolkata", "LC_ALL": "C"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    here = [hashlib.sha256(PRINTER.print(text)).hexdigest() for text in reversed(texts)]
    assert answer.stdout.decode().split() == here
    assert len(set(here)) == len(texts)


@pytest.mark.parametrize(
    "text",
    [
        a_certificate(),
        a_certificate(objectives=(), statements=(), faculty=()),
        a_certificate(objectives=("One alone",)),
        filled_with("Wilhelmina Montgomery "),
        filled_with("W"),
        filled_with("1 0 obj <</Type/Pages/Count 1/ "),
        a_certificate(name="\u0301\u0308"),
        filled_with("प्रियंका मित्तक "),
        filled_with("عبد الرحمن ", language="ar"),
    ],
    ids=[
        "usual",
        "bare",
        "one objective",
        "full",
        "unbroken",
        "imitated",
        "no width",
        "Hindi",
        "Arabic",
    ],
)
def test_a_certificate_is_one_page_with_nothing_outside_its_frame(text: CertificateText) -> None:
    pdf = PRINTER.print(text)
    assert page_count(pdf) == 1
    page = picture(pdf, 72)
    assert darkest_between(page, 9, 13) < 200  # the frame itself: this measure does see ink
    assert darkest_between(page, 0, 9) > 240
    assert darkest_between(page, 13, 20) > 240
