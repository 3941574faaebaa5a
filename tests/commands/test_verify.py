from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands import start
from model.commands.batch import make_batch
from model.ensemble.store import FILE_NAME
from model.ensemble.verification import spread, verify_folder
from model.scenario import Scenario, load_scenario, shipped
from tests.commands.test_batch import REQUEST
from tests.ensemble.fake_simulation import FakeScenario


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("verify") / "batch"
    make_batch(replace(REQUEST, out=out), [FakeScenario("arrest"), FakeScenario("bad", "raises")])
    return out


@pytest.fixture
def batch(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "batch"))


def fake(data: object) -> FakeScenario:
    assert isinstance(data, dict)
    return FakeScenario(data["name"], data["misfortune"])


def test_a_sound_batch_is_sound_and_stays_as_it_is(batch: Path) -> None:
    before = {path: path.read_bytes() for path in batch.rglob("*.*")}
    found = verify_folder(batch, 3, fake)
    assert (found.wrong, found.notes, found.rows, found.repeated, found.missing) == ([], [], 8, 3, 0)
    assert found.files == len(list(batch.rglob("*.csv")))
    assert {path: path.read_bytes() for path in batch.rglob("*.*")} == before


def sql(words: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
            connection.execute(words)

    return change


def cut(folder: Path) -> None:
    with (folder / "runs.csv").open("r+b") as file:
        file.truncate(100)


def torn(folder: Path) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        file.seek((folder / FILE_NAME).stat().st_size // 8192 * 4096)
        file.write(b"x" * 4096)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (sql("UPDATE runs SET payload = x'00' WHERE replicate = 2 AND scenario = 'bad'"), "run bad 2: its row"),
        (sql("UPDATE runs SET message = 'none' WHERE status = 'failed'"), "run bad 1: its row is damaged"),
        (cut, "file runs.csv: changed"),
        (lambda folder: (folder / "events" / "bad.csv").unlink(), "file events/bad.csv: missing"),
        (torn, "the pages of the store do not fit"),
    ],
)  # fmt: skip
def test_damage_is_named_and_gives_exit_code_3(
    batch: Path, damage: Callable[[Path], None], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(batch)
    with pytest.raises(SystemExit) as end:
        start(["verify", str(batch), "--repeat", "0"])
    told = capsys.readouterr().out
    assert end.value.code == 3
    assert words in told
    assert told.endswith(": 1 damaged or different\n")


def test_a_run_that_comes_out_otherwise_is_named(batch: Path) -> None:
    found = verify_folder(
        batch, 7, lambda data: FakeScenario("arrest", "other" if data["name"] == "bad" else "raises")
    )
    assert found.repeated == 7
    assert {line.split(":")[0] for line in found.wrong} == {
        "run arrest 1",
        "run bad 0",
        "run bad 2",
        "run bad 3",
    }


def test_an_unfinished_batch_and_one_of_another_model_are_said_to_be_so(
    batch: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sql("DELETE FROM runs WHERE replicate = 3")(batch)
    monkeypatch.setattr("model.ensemble.verification.code_digest", lambda: "another")
    with pytest.raises(SystemExit) as end:
        start(["verify", str(batch), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (end.value.code, found["missing"], found["repeated"], found["wrong"]) == (0, 2, 0, [])
    assert found["notes"] == ["no run was made again: the model has changed since"]
    with pytest.raises(SystemExit) as end:
        start(["verify", str(batch / "events")])
    assert end.value.code == 2
    assert "holds no batch" in capsys.readouterr().err


def test_runs_are_taken_from_all_over() -> None:
    keys = list(range(10))
    assert spread(keys, 4) == [0, 3, 6, 9]  # type: ignore[arg-type, comparison-overlap]
    assert spread(keys, 1) == [0]  # type: ignore[arg-type, comparison-overlap]
    assert spread(keys, 0) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_comes_back_from_its_plain_data(name: str) -> None:
    scenario = load_scenario(name)
    back = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict())))
    assert back.to_dict() == scenario.to_dict()
    assert back.digest == scenario.digest


@pytest.mark.model
def test_runs_of_the_model_come_out_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--replicates", "2", "--days", "5", "--households", "200", "--workers", "1"]
    with pytest.raises(SystemExit):
        start(["batch", "arrest", *small, "--timeseries", "none", "--out", str(tmp_path / "batch")])
    with pytest.raises(SystemExit) as end:
        start(["verify", str(tmp_path / "batch")])
    told = capsys.readouterr().out
    assert end.value.code == 0
    assert "2 runs made again" in told
    assert told.endswith(": sound\n")
