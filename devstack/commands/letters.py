"""`letters preview`: every letter as people would get it, without sending one."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("letters", help="look at letters without sending one")
    parser.add_argument("what", choices=("preview",))
    parser.add_argument("--kind", help="only letters of this kind, such as reminder")
    parser.add_argument("--screenshots", action="store_true", help="take pictures of them too")
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write them into files, with a page that leads to all of them. Needs no stack."""
    from devstack import paths, previews
    from devstack.problems import Problem
    from shared.domain.letters import LetterKind

    kinds = [kind for kind in LetterKind if args.kind in (None, kind.value)]
    if not kinds:
        raise Problem(
            f"There is no letter of the kind “{args.kind}”.",
            "All of them: python -m devstack letters preview",
        )
    chromium = previews.browser_path()
    if args.screenshots and chromium is None:
        raise Problem(
            "Pictures need Chromium, and it was not found.",
            "Install it (on Debian: apt-get install chromium), or leave out --screenshots.",
        )
    folder = paths.previews()
    pictures = 0
    with console.step("Writing letters"):
        shown = list(previews.previews(kinds))
        previews.write_files(shown, folder)
    if args.screenshots and chromium is not None:
        with console.step(f"Taking pictures of {len(shown)} letters"):
            pictures = previews.take_pictures(shown, folder, chromium)
    index = previews.write_index(shown, folder, pictured=bool(pictures))
    if args.json:
        console.show_json({"letters": len(shown), "pictures": pictures, "index": str(index)})
        return 0
    console.out.print(f"{len(shown)} letters. Look at them: {index.as_uri()}")
    return 0
