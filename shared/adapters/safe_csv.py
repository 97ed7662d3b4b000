"""Lists as CSV files that no spreadsheet takes for formulas."""

from collections.abc import Iterable, Sequence
from io import StringIO

from defusedcsv import csv


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The rows under their headings, with the mark by which Excel knows UTF-8."""
    file = StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue()
