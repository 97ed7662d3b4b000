"""Every scholarship page in every state: readable, and harmless whatever people write."""

import base64
import hashlib
import re

import pytest

from shared.adapters.jinja_pages import content_security_policy
from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages
from shared.domain.scholarship_form import FIELDS
from tests.catalogues import CATALOGUES
from tests.form_reading import Form
from tests.reading import Reader
from tests.scholarship_paper import (
    REFERENCE,
    STATES,
    a_row,
    form_view,
    list_view,
    my_view,
    received_view,
    review_view,
    round_catalogue,
    sent_fields,
)

PAGES = JinjaScholarshipPages()
NAMES = [
    "Wolfeschlegelsteinhausenbergerdorff " * 3,
    "प्रियंका मित्तक",
    "<script>alert(1)</script>",
    "A & B \"Bo\" 'Q' {{7*7}}",
    "</textarea><b>x",
]


def all_pages(shape: str = "classes", name: str = "Amara Osei") -> dict[str, str]:
    catalogue = round_catalogue(shape, credit=True)
    problems = (*FIELDS, "something_else")
    rows = (a_row(2), a_row(3, voted=True, votes=2), a_row(4, priority=True, late=True))
    answers = my_view(catalogue, "received").answers
    assert answers is not None
    wrote = answers.model_copy(update={"name": name, "text": name, "own_words": name})
    return {
        "form": PAGES.form(form_view(catalogue)),
        "form_late": PAGES.form(form_view(catalogue, late=True)),
        "form_again": PAGES.form(
            form_view(
                catalogue,
                problems=problems,
                notice="Please send it again.",
                fields=sent_fields(catalogue, name) | {"text": (name,), "own_words": (name,)},
            ),
            posted=True,
        ),
        "received": PAGES.received(received_view(catalogue)),
        "received_late": PAGES.received(received_view(catalogue, late=True)),
        "round_closed": PAGES.round_closed(catalogue),
        "no_round": PAGES.no_round(),
        "form_used": PAGES.form_used(catalogue, REFERENCE),
        "still_storing": PAGES.still_storing(catalogue),
        "too_many": PAGES.too_many(catalogue),
        "too_large": PAGES.too_large(),
        "wrong_kind": PAGES.wrong_kind(),
        "review_list": PAGES.review_list(list_view(catalogue, *rows)),
        "review_list_empty": PAGES.review_list(list_view(catalogue)),
        "review_list_closed": PAGES.review_list(list_view(catalogue, *rows, closed=True)),
        "review": PAGES.review(review_view(catalogue, texts=(name, "Earlier"), problem="Which?")),
        "review_voted": PAGES.review(
            review_view(catalogue, voted=True, name=name, votes=("No scholarship",))
        ),
        "review_closed": PAGES.review(review_view(catalogue, closed=True, texts=())),
        "link_expired": PAGES.link_expired(),
        **{
            f"my_{state}": PAGES.my_application(my_view(catalogue, state, problem="Not now."))
            for state in STATES
        },
        "my_own": PAGES.my_application(my_view(catalogue, "received", answers=wrote)),
    }


PAGE_NAMES = list(all_pages())
every_page = pytest.mark.parametrize(
    ("shape", "name"), [(shape, name) for shape in CATALOGUES for name in PAGE_NAMES]
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
    assert not re.search(
        r"\{\{|\{%|None|Undefined|Markup|[Ii]nvalid|[Ee]rror|[Uu]ser|!|\bEST\b|&#|&lt;", page.text
    )


@every_page
def test_a_browser_may_load_nothing_but_the_pages_own_style(shape: str, name: str) -> None:
    catalogue = CATALOGUES[shape]()
    html = all_pages(shape)[name]
    page = Reader(html)
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [value for _, attribute, value in page.attributes if attribute == "style"]
    assert not [one for _, one, _ in page.attributes if one.startswith("on") or one == "src"]
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'; form-action 'self'" in content_security_policy(html)
    assert "url(" not in sheet and "@import" not in sheet
    ours = (catalogue.series.page, "https://tending.example/", "mailto:", "#", "../scholarships/")
    assert all(link.startswith((*ours, "scholarships/")) for link in page.links)


@every_page
def test_everything_that_can_be_filled_in_is_named_and_every_mention_leads_somewhere(
    shape: str, name: str
) -> None:
    html = all_pages(shape)[name]
    form = Form(html)
    assert len(form.ids) == len(set(form.ids))
    for field in form.fields:
        if field["tag"] != "button" and field.get("type") != "hidden":
            assert field["id"] in form.labels, field
    assert form.labels <= set(form.ids)
    assert set(form.described) <= set(form.ids)
    inside = [link[1:] for link in Reader(html).links if link.startswith("#")]
    assert set(inside) <= set(form.ids)
    assert all(one["method"] == "post" for one in form.forms)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_people_write_is_ever_more_than_words(name: str) -> None:
    for page, before in all_pages().items():
        after = all_pages(name=name)[page]
        assert Reader(after).tags == Reader(before).tags
        assert content_security_policy(after) == content_security_policy(before)
    shown = all_pages(name=name)
    for page in ("review_voted", "my_own"):
        assert " ".join(name.split()) in Reader(shown[page]).text
    assert Form(shown["form_again"]).one("name")["value"] == name
    assert Form(shown["form_again"]).texts["text"] == name


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("round_closed", ("The round is closed", "write to contact@idha.example")),
        ("no_round", ("There is no scholarship round here", "Nothing was stored.")),
        ("form_used", (f"stored as application {REFERENCE}", "open a new form")),
        ("still_storing", ("We are still storing it", "does not count twice")),
        ("too_many", ("Many forms came at once", "This one is not stored yet.")),
        ("too_large", ("room for 6,000 characters", "Nothing was stored.", "Shorten it")),
        ("wrong_kind", ("We could not read what was sent", "Open the form in a browser")),
        ("link_expired", ("This link has expired", "newest letter")),
    ],
)
def test_whatever_cannot_be_done_is_said_with_the_way_on(page: str, said: tuple[str, ...]) -> None:
    text = Reader(all_pages()[page]).text
    for words in said:
        assert words in text
