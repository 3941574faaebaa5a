from __future__ import annotations

import errno
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands import start
from model.commands.batch import make_batch
from model.commands.collect import collect_folders
from model.commands.terminal import Refused
from model.ensemble.finished_run import FinishedRun
from model.ensemble.store import FILE_NAME, BatchStore
from tests.commands.test_batch import REQUEST
from tests.commands.test_stopping import csv_bytes
from tests.ensemble.fake_simulation import FakeScenario

SCENARIOS = [FakeScenario("arrest"), FakeScenario("no_arrest", "raises")]


def cut(folder: Path, of: int, **other: int) -> list[Path]:
    """The batch of the tests in shards."""
    folders = [folder / f"shard {number} of {of}" for number in range(1, of + 1)]
    for number, path in enumerate(folders, start=1):
        request = replace(REQUEST, replicates=5, workers=1, out=path, shard=(number, of), **other)
        assert make_batch(request, SCENARIOS) in (0, 3)
    return folders


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return cut(tmp_path_factory.mktemp("shards"), 3)


@pytest.mark.bytes
@pytest.mark.parametrize("of", [1, 2, 3, 4, 5])
def test_shards_put_together_are_the_batch(of: int, tmp_path: Path) -> None:
    assert make_batch(replace(REQUEST, replicates=5, out=tmp_path / "whole"), SCENARIOS) == 3
    folders = cut(tmp_path, of)
    assert collect_folders(folders[::-1], tmp_path / "together") == 3
    assert csv_bytes(tmp_path / "together") == csv_bytes(tmp_path / "whole")


def test_a_shard_says_what_to_do_with_it(shards: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(path.name for path in shards[0].iterdir()) == [FILE_NAME, "manifest.json"]
    request = replace(REQUEST, replicates=5, out=shards[1], shard=(2, 3), resume=True)
    assert make_batch(request, SCENARIOS) == 3
    assert "shard 2 of 3: 4 runs; `collect` puts the shards together" in capsys.readouterr().out


def test_a_collect_that_was_stopped_is_given_again(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect_folders(shards, tmp_path / "whole") == 3
    for stop, code in ((KeyboardInterrupt, 130), (OSError(errno.ENOSPC, "full"), 4)):
        with monkeypatch.context() as stopped:
            stopped.setattr("model.ensemble.rendering.add_quantiles", raising(stop))
            assert collect_folders(shards, tmp_path / "together") == code
        again = capsys.readouterr().err.splitlines()[-1]
        assert again.endswith(f"{shards[2]}' --timeseries csv --out {tmp_path / 'together'}")
    assert collect_folders(shards, tmp_path / "together") == 3
    assert csv_bytes(tmp_path / "together") == csv_bytes(tmp_path / "whole")
    with pytest.raises(Refused, match="it is shard 1 of 3, not the whole batch"):
        collect_folders(shards, shards[0])


def raising(what: type[BaseException] | BaseException) -> Callable[..., None]:
    def broken(*_: object) -> None:
        raise what

    return broken


def test_missing_shards_are_named_and_nothing_is_written(
    shards: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / FILE_NAME).write_bytes((shards[1] / FILE_NAME).read_bytes())
    with closing(sqlite3.connect(broken / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM runs WHERE scenario = 'arrest' AND replicate = 1")
        connection.execute("UPDATE runs SET scalars = x'00' WHERE scenario = 'arrest' AND replicate = 4")
    with pytest.raises(SystemExit) as end:
        start(["collect", str(shards[0]), str(broken), "--out", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert end.value.code == 4
    assert "shard 3/3 is missing" in told
    assert "holds 1 damaged runs (arrest 4); resume it" in told
    assert "lacks 1 runs; resume it" in told
    assert not (tmp_path / "out").exists()


def test_what_is_not_one_batch_is_refused(shards: list[Path], tmp_path: Path) -> None:
    (other,) = cut(tmp_path / "other", 1, seed=2)
    for folders, words, code in (
        ([shards[0], other], "shards of different batches: its seed is 2, not 1", 5),
        ([shards[0], *cut(tmp_path / "two", 2)], "one of 2 shards, .* one of 3", 5),
        ([*shards, shards[1]], "are the same shard", 2),
        ([tmp_path], "holds no batch", 2),
    ):
        with pytest.raises(Refused, match=words) as refusal:
            collect_folders(folders, tmp_path / "out")
        assert refusal.value.code == code
    assert not (tmp_path / "out").exists()


@pytest.mark.bytes
def test_a_collection_that_was_stopped_goes_on_by_the_command_that_it_names(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect_folders(shards, tmp_path / "whole") == 3
    add, added = BatchStore.add, []

    def full(store: BatchStore, run: FinishedRun) -> None:
        if len(added) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        added.append(run)
        add(store, run)

    out = tmp_path / "again"
    with monkeypatch.context() as patched:
        patched.setattr(BatchStore, "add", full)
        assert collect_folders(shards, out) == 4
    told = capsys.readouterr().err
    assert "the disk is full; go on with" in told
    words = shlex.split(told.splitlines()[-1])
    with pytest.raises(SystemExit) as end:
        start(words[words.index("collect") :])
    assert end.value.code == 3  # two runs of the batch failed, as they did before
    assert csv_bytes(out) == csv_bytes(tmp_path / "whole")
