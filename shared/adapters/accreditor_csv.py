"""The accreditor's list as a CSV file that no spreadsheet takes for formulas."""

from io import StringIO

from defusedcsv import csv

from shared.domain.accreditor_export import COLUMNS, Export


def accreditor_csv(export: Export) -> bytes:
    """The rows under their headings, in UTF-8 with the mark by which Excel knows it."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(export.rows)
    return file.getvalue().encode("utf-8-sig")
