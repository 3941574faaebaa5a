"""What holds for every document; and each of them run block by block, with the sizes that it names itself.

The tutorial and the how-tos are run in files of their own, so that two processors share the work.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer

from docs.blocks import ROOT, Block, blocks, commands, documents, slug
from model.commands import app, offered
from tests.docs.workspace import Workspace, play

ALL = {str(path.relative_to(ROOT)): path for path in documents()}
#: documents run elsewhere, by the start of their names; that of other people's tools in tests/test_workbench_page.py
ELSEWHERE = ("docs/tutorial.md", "docs/how-to/", "docs/workbench.md")
HERE = [name for name in ALL if not name.startswith(ELSEWHERE)]


def text_of(name: str) -> str:
    return ALL[name].read_text(encoding="utf-8")


def options_of(command: str) -> set[str]:
    group = typer.main.get_command(app)
    found = group.get_command(None, command)  # type: ignore[attr-defined, arg-type]
    return {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}


def misused(text: str) -> list[str]:
    """What a text says of the command line that the command line does not know."""
    wrong = []
    for use in re.findall(r"run\.py ([a-z][^`\n]*)", text):
        command = ""
        for part in re.split(r"\s\|\s|;", use):
            words = part.split()
            if words and words[0] in offered():
                command = words[0]
            elif not command:
                wrong.append(f"no command {words[0]!r}: run.py {use}")
                break
            named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", part))
            wrong += [f"{command} has no {option}" for option in named - options_of(command) - {"--help"}]
    return wrong


@pytest.mark.parametrize("name", HERE)
def test_its_blocks_do_what_it_says(name: str, tmp_path: Path) -> None:
    play(ALL[name], tmp_path)


@pytest.mark.parametrize("name", ALL)
def test_it_names_no_command_and_no_option_that_is_not_there(name: str) -> None:
    assert not misused(text_of(name))


@pytest.mark.parametrize("name", ALL)
def test_its_links_lead_somewhere(name: str) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text_of(name), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = unquote(target).partition("#")
        there = (ALL[name].parent / file).resolve() if file else ALL[name]
        assert there.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.M)
            assert anchor in {slug(head) for head in heads}, target


@pytest.mark.parametrize("name", ALL)
def test_it_names_no_file_that_is_not_there(name: str) -> None:
    for path in re.findall(r"`((?:model|scenarios|docs|tests|benchmarks)/[\w/.-]+\.\w+)`", text_of(name)):
        assert (ROOT / path).exists() or path in text_of(name).split("<!-- save: ", 1)[-1], path


def test_the_index_leads_to_every_document() -> None:
    linked = {(ALL["docs/index.md"].parent / target).resolve() for target in
              re.findall(r"\]\(([^)#\s]+)\)", text_of("docs/index.md"))}  # fmt: skip
    missing = [name for name, path in ALL.items() if path not in linked and name != "docs/index.md"]
    assert not missing, "name them in docs/index.md"


def test_python_in_a_sentence_names_nothing_that_no_block_imports() -> None:
    text = text_of("README.md")
    imported = {name for block in blocks(text) for name in re.findall(r"import (\w+)", block.text)}
    assert set(re.findall(r"\b([A-Z]\w+)\(", " ".join(re.findall(r"`([^`\n]+)`", text)))) <= imported


def test_every_block_of_a_document_that_teaches_is_run_or_marked() -> None:
    """`kind` refuses a block of which nobody has said what is to be done with it."""
    counts = {name: [block.kind for block in blocks(text_of(name))] for name in ALL}
    assert counts["README.md"].count("run") >= 3
    assert counts["docs/tutorial.md"].count("run") >= 6


# The runner itself can fail


def one(text: str) -> Block:
    return next(blocks(text))


def test_a_command_in_an_indented_block_is_refused() -> None:
    with pytest.raises(ValueError, match="line 3: commands in a block that is not run"):
        _ = one("text\n\n    uv run run.py scenarios\n").kind
    assert one("text\n\n    a table\n").kind == "excerpt"
    assert one("<!-- excerpt -->\n\n    uv run run.py scenarios\n").kind == "excerpt"


def test_a_block_without_a_word_about_it_is_refused() -> None:
    with pytest.raises(ValueError, match="say what a test does with this toml block"):
        _ = one('```toml\ntitle = "x"\n```\n').kind
    with pytest.raises(ValueError, match="unknown mark 'skip'"):
        one("<!-- skip -->\n```sh\nls\n```\n")


def test_sizes_of_the_test_take_the_place_of_those_of_the_text() -> None:
    block = one(
        "<!-- with: --replicates 2 --days 9 -->\n```sh\nuv run run.py batch a --replicates 50\nls  # why\n```\n"
    )
    assert commands(block) == ["uv run run.py batch a --replicates 2 --days 9", "ls"]


def test_a_command_that_fails_and_an_output_that_differs_are_seen(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, copied=False)
    with pytest.raises(AssertionError, match="left with 2"):
        workspace.do(one("```sh\nuv run run.py run no_such_scenario\n```\n"))
    workspace.do(one("```sh\nuv run run.py actions seize\n```\n"))
    workspace.do(one("<!-- output -->\n```text\nseize_government coercer violent\n```\n"))
    with pytest.raises(AssertionError, match="not in the output"):
        workspace.do(one("<!-- output -->\n```text\nseize_government government\n```\n"))


def test_commands_and_options_that_do_not_exist_are_seen() -> None:
    assert misused("say `run.py forecast`") == ["no command 'forecast': run.py forecast"]
    assert misused("run.py batch --replicate 3") == ["batch has no --replicate"]
    assert not misused("run.py run SCENARIO | compare DIR... [--baseline NAME]")
