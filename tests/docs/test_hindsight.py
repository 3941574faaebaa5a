"""Numbers chosen in hindsight are those that tell the very episodes best, and they are replayed afresh."""

from pathlib import Path

import numpy as np
import pytest

import docs.hindsight as hindsight
from model.commands import start
from model.commands.calibrate import fresh_candidates
from model.episode import load_episode

pytestmark = pytest.mark.model
NAMES = ["mongolia_2024", "jordan_2017", "hungary_2025"]
SETS = 3


@pytest.fixture
def calibrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A calibration of three sets over three episodes, which are then all that there are."""
    import model.episode as episode

    monkeypatch.setattr(episode, "shipped_episodes", lambda *_: NAMES)
    monkeypatch.setattr(
        hindsight, "shipped_episodes", lambda *folders: NAMES[: len(folders) + 1] if folders else NAMES
    )
    folder = tmp_path / "table"
    with pytest.raises(SystemExit) as end:
        start(["calibrate", "--sets", str(SETS), "--fresh", str(2), "--out", str(folder)])
    assert end.value.code == 0
    return folder


def test_the_sets_of_least_loss_are_chosen_for_each_group_of_episodes(
    calibrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = [7, 70_000, 150_000]
    chosen: list[tuple[int, list[dict[str, float]]]] = []

    def losses(evidence: object, terms: np.ndarray) -> np.ndarray:
        found = np.ones(len(terms))
        found[best] = -1.0, -3.0, -2.0
        return found

    monkeypatch.setattr(hindsight, "losses", losses)
    monkeypatch.setattr(hindsight, "CHOSEN", 3)
    monkeypatch.setattr(hindsight, "replayed", lambda own, sets, _: chosen.append((len(own), sets)) or [])
    assert hindsight.in_hindsight(calibrated, SETS) == {title: [] for title in hindsight.SETS}
    candidates = fresh_candidates(hindsight.SEED)
    expected = [candidates.values(index) for index in (best[1], best[2], best[0])]
    assert chosen == [(len(folders) + 1, expected) for folders in hindsight.SETS.values()]


def test_each_set_has_its_turn_and_the_seed_of_luck_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hindsight, "REPLAYS", 6)
    episodes = [load_episode(name) for name in NAMES]
    quick, slow = ({"court.finding_lag": 60.0}, {"court.finding_lag": 600.0})
    lines = {
        name: hindsight.replayed(episodes, sets, episodes)
        for name, sets in {"both": [quick, slow], "again": [quick, slow], "quick": [quick]}.items()
    }
    assert lines["both"] == lines["again"] != lines["quick"]
    assert {line.n for line in lines["both"]} == {6}
