"""Apply a catalogue file that staff have compared: put it where files are published from.

The upload is published by the event that it causes, as if staff had put it there by hand. What was
compared with another revision than holds now is not applied: its difference would be another one.
"""

from datetime import datetime

from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.desk_catalogue import CatalogueApplied
from shared.domain.sessions import Series, revision_of
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.compare_catalogue import Read


class CannotBeApplied(Exception):
    """Why not, and what to do, in a sentence."""


def apply_catalogue(
    content: bytes,
    *,
    over: str,
    by: str,
    read: Read,
    records: Records,
    files: Files,
    now: datetime,
) -> str:
    """Put the file in the folder; the series that it is of. Raises CannotBeApplied, Unavailable.

    `over` is the revision that it was compared with. Asked again after it was cut off, it is done.
    """
    try:
        name = read(content).series.id
    except CatalogueQuestions:
        raise CannotBeApplied(
            "The file has questions. Compare it, and answer them first."
        ) from None
    revision = revision_of(content)

    def attempt() -> str:
        series = records.get(Series.key_of(name), Series)
        holds = series.revision if series else ""
        if holds == revision:
            raise CannotBeApplied("This file is the one that holds already. Nothing was changed.")
        if holds != over:
            raise CannotBeApplied(
                "Another file was published since you compared this one. Compare it again: the "
                "difference may be another."
            )
        known = records.get(CatalogueApplied.key_of(name), CatalogueApplied)
        if known and known.revision != revision and known.is_on_its_way(holds, now):
            raise CannotBeApplied(
                f"{known.by} has just applied another file, which is being published. Wait a "
                "minute, then compare this one again."
            )
        version = known.version if known else 0
        applied = CatalogueApplied(
            series=name, over=over, revision=revision, by=by, at=now, version=version
        )
        records.commit(applied)
        return series.file.key if series and series.file else f"catalogue/{name}.yaml"

    files.write(until_committed(attempt), content, "application/yaml")
    return name
