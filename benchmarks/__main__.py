"""`make bench`: every budget measured side by side in one run; a table, and results.json."""

import json
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import certificates, close, cold_start, webhook
from benchmarks.measurement import Measurement

_RESULTS = Path(__file__).parent / "results.json"
_PACKAGES = ("boto3", "aws-lambda-powertools", "pydantic", "typst", "reportlab")


def main() -> int:
    """Measure; 1 if a budget is not kept."""
    quick = "--quick" in sys.argv[1:]
    console = Console()
    found: list[Measurement] = []
    for module in (cold_start, webhook, certificates, close):
        with console.status(f"Measuring {module.__name__.split('.')[1].replace('_', ' ')}"):
            found += module.measure(quick)
    table = Table("What", "Ratio", "Budget", "", "Figures of this machine")
    for one in found:
        sign = "≥" if one.better == "higher" else "≤"
        kept = "kept" if one.kept else "not kept"
        table.add_row(one.name, f"{one.ratio:.2f}", f"{sign} {one.budget}", kept, one.note)
    console.print(table)
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    console.print(f"{platform.platform()}, Python {platform.python_version()}, {packages}")
    ran = f"Python {platform.python_version()}, {packages}"
    rows = [
        asdict(one) | {"ratio": round(one.ratio, 3), "note": f"{one.note}; {ran}"} for one in found
    ]
    _RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(one.kept for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
