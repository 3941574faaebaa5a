from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from model.ensemble import payload
from model.ensemble.payload import pack_arrays, pack_scalars, unpack
from model.result import RunResult

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ARRAYS = st.one_of(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=6), elements=FLOATS),
    hnp.arrays(np.int64, hnp.array_shapes(min_dims=1, max_dims=1, min_side=0, max_side=6)),
    hnp.arrays(np.bool_, 4),
)
TEXTS = st.lists(NAMES | st.just(""), max_size=6).map(lambda texts: np.array(texts, dtype=np.str_))
RESULTS = st.builds(
    RunResult,
    scalars=st.dictionaries(NAMES, st.none() | st.booleans() | st.integers(-(2**60), 2**60) | FLOATS | NAMES),
    numbers=st.dictionaries(NAMES, FLOATS),
    series=st.dictionaries(NAMES, ARRAYS),
    regions=st.dictionaries(NAMES, ARRAYS),
    region_names=st.lists(NAMES).map(tuple),
    events=st.dictionaries(NAMES, ARRAYS | TEXTS),
    decisions=st.dictionaries(NAMES, ARRAYS | TEXTS),
)


@given(RESULTS)
def test_what_is_packed_comes_back_bit_for_bit(result: RunResult) -> None:
    back = unpack(pack_scalars(result), pack_arrays(result))
    assert repr(back.scalars) == repr(dict(sorted(result.scalars.items())))
    assert back.numbers == result.numbers
    assert back.region_names == result.region_names
    for group in ("series", "regions", "events", "decisions"):
        ours, theirs = getattr(result, group), getattr(back, group)
        assert set(ours) == set(theirs)
        for name in ours:
            assert ours[name].shape == theirs[name].shape
            assert _bits(ours[name]) == _bits(theirs[name])


def _bits(array: Any) -> Any:
    return array.tolist() if array.dtype.kind == "U" else (array.dtype, array.tobytes())


def test_bytes_do_not_depend_on_the_order_of_names() -> None:
    first = RunResult({"a": 1, "b": 2.5}, {"x": 1.0, "y": 2.0}, {"s": np.ones(3), "t": np.zeros(3)})
    second = RunResult({"b": 2.5, "a": 1}, {"y": 2.0, "x": 1.0}, {"t": np.zeros(3), "s": np.ones(3)})
    assert pack_arrays(first) == pack_arrays(second)
    assert pack_scalars(first) == pack_scalars(second)


def test_a_cut_record_is_noticed() -> None:
    result = RunResult({}, {}, {"s": np.arange(5)})
    longer = payload._record(payload.content(pack_arrays(result)), b"x")
    with pytest.raises(ValueError, match="fill"):
        unpack(pack_scalars(result), longer)
    with pytest.raises(ValueError, match="damaged"):
        unpack(pack_scalars(result), pack_arrays(result)[:-9])
    with pytest.raises(ValueError, match="damaged"):
        unpack(b"", pack_arrays(result))


def test_nan_is_no_outcome() -> None:
    with pytest.raises(ValueError, match="JSON"):
        pack_scalars(RunResult({"a": float("nan")}, {}, {}))


def test_days_that_are_alike_take_little_room() -> None:
    days = np.repeat([0.25, 0.5, 0.75], 60)
    result = RunResult({}, {}, series={f"series_{k}": days + k for k in range(50)})
    assert len(pack_arrays(result)) < days.nbytes * 50 / 4
