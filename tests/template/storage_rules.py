"""What must be true of whatever keeps something: buckets, tables, and the key of the most private.

Rules are functions, as in `rules`; each returns what is wrong, in words.
"""

from collections.abc import Iterator
from typing import Any

from tests.template.expansion import Template, named, of_type
from tests.template.rules import statements

# How each table is recovered, cleaned up, and what its stream tells. Tokens live for a day and are
# no record of anything, so they are not brought back.
_RECOVERY: dict[str, dict[str, Any]] = {
    "Records": {"PointInTimeRecoveryEnabled": True},
    # A week: what is erased must not be there for a month to be brought back.
    "Scholarships": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
    "SubmissionTokens": {},
    # The same of sessions: what is brought back would let somebody in who is out.
    "StaffSessions": {},
}
_CLEANED_BY = dict.fromkeys(("Records", "Scholarships"), "expires_at") | {
    "SubmissionTokens": "expiration",
    "StaffSessions": "expires_at",
}
_TOLD_BY_STREAM = {"Records": "NEW_AND_OLD_IMAGES", "Scholarships": "KEYS_ONLY"}
_INDEXES = {"by_learner": ["learner", "pk"], "by_waiting": ["waiting", "waiting_since"]}
# Only these may touch what people wrote: those of a round, of the desk the one that shows it to
# reviewers, whoever hands a person what is theirs, and whoever takes it away when they ask.
OF_A_ROUND = {
    *("ScholarshipReceive", "ScholarshipReview", "ScholarshipMine", "ScholarshipOutbox"),
    *("ScholarshipSweep", "ScholarshipWhereItStands", "ScholarshipAskReviewers"),
    *("ScholarshipRemind", "ScholarshipAward", "ScholarshipSumUp"),
    *("StaffScholarships", "LearnerPagesExport", "PersonErase"),
}

# And these may list what waits there for a person, by the index that holds nothing anybody wrote.
LIST_WHAT_WAITS = {"StaffPages", "DailyDigestOwe"}


def buckets(template: Template, stage: str) -> list[str]:
    """Buckets that strangers could read, or that forget."""
    wrong = []
    guarded = {
        named(policy["Bucket"])
        for policy in of_type(template, "AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        and {named(one).partition(".")[0].lstrip("${") for one in statement["Resource"]}
        == {named(policy["Bucket"])}
    }
    for name, properties in of_type(template, "AWS::S3::Bucket").items():
        block = properties.get("PublicAccessBlockConfiguration", {})
        if [block.get(one) for one in _BLOCKS] != [True] * 4:
            wrong.append(f"{name} can be made public")
        if properties.get("VersioningConfiguration") != {"Status": "Enabled"}:
            wrong.append(f"{name} forgets what was overwritten")
        if properties.get("OwnershipControls") != _OWNED:
            wrong.append(f"{name} takes access lists")
        if "BucketEncryption" not in properties:
            wrong.append(f"{name} is not encrypted")
        rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any(
            rule.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 7}
            for rule in rules
        ):
            wrong.append(f"{name} keeps broken uploads, unseen and paid for")
        if (name in guarded) != (stage != "local"):
            wrong.append(
                f"{name} {'refuses loopback' if name in guarded else 'answers plain HTTP'}"
            )
        if template[name].get("DeletionPolicy") != "Retain":
            wrong.append(f"{name} goes when the stack goes")
    return wrong


def lifetimes(template: Template) -> list[str]:
    """Folders whose files stay longer, or shorter, than the data model says."""
    found = {
        (name, rule.get("Prefix", "")): (
            rule.get("ExpirationInDays"),
            rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        )
        for name, properties in of_type(template, "AWS::S3::Bucket").items()
        for rule in properties["LifecycleConfiguration"]["Rules"]
        if rule["Status"] == "Enabled"
        and {"ExpirationInDays", "NoncurrentVersionExpiration"} & {*rule}
    }
    return [
        f"{folder} of {name} stays for {days}, not {_STAYS.get((name, folder))}"
        for (name, folder), days in found.items()
        if days != _STAYS.get((name, folder))
    ] + [f"{folder} of {name} stays for good" for name, folder in _STAYS.keys() - found.keys()]


# In days: as long as nothing takes its place, and from then on.
_STAYS = {
    ("Uploads", ""): (None, 90),
    ("Uploads", "recordings/"): (1, 1),  # what was labelled
    ("Uploads", "attendance/"): (400, 30),
    ("Documents", "rosters/"): (90, 1),
    ("Documents", "results/"): (90, 1),
    ("Documents", "transcripts/"): (1, 1),
    ("Documents", "exports/"): (2557, 1),
    ("RawEvents", ""): (29, 1),
}
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_OWNED = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def tables(template: Template) -> list[str]:
    """Tables that could lose records, keep them too long, or cannot answer what is asked."""
    wrong = []
    for name, p in of_type(template, "AWS::DynamoDB::Table").items():
        if p.get("PointInTimeRecoverySpecification", {}) != _RECOVERY[name]:
            wrong.append(f"{name} cannot be taken back as far as it should")
        if not p.get("SSESpecification", {}).get("SSEEnabled"):
            wrong.append(f"{name} is not encrypted with a key of the account")
        cleaned = {"AttributeName": _CLEANED_BY[name], "Enabled": True}
        if p.get("TimeToLiveSpecification") != cleaned:
            wrong.append(f"{name} is not cleaned up")
        told = p.get("StreamSpecification", {}).get("StreamViewType")
        if told != _TOLD_BY_STREAM.get(name):
            wrong.append(f"the stream of {name} tells {told}")
        if (template[name].get("DeletionPolicy") == "Retain") != (name in _TOLD_BY_STREAM):
            wrong.append(f"{name} goes when the stack goes, or stays for nothing")
        keys = {
            index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
            for index in p.get("GlobalSecondaryIndexes", [])
        }
        if keys != (_INDEXES if name in _TOLD_BY_STREAM else {}):
            wrong.append(f"{name} has the indexes {keys}")
    return wrong


def raw_events(template: Template) -> list[str]:
    """Ways in which payment events as they came are open to more than their few, or stay."""
    wrong = []
    bucket = of_type(template, "AWS::S3::Bucket")["RawEvents"]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    default = encryption["ServerSideEncryptionByDefault"]
    own_key = named(default.get("KMSMasterKeyID")) == "RawEventsKey"
    if default["SSEAlgorithm"] != "aws:kms" or not own_key:
        wrong.append("payment events are not under their own key")
    rules = bucket["LifecycleConfiguration"]["Rules"]
    everything = [
        rule
        for rule in rules
        if rule["Status"] == "Enabled" and not {"Prefix", "Filter"} & set(rule)
    ]
    seen = min((rule.get("ExpirationInDays", 10**6) for rule in everything), default=10**6)
    unseen = min(
        rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 10**6)
        for rule in everything
    )
    if seen + unseen != _KEPT_DAYS:
        wrong.append(f"payment events are kept for {seen} days, and for {unseen} unseen")
    for function, properties in of_type(template, "AWS::Lambda::Function").items():
        role = template[named(properties["Role"])]["Properties"]
        may = {
            action
            for action, resource in _allowed(template, role)
            if "RawEvents" in named(resource)
        }
        if may != _OF_RAW_EVENTS.get(function, set()):
            wrong.append(f"{function} may do {sorted(may)} to payment events as they came")
    return wrong


_KEPT_DAYS = 30
_KEEP = {"s3:PutObject", "kms:GenerateDataKey"}
_OF_RAW_EVENTS = {
    "PaymentWebhookRecord": _KEEP,
    "SweepHourly": _KEEP,
    "PaymentWebhookFetch": _KEEP,
    "PaymentReplay": {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"},
    # For the person whom they are about, and when that person takes everything away.
    "LearnerPagesExport": {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"},
    "PersonErase": {"s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"},
}
# The one key that opens nothing: it signs.
_SIGNS = "BadgeKey"
_SIGNING = {"kms:Sign", "kms:GetPublicKey"}


def keys(template: Template) -> list[str]:
    """Ways to read what is under a key past it, or to lose it."""
    wrong = []
    table = of_type(template, "AWS::DynamoDB::Table")["Scholarships"]["SSESpecification"]
    if table.get("SSEType") != "KMS" or named(table.get("KMSMasterKeyId")) != "ScholarshipKey":
        wrong.append("applications are not under their own key")
    for name, service in _THROUGH.items():
        key = of_type(template, "AWS::KMS::Key")[name]
        if not key.get("EnableKeyRotation"):
            wrong.append(f"{name} never changes")
        if key.get("PendingWindowInDays") != 30 or template[name]["DeletionPolicy"] != "Retain":
            wrong.append(f"{name} can be lost, and everything under it")
        for statement in key["KeyPolicy"]["Statement"]:
            opens = any(_opens(action) for action in statement["Action"])
            if opens and not _through_only(service, statement):
                wrong.append(f"{name} opens more than it is for")
            if "*" in str(statement["Principal"]):
                wrong.append(f"{name} is anybody's")
    for role, statement in statements(template):
        actions = statement["Action"] if isinstance(statement["Action"], list) else []
        if not any(one.startswith("kms:") for one in actions):
            continue
        of_key = named(statement["Resource"])
        if of_key == _SIGNS:
            if role != "LearnerPagesBadgeRole" or set(actions) - _SIGNING:
                wrong.append(f"{role} may do more than sign badges")
            continue
        if not _through_only(_THROUGH.get(of_key, "nothing"), statement):
            wrong.append(f"{role} may use {of_key} for more than it is for")
    badge_key = of_type(template, "AWS::KMS::Key")[_SIGNS]
    kind = (badge_key.get("KeySpec"), badge_key.get("KeyUsage"))
    if kind != ("RSA_2048", "SIGN_VERIFY") or template[_SIGNS]["DeletionPolicy"] != "Retain":
        wrong.append("the key for badges signs nothing, or can be lost")
    if set(of_type(template, "AWS::KMS::Key")) != {*_THROUGH, _SIGNS}:
        wrong.append("there is a key of which nobody says what it opens")
    return wrong


# The one service through which each key may be used.
_THROUGH = {"ScholarshipKey": "dynamodb", "RawEventsKey": "s3"}


def _opens(action: str) -> bool:
    return action.removeprefix("kms:").startswith(("*", "Decrypt", "ReEncrypt", "CreateGrant"))


def _through_only(service: str, statement: dict[str, Any]) -> bool:
    via = statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", "")
    return named(via).startswith(f"{service}.")


def readers(template: Template) -> list[str]:
    """Who may touch applications and should not, or has the table without its key."""
    wrong = []
    for function, properties in of_type(template, "AWS::Lambda::Function").items():
        role = template[named(properties["Role"])]["Properties"]
        allowed = list(_allowed(template, role))
        touches = any(named(resource).find("Scholarships") >= 0 for _, resource in allowed)
        has_key = any(named(resource) == "ScholarshipKey" for _, resource in allowed)
        if function in LIST_WHAT_WAITS:
            wrong += _more_than_the_list(function, allowed)
        elif touches != (function in OF_A_ROUND):
            wrong.append(f"{function} {'may' if touches else 'cannot'} touch applications")
        if has_key != touches:
            wrong.append(f"{function} has the table without its key, or the other way round")
    receiver = template["ScholarshipReceiveRole"]["Properties"]
    on_table = {
        action
        for action, resource in _allowed(template, receiver)
        if resource == {"Fn::GetAtt": ["Scholarships", "Arn"]}
    }
    if on_table != {"dynamodb:GetItem", "dynamodb:PutItem"}:
        wrong.append(f"whoever takes over the form may do {sorted(on_table)} to applications")
    indexes = [
        named(resource)
        for _, resource in _allowed(template, receiver)
        if "/index/" in named(resource)
    ]
    if indexes != ["${Scholarships.Arn}/index/by_learner"]:
        wrong.append(f"whoever takes over the form may list {indexes}")
    return wrong


def _more_than_the_list(function: str, allowed: list[tuple[str, Any]]) -> list[str]:
    """What somebody who only lists what waits in rounds may do beyond that, or cannot."""
    of_rounds = {
        (action, named(resource))
        for action, resource in allowed
        if "Scholarship" in named(resource)
    }
    wanted = {
        ("dynamodb:Query", "${Scholarships.Arn}/index/by_waiting"),
        ("kms:Decrypt", "ScholarshipKey"),
    }
    return [f"{function}: {' '.join(one)} in applications" for one in sorted(of_rounds ^ wanted)]


def _allowed(template: Template, role: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(action, resource) of all that a role may do."""
    shared = of_type(template, "AWS::IAM::ManagedPolicy")
    documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
    documents += [
        shared[named(arn)]["PolicyDocument"]
        for arn in role["ManagedPolicyArns"]
        if named(arn) in shared
    ]
    for document in documents:
        for statement in document["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            for action in actions if isinstance(actions, list) else [actions]:
                for resource in resources if isinstance(resources, list) else [resources]:
                    yield action, resource
