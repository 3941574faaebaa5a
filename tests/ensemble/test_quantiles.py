from __future__ import annotations

from pathlib import Path

import numpy as np

from model.ensemble.quantiles import DayValues, day_quantiles, day_shares
from model.ensemble.tables import QUANTILES
from model.outcomes import series as registered


def test_quantiles_are_those_of_numpy() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    values = generator.random((37, 11))
    count, mean, found = day_quantiles(values)
    assert (count == 37).all()
    np.testing.assert_allclose(mean, values.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found, np.quantile(values, QUANTILES, axis=0), rtol=1e-14)


def test_absent_values_are_left_out() -> None:
    values = np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]])
    count, mean, found = day_quantiles(values)
    assert count.tolist() == [2, 1, 0]
    assert mean[:2].tolist() == [2.0, 5.0]
    assert found[2, :2].tolist() == [2.0, 5.0]
    assert np.isnan(mean[2])
    assert np.isnan(found[:, 2]).all()


def test_no_runs() -> None:
    count, mean, found = day_quantiles(np.zeros((0, 4)))
    assert count.tolist() == [0, 0, 0, 0]
    assert np.isnan(mean).all()
    assert found.shape == (5, 4)


def test_shares_of_levels() -> None:
    count, shares = day_shares(np.array([[0.0, 1.0], [2.0, np.nan]]), 3)
    assert count.tolist() == [2, 1]
    assert shares.tolist() == [[0.5, 0.0], [0.0, 1.0], [0.5, 0.0]]


def test_values_come_back_from_their_file(tmp_path: Path) -> None:
    outcomes = registered("timeseries")[:3]
    values = DayValues(outcomes, 4, 5, tmp_path)
    block = np.arange(60.0).reshape(3, 4, 5)
    values.add(block[:, :3])
    values.add(block[:, 3:])
    assert np.array_equal(np.stack([series for _, series in values]), block)
    values.close()
    assert list(tmp_path.iterdir()) == []
