"""The stored form of a run: bytes that are the same for the same result on every machine.

Arrays: zlib (level 1) over a little-endian uint32 length, a JSON header of that length, then the raw arrays
(C order, little-endian) one after another. Float arrays are stored byte plane by byte plane, which compresses
smooth series better. Strings are codes into a list in the header. Scalars: zlib over JSON with sorted keys.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from model.result import Array, RunResult, Scalar

FORMAT = 1
_LEVEL = 1
_GROUPS = ("series", "regions", "events", "decisions")


def pack_arrays(result: RunResult) -> bytes:
    """Series, regions, events and decisions of a run as bytes; numbers and scalars are packed apart."""
    entries: list[list[Any]] = []
    parts: list[bytes] = []
    for group in _GROUPS:
        columns: Mapping[str, Array] = getattr(result, group)
        for name in sorted(columns):
            array, levels = _coded(np.asarray(columns[name]))
            raw = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
            entries.append([group, name, raw.dtype.str, list(raw.shape), levels])
            parts.append(_planes(raw))
    header = {"format": FORMAT, "regions": list(result.region_names), "arrays": entries}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return zlib.compress(b"".join([struct.pack("<I", len(text)), text, *parts]), _LEVEL)


def pack_scalars(result: RunResult) -> bytes:
    """Outcomes and sampled numbers of a run as bytes. Raises ValueError on NaN or infinity."""
    body = {"scalars": dict(result.scalars), "numbers": dict(result.numbers)}
    return zlib.compress(
        json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(), _LEVEL
    )


def unpack_scalars(data: bytes) -> tuple[dict[str, Scalar], dict[str, float]]:
    """Outcomes and sampled numbers of `pack_scalars`."""
    body = json.loads(zlib.decompress(data))
    return body["scalars"], body["numbers"]


def unpack(scalars: bytes, arrays: bytes) -> RunResult:
    """The result that was packed, bit for bit, strings as unicode arrays. Raises ValueError if damaged."""
    outcomes, numbers = unpack_scalars(scalars)
    data = zlib.decompress(arrays)
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    if header["format"] != FORMAT:
        raise ValueError(f"stored in format {header['format']}; this version reads format {FORMAT}")
    groups: dict[str, dict[str, Array]] = {group: {} for group in _GROUPS}
    start = 4 + length
    for group, name, kind, shape, levels in header["arrays"]:
        count = math.prod(shape)
        size = count * np.dtype(kind).itemsize
        array = _from_planes(data[start : start + size], np.dtype(kind), count).reshape(shape)
        start += size
        groups[group][name] = array if levels is None else np.array(levels, dtype=np.str_)[array]
    if start != len(data):
        raise ValueError("the stored arrays do not fill their record")
    return RunResult(outcomes, numbers, region_names=tuple(header["regions"]), **groups)


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
