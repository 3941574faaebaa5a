"""The page and the figures of a real batch, small and with a hostile title."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from model.commands import start
from model.report.batch import Batch
from model.report.courses import BANDS, rung_shares, smoothed
from model.report.endings import incidence, incidences
from model.report.exhibits import exhibits
from model.report.people import losses_by_region, median_run
from model.report.studies import studies
from model.report.style import thinned
from model.report.svg import inline

HOSTILE = "<script>alert(1)</script> & \"'=cmd()"
SIZE = ["--replicates", "4", "--days", "12", "--households", "200", "--workers", "1"]


def done(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(list(words))
    return int(end.value.code or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("report")
    named = where / "hostile.toml"
    title = json.dumps(HOSTILE)
    named.write_text(f'title = {title}\nquestion = {title}\nextends = "arrest"\n', encoding="utf-8")
    assert done("batch", "no_arrest", "arrest", str(named), *SIZE, "--out", str(where / "batch")) == 0
    return where / "batch"


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    assert done("report", str(folder)) == 0
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_from_outside(text: str) -> None:
    assert "<script" not in text.lower() and "javascript:" not in text.lower()
    assert not re.findall(r'(?:src|href)="(?!#)[^"]', text)
    assert "style=" not in re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    assert len(text.encode()) < 2_000_000


def test_its_policy_allows_its_own_style_and_nothing_else(text: str) -> None:
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text


def test_a_hostile_title_is_text(text: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_no_two_ids_are_the_same_and_every_reference_is_met(text: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:href="#|url\(#)([^")]+)', text):
        assert target in ids


def test_every_figure_has_a_text_and_its_numbers(text: str) -> None:
    figures = text.count("<figure>")
    assert figures >= 8
    assert text.count("<desc ") == figures == text.count("The numbers behind the figure")
    for element in re.findall(r"<svg.*?</svg>", text, re.S):
        assert ElementTree.fromstring(element).get("role") == "img"


def test_the_same_batch_gives_the_same_page(folder: Path, text: str, tmp_path: Path) -> None:
    assert done("report", str(folder), "--out", str(tmp_path / "again.html")) == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_figures_as_files(folder: Path, tmp_path: Path) -> None:
    assert done("figures", str(folder), "--out", str(tmp_path), "--format", "svg") == 0
    names = {exhibit.name for exhibit in exhibits(Batch(folder, studies(folder)))}
    assert (
        {path.stem for path in tmp_path.glob("*.svg")}
        == names
        == {path.stem for path in tmp_path.glob("*.csv")}
    )


def test_a_batch_may_write_its_page_itself(tmp_path: Path) -> None:
    assert done("batch", "arrest", *SIZE, "--out", str(tmp_path / "b"), "--report") == 0
    assert "Not a forecast" in (tmp_path / "b" / "report.html").read_text(encoding="utf-8")


def test_a_run_can_be_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert done("report", str(folder), "--replicate", "2", "--out", str(tmp_path / "two.html")) == 0
    assert "replicate 2, the run asked for" in (tmp_path / "two.html").read_text(encoding="utf-8")
    assert done("report", str(folder), "--replicate", "99") == 2
    assert "there are 0 to 3" in capsys.readouterr().err


def test_an_unfinished_batch_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "half"
    shutil.copytree(folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["completed"] = False
    (copy / "manifest.json").write_text(json.dumps(manifest))
    (copy / "quantiles.csv").unlink()
    assert done("report", str(copy)) == 0
    assert "Unfinished: 12 of 12 runs" in capsys.readouterr().err
    assert "Unfinished" in (copy / "report.html").read_text()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "manifest.json").unlink(), "manifest.json is missing"),
        (lambda f: (f / "manifest.json").write_text("{"), "is not the manifest"),
        (lambda f: (f / "summary.csv").unlink(), "summary.csv"),
        (lambda f: (f / "summary.csv").write_text('"scenario"\n"arrest"\n'), "lacks the columns outcome"),
    ],
)
def test_a_spoiled_folder_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: object, said: str
) -> None:
    copy = tmp_path / "spoiled"
    shutil.copytree(folder, copy)
    spoil(copy)  # type: ignore[operator]
    assert done("report", str(copy)) == 2
    assert said in capsys.readouterr().err


def test_shares_of_the_ladder_add_up() -> None:
    rungs = pd.DataFrame({"day": [0, 0, 0, 0, 1, 1], "rung": [1, 3, 8, 11, 7, 7]})
    shares = rung_shares(rungs)
    assert list(shares.columns) == [name for _, name in BANDS]
    assert shares.loc[0].tolist() == [0.25, 0.25, 0.0, 0.25, 0.25]
    assert shares.loc[1, "show of force, harassment"] == 1.0


def test_incidence_counts_the_runs_in_which_it_never_came() -> None:
    curve = incidence(pd.Series([0.5, 3.0, None, None]), [0.0, 0.4, 0.5, 2.9, 3.0, 4.0])
    assert curve.tolist() == [0.0, 0.0, 0.25, 0.25, 0.5, 0.5]


def test_a_curve_of_incidence_rises_at_the_hour_and_has_few_points() -> None:
    runs = pd.DataFrame({"scenario": "arrest", "days_to_force": np.linspace(0.25, 20.0, 300)})
    axes = incidences(runs, {"days_to_force": "Force"}, ["arrest"], 30).axes[0]
    x, y = axes.lines[0].get_data()
    assert len(x) <= 60 and x[1] == 0.25 and y[-1] == 1.0
    early, late = (
        axes.transData.transform([(1.0, 0.0), (2.0, 0.0)]),
        axes.transData.transform([(28, 0), (29, 0)]),
    )
    assert np.ptp(early[:, 0]) > 2.0 * np.ptp(late[:, 0])  # the first days are stretched


def test_a_cycle_of_pay_is_smoothed_away_and_a_fall_is_not() -> None:
    day = np.arange(120)
    paid = np.where(day % 28 == 0, 28.0, 0.0)
    rows = pd.DataFrame(
        {"scenario": ["a"] * 120 + ["b"] * 120, "day": [*day, *day], "q50": [*paid, *(paid * (day < 60))]}
    )
    means = smoothed(rows, ["scenario"], ["q50"])
    a, b = (means[means["scenario"] == name].set_index("day")["q50"] for name in "ab")
    assert a[27:].tolist() == [1.0] * 93
    assert a[:12].isna().all() and b[100] == 0.0
    short = rows[rows["day"] < 30]
    assert smoothed(short, ["scenario"], ["q50"]) is short


def test_losses_are_against_the_baseline_run_by_run() -> None:
    def regions(usd: float, runs: int) -> pd.DataFrame:
        return pd.DataFrame({"replicate": range(runs), "region": "Sughd", "remittances_usd": usd})

    assert losses_by_region(regions(60.0, 2), regions(80.0, 4))["Sughd"] == pytest.approx(0.25)


def test_the_run_told_is_the_one_in_the_middle() -> None:
    runs = pd.DataFrame(
        {"replicate": [7, 8, 9], "killed_total": [0.0, 5.0, 500.0], "days_to_end": [1.0, 2.0, None]}
    )
    assert median_run(runs, ["killed_total", "days_to_end"]) == 8


@pytest.mark.parametrize("stretched", [False, True])
def test_a_line_keeps_its_ends_and_few_points(stretched: bool) -> None:
    kept = thinned(500, stretched=stretched)
    assert kept[0] == 0 and kept[-1] == 499 and len(kept) <= 60
    assert (kept[:3].tolist() == [0, 1, 2]) == stretched  # a stretched axis shows each of the first days


def test_two_figures_on_one_page_share_no_id() -> None:
    from model.report.style import drawing, new_figure

    pieces = []
    for name in ("one", "two"):
        with drawing():
            figure = new_figure(2, 2)
            axes = figure.subplots()
            axes.plot([0, 1], [0, 1])
        pieces.append(set(re.findall(r'id="([^"]+)"', inline(figure, name, "t", "d"))))
    assert pieces[0] and not pieces[0] & pieces[1]
