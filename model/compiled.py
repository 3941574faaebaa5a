"""Functions compiled with numba where it is installed; elsewhere callers use array expressions of the same bits."""

from __future__ import annotations

import os
from typing import Any

try:
    from numba import njit
except ImportError:
    njit = None  # type: ignore[assignment]

#: whether compiled functions are to be called, rather than their twins in numpy
COMPILED = njit is not None


def threads() -> int:
    """Threads that compiled work may use: one in a worker of a batch, else one a processor that is ours."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(ours, int(os.environ.get("NUMBA_NUM_THREADS", ours)))) if COMPILED else 1


def compiled(*arguments: str, returns: str = "void") -> Any:
    """Compile for these types on import, once a machine: the result is kept beside the source.

    No fused or reordered arithmetic, so that the bits are those of the same expressions in numpy. Where the
    result cannot be kept (a read-only folder and no home) every process compiles for itself. Other threads
    may run while a compiled function does.
    """

    def decorate(function: Any) -> Any:
        if not COMPILED:
            return function
        types = f"{returns}({', '.join(arguments)})"
        try:
            return njit(types, error_model="numpy", nogil=True, cache=True)(function)
        except (OSError, RuntimeError):
            return njit(types, error_model="numpy", nogil=True)(function)

    return decorate
