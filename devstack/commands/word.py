"""Who says something, and why: the two options of every act of staff."""

import argparse

_KEPT = "one sentence, kept for whoever asks later"


def add_word(
    parser: argparse.ArgumentParser, about: str = _KEPT, *, optional: bool = False
) -> argparse.ArgumentParser:
    """Options --why and --by; `about` says what becomes of the reason."""
    if optional:
        parser.add_argument("--why", default="", help=about)
    else:
        parser.add_argument("--why", required=True, help=about)
    return add_by(parser)


def add_by(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The option --by alone, where nobody is asked for a reason."""
    parser.add_argument("--by", help="who decides; your user's name if not given")
    return parser


def who_says(args: argparse.Namespace) -> str:
    """Who decides: as they say, or the user's name."""
    import getpass

    return args.by or getpass.getuser()
