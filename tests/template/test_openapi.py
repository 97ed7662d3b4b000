"""The description of the routes is of these routes, and says of each what it answers."""

import pytest

from tests.openapi import deployed, described, description

pytestmark = pytest.mark.template


def test_every_route_is_described_and_nothing_is_described_that_is_not_there() -> None:
    assert len(deployed()) > 10
    assert sorted(described()) == sorted(deployed())


@pytest.mark.parametrize("path", description()["paths"])
def test_a_path_names_every_part_of_it_that_varies(path: str) -> None:
    item = description()["paths"][path]
    operations = [one for method, one in item.items() if method in ("get", "post")]

    for operation in operations:
        told = [*item.get("parameters", []), *operation.get("parameters", [])]
        names = {_resolved(one)["name"] for one in told if _resolved(one)["in"] == "path"}
        assert names == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert operation["summary"].endswith(".")


def _resolved(parameter: dict[str, str]) -> dict[str, str]:
    if "$ref" not in parameter:
        return parameter
    name = parameter["$ref"].rpartition("/")[2]
    found: dict[str, str] = description()["components"]["parameters"][name]
    return found
