"""Letters are looked at before anybody gets one: every kind, of both institutes, sent to nobody."""

import json
from pathlib import Path

import pytest

from devstack.__main__ import main
from shared.domain.letters import LetterKind
from tests.catalogues import CATALOGUES
from tests.reading import Reader


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEVSTACK_HOME", str(tmp_path))
    return tmp_path / "letters"


def test_every_kind_of_letter_of_both_institutes_can_be_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["letters", "preview", "--json"]) == 0

    written = json.loads(capsys.readouterr().out)
    index = Reader(Path(written["index"]).read_text(encoding="utf-8"))
    assert written["letters"] >= len(CATALOGUES) * len(LetterKind)
    assert [link for link in index.links if not (folder / link).is_file()] == []
    for kind in LetterKind:
        assert kind.value.replace("_", " ").capitalize() in index.text
    for institute in ("idha", "misa"):
        text = (folder / f"{institute}-certificate.txt").read_text(encoding="utf-8")
        assert text.startswith("Subject: Your certificate")
        assert "</html>" in (folder / f"{institute}-certificate.html").read_text(encoding="utf-8")
    assert "Hello श्रीकृष्ण त्रिपाठी," in (folder / "misa-recording.txt").read_text(encoding="utf-8")


def test_one_kind_alone_can_be_looked_at(folder: Path) -> None:
    assert main(["letters", "preview", "--kind", "moved"]) == 0

    assert {path.stem for path in folder.glob("*.txt")} == {"idha-moved", "misa-moved"}
    assert len(list(folder.glob("*.ics"))) == 2


def test_a_kind_that_is_none_is_told_with_the_way_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["letters", "preview", "--kind", "greeting"]) == 1

    assert "There is no letter of the kind “greeting”." in capsys.readouterr().err
    assert not folder.exists()
