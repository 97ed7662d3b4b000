"""The registry of commands, in the order `--help` lists them.

A command is a module, named here by its dotted name, with two functions:

- `add_parser(subparsers)` adds its parser and returns it;
- `run(args)` does the work and returns the exit code. It raises `devstack.problems.Problem` for
  trouble that a person can do something about.

Modules import what is slow (boto3, the SAM CLI) inside `run`, so that `--help` stays quick.
"""

COMMANDS: tuple[str, ...] = (
    "devstack.commands.up",
    "devstack.commands.down",
    "devstack.commands.status",
    "devstack.commands.publish",
    "devstack.commands.deliver",
    "devstack.commands.upload",
    "devstack.commands.attendance",
    "devstack.commands.close",
    "devstack.commands.scholarships",
    "devstack.commands.sweep",
    "devstack.commands.clock",
    "devstack.commands.review",
    "devstack.commands.fund",
    "devstack.commands.community",
    "devstack.commands.certificate",
    "devstack.commands.override",
    "devstack.commands.makeup",
    "devstack.commands.appeal",
    "devstack.commands.recording",
    "devstack.commands.explain",
    "devstack.commands.export",
    "devstack.commands.replay",
    "devstack.commands.mail",
    "devstack.commands.watch",
    "devstack.commands.redrive",
    "devstack.commands.settle",
    "devstack.commands.learner",
    "devstack.commands.session",
    "devstack.commands.evaluations",
    "devstack.commands.inbox",
    "devstack.commands.letters",
    "devstack.commands.demo",
    "devstack.commands.build",
)
