"""Functions compiled with numba where it is installed; elsewhere callers use array expressions of the same bits."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from struct import Struct
from types import SimpleNamespace
from typing import Any

import numpy as np

try:
    from numba import config, from_dtype, njit, types
except ImportError:
    njit = config = None  # type: ignore[assignment]
try:
    from model.machine_code import Kept
except (
    ImportError
):  # no numba, or one that keeps machine code in another way: it goes by each function's own file
    Kept = None  # type: ignore[assignment, misc]

#: no fused or reordered arithmetic, no lock held
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}

#: whether compiled functions are to be called, rather than their twins in numpy
COMPILED = njit is not None
_PLAIN = not COMPILED or bool(config.DISABLE_JIT)  # type: ignore[attr-defined]


def threads() -> int:
    """Threads that compiled work may use: one in a worker of a batch, else one a processor that is ours."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(ours, int(os.environ.get("NUMBA_NUM_THREADS", ours)))) if COMPILED else 1


def compiled(*arguments: str | np.dtype, returns: str = "void") -> Any:
    """Compile for these types on import, once a machine: the result is kept beside the source (`machine_code`).

    A type is named as numba names it; a kind of record (`kind_of_record`) stands for itself.
    No fused or reordered arithmetic, so that the bits are those of the same expressions in numpy. Where the
    result cannot be kept (a read-only folder and no home) every process compiles for itself. Other threads
    may run while a compiled function does.
    """

    def decorate(function: Any) -> Any:
        if _PLAIN:
            return function
        signature = _type(returns)(*map(_type, arguments))
        try:
            return _translate(function, signature, keep=True)
        except (OSError, RuntimeError, AttributeError):
            return _translate(function, signature, keep=False)

    return decorate


def _translate(function: Any, signature: Any, keep: bool) -> Any:
    machine: Any = njit(**_OPTIONS, cache=keep and Kept is None)(function)
    if keep and Kept is not None:
        machine._cache = Kept(function, repr(_OPTIONS))
    machine.compile(signature)
    machine.disable_compile()
    return machine


def compiled_within(function: Any) -> Any:
    """A part of compiled functions, compiled with each of them that calls it."""
    return njit(**_OPTIONS)(function) if COMPILED else function


def _type(name: str | np.dtype) -> Any:
    return from_dtype(name)[::1] if isinstance(name, np.dtype) else eval(name, {}, vars(types))


# Records: numbers by name, that compiled functions read and change


def kind_of_record(*names: str) -> np.dtype:
    """The kind of record with these numbers."""
    return np.dtype([(name, np.float64) for name in names])


def record(kind: np.dtype, values: Iterable[float]) -> Any:
    """A record as a compiled function takes it, which finds `name` as `it[0].name`; in plain Python the same."""
    if _PLAIN:
        return [SimpleNamespace(**dict(zip(kind.names or (), values, strict=True)))]
    return np.frombuffer(bytearray(_form(kind).pack(*values)), dtype=kind)


def change(it: Any, values: tuple[float, ...]) -> None:
    """Set all numbers of a record, in their order."""
    if _PLAIN:
        vars(it[0]).update(zip(vars(it[0]), values, strict=True))
    else:
        _form(it.dtype).pack_into(it, 0, *values)


def told(it: Any) -> tuple[float, ...]:
    """The numbers of a record in their order."""
    found: tuple[float, ...] = tuple(vars(it[0]).values()) if _PLAIN else _form(it.dtype).unpack_from(it)
    return found


@cache
def _form(kind: np.dtype) -> Struct:
    """The numbers of a record as they lie in memory: several times faster to fill and to read than by numpy."""
    return Struct(f"{len(kind.names or ())}d")
