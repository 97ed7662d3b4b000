"""What staff see of a catalogue: the file that holds now, and what became of the last one applied.

Three records and two objects are read, however many people have a seat.
"""

from datetime import datetime

from shared.domain.desk_catalogue import CatalogueApplied, CatalogueView, SeriesLine
from shared.domain.sessions import Series, revision_of
from shared.ports import Files, Records
from shared.usecases.look_at_series import list_series


def look_at_catalogue(
    name: str, *, records: Records, files: Files, now: datetime
) -> CatalogueView | None:
    """The catalogue of that series; None if there is none."""
    series = records.get(Series.key_of(name), Series)
    if series is None:
        return None
    applied = records.get(CatalogueApplied.key_of(name), CatalogueApplied)
    open_end = applied is not None and applied.over == series.revision != applied.revision
    on_its_way = applied is not None and applied.is_on_its_way(series.revision, now)
    key = series.file.key if series.file else f"catalogue/{name}.yaml"
    return CatalogueView(
        series=name,
        title=series.catalogue.series.title,
        institute=series.catalogue.institute.short_name,
        revision=series.revision,
        published_at=series.published_at,
        sessions=len(series.catalogue.sessions),
        prices=len(series.catalogue.prices),
        file=key,
        text=_text(series, key, files),
        applied=applied if open_end else None,
        on_its_way=on_its_way,
        report=_read(f"{key}.report.txt", None, files).decode("utf-8", "replace")
        if open_end and not on_its_way
        else "",
    )


def look_at_catalogues(*, records: Records) -> tuple[SeriesLine, ...]:
    """Every series that was published, what was last first."""
    return tuple(
        SeriesLine(
            series=one.series,
            title=one.catalogue.series.title,
            institute=one.catalogue.institute.short_name,
        )
        for one in list_series(records=records)
    )


def _text(series: Series, key: str, files: Files) -> str:
    """The file's own words, if the object is the one that was published."""
    version = series.file.version if series.file else ""
    content = _read(key, version or None, files)
    return content.decode("utf-8-sig") if revision_of(content) == series.revision else ""


def _read(key: str, version: str | None, files: Files) -> bytes:
    try:
        return files.read(key, version)
    except KeyError:
        return b""
