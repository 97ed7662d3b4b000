"""Every function is told what it needs, and nothing that is not its business."""

import re
from typing import Any

import pytest

from devstack.build import LAYERS
from tests.template.expansion import REPO, Template, expand, named, of_type, written

pytestmark = pytest.mark.template

_COMMON = {"STAGE", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
# A variable that names a resource is of use only to whoever may touch that resource.
_OPENS = {
    "RECORDS_TABLE": "Records",
    "SCHOLARSHIPS_TABLE": "Scholarships",
    "SUBMISSION_TOKENS_TABLE": "SubmissionTokens",
    "STAFF_SESSIONS_TABLE": "StaffSessions",
    "STAFF_POOL_ID": "StaffPool",
    "UPLOADS_BUCKET": "Uploads",
    "DOCUMENTS_BUCKET": "Documents",
    "RAW_EVENTS_BUCKET": "RawEvents",
    "IDENTITY_KEYS_SECRET_ID": "IdentityKeys",
    "STRIPE_WEBHOOK_SECRET_ID": "StripeWebhookSecret",
    "RAZORPAY_WEBHOOK_SECRET_ID": "RazorpayWebhookSecret",
    "PAYPAL_WEBHOOK_SECRET_ID": "PaypalWebhookSecret",
    "EVENTBRITE_WEBHOOK_SECRET_ID": "EventbriteWebhookSecret",
    "EVENTBRITE_API_SECRET_ID": "EventbriteApiToken",
    "ZOOM_WEBHOOK_SECRET_ID": "ZoomWebhookSecret",
    "ZOOM_EVENTS_QUEUE_URL": "ZoomEvents",
    "EVENTBRITE_NOTICES_QUEUE_URL": "EventbriteNotices",
    "RECORDING_FETCHES_QUEUE_URL": "RecordingFetches",
    "ZOOM_API_SECRET_ID": "ZoomApiKey",
    "COMMUNITY_KEY_SECRET_ID": "CommunityKey",
    "SCHOLARSHIP_FORM_SECRET_ID": "ScholarshipFormSecret",
    "STRIPE_API_SECRET_ID": "StripeApiKey",
    "PAYPAL_API_SECRET_ID": "PaypalApiKey",
    "RAZORPAY_API_SECRET_ID": "RazorpayApiKey",
    "PAYMENT_EVENTS_QUEUE_URL": "PaymentEvents",
    "CLOSE_STATE_MACHINE_ARN": ":stateMachine:${AWS::StackName}-session-close",
    "RECORDING_STATE_MACHINE_ARN": ":stateMachine:${AWS::StackName}-recording-uploaded",
    "ROUND_STATE_MACHINE_ARN": ":stateMachine:${AWS::StackName}-scholarship-round",
}
# Roles that touch a resource without being told its name, because they are told otherwise.
_TOLD_OTHERWISE = {
    ("PaymentWebhookRecord", "PAYMENT_EVENTS_QUEUE_URL"): "the queue calls it",
    ("ZoomWebhookRecord", "ZOOM_EVENTS_QUEUE_URL"): "the queue calls it",
    ("PaymentWebhookFetch", "EVENTBRITE_NOTICES_QUEUE_URL"): "the queue calls it",
    ("WorkWantedHandOn", "RECORDS_TABLE"): "the table's stream calls it",
    ("SessionCloseAskForReport", "CLOSE_STATE_MACHINE_ARN"): "a task token names its machine",
    ("ScholarshipAskReviewers", "ROUND_STATE_MACHINE_ARN"): "a task token names its machine",
    ("ScholarshipReview", "ROUND_STATE_MACHINE_ARN"): "a task token names its machine",
    **{
        ("StaffMachineRoom", name): "told with all the others of its kind"
        for name in (
            *("PAYMENT_EVENTS_QUEUE_URL", "EVENTBRITE_NOTICES_QUEUE_URL"),
            *("ZOOM_EVENTS_QUEUE_URL", "RECORDING_FETCHES_QUEUE_URL"),
            *("CLOSE_STATE_MACHINE_ARN", "RECORDING_STATE_MACHINE_ARN", "ROUND_STATE_MACHINE_ARN"),
        )
    },
}


@pytest.fixture(scope="module")
def template() -> Template:
    return expand("prod")


def _functions(template: Template) -> dict[str, Any]:
    return of_type(template, "AWS::Lambda::Function")


def _may_touch(template: Template, function: str) -> str:
    """All that a function's role may touch, as text."""
    role = template[named(_functions(template)[function]["Role"])]["Properties"]
    documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
    shared = of_type(template, "AWS::IAM::ManagedPolicy")
    documents += [
        shared[named(arn)]["PolicyDocument"]
        for arn in role["ManagedPolicyArns"]
        if named(arn) in shared
    ]
    resources = [
        statement["Resource"] for document in documents for statement in document["Statement"]
    ]
    flat = [one for some in resources for one in (some if isinstance(some, list) else [some])]
    return " ".join(named(one) for one in flat)


def test_a_function_is_told_of_a_resource_exactly_if_it_may_touch_it(template: Template) -> None:
    wrong = []
    for function, properties in _functions(template).items():
        told = properties["Environment"]["Variables"]
        text = _may_touch(template, function)
        for variable, resource in _OPENS.items():
            touches = bool(re.search(rf"{re.escape(resource)}\b", text))
            if (variable in told) != touches and (function, variable) not in _TOLD_OTHERWISE:
                wrong.append(f"{function}: {variable} told {variable in told}, may {touches}")
    assert wrong == []


def test_a_function_knows_its_stage(template: Template) -> None:
    for function, properties in _functions(template).items():
        assert set(properties["Environment"]["Variables"]) >= _COMMON, function


def test_a_function_names_code_that_exists(template: Template) -> None:
    for function, properties in _functions(template).items():
        module, _, name = properties["Handler"].rpartition(".")
        source = (REPO / (module.replace(".", "/") + ".py")).read_text()
        assert re.search(rf"^def {name}\(", source, re.MULTILINE), function


def test_only_who_needs_a_layer_carries_it(template: Template) -> None:
    carried = {
        name: [named(layer) for layer in properties["Layers"]]
        for name, properties in _functions(template).items()
        if properties.get("Layers")
    }
    layers = {made: name for name in LAYERS for made in template if made.startswith(name)}
    assert {name: [layers[one] for one in those] for name, those in carried.items()} == {
        "SessionClosePrintCertificate": ["Typesetting"],
        "SessionCloseExport": ["Typesetting"],
        "LearnerPagesTranscript": ["Typesetting"],
        "PaymentWebhookReceivePaypal": ["PaypalCertificates"],
        # It checks signatures too: of the tokens of staff's user pool.
        "StaffDoor": ["PaypalCertificates"],
    }


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_nobody_but_paypal_is_believed_outside_a_laptop(stage: str) -> None:
    """Whoever deploys cannot weaken it by a parameter: the function is not told."""
    told = expand(stage, LocalPaypal="127.0.0.1:1/TUlJ")
    text = str(_functions(told))

    assert "LOCAL_PAYPAL" not in text and "127.0.0.1" not in text
    local = expand("local", LocalPaypal="127.0.0.1:1/TUlJ")
    assert "127.0.0.1:1/TUlJ" in str(_functions(local)), "and the local stage is"


def test_every_name_in_a_workflow_is_given_by_the_template() -> None:
    for resource in written()["Resources"].values():
        if resource["Type"] == "AWS::Serverless::StateMachine":
            properties = resource["Properties"]
            asked = set(
                re.findall(r"\$\{(\w+)\}", (REPO / properties["DefinitionUri"]).read_text())
            )
            assert asked == set(properties["DefinitionSubstitutions"])


def test_two_stacks_fit_into_one_account(template: Template) -> None:
    """Whatever has a name of its own carries the stack's name in it."""
    own = {"Name", "StateMachineName", "QueueName", "TableName", "BucketName", "RoleName"}
    names = {
        resource: properties[key]
        for resource, told in template.items()
        for properties in [told.get("Properties", {})]
        for key in own | {"LogGroupName"}
        if key in properties
    }
    assert len(names) >= 7
    assert [one for one, name in names.items() if "AWS::StackName" not in named(name)] == []
