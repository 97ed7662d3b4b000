"""The rules and use cases need nothing of AWS: they run where nothing of it is installed."""

import subprocess
import sys

_IMPORT_ALL = """
import importlib, pkgutil, sys
import shared.adapters.memory, shared.domain, shared.usecases
for package in (shared.domain, shared.usecases):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
print([name for name in ("boto3", "botocore", "aws_lambda_powertools", "jinja2", "typst")
       if name in sys.modules])
"""


def test_no_rule_and_no_use_case_imports_aws() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
