"""A stack whose parts wait for each other in a circle cannot be deployed at all."""

import pytest

from tests.template.expansion import STAGES, expand
from tests.template.making_rules import circles

pytestmark = [pytest.mark.template, pytest.mark.parametrize("stage", STAGES)]


def test_nothing_waits_for_itself_to_be_made(stage: str) -> None:
    assert circles(expand(stage)) == []


def test_a_page_that_wants_to_know_the_address_of_its_own_api_is_noticed(stage: str) -> None:
    template = expand(stage)
    of_page = template["LearnerPagesMine"]["Properties"]
    of_page["Environment"]["Variables"]["ADDRESS"] = {"Fn::Sub": "https://${Api}.example"}

    assert {"Api", "LearnerPagesMine"} <= set(circles(template))
