"""Bringing the stack up, and up to date: build, start, deploy, let people in."""

import base64
import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from devstack import access, clock, cloud, desk_people, paths, processes, sam
from devstack.build import Artifact, build, this_machine
from devstack.console import step
from devstack.paypal_drawn import drawn
from devstack.problems import Problem
from devstack.stack import REGION, ROOT, STACK_NAME, Eventbrite, Stack, client_for, load_stack

_ARTIFACTS = "devstack-artifacts"


def running() -> Stack | None:
    """The stack that runs here, if one does and all of its parts are alive."""
    try:
        return load_stack()
    except Problem:
        return None


def raise_stack(port: int | None) -> Stack:
    """Start everything, or bring what runs up to date with the checkout.

    Whatever this call started is stopped again if it does not get to the end. A second call waits
    for the first.
    """
    with _one_at_a_time():
        return _raise_stack(port)


def lower_stack() -> list[str]:
    """Stop what was started here. Logs and letters stay; returns the names of what ran."""
    with _one_at_a_time():
        return _lower_stack()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    paths.home().mkdir(parents=True, exist_ok=True)
    with (paths.home() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _raise_stack(port: int | None) -> Stack:
    with step("Build the functions"):
        artifact = build(this_machine())
    there = running()
    if there is not None:
        if there.fingerprint == artifact.fingerprint:
            return there
        with step("Deploy what changed"):
            return _deploy(artifact, there.endpoint, there)
    processes.stop_all()
    paths.state_file().unlink(missing_ok=True)
    with _all_or_nothing():
        endpoint, inbox_url, eventbrite = _start(port)
        with step("Deploy the template"):
            stack = _deploy(artifact, endpoint, None, inbox_url, eventbrite)
    return stack


def _lower_stack() -> list[str]:
    stopped = processes.stop_all()
    paths.state_file().unlink(missing_ok=True)
    paths.discard(paths.scratch())
    return stopped


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    try:
        yield
    except BaseException:
        _lower_stack()
        raise


def _start(port: int | None) -> tuple[str, str, Eventbrite]:
    if port is not None and not processes.is_free(port):
        raise Problem(
            f"Port {port} is taken, so the local AWS cannot have it.",
            "Name another, or none and a free one is found: python -m devstack up",
        )
    for old in paths.logs().glob("*.log"):
        if not old.name.startswith("sam-"):
            old.unlink()
    with step("Start the local AWS and the inbox"):
        mail_port = processes.free_port()
        mail = cloud.start_mail(mail_port)
        gateway = port or processes.free_port()
        endpoint = f"http://127.0.0.1:{gateway}"
        aws = cloud.start_cloud(gateway, mail_port)
        page_port = processes.free_port()
        inbox_url = f"http://127.0.0.1:{page_port}/"
        paypal_port = processes.free_port()
        paypal = cloud.start_paypal(paypal_port)
        page = cloud.start_page(page_port)
        orders_port, token = processes.free_port(), secrets.token_hex(24)
        orders = cloud.start_eventbrite(orders_port, token)
        cloud.wait_until_listening(mail, mail_port)
        cloud.wait_until_listening(paypal, paypal_port)
        cloud.wait_until_listening(orders, orders_port)
        cloud.wait_until_ready(page, inbox_url)
        cloud.wait_until_ready(aws, cloud.health(endpoint))
    api = f"http://127.0.0.1:{orders_port}"
    return endpoint, inbox_url, Eventbrite(api, token, secrets.token_hex(32))


def _deploy(
    artifact: Artifact,
    endpoint: str,
    before: Stack | None,
    inbox_url: str = "",
    eventbrite: Eventbrite | None = None,
) -> Stack:
    eventbrite = before.eventbrite if before else eventbrite
    ahead = clock.ahead(before) if before else clock.NOT_AHEAD
    if before is None:
        client_for("s3", endpoint, REGION, ROOT).create_bucket(Bucket=_ARTIFACTS)
    paypal = drawn()
    parameters = {
        "Stage": "local",
        "PythonRuntime": artifact.target.runtime,
        "Architecture": artifact.target.architecture,
        "LocalEndpoint": endpoint,
        "LocalPaypal": paypal.told,
        "LocalEventbriteApi": eventbrite.api if eventbrite else "",
        "SenderAddresses": "*@*",
        "OperatorAddress": "operator@tending.example",
        # The local stack sees everybody come from one address.
        "SubmissionsPerHour": "1000",
    }
    sam.deploy(artifact.template, STACK_NAME, _ARTIFACTS, parameters, _as_root(endpoint))
    formation = client_for("cloudformation", endpoint, REGION, ROOT)
    described = formation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}
    stack = Stack(
        endpoint=endpoint,
        region=REGION,
        inbox_url=before.inbox_url if before else inbox_url,
        letters=str(paths.letters()),
        outputs=outputs,
        resources={
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
        },
        stripe_signing_secret=before.stripe_signing_secret if before else _signing_secret(),
        form_signing_secret=before.form_signing_secret if before else _form_secret(),
        users=before.users if before else access.make_users(endpoint, REGION, outputs),
        fingerprint=artifact.fingerprint,
        razorpay_signing_secret=(before.razorpay_signing_secret if before else "")
        or secrets.token_hex(24),
        zoom_secret_token=(before.zoom_secret_token if before else "") or secrets.token_hex(16),
        paypal_webhook_id=(before.paypal_webhook_id if before else "") or _webhook_id(),
        paypal_signing_key=paypal.key,
        eventbrite=eventbrite,
    )
    access.put_secrets(stack)
    desk_people.let_in(stack)
    stack.verify_sender(parameters["OperatorAddress"])
    if ahead:
        clock.set_ahead(stack, ahead)  # functions that were deployed anew are back at the real time
    stack.save()
    return stack


def _signing_secret() -> str:
    return "whsec_" + secrets.token_hex(24)


def _webhook_id() -> str:
    # As PayPal writes them.
    return secrets.token_hex(8).upper() + "G"


def _form_secret() -> str:
    # As the senders of standard webhooks write theirs: the key itself is what this encodes.
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def _as_root(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ROOT.access_key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT.secret_access_key,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
