"""Machine code kept beside the sources, and made anew once anything of which it was made has changed.

Numba goes by the file of a function alone. But what a function calls and the numbers of modules that it reads (an
order of levers, a coefficient) go into its machine code as well, from wherever they come: a source, or a table.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba.core.caching import FunctionCache, IndexDataCacheFile


class Kept(FunctionCache):
    """The machine code kept of one function. Raises OSError or RuntimeError where there is no place to keep it.

    A file of machine code is named by what it was made of. Numba writes its index first: a process that dies between
    the two, or reads in between, finds no file of the new name and compiles.
    """

    def __init__(self, function: FunctionType, options: str) -> None:
        super().__init__(function)
        made_of = sha256("\n".join((options, *ingredients(function))).encode()).hexdigest()[:16]
        base, stamp = self._impl.filename_base, (self._impl.locator.get_source_stamp(), made_of)
        self._cache_file = IndexDataCacheFile(self._cache_path, base, stamp)
        self._cache_file._data_name_pattern = f"{base}.{made_of}.{{number:d}}.nbc"
        self._own, self._files = f"{base}.{made_of}.", f"{base}.*.nbc"

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """The machine code kept for a signature, None where there is none or a lost machine left half of it."""
        try:
            return super().load_overload(signature, target_context)
        except (EOFError, pickle.UnpicklingError):
            self.flush()
            return None

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep the machine code for a signature, and none that was made of anything else."""
        super().save_overload(signature, data)
        for path in Path(self._cache_path).glob(self._files):
            if not path.name.startswith(self._own):
                path.unlink(missing_ok=True)


def ingredients(function: FunctionType) -> tuple[str, ...]:
    """All of which the machine code of a function is made, as text: its own code, and that and the numbers it names."""
    return tuple(_ingredients(function, set()))


def _ingredients(function: FunctionType, known: set[FunctionType]) -> Iterator[str]:
    if function in known:
        return
    known.add(function)
    for code in _codes(function.__code__):
        plain = [part for part in code.co_consts if not isinstance(part, CodeType)]  # else with an address
        yield f"{code.co_code.hex()} {code.co_names} {plain}"
        for name in code.co_names:
            if name in function.__globals__:
                yield from _named(name, function.__globals__[name], known)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A piece of code and those within it."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _codes(part)


def _named(name: str, value: Any, known: set[FunctionType]) -> Iterator[str]:
    """What stands behind a name: code, or a number, or several."""
    function: Callable[..., Any] = getattr(value, "py_func", value)
    if isinstance(function, FunctionType):
        yield from _ingredients(function, known)
    elif isinstance(value, np.ndarray):
        yield f"{name} {value.dtype} {value.shape} {value.tobytes().hex()}"
    else:
        yield f"{name} {value.__name__ if isinstance(value, ModuleType) else value!r}"
