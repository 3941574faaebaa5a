"""The stored form of a run: bytes that are the same for the same result on every machine.

A record is the length of what it holds (little-endian uint32) and that, compressed with LZ4, which costs a tenth
of the time of zlib and leaves a twentieth more. Arrays: the length of a JSON header, the header, then the raw arrays (C
order, little-endian) one after another, those of a group with the same type and shape in one piece. Floats are
stored byte plane by byte plane, which compresses smooth series better. Strings are codes into a list in the
header. Scalars: the length of a JSON list, the list with the names of the sampled numbers, their values in planes,
and the outcomes as JSON with sorted keys.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from model.result import Array, RunResult, Scalar

FORMAT = 2
_CODEC = "lz4"
_GROUPS = ("series", "regions", "events", "decisions")
_FLOAT = np.dtype("<f8")


def pack_arrays(result: RunResult) -> bytes:
    """Series, regions, events and decisions of a run as bytes; numbers and scalars are packed apart."""
    entries: list[list[Any]] = []
    parts: list[bytes] = []
    for group in _GROUPS:
        for names, levels, stacked in _stacks(getattr(result, group)):
            entries.append([group, names, stacked.dtype.str, list(stacked.shape[1:]), levels])
            parts.append(_planes(stacked))
    header = {"format": FORMAT, "regions": list(result.region_names), "arrays": entries}
    return _record(_with_length(header), *parts)


def _stacks(columns: Mapping[str, Array]) -> list[tuple[list[str], list[str] | None, Array]]:
    """Columns by type and shape: their names, the levels of a text (which stands alone), and the arrays as one."""
    found: dict[Any, tuple[list[str], list[str] | None, list[Array]]] = {}
    for name in sorted(columns):
        array, levels = _coded(np.asarray(columns[name]))
        kind = (array.dtype, array.shape, name if levels else None)
        names, _, arrays = found.setdefault(kind, ([], levels, []))
        names.append(name)
        arrays.append(array)
    return [
        (names, levels, np.stack(arrays).astype(arrays[0].dtype.newbyteorder("<"), copy=False))
        for names, levels, arrays in found.values()
    ]


def pack_scalars(result: RunResult) -> bytes:
    """Outcomes and sampled numbers of a run as bytes. Raises ValueError on NaN or infinity."""
    names = sorted(result.numbers)
    values = np.array([result.numbers[name] for name in names], _FLOAT)
    if not np.isfinite(values).all():
        raise ValueError("a sampled number is NaN or infinite")
    return _record(_with_length(names), _planes(values), _json(dict(result.scalars)))


def unpack_scalars(data: bytes) -> tuple[dict[str, Scalar], dict[str, float]]:
    """Outcomes and sampled numbers of `pack_scalars`."""
    body = content(data)
    names, start = _names_in(body)
    end = start + len(names) * _FLOAT.itemsize
    values = _from_planes(body[start:end], _FLOAT, len(names))
    return json.loads(body[end:]), dict(zip(names, values.tolist(), strict=True))


def unpack_names(data: bytes) -> tuple[str, ...]:
    """Names of the sampled numbers of `pack_scalars`, without their values."""
    return _names_in(content(data))[0]


def _names_in(body: bytes) -> tuple[tuple[str, ...], int]:
    """The names at the beginning of unpacked scalars, and where they end."""
    text, end = _part(body)
    return _names(text), end


@lru_cache(maxsize=256)
def _names(text: bytes) -> tuple[str, ...]:
    """Names in their JSON list, which all runs of a scenario share."""
    return tuple(json.loads(text))


def unpack(scalars: bytes, arrays: bytes) -> RunResult:
    """The result that was packed, bit for bit, strings as unicode arrays. Raises ValueError if damaged."""
    outcomes, numbers = unpack_scalars(scalars)
    data = content(arrays)
    text, start = _part(data)
    header = json.loads(text)
    if header["format"] != FORMAT:
        raise ValueError(f"stored in format {header['format']}; this version reads format {FORMAT}")
    groups: dict[str, dict[str, Array]] = {group: {} for group in _GROUPS}
    for group, names, kind, shape, levels in header["arrays"]:
        count = len(names) * math.prod(shape)
        size = count * np.dtype(kind).itemsize
        stacked = _from_planes(data[start : start + size], np.dtype(kind), count).reshape(len(names), *shape)
        start += size
        groups[group].update(
            zip(names, stacked if levels is None else np.array(levels, dtype=np.str_)[stacked], strict=True)
        )
    if start != len(data):
        raise ValueError("the stored arrays do not fill their record")
    return RunResult(outcomes, numbers, region_names=tuple(header["regions"]), **groups)


def _record(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("<I", len(body)) + pa.compress(body, _CODEC, asbytes=True)


def content(record: bytes) -> bytes:
    """What a record holds. Raises ValueError if it is damaged."""
    try:
        (length,) = struct.unpack_from("<I", record)
        return pa.decompress(memoryview(record)[4:], length, _CODEC, asbytes=True)
    except (struct.error, OSError) as problem:
        raise ValueError(f"a stored record is damaged: {problem}") from problem


def _json(body: Any) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _with_length(body: Any) -> bytes:
    text = _json(body)
    return struct.pack("<I", len(text)) + text


def _part(data: bytes) -> tuple[bytes, int]:
    """The text of `_with_length` at the beginning of some bytes, and where it ends."""
    (length,) = struct.unpack_from("<I", data)
    return data[4 : 4 + length], 4 + length


def _coded(array: Array) -> tuple[Array, list[str] | None]:
    if array.dtype.kind not in "UO":
        return array, None
    levels, codes = np.unique(array.astype(np.str_), return_inverse=True)
    return codes.reshape(array.shape).astype(np.int32), [str(level) for level in levels] or [""]


def _planes(array: Array) -> bytes:
    if array.dtype.kind != "f":
        return array.tobytes()
    return array.reshape(-1).view(np.uint8).reshape(-1, array.dtype.itemsize).T.tobytes()


def _from_planes(data: bytes, kind: np.dtype[Any], count: int) -> Array:
    if kind.kind != "f":
        return np.frombuffer(data, dtype=kind, count=count)
    planes = np.frombuffer(data, dtype=np.uint8).reshape(kind.itemsize, count)
    return np.ascontiguousarray(planes.T).view(kind).reshape(count)
