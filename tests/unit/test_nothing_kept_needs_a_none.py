"""What is kept comes back: the table keeps no "nothing", so whatever may be none has a default."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

import shared.domain
from shared.domain.record import Record


def _kinds(of: type[Record]) -> Iterator[type[Record]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _all_kinds() -> list[type[Record]]:
    for module in pkgutil.iter_modules(shared.domain.__path__):
        importlib.import_module(f"shared.domain.{module.name}")
    return sorted(_kinds(Record), key=lambda kind: kind.__name__)


def _within(annotation: Any) -> Iterator[Any]:
    """The type, and every type that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _within(part)


def needing_a_none(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> list[str]:
    """Fields of that model, and of the models in it, that may be none and must be said."""
    seen = set() if seen is None else seen
    if model in seen:
        return []
    seen.add(model)
    found = []
    for name, field in model.model_fields.items():
        whole = field.annotation
        may_be_none = get_origin(whole) in (Union, UnionType) and NoneType in get_args(whole)
        if may_be_none and field.is_required():
            found.append(f"{model.__name__}.{name}")
        for part in _within(whole):
            if isinstance(part, type) and issubclass(part, BaseModel):
                found += needing_a_none(part, seen)
    return found


@pytest.mark.parametrize("kind", _all_kinds(), ids=lambda kind: kind.__name__)
def test_whatever_may_be_none_has_a_default(kind: type[Record]) -> None:
    assert needing_a_none(kind) == []


def test_one_that_must_be_said_would_be_noticed() -> None:
    class Inner(BaseModel):
        hours: int | None

    class Outer(BaseModel):
        several: tuple[Inner, ...] = ()

    assert needing_a_none(Outer) == ["Inner.hours"]
