"""A stack whose parts wait for each other, or that is too large, cannot be deployed at all."""

import pytest

from tests.template.expansion import STAGES, expand
from tests.template.making_rules import circles
from tests.template.size_rules import too_large

pytestmark = [pytest.mark.template, pytest.mark.parametrize("stage", STAGES)]


def test_nothing_waits_for_itself_to_be_made(stage: str) -> None:
    assert circles(expand(stage)) == []


def test_a_page_that_wants_to_know_the_address_of_its_own_api_is_noticed(stage: str) -> None:
    template = expand(stage)
    of_page = template["LearnerPagesMine"]["Properties"]
    of_page["Environment"]["Variables"]["ADDRESS"] = {"Fn::Sub": "https://${Api}.example"}

    assert {"Api", "LearnerPagesMine"} <= set(circles(template))


def test_it_is_within_the_limits_of_a_stack_and_of_its_functions(stage: str) -> None:
    assert too_large(expand(stage)) == []


def test_a_function_with_too_many_callers_or_too_much_to_know_is_noticed(stage: str) -> None:
    template = expand(stage)
    some = next(one for one in template.values() if one["Type"] == "AWS::Lambda::Permission")
    template |= {f"Another{number}": some for number in range(200)}
    of_page = template["LearnerPagesMine"]["Properties"]
    of_page["Environment"]["Variables"]["STORY"] = "x" * 4096

    noticed = " ".join(too_large(template))

    assert "resources" in noticed
    assert "permissions" in noticed
    assert "LearnerPagesMine: an environment" in noticed
