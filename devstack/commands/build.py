"""`build`: make what is uploaded, for this machine's Python or for another runtime."""

import argparse

from devstack import console
from devstack.commands.parsing import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "build", help="make the zip, the layer and the template that are uploaded"
    )
    parser.add_argument(
        "--runtime", help="for example python3.13; this machine's Python if not given"
    )
    parser.add_argument("--architecture", choices=["arm64", "x86_64"])
    parser.add_argument("--json", action="store_true", help="print where things lie as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Build, and say where it lies and how to deploy it."""
    from devstack.build import Target, build, this_machine

    here = this_machine()
    target = Target(args.runtime or here.runtime, args.architecture or here.architecture)
    with console.step(f"Build for {target.runtime} on {target.architecture}"):
        artifact = build(target)
    if args.json:
        console.show_json(
            {
                "runtime": target.runtime,
                "architecture": target.architecture,
                "template": str(artifact.template),
                "code": str(artifact.code),
                "layer": str(artifact.layer("Typesetting")),
                "paypal_layer": str(artifact.layer("PaypalCertificates")),
            }
        )
        return 0
    console.out.print(f"  template  {artifact.template}")
    console.out.print("  deploy    sam deploy --guided --template-file TEMPLATE")
    return 0
