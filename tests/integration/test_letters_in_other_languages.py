"""Letters in other languages: whole or not at all, with days, times and places as people say."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import get_args

import pytest
from icalendar import Calendar
from jinja2.exceptions import TemplateAssertionError, UndefinedError

from shared.adapters.jinja_letters import JinjaComposer
from shared.adapters.letter_language import LETTERS
from shared.adapters.other_languages import Spoken, environment_in, facts_alone, spoken
from shared.domain.catalogue import Catalogue
from shared.domain.languages import ENGLISH, Language
from shared.domain.letter_facts import Composed
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from tests.catalogues import CATALOGUES, a_learner, classes_catalogue, unit_catalogue
from tests.reading import Reader
from tests.scholarship_mail import awarded, facts_of
from tests.scholarship_paper import with_round

COMPOSER = JinjaComposer()
OTHERS = [one for one in get_args(Language) if one != ENGLISH]
WRITTEN = [
    (language, LetterKind(path.stem))
    for language in OTHERS
    for path in sorted((LETTERS / language).glob("*.txt"))
    if path.stem != "layout"
]


def write(kind: LetterKind, catalogue: Catalogue, **changes: object) -> Composed:
    return COMPOSER.compose(facts_of(kind, catalogue, **changes))


@pytest.mark.parametrize("shape", CATALOGUES)
@pytest.mark.parametrize(("language", "kind"), WRITTEN)
def test_a_letter_in_another_language_is_whole_and_follows_the_house_style(
    language: str, kind: LetterKind, shape: str
) -> None:
    letter = write(kind, CATALOGUES[shape](languages=(language,)))
    page = Reader(letter.html)

    assert 0 < len(letter.subject) < 60
    assert page.open == [] and page.tags.count("h1") == 1
    assert ("html", "lang", language) in page.attributes
    assert letter.html.count('<a class="button"') <= 1
    for link in page.links:
        assert link.removeprefix("mailto:") in letter.text
    for english in ("Hello", "Join", "New York time", "India time", "Questions", "Paid", "Rate"):
        assert english not in letter.text


def test_spanish_says_days_times_zones_money_and_lists_in_its_own_way() -> None:
    letter = write(LetterKind.CONFIRMATION, classes_catalogue(languages=("es", "en")))

    assert letter.subject == "Tus plazas: 5 clases, del 22 jun al 14 sept"
    for said in (
        "Hola, Amara Osei:",
        "domingo, 22 de junio de 2025, 12:00–14:30, hora de Nueva York",
        "(9:00 Los Ángeles · 17:00 Londres · 21:30 India)",
        "Con Zena Sharman y Kai Cheng Thom · subtítulos automáticos · ASL",
        "Pagado: 210,00\xa0US$",
        "llega en los primeros 15 minutos, quédate hasta los últimos 15 minutos y no te ausentes",
    ):
        assert said in letter.text


def test_a_reminder_in_spanish_is_short_an_hour_before() -> None:
    catalogue = unit_catalogue(languages=("es",))
    week, hour = (write(LetterKind.REMINDER, catalogue, hours=hours) for hours in (168, 1))

    assert week.subject.startswith("El 1 nov: ") and hour.subject.startswith("Empieza a las 18:00")
    assert "sábado, 1 de noviembre de 2025, 18:00–20:00, hora de India" in hour.text
    assert len(hour.text) < len(week.text)


def test_the_calendar_entry_speaks_as_the_letter_does() -> None:
    letter = write(LetterKind.CONFIRMATION, classes_catalogue(languages=("es",)))

    entry = Calendar.from_ical(letter.attachments[0].content).events[0]
    assert str(entry["DESCRIPTION"]).startswith("Con Zena Sharman y Kai Cheng Thom")
    assert "Preguntas: contact@idha.example" in str(entry["DESCRIPTION"])


def test_hindi_keeps_its_own_words_and_the_digits_that_people_use() -> None:
    hindi = Spoken("hi", spoken("es").words.model_copy(update={"greeting": "नमस्ते {name},"}))
    session = unit_catalogue().sessions[0]

    assert hindi.span(session) == "शनिवार, 1 नवंबर 2025, 6:00–8:00 pm, भारत समय"
    assert hindi.elsewhere(session.starts_at, session.zone) == (
        "8:30 am न्यूयॉर्क · 5:30 am लॉस एंजिल्स · 12:30 pm लंदन"
    )
    assert hindi.money(Money(minor=450000, currency="INR")) == "₹4,500.00"
    assert hindi.greeting("श्रीकृष्ण  त्रिपाठी") == "नमस्ते श्रीकृष्ण त्रिपाठी,"


def test_another_day_elsewhere_is_named_in_the_language() -> None:
    late = datetime(2025, 6, 22, 20, 0, tzinfo=UTC)
    assert spoken("es").elsewhere(late, "America/New_York").endswith("1:30 India, lunes")


@pytest.mark.parametrize("name", ["", "WIN at https://spam.example", "a@b"])
def test_nobody_advertises_by_their_name_in_any_language(name: str) -> None:
    letter = write(
        LetterKind.REMINDER, classes_catalogue(languages=("es",)), learner=a_learner(name)
    )
    assert "\nHola:\n" in letter.text and "spam" not in letter.text


def test_a_letter_that_the_language_does_not_have_is_english_from_beginning_to_end() -> None:
    spanish = write(LetterKind.CERTIFICATE, classes_catalogue(languages=("es", "en")))

    assert spanish == write(LetterKind.CERTIFICATE, classes_catalogue())
    assert ("html", "lang", "en") in Reader(spanish.html).attributes


def test_what_a_scholarship_changes_is_said_whole_in_english() -> None:
    letter = COMPOSER.compose(awarded(with_round(classes_catalogue(languages=("es",)))))
    assert "Your scholarship covers it" in letter.text and "Hola" not in letter.text


def test_a_letter_that_reaches_for_english_words_is_not_written() -> None:
    """The negative control: what is said in English only is not there for other languages."""
    known = facts_alone({"seats": "all 5 classes", "title": "Care"})
    made = environment_in("es")
    assert made.from_string("{{ title }}").render(known) == "Care"
    with pytest.raises(UndefinedError):
        made.from_string("{{ seats }}").render(known)
    with pytest.raises(TemplateAssertionError):
        made.from_string("{{ policies | credit_name }}")


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_both_forms_of_each_letter_and_of_the_layout(language: str) -> None:
    names = {path.stem: set() for path in (LETTERS / language).iterdir()}  # type: ignore[var-annotated]
    for path in (LETTERS / language).iterdir():
        names[path.stem].add(path.suffix)
    assert names.pop("words") == {".json"}
    assert names.pop("layout") == {".txt", ".html"}
    assert set(names) <= set(LetterKind)
    assert all(forms == {".txt", ".html"} for forms in names.values())
    assert set(spoken(language).words.kinds) == {"class", "session", "circle"}


def test_english_letters_load_nothing_of_other_languages() -> None:
    script = (
        "import sys; from tests.scholarship_mail import facts_of;"
        "from tests.catalogues import classes_catalogue; from shared.domain.letters import *;"
        "from shared.adapters.jinja_letters import JinjaComposer;"
        "JinjaComposer().compose(facts_of(LetterKind.CONFIRMATION, classes_catalogue()));"
        "assert 'babel' not in sys.modules, 'babel was loaded'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
