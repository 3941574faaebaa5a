"""`uv run python -m docs.site [FOLDER]`: the documents as a site that needs no network, into `build/site` if none.

Every page holds its own style and its own pictures, no script, and asks for nothing. What a page links to in the
project (a scenario, a table) is laid beside it as it is.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from docs.blocks import FOLDER, ROOT, documents, slug

if TYPE_CHECKING:
    from markdown_it.token import Token

OUT = ROOT / "build" / "site"
STYLES = (ROOT / "model" / "report" / "page.css", FOLDER / "site.css")
MIME = {".svg": "image/svg+xml", ".png": "image/png"}
#: what stands at the head of every page
ALWAYS = {
    "tutorial.md": "Tutorial",
    "limits.md": "Limits",
    "odd.md": "The model",
    "validation.md": "Validation",
}


class Broken(ValueError):
    """A document cannot be shown: a link leads nowhere, or it holds HTML."""


@dataclass
class Page:
    """A page: its document, its place in the site, its headings and the files that it links to."""

    source: Path
    place: Path
    title: str
    body: str
    contents: list[tuple[str, str]]
    files: set[Path]


def place_of(source: Path) -> Path:
    """Where a document, or another file of the project, lies in the site."""
    inside = (
        source.relative_to(FOLDER)
        if source.is_relative_to(FOLDER)
        else Path("project") / source.relative_to(ROOT)
    )
    return inside.with_suffix(".html") if source.suffix == ".md" else Path("files") / source.relative_to(ROOT)


def read(source: Path) -> Page:
    """The page of a document. Raises Broken."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    page = Page(source, place_of(source), source.stem, "", [], set())
    tokens = [token for token in parser.parse(source.read_text(encoding="utf-8")) if not _is_comment(token)]
    for number, token in enumerate(tokens):
        if token.type == "html_block":
            raise Broken(f"{source.name}: HTML other than a comment: {token.content[:60]!r}")
        if token.type == "heading_open":
            _head(page, token, tokens[number + 1].content)
        for child in token.children or ():
            _inline(page, child)
    body = parser.renderer.render(tokens, parser.options, {})
    body = body.replace("<table>", '<div class="wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    page.body = body
    return page


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and re.fullmatch(r"\s*<!--.*-->\s*", token.content, re.S) is not None


def _head(page: Page, token: Token, text: str) -> None:
    token.attrSet("id", slug(text))
    plain = re.sub(r"[`*]", "", text)
    if token.tag == "h1":
        page.title = plain
    elif token.tag == "h2":
        page.contents.append((slug(text), plain))


def _inline(page: Page, token: Token) -> None:
    """A link to where its target lies in the site; a picture into the page; HTML as text."""
    if token.type == "html_inline":
        token.type = "text"
    elif token.type == "link_open":
        token.attrSet("href", _link(page, str(token.attrGet("href"))))
    elif token.type == "image":
        picture = (page.source.parent / unquote(str(token.attrGet("src")))).resolve()
        if not picture.is_file() or picture.suffix not in MIME:
            raise Broken(f"{page.source.name}: no picture {token.attrGet('src')}")
        data = base64.b64encode(picture.read_bytes()).decode()
        token.attrSet("src", f"data:{MIME[picture.suffix]};base64,{data}")


def _link(page: Page, target: str) -> str:
    if re.match(r"[a-z]+:", target) or target.startswith("#"):
        return target
    file, mark, anchor = target.partition("#")
    there = (page.source.parent / unquote(file)).resolve()
    if not there.is_file() or not there.is_relative_to(ROOT):
        raise Broken(f"{page.source.name}: {target} leads nowhere")
    if there.suffix != ".md":
        page.files.add(there)
    return os.path.relpath(place_of(there), page.place.parent) + mark + anchor


def build(out: Path = OUT) -> list[Path]:
    """Write the site into a folder, in place of what a former call left there. Returns its files. Raises Broken."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("page.html.jinja")
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    pages = [read(source) for source in documents()]
    marker = out / ".site"
    if out.exists() and any(out.iterdir()) and not marker.is_file():
        raise Broken(f"{out} is not empty and holds no site: name another folder")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    marker.write_text("written by python -m docs.site\n", encoding="utf-8")
    written = []
    for page in pages:
        here = page.place.parent
        links = [(os.path.relpath(place_of(FOLDER / name), here), label) for name, label in ALWAYS.items()]
        text = template.render(
            title=page.title, style=Markup(style), style_hash=digest, home=os.path.relpath("index.html", here),
            siblings=links, contents=page.contents, body=Markup(page.body), version=version,
        )  # fmt: skip
        written.append(_write(out / page.place, text.encode()))
    for file in sorted({file for page in pages for file in page.files}):
        written.append(_write(out / place_of(file), file.read_bytes()))
    return written


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def main(arguments: Sequence[str]) -> int:
    """Build the site; 2 and a sentence where a document is broken."""
    out = Path(arguments[0]) if arguments else OUT
    try:
        written = build(out)
    except Broken as wrong:
        print(f"error: {wrong}", file=sys.stderr)
        return 2
    print(f"{len(written)} files, begin at {out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
