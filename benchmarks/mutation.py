"""How many mistakes the tests of the money rules would notice: each made on purpose, one at a time.

`make mutate` (about twenty minutes). cosmic-ray makes the mistakes. They are tried here and not by
its own runner, which starts Python anew for each: this process has everything imported, and a fork
of it swaps the one function's code and runs the tests until the first fails. Mistakes outside
functions are tried in a fork that imports everything anew. What survives is printed, and
`docs/mutation.md` says why it may.
"""

import importlib
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

RULES = ("payments", "payment_parts", "price_book", "refunds", "refund_quote", "upgrades", "money")
BY_TABLE = (
    "test_money_rules_by_table",
    "test_payment_facts_by_table",
    "test_price_book_by_table",
    "test_refund_rules_by_table",
    "test_fund_by_table",
    "test_quotes_by_table",
    "test_upgrades_by_table",
    "test_refunds_are_quoted",
)
TESTS = (
    *BY_TABLE,
    "test_money_comes_and_goes",
    "test_nobody_pays_twice",
    "test_stripe_refunds_and_disputes",
    "test_staff_rule_on_payments",
    "test_payments_become_seats",
    "test_payments_are_replayed",
    "test_missed_payments_are_found",
)
# What would only fill the list: `A | B` in types, arithmetic that nobody mistakes for another,
# and `is` for `==` or the reverse, which is the same for small numbers and for names.
_IDLE = re.compile(
    r"core/(ReplaceBinaryOperator_BitOr_.*"
    r"|ReplaceBinaryOperator_.*_(RShift|LShift|Pow|Mod|BitXor|BitOr|BitAnd)"
    r"|ReplaceComparisonOperator_(.*_(Is|IsNot)|Is_Eq|IsNot_NotEq)|RemoveDecorator)"
)
# A mistake that only chance would notice is not noticed: these draw what they try.
_BY_CHANCE = (
    "test_money_comes_and_goes.py::test_the_state_is_a_function_of_the_set_of_events",
    "test_payments_become_seats.py::test_shuffled_and_repeated_deliveries_reach_the_same_state",
    "test_refunds_are_quoted.py::test_the_shares_of_all_classes_are_together_what_was_paid",
)
_PATIENCE = 60  # seconds of work, for a mistake that never ends
# What may hold on to a rule, and is imported anew after it.
_OURS = ("shared", "tests", "devstack", "functions")
_SURVIVED, _KILLED, _NOT_TRIED = 0, 1, 2
_OPTIONS = (
    *("-x", "--assert=plain", "-o", "addopts=", "-o", "filterwarnings="),
    *("-p", "no:cacheprovider", "-p", "no:terminal"),
    *(f"--deselect=tests/unit/{name}" for name in _BY_CHANCE),
)


class Mutant(NamedTuple):
    """One mistake: in which rule, of which kind, where, and the whole module with it."""

    rule: str
    kind: str
    line: int
    source: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """As the list names it."""
        return f"{self.rule}.py:{self.line} {self.before.strip()}  ->  {self.after.strip()}"


def mutants(rule: str) -> Iterator[Mutant]:
    """Every mistake that is made in a module of rules."""
    path = Path(f"shared/domain/{rule}.py")
    original = path.read_text(encoding="utf-8")
    tree = get_ast_from_path(path)
    for name in operator_names():
        operator_class: Any = get_operator(name)
        if _IDLE.fullmatch(name) or operator_class.arguments():
            continue
        operator = operator_class()
        places = [p for node in ast_nodes(tree) for p in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(places):
            changed = mutate_code(original, operator, occurrence)
            if changed is None or changed == original or not _is_python(changed):
                continue
            pairs = zip(original.splitlines(), changed.splitlines(), strict=False)
            before, after = next(((a, b) for a, b in pairs if a != b), ("", ""))
            yield Mutant(rule, name.removeprefix("core/"), start[0], changed, before, after)


def _is_python(source: str) -> bool:
    try:
        compile(source, "", "exec")
    except SyntaxError:
        return False
    return True


def _no_mistakes(rule: str) -> Iterator[Mutant]:
    """Changes that change nothing, in a function and outside: they must survive."""
    source = Path(f"shared/domain/{rule}.py").read_text(encoding="utf-8")
    yield Mutant(rule, "", 1, source, "", "")
    yield Mutant(rule, "", 1, source.replace("    return ", "    return 0 or ", 1), "", "")


def main(rules: Iterable[str]) -> int:
    """Try every mistake, and say how many were noticed and which were not."""
    sys.path.insert(0, str(Path.cwd()))
    tests = [f"tests/unit/{name}.py" for name in TESTS]
    everything = [mutant for rule in rules for mutant in mutants(rule)]
    _import_everything(tests)
    for rule in rules:
        for control in _no_mistakes(rule):
            if _in_a_fork(control, tests) != _SURVIVED:
                print("The tests fail without any mistake, so nothing can be learnt from them.")
                return 1
    said: Counter[str] = Counter()
    survivors = []
    began = time.monotonic()
    for number, mutant in enumerate(everything, 1):
        survived = _in_a_fork(mutant, tests) == _SURVIVED
        said[f"{mutant.rule} {'survived' if survived else 'killed'}"] += 1
        if survived:
            survivors.append(mutant)
            print(f"{mutant.text}   [{mutant.kind}]", flush=True)
        if number % 50 == 0:
            took = time.monotonic() - began
            print(f"... {number} of {len(everything)}, {took:.0f} s", file=sys.stderr, flush=True)
    for rule in rules:
        killed, survived_ = said[f"{rule} killed"], said[f"{rule} survived"]
        print(f"{rule}: {killed} of {killed + survived_} noticed")
    noticed = len(everything) - len(survivors)
    print(f"together: {noticed} of {len(everything)}, {noticed / len(everything):.1%}")
    return 0


def _import_everything(tests: list[str]) -> None:
    for test in tests:
        importlib.import_module(test.removesuffix(".py").replace("/", "."))


def _in_a_fork(mutant: Mutant | None, tests: list[str]) -> int:
    """0 if every test passes with that mistake, else 1; a mistake that never ends is noticed."""
    child = os.fork()
    if child == 0:
        code = _NOT_TRIED
        try:
            signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            if mutant is not None and not _make(mutant):
                os._exit(_KILLED)
            # The files by table are the quickest, and notice most.
            passed = all(
                pytest.main([*_OPTIONS, *some]) == 0
                for some in (tests[: len(BY_TABLE)], tests[len(BY_TABLE) :])
            )
            code = _SURVIVED if passed else _KILLED
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended != _NOT_TRIED, f"A mistake could not be made: {mutant and mutant.text}"
    return _SURVIVED if ended == _SURVIVED else _KILLED


def _make(mutant: Mutant) -> bool:
    """Make the mistake in this process: in the one function that has it, or by importing anew.

    False if the module cannot even be imported with it, which nobody could overlook.
    """
    name = f"shared.domain.{mutant.rule}"
    module = sys.modules[name]
    assert module.__file__
    mistaken = compile(mutant.source, module.__file__, "exec")
    right = compile(Path(module.__file__).read_text("utf-8"), module.__file__, "exec")
    old, new = dict(_functions(right)), dict(_functions(mistaken))
    differ = [at for at in old if old[at] != new.get(at)]
    kept = {one.__code__: one for one in _all_functions(module)}
    if differ and old.keys() == new.keys() and all(old[at] in kept for at in differ):
        for at in differ:
            kept[old[at]].__code__ = new[at]
        return True
    for imported in [one for one in sys.modules if one.startswith(_OURS)]:
        del sys.modules[imported]
    fresh = type(sys)(name)
    fresh.__file__ = module.__file__
    sys.modules[name] = fresh
    try:
        exec(mistaken, fresh.__dict__)  # noqa: S102 - the mistake is the point
    except Exception:  # noqa: BLE001 - whatever it is
        return False
    return True


def _functions(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Every function of compiled code that is not within another, with where it stands."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & 0x02:  # made by `def` or `lambda`: has local variables of its own
                yield f"{one.co_qualname}:{one.co_firstlineno}", one
            else:
                yield from _functions(one)


def _all_functions(module: Any) -> Iterator[FunctionType]:
    """The functions of a module and of its classes, properties among them."""
    for owner in (module, *(one for one in vars(module).values() if isinstance(one, type))):
        if owner is not module and owner.__module__ != module.__name__:
            continue
        for one in list(vars(owner).values()):
            for found in (one, getattr(one, "fget", None), getattr(one, "__func__", None)):
                if isinstance(found, FunctionType) and found.__module__ == module.__name__:
                    yield found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or RULES))
