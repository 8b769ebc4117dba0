"""Frozen dataclasses from JSON, strictly: nothing unknown, nothing missing, nothing of another type."""

import math
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from duktus.types import ModelError

_NAMES = {int: "a whole number", float: "a finite number", str: "text", bool: "true or false"}


def decode(kind: Any, value: object, where: str) -> Any:
    """Turns a value as the ``json`` module reads it into the type ``kind``.

    Args:
        kind: a dataclass, ``int``, ``float``, ``str``, ``bool``, a ``Literal`` of strings, ``X | None``,
            ``tuple[X, ...]``, ``tuple[X, Y]`` or ``dict[str, X]``. The way back is ``dataclasses.asdict``.
        value: the JSON value.
        where: the value's place, such as ``calibration.accept``, for messages.

    Returns:
        An instance of ``kind``.

    Raises:
        ModelError: naming the place, what was expected there and what stands there.
    """
    if is_dataclass(kind):
        return _decode_fields(kind, value, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _decode_tuple(arguments, value, where)
    if origin is dict:
        members = _expect(dict, value, where, "an object")
        return {key: decode(arguments[1], member, f"{where}[{key!r}]") for key, member in members.items()}
    if origin is Literal:
        return _decode_choice(arguments, value, where)
    if NoneType in arguments:
        return None if value is None else decode(arguments[arguments.index(NoneType) - 1], value, where)
    return _decode_scalar(kind, value, where)


def _decode_fields(kind: Any, value: object, where: str) -> Any:
    members = _expect(dict, value, where, "an object")
    kinds = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for name in members:
        if name not in names:
            raise ModelError(f"unknown field {_join(where, name)}: expected only {', '.join(names)}")
    for name in names:
        if name not in members:
            raise ModelError(f"field {_join(where, name)} is missing")
    return kind(**{name: decode(kinds[name], members[name], _join(where, name)) for name in names})


def _decode_tuple(kinds: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    members = _expect(list, value, where, "a list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(members)
    if len(members) != len(kinds):
        raise ModelError(f"field {where}: expected {len(kinds)} values, received {len(members)}")
    return tuple(decode(kind, members[i], f"{where}[{i}]") for i, kind in enumerate(kinds))


def _decode_choice(choices: tuple[Any, ...], value: object, where: str) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise ModelError(f"field {where}: expected one of {', '.join(choices)}, received {_show(value)}")
    return value


def _decode_scalar(kind: type, value: object, where: str) -> Any:
    if kind is float and type(value) is int and abs(value) < 2**53:  # JSON may write 1.0 as 1
        value = float(value)
    _expect(kind, value, where, _NAMES[kind])
    if isinstance(value, float) and not math.isfinite(value):
        raise ModelError(f"field {where}: expected a finite number, received {value}")
    return value


def _expect(kind: type, value: object, where: str, name: str) -> Any:
    if type(value) is not kind:  # not isinstance: True is no whole number
        raise ModelError(f"field {where or 'of the whole'}: expected {name}, received {_show(value)}")
    return value


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
