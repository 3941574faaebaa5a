"""Other engines: the same runs from a Dask cluster and from any executor, and what becomes of lost workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.commands.batch import make_batch
from model.commands.terminal import Refused
from model.ensemble import blocks
from model.ensemble.blocks import compute_in, make_block
from model.ensemble.cluster import dask_executor
from model.ensemble.engine import compute
from model.ensemble.faults import EngineLost, EngineUnusable
from tests.commands.test_batch import REQUEST, SCENARIOS
from tests.commands.test_stopping import PATIENCE, csv_bytes, kept, members, wait_for
from tests.ensemble import fake_batch
from tests.ensemble.fake_batch import ROOT
from tests.ensemble.fake_simulation import FakeScenario
from tests.ensemble.test_engine import planned


class Inline(Executor):
    """Makes each block at once, the last of some first; loses those it is told to."""

    def __init__(self, lose: tuple[int, ...] = ()) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.lose = lose

    def submit(self, call: Any, /, *given: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.calls.append(given[1])
        if len(self.calls) in self.lose:
            future.set_exception(ConnectionError("the worker has gone"))
        else:
            try:
                future.set_result(call(*given))
            except BaseException as problem:
                future.set_exception(problem)
        return future


@pytest.mark.bytes
def test_any_executor_makes_the_same_batch(tmp_path: Path) -> None:
    assert make_batch(replace(REQUEST, out=tmp_path / "local"), SCENARIOS) == 0
    with ThreadPoolExecutor(3) as executor:
        assert make_batch(replace(REQUEST, out=tmp_path / "threads"), SCENARIOS, executor=executor) == 0
    assert csv_bytes(tmp_path / "threads") == csv_bytes(tmp_path / "local")


def test_a_lost_block_is_run_again_run_by_run(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, by_name = planned(FakeScenario("a"), FakeScenario("b"), replicates=20)
    monkeypatch.setattr(blocks._Cutter, "learn", lambda self, seconds: setattr(self, "_size", 5))
    executor = Inline(lose=(5,))
    runs = {run.key: run for run in compute_in(executor, plan, by_name, plan.runs(), lambda: 1)}
    assert runs == {run.key: run for run in compute(plan, by_name, plan.runs(), 1)}
    lost = executor.calls[4]
    assert len(lost) == 5
    assert all(len({key.scenario for key in call}) == 1 for call in executor.calls)
    assert executor.calls[-5:] == [(key,) for key in lost]


def test_a_run_that_is_lost_alone_twice_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, by_name = planned(FakeScenario("a"), replicates=3)
    executor = Inline(lose=(1, 4))
    runs = {run.key.replicate: run for run in compute_in(executor, plan, by_name, plan.runs(), lambda: 1)}
    assert [runs[k].status for k in range(3)] == ["failed", "ok", "ok"]
    assert (runs[0].error, runs[0].command is not None) == ("WorkerDied", True)
    assert runs[0].message == "lost on every try (ConnectionError)"


def test_workers_with_another_model_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, by_name = planned(FakeScenario("a"))
    for other, words in (
        (replace(plan, code="another"), "another version of the model"),
        (replace(plan, versions={"mesa": "1", "numpy": "1"}), "the workers have mesa"),
    ):
        with pytest.raises(EngineUnusable, match=words):
            list(compute_in(Inline(), other, by_name, plan.runs(), lambda: 1))


def test_an_executor_that_breaks_stops_the_batch_resumably(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = replace(REQUEST, out=tmp_path / "batch", workers=1)
    scenarios = [FakeScenario("a"), FakeScenario("deadly", "dies")]
    with ProcessPoolExecutor(1) as executor:
        assert make_batch(request, scenarios, executor=executor) == 4
    told = capsys.readouterr().err
    assert "BrokenProcessPool" in told
    assert told.rstrip().endswith("--resume")
    assert make_batch(replace(request, resume=True), scenarios) == 3
    with ThreadPoolExecutor(1) as shut:
        pass
    plan, by_name = planned(FakeScenario("a"))
    with pytest.raises(EngineLost, match="cannot schedule new futures"):
        list(compute_in(shut, plan, by_name, plan.runs(), lambda: 1))


def test_what_waits_in_an_executor_is_called_off_when_the_batch_is_stopped() -> None:
    class Busy(Executor):
        def __init__(self) -> None:
            self.waiting: list[Future[Any]] = []

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            self.waiting.append(Future())
            return self.waiting[-1]

    def stop() -> None:
        raise KeyboardInterrupt

    plan, by_name = planned(FakeScenario("a"))
    executor = Busy()
    with pytest.raises(KeyboardInterrupt):
        list(compute_in(executor, plan, by_name, plan.runs(), lambda: 1, idle=stop))
    assert [future.cancelled() for future in executor.waiting] == [True, True]


def test_ctrl_c_in_a_terminal_stops_a_cluster_of_this_machine_without_a_traceback(tmp_path: Path) -> None:
    out = tmp_path / "batch"
    with fake_batch.process(out, {"a": "slow"}, engine="dask", workers=1, replicates=60) as process:
        wait_for(lambda: kept(out) > 2)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert told.rstrip().endswith("--resume")
    wait_for(lambda: members(process.pid) == [])


def test_blocks_are_sized_to_seconds_of_work() -> None:
    plan, _ = planned(FakeScenario("a"), FakeScenario("b"), replicates=1000)
    cutter = blocks._Cutter(plan, plan.runs())
    assert [cutter.take(), cutter.take()] == [(key,) for key in list(plan.runs())[:2]]
    cutter.learn(0.1)
    taken = []
    while block := cutter.take():
        taken.append(block)
    assert {len(block) for block in taken[:-2]} == {30}
    assert [key for block in taken for key in block if key.scenario == "a"] == list(plan.runs())[2::2]


def test_a_run_beyond_its_time_ends_the_process_that_makes_it() -> None:
    plan, by_name = planned(FakeScenario("a", "hangs"))
    packed = blocks._Packed(plan, by_name).work_for(tuple(plan.runs())[:1])
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=make_block, args=(packed, tuple(plan.runs()), 0.2))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 1


def test_without_a_scheduler_or_the_extra_a_batch_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.ensemble.cluster._CONNECT", 0.5)
    request = replace(REQUEST, out=tmp_path / "batch", engine="dask", scheduler="tcp://127.0.0.1:1")
    assert make_batch(request, SCENARIOS) == 4
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
    (tmp_path / "scheduler.json").write_text("{}")
    with pytest.raises(EngineLost, match="no Dask scheduler answers at .*scheduler.json"):
        dask_executor(str(tmp_path / "scheduler.json"), 1).__enter__()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused, match="needs the extra `cluster`"):
        make_batch(replace(request, resume=True), SCENARIOS)


@pytest.mark.bytes
def test_a_cluster_of_this_machine_makes_the_same_batch(tmp_path: Path) -> None:
    assert make_batch(replace(REQUEST, out=tmp_path / "local"), SCENARIOS) == 0
    with fake_batch.process(
        tmp_path / "dask", {"arrest": "", "no_arrest": ""}, engine="dask", workers=2
    ) as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    assert csv_bytes(tmp_path / "dask") == csv_bytes(tmp_path / "local")
    wait_for(lambda: members(process.pid) == [])


@contextmanager
def scheduler_and_workers(folder: Path, workers: int) -> Iterator[tuple[Path, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers as processes of their own on loopback; its file, and the workers."""
    file = folder / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    common = {"env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started: list[subprocess.Popen[bytes]] = []
    try:
        words = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
        started.append(
            subprocess.Popen([*words, "--no-dashboard", "--scheduler-file", str(file)], **common)  # type: ignore[call-overload]
        )
        wait_for(file.exists)
        for _ in range(workers):
            words = [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                "--scheduler-file",
                str(file),
                "--nthreads",
                "1",
            ]
            started.append(
                subprocess.Popen([*words, "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"], **common)  # type: ignore[call-overload]
            )
        yield file, started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


@pytest.mark.bytes
def test_a_worker_killed_in_the_middle_leaves_the_batch_complete(tmp_path: Path) -> None:
    out = tmp_path / "dask"
    with scheduler_and_workers(tmp_path, 2) as (file, workers):
        words = {"engine": "dask", "scheduler": str(file), "replicates": 12}
        with fake_batch.process(out, {"arrest": "slow", "no_arrest": "slow"}, **words) as process:
            wait_for(lambda: kept(out) > 2)
            workers[0].send_signal(signal.SIGKILL)
            _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    slow = [FakeScenario("arrest", "slow"), FakeScenario("no_arrest", "slow")]
    assert make_batch(replace(REQUEST, replicates=12, out=tmp_path / "local"), slow) == 0
    assert csv_bytes(out) == csv_bytes(tmp_path / "local")


def test_a_scheduler_that_goes_stops_the_batch_resumably(tmp_path: Path) -> None:
    out = tmp_path / "dask"
    with scheduler_and_workers(tmp_path, 1) as (file, _):
        words = {"engine": "dask", "scheduler": str(file), "replicates": 3}
        process = fake_batch.process(out, {"a": "hangs"}, **words)
        wait_for(lambda: kept(out) >= 1)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4, told
    assert "Traceback" not in told
    assert "of 3 runs kept; go on with" in told
    assert told.rstrip().endswith("--resume")
