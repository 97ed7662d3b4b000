"""Whatever happens to a catalogue file, it is taken or asked about: nothing else can come out."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions

FOLDER = Path(__file__).parents[2] / "events" / "catalogue_published"
MISA = (FOLDER / "misa-2025.yaml").read_text().splitlines(keepends=True)
QUICK = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# What slips off keyboards and out of spreadsheets, and what makes YAML stumble.
SCRAPS = st.sampled_from(
    ["", "\t", "'", '"', ": ", " #", "- ", "[", "]", "{", "}", "&a ", "*a", "!!x ", "---\n",
     "...\n", "|\n", ">-\n", "?", "%", "@", "\\", "\0", "\ud800", "é", "\u2028", "\r", "~", "null",
     "NO", "12:00", "0x10", "1e9", "-1", "99999999999999999999", "2025-02-30", "EST", "<<: ",
     "x" * 300]
)  # fmt: skip


def _taken_or_asked(content: bytes) -> None:
    lines = len(content.splitlines()) + content.count(b"\r")
    outcome = _outcome(content)
    if isinstance(outcome, Catalogue):
        return
    assert outcome.questions
    assert list(outcome.questions) == sorted(set(outcome.questions))
    for question in outcome.questions:
        assert 1 <= question.line <= max(lines, 1)
        assert question.text.endswith("?")
    str(outcome).encode()


def _outcome(content: bytes) -> Catalogue | CatalogueQuestions:
    try:
        return read_catalogue(content)
    except CatalogueQuestions as asked:
        return asked


@st.composite
def edits(draw: st.DrawFn) -> str:
    """The good file after one to four slips."""
    lines = list(MISA)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(["drop", "repeat", "swap", "value", "insert", "cut", "indent"])):
            case "drop":
                lines[at] = "\n"
            case "repeat":
                lines.insert(at, line)
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], line
            case "value":
                key, colon, _ = line.partition(": ")
                lines[at] = f"{key}{colon}{draw(SCRAPS | st.text(max_size=12))}\n"
            case "insert":
                place = draw(st.integers(0, len(line)))
                lines[at] = line[:place] + draw(SCRAPS) + line[place:]
            case "cut":
                lines[at] = line[: draw(st.integers(0, len(line)))]
            case _:
                lines[at] = " " * draw(st.integers(0, 9)) + line.lstrip()
    return "".join(lines)


@QUICK
@given(edits())
def test_a_file_with_slips_is_taken_or_asked_about_with_a_line_each(text: str) -> None:
    _taken_or_asked(text.encode("utf-8", "surrogatepass"))


@QUICK
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b'"\\UFFFFFFFF"')
@example(b"%YAML 9.9\n---\na: 1")
@example(b"? ? ? ?")
@example(b"a: !<tag:yaml.org,2002:python/object:os.system> x")
@example(b"catalogue: 1\nsessions: [{id: {}}]\ntiers: [[]]\nprices: {}\npolicies: []")
def test_a_file_of_anything_is_taken_or_asked_about(content: bytes) -> None:
    _taken_or_asked(content)
