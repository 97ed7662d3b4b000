"""Every letter as people would get it, from samples: files, and pictures if a browser is there."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import product
from pathlib import Path
from typing import Final, Literal, get_args

from devstack.samples.institutes import CATALOGUES
from devstack.samples.letters import facts_of
from devstack.samples.occasions import OCCASIONS
from devstack.samples.people import a_learner
from shared.adapters.jinja_letters import JinjaComposer
from shared.adapters.letter_language import language_of
from shared.domain.languages import ENGLISH, Language
from shared.domain.letter_facts import Composed
from shared.domain.letters import LetterKind

WIDTHS: Final = (320, 600)
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
# One reader with a short name, one in another script: both must look at home.
_READERS: Final = {"classes": "Amara Osei", "unit": "श्रीकृष्ण त्रिपाठी"}
# A reminder says less the nearer it is.
_HOURS_BEFORE: Final = {LetterKind.REMINDER: (168, 1), LetterKind.RECORDING_ENDS: (72, 24)}
_STYLE: Final = """
:root { color-scheme: light dark; --paper: #FBF8F3; --ink: #1E1B18; --quiet: #5E574F;
        --line: #DDD5C9; --accent: #0B5D5A; }
@media (prefers-color-scheme: dark) { :root { --paper: #171513; --ink: #F2EDE4;
        --quiet: #B3AA9E; --line: #3A3530; --accent: #5CC2BB; } }
body { margin: 0 auto; padding: 24px 16px; max-width: 68ch; background: var(--paper);
       color: var(--ink); font: 16px/24px system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 24px; line-height: 32px; } h2 { font-size: 18px; margin: 40px 0 8px; }
h3 { font-size: 16px; margin: 24px 0 0; padding-top: 16px; border-top: 1px solid var(--line); }
p { margin: 0 0 8px; } a { color: var(--accent); display: inline-block; padding: 8px 8px 8px 0; }
a:focus-visible { outline: 3px solid var(--accent); } .quiet { color: var(--quiet); }
"""


@dataclass(frozen=True)
class Preview:
    """One letter in words. `name` tells it from the others of its kind: "idha-reminder-1h"."""

    name: str
    kind: LetterKind
    institute: str
    letter: Composed

    def picture(self, width: int, scheme: str) -> str:
        """The name of its picture at that width."""
        return f"{self.name}-{width}-{scheme}.png"


def previews(kinds: Iterable[LetterKind] = LetterKind) -> Iterator[Preview]:
    """The letters of these kinds, of both institutes, in every language that has them."""
    for kind in kinds:
        for shape, language in product(CATALOGUES, get_args(Language)):
            yield from _of_kind(kind, shape, language)


def _of_kind(kind: LetterKind, shape: str, language: str) -> Iterator[Preview]:
    composer, catalogue = JinjaComposer(), CATALOGUES[shape](languages=(language,))
    institute = catalogue.institute
    for hours in _HOURS_BEFORE.get(kind, (None,)):
        changes = {} if hours is None else {"hours": hours}
        facts = facts_of(kind, catalogue, **changes)
        if language_of(facts) != language:
            continue  # it is English then, and has been shown
        if facts.learner is not None and facts.learner.name:
            facts = facts.model_copy(update={"learner": a_learner(_READERS[shape])})
        name = f"{institute.id}-{kind}" + ("" if hours is None else f"-{hours}h")
        name += "" if language == ENGLISH else f"-{language}"
        yield Preview(name, kind, institute.short_name, composer.compose(facts))


def write_files(shown: Iterable[Preview], folder: Path) -> None:
    """One `.html` and one `.txt` file for each, and what goes along with it, in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in shown:
        (folder / f"{one.name}.html").write_text(one.letter.html, encoding="utf-8")
        text = f"Subject: {one.letter.subject}\n\n{one.letter.text}"
        (folder / f"{one.name}.txt").write_text(text, encoding="utf-8")
        for file in one.letter.attachments:
            (folder / f"{one.name}-{file.filename}").write_bytes(file.content)


def browser_path() -> str | None:
    """Where Chromium is on this machine, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def take_pictures(shown: Iterable[Preview], folder: Path, chromium: str) -> int:
    """A picture of each at every width, by day and by night; how many. The files must be there."""
    from playwright.sync_api import sync_playwright

    taken = 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            for scheme in SCHEMES:
                page = browser.new_context(
                    java_script_enabled=False, color_scheme=scheme
                ).new_page()
                for one in shown:
                    page.goto((folder / f"{one.name}.html").resolve().as_uri())
                    for width in WIDTHS:
                        page.set_viewport_size({"width": width, "height": 480})
                        path = folder / one.picture(width, scheme)
                        page.screenshot(path=path, full_page=True)
                        taken += 1
        finally:
            browser.close()
    return taken


def write_index(shown: Iterable[Preview], folder: Path, *, pictured: bool) -> Path:
    """A page that leads to all of them; where it is."""
    by_kind: dict[LetterKind, list[Preview]] = {}
    for one in shown:
        by_kind.setdefault(one.kind, []).append(one)
    parts, group = [], ""
    for kind, letters in by_kind.items():
        if _group(kind) != group:
            group = _group(kind)
            parts.append(f"<h2>{group}</h2>")
        parts.append(f"<h3>{kind.value.replace('_', ' ').capitalize()}</h3>")
        parts.append(f'<p class="quiet">{escape(OCCASIONS[kind])}</p>')
        parts += [_entry(one, pictured=pictured) for one in letters]
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Letters</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>Letters</h1>\n{chr(10).join(parts)}\n</main></body></html>\n"
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _entry(one: Preview, *, pictured: bool) -> str:
    files = [(f"{one.name}.html", "HTML"), (f"{one.name}.txt", "text")]
    if pictured:
        files += [(one.picture(w, s), f"{w} px, {s}") for w in WIDTHS for s in SCHEMES]
    files += [(f"{one.name}-{file.filename}", file.filename) for file in one.letter.attachments]
    links = " ".join(f'<a href="{escape(name)}">{escape(words)}</a>' for name, words in files)
    return f"<p>{escape(one.institute)}: “{escape(one.letter.subject)}”<br>{links}</p>"


def _group(kind: LetterKind) -> str:
    if kind.to_staff:
        return "To staff"
    return "Of a scholarship round" if kind.of_a_round else "To people"
