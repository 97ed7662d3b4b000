"""With Stripe's partner bus there is one rule more, which may do one thing; without it, none."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from shared.adapters import stripe_events
from tests.template import rules
from tests.template.expansion import STAGES, Template, expand, named, of_type, written

pytestmark = pytest.mark.template

BUS = "aws.partner/stripe.com/ed_test_61TendingSeason"
RULE, POLICY = "StripePartnerEvents", "StripePartnerEventsMayQueue"


@pytest.fixture
def template() -> Template:
    return expand("prod", StripeEventBus=BUS)


@pytest.mark.parametrize("stage", STAGES)
def test_unless_a_bus_is_named_there_is_no_rule_and_the_queue_is_open_to_nobody(
    stage: str,
) -> None:
    resources = expand(stage)

    assert not {RULE, POLICY} & set(resources)
    policies = of_type(resources, "AWS::SQS::QueuePolicy").values()
    opened = {named(queue) for policy in policies for queue in policy["Queues"]}
    assert not {"PaymentEvents", "PaymentEventsDlq"} & opened
    buses = [rule.get("EventBusName") for rule in of_type(resources, "AWS::Events::Rule").values()]
    assert set(buses) <= {None, "default"}


def test_the_rule_is_on_the_bus_and_queues_the_event_alone(template: Template) -> None:
    rule = template[RULE]["Properties"]
    (target,) = rule["Targets"]

    assert rule["EventBusName"] == BUS
    assert named(target["Arn"]) == "PaymentEvents"
    assert target["InputPath"] == "$.detail"
    assert named(target["DeadLetterConfig"]["Arn"]) == "PaymentEventsDlq"
    assert not {"Input", "InputTransformer", "RoleArn"} & set(target)


def test_the_rule_listens_to_stripe_alone_and_lets_all_through_that_we_read(
    template: Template,
) -> None:
    pattern = template[RULE]["Properties"]["EventPattern"]

    assert set(pattern) == {"source", "detail-type"}
    assert pattern["source"] == [{"prefix": "aws.partner/stripe.com/"}]
    starts = tuple(one["prefix"] for one in pattern["detail-type"])
    needed = set(stripe_events._READERS)
    assert "charge.refunded" in needed
    assert [kind for kind in sorted(needed) if not kind.startswith(starts)] == []
    assert not "customer.created".startswith(starts), "and not everything"


def test_only_that_rule_may_put_into_the_queue_and_into_its_dead_letters(
    template: Template,
) -> None:
    policy = template[POLICY]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert [named(queue) for queue in policy["Queues"]] == ["PaymentEvents", "PaymentEventsDlq"]
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert named(statement["Condition"]["ArnEquals"]["aws:SourceArn"]) == RULE


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("bus", ["", BUS], ids=["without", "with"])
def test_no_promise_of_the_template_is_broken_by_it(stage: str, bus: str) -> None:
    resources = expand(stage, StripeEventBus=bus)

    assert rules.asynchronous_edges(resources) == []
    assert rules.queues(resources) == []
    assert rules.alarms(resources) == []
    assert rules.doors(resources) == []
    assert rules.wildcards(resources, stage) == []


_Break = Callable[[dict[str, Any]], object]
_OPENED: dict[str, _Break] = {
    "to anybody": lambda policy: policy.update(Principal="*"),
    "to an account": lambda policy: policy.update(Principal={"AWS": "123456789012"}),
    "for reading": lambda policy: policy.update(Action="sqs:*"),
    "to all rules of the world": lambda policy: policy.pop("Condition"),
    "to somebody else's rule": lambda policy: policy.update(
        Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:210987654321:rule/x"}}
    ),
    "on another queue": lambda policy: policy.update(
        Resource={"Fn::GetAtt": ["LettersDlq", "Arn"]}
    ),
}


@pytest.mark.parametrize("what", _OPENED)
def test_a_queue_that_is_opened_wider_is_noticed(template: Template, what: str) -> None:
    opened = copy.deepcopy(template)
    _OPENED[what](opened[POLICY]["Properties"]["PolicyDocument"]["Statement"][0])

    assert rules.doors(opened) != []


def test_a_name_that_is_not_of_a_bus_of_stripes_is_refused_at_deployment() -> None:
    pattern = written()["Parameters"]["StripeEventBus"]["AllowedPattern"]

    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, BUS)
    for name in ("default", "arn:aws:events:eu-west-1:1:event-bus/x", "aws.partner/shop.example/1"):
        assert not re.fullmatch(pattern, name)
