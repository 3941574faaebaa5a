"""A toy case that no number of the shipped one enters: a power, a ruler and a Court; and whether there is a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from model.situation import needs

WRONG = Path(__file__).parent / "wrong_scenarios"
TOY_ACTORS = {"power": "coercer", "ruler": "government", "tribunal": "court", "others": "onlookers"}


def toy_case_text(omit: str = "", actors: dict[str, str] = TOY_ACTORS) -> str:
    """A case file with every number that its actors need, but for the dotted key `omit`."""
    lines = ['title = "Toy"', 'about = "A ruler holds a guest of a power."', "start = 2000-01-01"]
    for name, role in actors.items():
        lines += ["[[actor]]", f'role = "{role}"', f'name = "{name}"', f'label = "the {name}"']
    for name, role in actors.items():
        for key, need in needs(role).items():
            if f"{name}.{key}" == omit:
                continue
            value = min(max(0.5, need.low), need.high)
            lines += [f"[{name}.{key}]", f"value = {value!r}", f'unit = "{need.unit}"']
            lines += [f"low = {value!r}", f"high = {value!r}", 'kind = "constant"', 'grade = "D"']
            lines += ['source = ["assumption"]', 'note = "toy"']
    return "\n".join(lines) + "\n"


@pytest.fixture
def toy_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the toy case in it."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "toy.toml").write_text(toy_case_text(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def wrong_folder(toy_folder: Path) -> Path:
    """The toy folder with every wrong scenario of the tests in it."""
    for path in WRONG.glob("*.toml"):
        shutil.copy(path, toy_folder)
    return toy_folder


@pytest.fixture
def write_toy(toy_folder: Path) -> Callable[..., Path]:
    """Writes a toy scenario (`name`, TOML after title, question and case) and returns its path."""

    def write(name: str = "plain", more: str = "", source: str = 'case = "toy"') -> Path:
        path = toy_folder / f"{name}.toml"
        path.write_text(f'title = "{name}"\nquestion = "What of it?"\n{source}\n{more}', encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_case(toy_folder: Path) -> Callable[..., Path]:
    """Writes the toy case anew, without one key or with more text, and returns the path of the case."""

    def write(omit: str = "", more: str = "", actors: dict[str, str] = TOY_ACTORS) -> Path:
        path = toy_folder / "cases" / "toy.toml"
        path.write_text(toy_case_text(omit, actors) + more, encoding="utf-8")
        return path

    return write


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    """The browser of this machine that Playwright can drive: $BROWSER_PATH, or one on the PATH; None without one."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)


def no_browser() -> str:
    """Why tests in a browser cannot run, or "" where they can."""
    if find_spec("solara") is None or find_spec("playwright") is None:
        return "the extras dashboard and dev are not installed"
    return "" if browser_path() else f"no browser found ({', '.join(BROWSERS)}, or $BROWSER_PATH)"


def pytest_report_header() -> str | None:
    """Say that tests are left out, and why."""
    why = no_browser()
    return f"tests in a browser are left out: {why}" if why else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests in a browser where there is none, unless they are demanded (BROWSER_TESTS=demanded)."""
    why = no_browser()
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not why or not marked:
        return
    if os.environ.get("BROWSER_TESTS") == "demanded":
        raise pytest.UsageError(f"tests in a browser are demanded: {why}")
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if item not in marked]
