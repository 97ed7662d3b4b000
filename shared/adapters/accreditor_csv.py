"""The accreditor's list as a CSV file."""

from shared.adapters.safe_csv import csv_of
from shared.domain.accreditor_export import COLUMNS, Export


def accreditor_csv(export: Export) -> bytes:
    """The rows under their headings, in UTF-8."""
    return csv_of(COLUMNS, export.rows).encode()
