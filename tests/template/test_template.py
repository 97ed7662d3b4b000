"""What the template promises, in every stage; and that each check would notice a broken promise."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.template import rules, storage_rules
from tests.template.expansion import STAGES, Template, expand, of_type

pytestmark = [pytest.mark.template, pytest.mark.parametrize("stage", STAGES)]


def test_every_function_may_do_only_what_it_must(stage: str) -> None:
    assert rules.wildcards(expand(stage), stage) == []


def test_every_function_has_a_role_to_itself(stage: str) -> None:
    assert rules.shared_roles(expand(stage)) == []


def test_no_message_is_lost_or_handed_out_twice_at_once(stage: str) -> None:
    assert rules.queues(expand(stage)) == []


def test_a_call_nobody_waits_for_leaves_its_failure_behind(stage: str) -> None:
    assert rules.asynchronous_edges(expand(stage)) == []


def test_whatever_waits_for_people_wakes_somebody(stage: str) -> None:
    assert rules.alarms(expand(stage)) == []


def test_logs_are_forgotten_in_time_and_hold_no_requests(stage: str) -> None:
    assert rules.logs(expand(stage)) == []


def test_no_secret_is_in_plain_sight(stage: str) -> None:
    assert rules.secrets(expand(stage)) == []


def test_buckets_are_closed_and_remember(stage: str) -> None:
    assert storage_rules.buckets(expand(stage), stage) == []


def test_files_stay_for_as_long_as_is_said_and_no_longer(stage: str) -> None:
    assert storage_rules.lifetimes(expand(stage)) == []


def test_tables_can_be_recovered_and_asked(stage: str) -> None:
    assert storage_rules.tables(expand(stage)) == []


def test_each_key_opens_what_it_is_for_and_nothing_else(stage: str) -> None:
    assert storage_rules.keys(expand(stage)) == []


def test_payment_events_as_they_came_are_locked_away_and_forgotten_after_a_month(
    stage: str,
) -> None:
    assert storage_rules.raw_events(expand(stage)) == []


def test_nobody_but_the_round_touches_applications_and_the_form_cannot_list_them(
    stage: str,
) -> None:
    assert storage_rules.readers(expand(stage)) == []


Break = Callable[[Template], Any]


def _statement(template: Template, role: str, **change: Any) -> None:
    template[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0].update(change)


def _drop(template: Template, logical_id: str, *path: Any) -> None:
    at = template[logical_id]["Properties"]
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]


def _set(template: Template, logical_id: str, name: str, value: Any) -> None:
    template[logical_id]["Properties"][name] = value


_WEBHOOK = "PaymentWebhookReceive"
_BROKEN: dict[str, tuple[Break, Callable[[Template, str], list[str]]]] = {
    "any action": (
        lambda t: _statement(t, f"{_WEBHOOK}Role", Action="sqs:*"),
        rules.wildcards,
    ),
    "any resource": (
        lambda t: _statement(t, f"{_WEBHOOK}Role", Resource="*"),
        rules.wildcards,
    ),
    "any bucket": (
        lambda t: _statement(t, f"{_WEBHOOK}Role", Resource={"Fn::Sub": "${Uploads.Arn}/*"}),
        rules.wildcards,
    ),
    "every queue of the account": (
        lambda t: t[f"{_WEBHOOK}Role"]["Properties"]["ManagedPolicyArns"].append(
            "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
        ),
        rules.wildcards,
    ),
    "somebody else's role": (
        lambda t: _set(t, _WEBHOOK, "Role", {"Fn::GetAtt": ["SweepHourlyRole", "Arn"]}),
        lambda t, stage: rules.shared_roles(t),
    ),
    "a visibility shorter than six timeouts": (
        lambda t: _set(t, "PaymentEvents", "VisibilityTimeout", 179),
        lambda t, stage: rules.queues(t),
    ),
    "no partial batches": (
        lambda t: _drop(t, "PaymentEventsToRecord", "FunctionResponseTypes"),
        lambda t, stage: rules.queues(t),
    ),
    "no dead-letter queue": (
        lambda t: _drop(t, "PaymentEvents", "RedrivePolicy"),
        lambda t, stage: rules.queues(t),
    ),
    "a stream that leaves nothing behind": (
        lambda t: _drop(t, "OwedLettersToSend", "DestinationConfig"),
        lambda t, stage: rules.queues(t),
    ),
    "a stream that tries for ever": (
        lambda t: _drop(t, "OwedLettersToSend", "MaximumRetryAttempts"),
        lambda t, stage: rules.queues(t),
    ),
    "a rule that forgets": (
        lambda t: _drop(t, "CataloguePublishedCatalogueFile", "Targets", 0, "DeadLetterConfig"),
        lambda t, stage: rules.asynchronous_edges(t),
    ),
    "a function that forgets": (
        lambda t: t.pop("SessionCloseStartEventInvokeConfig"),
        lambda t, stage: rules.asynchronous_edges(t),
    ),
    "an unwatched dead-letter queue": (
        lambda t: t.pop("LettersDlqAlarm"),
        lambda t, stage: rules.alarms(t),
    ),
    "an unwatched workflow": (
        lambda t: t.pop("SessionCloseFailedAlarm"),
        lambda t, stage: rules.alarms(t),
    ),
    "an alarm nobody hears": (
        lambda t: _drop(t, "WebhookRejectsAlarm", "AlarmActions"),
        lambda t, stage: rules.alarms(t),
    ),
    "logs for ever": (
        lambda t: _drop(t, "FunctionLogs", "RetentionInDays"),
        lambda t, stage: rules.logs(t),
    ),
    "logs of their own": (
        lambda t: _drop(t, "SweepHourly", "LoggingConfig"),
        lambda t, stage: rules.logs(t),
    ),
    "a workflow that logs people": (
        lambda t: t["SessionClose"]["Properties"]["LoggingConfiguration"].update(
            IncludeExecutionData=True
        ),
        lambda t, stage: rules.logs(t),
    ),
    "a secret in the environment": (
        lambda t: t[_WEBHOOK]["Properties"]["Environment"]["Variables"].update(
            STRIPE_WEBHOOK_SECRET="abc"
        ),
        lambda t, stage: rules.secrets(t),
    ),
    "a secret in the template": (
        lambda t: _set(t, "StripeWebhookSecret", "SecretString", "abc"),
        lambda t, stage: rules.secrets(t),
    ),
    "a bucket that can be made public": (
        lambda t: _set(t, "Uploads", "PublicAccessBlockConfiguration", {"BlockPublicAcls": True}),
        storage_rules.buckets,
    ),
    "a bucket without versions": (
        lambda t: _drop(t, "Documents", "VersioningConfiguration"),
        storage_rules.buckets,
    ),
    "a table without yesterday": (
        lambda t: _drop(t, "Records", "PointInTimeRecoverySpecification"),
        lambda t, stage: storage_rules.tables(t),
    ),
    "a month of what was erased": (
        lambda t: _drop(
            t, "Scholarships", "PointInTimeRecoverySpecification", "RecoveryPeriodInDays"
        ),
        lambda t, stage: storage_rules.tables(t),
    ),
    "a stream of what people wrote": (
        lambda t: _set(t, "Scholarships", "StreamSpecification", {"StreamViewType": "NEW_IMAGE"}),
        lambda t, stage: storage_rules.tables(t),
    ),
    "applications under everybody's key": (
        lambda t: _drop(t, "Scholarships", "SSESpecification", "KMSMasterKeyId"),
        lambda t, stage: storage_rules.keys(t),
    ),
    "payment events under everybody's key": (
        lambda t: _set(
            t,
            "RawEvents",
            "BucketEncryption",
            t["Documents"]["Properties"]["BucketEncryption"],
        ),
        lambda t, stage: storage_rules.raw_events(t),
    ),
    "reports of who was there for ever": (
        lambda t: _drop(t, "Uploads", "LifecycleConfiguration", "Rules", 3, "ExpirationInDays"),
        lambda t, stage: storage_rules.lifetimes(t),
    ),
    "payment events for ever": (
        lambda t: _drop(t, "RawEvents", "LifecycleConfiguration", "Rules", 1, "ExpirationInDays"),
        lambda t, stage: storage_rules.raw_events(t),
    ),
    "payment events for ever, unseen": (
        lambda t: _drop(
            t, "RawEvents", "LifecycleConfiguration", "Rules", 1, "NoncurrentVersionExpiration"
        ),
        lambda t, stage: storage_rules.raw_events(t),
    ),
    "somebody else who reads payment events": (
        lambda t: _statement(
            t,
            "PaymentWebhookRecordRole",
            Action="s3:GetObject",
            Resource={"Fn::Sub": "${RawEvents.Arn}/payment-events/*"},
        ),
        lambda t, stage: storage_rules.raw_events(t),
    ),
    "a key to payment events that opens anything": (
        lambda t: _drop(t, "RawEventsKey", "KeyPolicy", "Statement", 1, "Condition"),
        lambda t, stage: storage_rules.keys(t),
    ),
    "a role with the key to payment events anywhere": (
        lambda t: _drop(
            t, "PaymentReplayRole", "Policies", 0, "PolicyDocument", "Statement", 3, "Condition"
        ),
        lambda t, stage: storage_rules.keys(t),
    ),
    "a key that opens anything": (
        lambda t: _drop(t, "ScholarshipKey", "KeyPolicy", "Statement", 1, "Condition"),
        lambda t, stage: storage_rules.keys(t),
    ),
    "a role with the key to anything": (
        lambda t: _drop(t, "UseScholarshipKey", "PolicyDocument", "Statement", 0, "Condition"),
        lambda t, stage: storage_rules.keys(t),
    ),
    "a key that never changes": (
        lambda t: _drop(t, "ScholarshipKey", "EnableKeyRotation"),
        lambda t, stage: storage_rules.keys(t),
    ),
    "a form that can list applications": (
        lambda t: t["ScholarshipReceiveRole"]["Properties"]["ManagedPolicyArns"].append(
            {"Ref": "ReadApplications"}
        ),
        lambda t, stage: storage_rules.readers(t),
    ),
    "somebody else who reads applications": (
        lambda t: t["LetterOutboxSendRole"]["Properties"]["ManagedPolicyArns"].append(
            {"Ref": "ReadApplications"}
        ),
        lambda t, stage: storage_rules.readers(t),
    ),
    "a list of what waits that opens the table": (
        lambda t: t["DailyDigestOweRole"]["Properties"]["ManagedPolicyArns"].append(
            {"Ref": "ReadApplications"}
        ),
        lambda t, stage: storage_rules.readers(t),
    ),
    "the table without its key": (
        lambda t: t["ScholarshipAwardRole"]["Properties"]["ManagedPolicyArns"].remove(
            {"Ref": "UseScholarshipKey"}
        ),
        lambda t, stage: storage_rules.readers(t),
    ),
}


@pytest.mark.parametrize("what", _BROKEN)
def test_the_checks_notice(stage: str, what: str) -> None:
    break_it, check = _BROKEN[what]
    template = expand(stage)
    break_it(template)
    assert check(template, stage) != []


def test_plain_http_is_refused_wherever_there_is_tls(stage: str) -> None:
    """The local stack speaks plain HTTP on loopback; the exemption ends there."""
    policies = of_type(expand(stage), "AWS::S3::BucketPolicy")
    assert bool(policies) == (stage != "local")
    other = "local" if stage != "local" else "prod"
    assert storage_rules.buckets(expand(stage), other) != []
