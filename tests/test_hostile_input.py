"""Files made to do harm are refused with exit code 2, in little time and memory, and nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.commands import start
from model.scenario import ScenarioError, load_scenario
from model.scenario_chain import SCENARIOS
from model.toml_limits import KEY_DEPTH, LARGEST, NESTING, TooMuch, check_nesting

ROOT = Path(__file__).parents[1]
HEAD = 'title = "x"\nquestion = "y"\ncase = "dushanbe_2025"\n'
MUCH = 240_000
HOSTILE = {
    "large": ("#" * (LARGEST + 1), "larger than 262144 bytes"),
    "arrays": (HEAD + "a = " + "[" * MUCH, "nested too deeply"),
    "tables": (HEAD + "a = " + "{b = " * 40_000 + "1" + "}" * 40_000, "nested too deeply"),
    "parts": (HEAD + ".".join("a" * (MUCH // 2)) + " = 1", "a key of too many parts"),
    "header": (HEAD + "[" + ".".join("a" * (MUCH // 2)) + "]", "a key of too many parts"),
    "key": (HEAD + "a" * MUCH + " = 1", "expected a key of at most 100 characters"),
    "text": (HEAD.replace('"x"', f'"{"q" * MUCH}"'), "title: expected at most 2000 characters"),
    "escape": (HEAD.replace('"x"', r'"\u001b[2J"'), "title: expected a text without control characters"),
    "unknown_keys": (HEAD + "".join(f"a{k} = 1\n" for k in range(20_000)), "these are the first"),
    "given_twice": (HEAD + "a = 1\n" * 40_000, "given twice"),
    "forbidden": (HEAD + "[limits]\nforbid = [" + '"seize_all", ' * 15_000 + "]", "forbid: expected at most 300"),
    "overrides": (HEAD + "[overrides]\n" + "".join(f'"a.b{k}" = 1\n' for k in range(9_000)), "at most 300 entries"),
    "digits": (HEAD + "a = " + "9" * MUCH, "Exceeds the limit"),
    "beyond": (HEAD + '[overrides]\n"decision.mood_half_life" = 1e999', "expected a finite number"),
    "huge": (HEAD + '[overrides]\n"decision.mood_half_life" = ' + "9" * 400, "decision.mood_half_life: expected"),
    "hexadecimal": (HEAD + "days = 0x" + "f" * MUCH, "days: expected a whole number of at most 64 bits"),
    "not_a_number": (HEAD + '[overrides]\n"decision.mood_half_life" = nan', "expected a finite number"),
    "day": (HEAD + '[[script]]\nday = 1e300\nactor = "a"\naction = "b"', "script[1].day: expected at most 1100"),
    "null": (HEAD + "a = '\0'", "holds binary data"),
    "upwards": (HEAD.replace("case", "extends").replace("dushanbe_2025", "../arrest"), "extends: expected the name"),
    "absolute": (HEAD.replace("dushanbe_2025", "/etc/passwd"), "case: expected the name of a case"),
    "CON": (HEAD, "expected a file name of the form"),
    "lpt1": (HEAD, "expected a file name of the form"),
    "=cmd()": (HEAD, "expected a file name of the form"),
    "<script>": (HEAD, "expected a file name of the form"),
}  # fmt: skip


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert len(err) < 20_000
    return err


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = HOSTILE[name]
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.toml").write_text(text)
    assert words in refusal(capsys, "batch", f"{name}.toml", "--out", "out")
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.toml"]


@pytest.mark.parametrize("name", ["../x", "CON", "=cmd()", "<script>", "a\0b", "-", "\ud800", "x" * 5000, ""])
def test_a_hostile_name_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(capsys, "batch", "--out", "out", "--", name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_regular_file_is_refused_unread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (str(tmp_path / "pipe.toml"), "/dev/zero"):
        assert "is no regular file" in refusal(capsys, "batch", path)


def test_no_link_leads_out_of_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret" / "parent.toml").write_text(HEAD)
    (tmp_path / "mine" / "parent.toml").symlink_to(tmp_path / "secret" / "parent.toml")
    (tmp_path / "mine" / "child.toml").write_text('title = "x"\nquestion = "y"\nextends = "parent"\n')
    assert "found 'parent'" in refusal(capsys, "batch", str(tmp_path / "mine" / "child.toml"))


def test_a_chain_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        text = HEAD.replace("case", "extends").replace("dushanbe_2025", f"link{number + 1}")
        (tmp_path / f"link{number}.toml").write_text(text)
    assert "a chain of at most 16" in refusal(capsys, "batch", str(tmp_path / "link0.toml"))


def test_a_refusal_takes_less_than_200_megabytes(tmp_path: Path) -> None:
    script = (
        "import re, sys; from model.commands import start\n"
        "try: start(['batch', *sys.argv[1:]])\n"
        # not getrusage: what it says begins with the memory of the process that started this one
        "finally: print(int(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    for name in ("unknown_keys", "given_twice", "text"):
        (tmp_path / f"{name}.toml").write_text(HOSTILE[name][0])
    words = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2, done.stderr
    assert int(done.stdout) < 200


def test_limits_of_nesting() -> None:
    check_nesting("a = " + "[" * NESTING + "]" * NESTING + "\n" + ".".join("a" * KEY_DEPTH) + " = 1.5")
    check_nesting(
        'a = "[[[[[[[[[[[[[[[[[[[[" # [[[[[[[[[[[[[[[[[[[\n' + "b = '''\n" + "[" * 20 + "'''\n" + '"' * 9
    )
    for text, line in (("\n\na = " + "[" * (NESTING + 1), 3), ("\n" + ".".join("a" * (KEY_DEPTH + 1)), 2)):
        with pytest.raises(TooMuch) as wrong:
            check_nesting(text)
        assert wrong.value.line == line


PIECES = st.sampled_from(
    ["title", "question", "case", "extends", "[overrides]", "[[script]]", "[[inject]]", "[limits]", "forbid", "day",
     '"arrest"', '"dushanbe_2025"', '"x"', "=", "\n", ".", ",", "[", "]", "{", "}", '"', "'", '"""', "#", "1e9", "-1",
     "nan", "2025-10-08", "true", "\\", "\0", "\ufeff", "é", "actor", '"kremlin"', "start", "[switches]", "decision"]
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "fuzz.toml"


def loads_or_is_refused(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    try:
        load_scenario(path)
    except ScenarioError as wrong:
        assert wrong.problems
        assert all(line.isprintable() for line in str(wrong).split("\n"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60)).map(str.encode) | st.binary()
)
def test_the_loader_loads_or_refuses_whatever_it_is_given(place: Path, raw: bytes) -> None:
    loads_or_is_refused(place, HEAD.encode() + raw if len(raw) % 2 else raw)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_loader_stands_every_change_of_a_shipped_file(place: Path, data: st.DataObject) -> None:
    raw = bytearray((SCENARIOS / "arrest_security_guarantee.toml").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change: Callable[[], bytes] = lambda: data.draw(st.binary(max_size=3) | PIECES.map(str.encode))  # noqa: E731
        raw[at : at + data.draw(st.integers(0, 30))] = change()
    loads_or_is_refused(place, bytes(raw))
