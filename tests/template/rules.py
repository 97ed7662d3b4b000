"""What the expanded template must be like. Each rule returns what is wrong, in words.

Rules are functions, so that a test can also break the template and see that the rule notices.
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.template.expansion import Template, named, of_type

# "*" because AWS knows these actions for all resources at once only.
ONLY_FOR_ALL_RESOURCES = {
    "ses:GetSendQuota": "a figure of the account",
    "scheduler:ListSchedules": "a list of the account",
    "xray:PutTraceSegments": "traces belong to no resource",
    "xray:PutTelemetryRecords": "traces belong to no resource",
    "xray:GetSamplingRules": "traces belong to no resource",
    "xray:GetSamplingTargets": "traces belong to no resource",
    **dict.fromkeys(
        [
            *("logs:CreateLogDelivery", "logs:CreateLogStream", "logs:GetLogDelivery"),
            *("logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries"),
            *("logs:PutLogEvents", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"),
            "logs:DescribeLogGroups",
        ],
        "Step Functions asks for log delivery this way",
    ),
}
# "*" in the local stage only, where the local stack judges these as done to no resource.
ONLY_FOR_ALL_RESOURCES_LOCALLY = {"ses:SendRawEmail", "states:SendTaskSuccess"}
# Where a resource's name may end in "*", and why the rest of the name is enough.
MAY_END_OPEN = {
    "catalogue/*": "one folder of staff's files",
    "attendance/*": "one folder of staff's files",
    "recordings/*": "one folder of staff's files",
    "certificates/*": "one folder of what we make",
    "badges/*": "one folder of what we make",
    "rosters/*": "one folder of what we make",
    "exports/*": "one folder of what we make",
    "transcripts/*": "one folder of what we make",
    "results/*": "one folder of what we make",
    "payment-events/*": "one folder of what providers told us",
    "/stream/*": "streams of this table only",
    ":schedule/${Group}/*": "schedules of this group only",
    ":identity/*": "which institute sends is known at run time; its address is held fixed",
    "-session-close:*": "executions of this machine only",
    "-session-close/*": "executions of this machine's map only",
    "-recording-uploaded:*": "executions of this machine only",
    "-recording-uploaded/*": "executions of this machine's map only",
    "-notice-due:*": "executions of this machine only",
    "-scholarship-round:*": "executions of this machine only",
    "-appeal:*": "executions of this machine only",
    "-notice-due/*": "executions of this machine's map only",
}
_PUT = "sqs:SendMessage"
# What SAM attaches to every role: writing its own logs and traces.
MANAGED = {"AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess"}


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that allows something, with the role or policy it is in."""
    for name, properties in of_type(template, "AWS::IAM::Role").items():
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
    for name, properties in of_type(template, "AWS::IAM::ManagedPolicy").items():
        for statement in properties["PolicyDocument"]["Statement"]:
            yield name, statement


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def wildcards(template: Template, stage: str) -> list[str]:
    """Permissions wider than they need to be."""
    wrong = []
    for role, statement in statements(template):
        actions = _list(statement["Action"])
        wrong += [f"{role} may do {one}" for one in actions if "*" in one]
        open_for_all = set(ONLY_FOR_ALL_RESOURCES)
        if stage == "local":
            open_for_all |= ONLY_FOR_ALL_RESOURCES_LOCALLY
        for resource in _list(statement["Resource"]):
            text = named(resource)
            if text == "*":
                wide = set(actions) - open_for_all
                wrong += [f"{role} may do {one} to everything" for one in sorted(wide)]
            elif "*" in text and not any(text.endswith(end) for end in MAY_END_OPEN):
                wrong.append(f"{role} may touch {text}")
    for role, properties in of_type(template, "AWS::IAM::Role").items():
        for arn in properties.get("ManagedPolicyArns", []):
            name = named(arn).rsplit("/", 1)[-1]
            if name not in MANAGED and name not in of_type(template, "AWS::IAM::ManagedPolicy"):
                wrong.append(f"{role} has the managed policy {name}")
    return wrong


def shared_roles(template: Template) -> list[str]:
    """Functions that do not have a role to themselves."""
    owners: dict[str, list[str]] = {}
    for name, properties in of_type(template, "AWS::Lambda::Function").items():
        owners.setdefault(named(properties["Role"]), []).append(name)
    return [
        f"{role} is shared by {functions}"
        for role, functions in owners.items()
        if len(functions) > 1
    ]


def queues(template: Template) -> list[str]:
    """Queues whose messages can be lost, hang, or be handed out while still worked on."""
    wrong = []
    all_queues = of_type(template, "AWS::SQS::Queue")
    dead = set(dead_letter_queues(template))
    timeouts = {n: p["Timeout"] for n, p in of_type(template, "AWS::Lambda::Function").items()}
    for name, properties in all_queues.items():
        if name in dead:
            if properties.get("MessageRetentionPeriod") != 14 * 86400:
                wrong.append(f"{name} does not keep messages for 14 days")
            continue
        redrive = properties.get("RedrivePolicy", {})
        if redrive.get("maxReceiveCount", 0) < 5 or "deadLetterTargetArn" not in redrive:
            wrong.append(f"{name} gives up before five tries, or leaves nothing behind")
    for name, mapping in of_type(template, "AWS::Lambda::EventSourceMapping").items():
        source, function = named(mapping["EventSourceArn"]), named(mapping["FunctionName"])
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            wrong.append(f"{name}: one bad message would bring its whole batch again")
        if source in all_queues:
            if all_queues[source].get("VisibilityTimeout", 30) < 6 * timeouts[function]:
                wrong.append(f"{source} hands a message out again while {function} may be at it")
        elif "OnFailure" not in mapping.get("DestinationConfig", {}):
            wrong.append(f"{name} has nowhere to leave what failed")
        elif not 0 < mapping.get("MaximumRetryAttempts", -1) <= 10:
            wrong.append(f"{name} would hold up everything behind one bad record")
    return wrong


def dead_letter_queues(template: Template) -> dict[str, str]:
    """Queues that something leaves its failures in, and what does."""
    found = {}
    for name, properties in of_type(template, "AWS::SQS::Queue").items():
        if "RedrivePolicy" in properties:
            found[named(properties["RedrivePolicy"]["deadLetterTargetArn"])] = name
    for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"):
        for name, properties in of_type(template, kind).items():
            failure = properties.get("DestinationConfig", {}).get("OnFailure", {})
            if failure:
                found[named(failure["Destination"])] = name
    for name, target in targets(template):
        if "DeadLetterConfig" in target:
            found[named(target["DeadLetterConfig"]["Arn"])] = name
    return found


def doors(template: Template) -> list[str]:
    """Queues into which more may put messages than the callers that this stack has itself."""
    wrong = []
    for name, properties in of_type(template, "AWS::SQS::QueuePolicy").items():
        queues_of_policy = {named(queue) for queue in properties["Queues"]}
        for statement in properties["PolicyDocument"]["Statement"]:
            if set(statement["Principal"]) != {"Service"} or statement["Action"] != _PUT:
                wrong.append(f"{name} lets in others than services, or lets them do more than put")
            callers = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn")
            if callers is None or not all(named(one) in template for one in _list(callers)):
                wrong.append(f"{name} lets in callers of other accounts")
            if {named(queue) for queue in _list(statement["Resource"])} != queues_of_policy:
                wrong.append(f"{name} speaks of another queue than it is on")
    return wrong


def targets(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """What rules and schedules call."""
    for name, properties in of_type(template, "AWS::Events::Rule").items():
        for target in properties["Targets"]:
            yield name, target
    for name, properties in of_type(template, "AWS::Scheduler::Schedule").items():
        yield name, properties["Target"]


def asynchronous_edges(template: Template) -> list[str]:
    """Calls nobody waits for, whose failure would leave no trace."""
    wrong = []
    followed_up = {
        named(properties["FunctionName"])
        for properties in of_type(template, "AWS::Lambda::EventInvokeConfig").values()
        if "OnFailure" in properties.get("DestinationConfig", {})
    }
    # By one-time schedules, which are made at run time.
    called = {"SessionCloseStart", "ScholarshipRoundStart"}
    for name, target in targets(template):
        if "DeadLetterConfig" not in target:
            wrong.append(f"{name} forgets what it could not deliver")
        called.add(named(target["Arn"]))
    functions = of_type(template, "AWS::Lambda::Function")
    wrong += [
        f"{one} forgets what it could not do"
        for one in sorted(called & set(functions) - followed_up)
    ]
    return wrong


def alarms(template: Template) -> list[str]:
    """Trouble that would wake nobody."""
    watched = set()
    wrong = []
    for name, properties in of_type(template, "AWS::CloudWatch::Alarm").items():
        if not properties.get("AlarmActions"):
            wrong.append(f"{name} tells nobody")
        for dimension in properties["Dimensions"]:
            watched.add((properties["MetricName"], named(dimension["Value"])))
    depth = "ApproximateNumberOfMessagesVisible"
    wanted = {(depth, queue) for queue in dead_letter_queues(template)}
    for machine in of_type(template, "AWS::StepFunctions::StateMachine"):
        wanted |= {("ExecutionsFailed", machine), ("ExecutionsTimedOut", machine)}
    wanted |= {("4XXError", "/webhooks/{provider}"), ("5XXError", "/webhooks/{provider}")}
    wanted |= {("4XXError", "/webhooks/paypal"), ("5XXError", "/webhooks/paypal")}
    wanted |= {("5XXError", "/scholarships")}
    return wrong + [
        f"nobody watches {metric} of {what}" for metric, what in sorted(wanted - watched)
    ]


def logs(template: Template) -> list[str]:
    """Logs that stay for ever, or hold what they should not."""
    groups = of_type(template, "AWS::Logs::LogGroup")
    wrong = [
        f"{name} keeps logs for ever" for name, p in groups.items() if not p.get("RetentionInDays")
    ]
    for name, properties in of_type(template, "AWS::Lambda::Function").items():
        if named(properties.get("LoggingConfig", {}).get("LogGroup")) not in groups:
            wrong.append(f"{name} writes to a log group that is kept for ever")
    for name, properties in of_type(template, "AWS::StepFunctions::StateMachine").items():
        logging = properties.get("LoggingConfiguration", {})
        if logging.get("IncludeExecutionData") is not False or logging.get("Level") != "ERROR":
            wrong.append(f"{name} logs what went through it")
    for name, properties in of_type(template, "AWS::ApiGateway::Stage").items():
        if "AccessLogSetting" in properties:
            wrong.append(f"{name} logs addresses of pages, which carry tokens")
        settings = properties.get("MethodSettings", [])
        if any(one.get("DataTraceEnabled") or one["LoggingLevel"] != "OFF" for one in settings):
            wrong.append(f"{name} logs requests")
    return wrong


def secrets(template: Template) -> list[str]:
    """Secrets in plain sight: environments are shown in the console to whoever may look."""
    wrong = []
    for name, properties in of_type(template, "AWS::Lambda::Function").items():
        for key, value in properties.get("Environment", {}).get("Variables", {}).items():
            telling = any(word in key for word in ("SECRET", "TOKEN", "KEY", "PASSWORD"))
            named_only = key.endswith(("_ID", "_TABLE"))
            if telling and not (isinstance(value, dict) and named_only):
                wrong.append(f"{name} has {key} in its environment")
    for name, properties in of_type(template, "AWS::SecretsManager::Secret").items():
        if "SecretString" in properties:
            wrong.append(f"{name} has its value in the template")
    text = json.dumps(template)
    wrong += [
        f"the template holds {word}…" for word in ("whsec_", "sk_live", "sk_test") if word in text
    ]
    return wrong
