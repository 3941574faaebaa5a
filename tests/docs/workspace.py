"""Where the blocks of a document are run: a folder of its own, with the project to be read or copied."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from docs.blocks import ROOT, Block, blocks, commands
from model.commands import start

#: what a document may look at, and what it gets of its own if it asks for a copy
SHOWN = ("model", "scenarios", "docs", "tests", "benchmarks", "run.py", "pyproject.toml", "README.md")
COPIED = ("model", "scenarios", "run.py")
#: nothing is compiled for the few days of a copy; the numbers are the same
QUICK = {"PYTHONDONTWRITEBYTECODE": "1", "NUMBA_DISABLE_JIT": "1"}


class Workspace:
    """A folder for one document. copied: the project there is a copy and may be changed."""

    def __init__(self, folder: Path, copied: bool) -> None:
        self.folder, self.copied = folder, copied
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.output = ""
        for name in COPIED if copied else SHOWN:
            here = ROOT / name
            if not copied:
                (folder / name).symlink_to(here)
            elif here.is_dir():
                shutil.copytree(here, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(here, folder / name)
        if not copied:
            (folder / "results").mkdir()
            (folder / "results" / "reference").symlink_to(ROOT / "results" / "reference")

    def do(self, block: Block) -> None:
        """What a test does with a block. Raises AssertionError, with the output, where that fails."""
        where = f"line {block.line}"
        match block.kind:
            case "save":
                path = self.folder / block.argument
                assert self.folder in path.resolve().parents, f"{where}: {path} is the project's"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            case "append":
                with (self.folder / block.argument).open("a", encoding="utf-8") as file:
                    file.write(block.text)
            case "patch":
                found = self._process(["patch", "-p1", "--no-backup-if-mismatch"], block.text)
                assert found.returncode == 0, f"{where}: {found.stdout}{found.stderr}"
            case "run" | "instead":
                self.output = ""
                for command in commands(block):
                    self._command(command, where)
            case "python":
                self._python(block.text, where)
            case "output":
                self._compare(block.text, where)

    def _command(self, command: str, where: str) -> None:
        words = shlex.split(command)
        if words[:2] == ["uv", "run"]:  # the environment of the test is the one that uv makes
            words = words[2:]
        if words[0] == "run.py" and not self.copied:
            code, said = self._in_this_process(words[1:])
        else:
            words = [sys.executable, *words] if words[0] == "run.py" else words
            words = [sys.executable, *words[1:]] if words[0] == "python" else words
            found = self._process(words)
            code, said = found.returncode, found.stdout + found.stderr
        self.output += said
        assert code == 0, f"{where}: `{command}` left with {code}:\n{said}"

    def _in_this_process(self, words: list[str]) -> tuple[int, str]:
        """The command line as `run.py` starts it, without the seconds of a new process."""
        said, before = io.StringIO(), Path.cwd()
        os.chdir(self.folder)
        try:
            with redirect_stdout(said), redirect_stderr(said):
                start(words)
            code: object = 0
        except SystemExit as end:
            code = end.code
        finally:
            os.chdir(before)
        return int(code or 0), said.getvalue()  # type: ignore[call-overload]

    def _process(self, words: list[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, input=given, capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "PYTHONPATH": str(self.folder), **QUICK},
        )  # fmt: skip

    def _python(self, text: str, where: str) -> None:
        if self.copied:
            found = self._process([sys.executable, "-W", "error", "-c", text])
            self.output = found.stdout + found.stderr
            assert found.returncode == 0, f"{where}: {self.output}"
            return
        said, before = io.StringIO(), Path.cwd()
        os.chdir(self.folder)
        try:
            with redirect_stdout(said):
                exec(compile(text, f"<{where}>", "exec"), self.names)  # the reader types it in
        finally:
            os.chdir(before)
        self.output = said.getvalue()

    def _compare(self, text: str, where: str) -> None:
        rest = _plain(self.output)
        for line in text.splitlines():
            wanted = _plain(line)
            if wanted and wanted != "...":
                place = rest.find(wanted)
                assert place >= 0, f"{where}: not in the output: {line!r}\n{self.output}"
                rest = rest[place + len(wanted) :]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def play(path: Path, folder: Path) -> int:
    """Do all blocks of a document in a folder, in order; how many of them did something."""
    text = path.read_text(encoding="utf-8")
    found = list(blocks(text))
    workspace = Workspace(folder, copied="<!-- copy -->" in text)
    for block in found:
        workspace.do(block)
    return sum(block.kind != "excerpt" for block in found)
