"""Whether the template stays within what AWS takes; the local AWS would take more.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json

from tests.template.expansion import Template, named, of_type

_RESOURCES, _TEMPLATE_BYTES = 500, 1024 * 1024
_ENVIRONMENT_BYTES = 4 * 1024
# 20 KiB of a function's policy; a permission with its longest names takes about this much of it.
_PERMISSIONS = 20 * 1024 // 400
# What a reference may become: an ARN with the longest names there are.
_REFERENCE = "x" * 120


def too_large(template: Template) -> list[str]:
    """What is more than AWS takes, in words."""
    found = []
    if len(template) > _RESOURCES:
        found.append(f"{len(template)} resources")
    size = len(json.dumps(template, default=str))
    if size > _TEMPLATE_BYTES:
        found.append(f"a template of {size} bytes")
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        told = function.get("Environment", {}).get("Variables", {})
        environment = sum(
            len(key) + len(value if isinstance(value, str) else _REFERENCE)
            for key, value in told.items()
        )
        if environment > _ENVIRONMENT_BYTES:
            found.append(f"{name}: an environment of about {environment} bytes")
    callers = [
        named(one["FunctionName"]) for one in of_type(template, "AWS::Lambda::Permission").values()
    ]
    found += [
        f"{name}: {callers.count(name)} permissions"
        for name in sorted(set(callers))
        if callers.count(name) > _PERMISSIONS
    ]
    return found
