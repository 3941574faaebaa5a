"""A toy case that no number of the shipped one enters: a power, a ruler and a Court."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
