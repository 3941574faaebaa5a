"""The site: whole, and without a request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs import site
from docs.blocks import FOLDER, documents

#: attributes by which a page asks for something
ASKING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}


class Look(HTMLParser):
    """What a page asks for, links to, and has as anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asks: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ASKING or (name == "href" and tag != "a"):
                self.asks.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "id":
                self.anchors.add(value or "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "site"
    site.build(out)
    return out


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in built.rglob("*.html")}


def test_every_document_has_a_page(built: Path, pages: dict[Path, str]) -> None:
    assert len(pages) == len(documents()) > 15
    assert (built / "index.html").is_file() and (built / "how-to" / "actor.html").is_file()


def test_no_page_asks_for_anything(pages: dict[Path, str]) -> None:
    for path, text in pages.items():
        look = Look(text)
        assert all(asked.startswith("data:image/") for asked in look.asks), path
        assert not {"script", "iframe", "object", "embed", "link", "form", "base"} & set(look.tags), path
        style = re.findall(r"<style>(.*?)</style>", text, re.S)
        assert len(style) == 1 and "url(" not in style[0] and "@import" not in style[0]
        digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;" in text
        assert not re.search(r"<[^>]+\sstyle=", text.replace(style[0], "")), path


def test_every_link_leads_to_a_page_and_an_anchor(built: Path, pages: dict[Path, str]) -> None:
    anchors = {path: Look(text).anchors for path, text in pages.items()}
    count = 0
    for path, text in pages.items():
        for link in Look(text).links:
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.is_file() and there.is_relative_to(built.resolve()), f"{path.name}: {link}"
            assert not anchor or anchor in anchors[built / there.relative_to(built.resolve())], (
                f"{path.name}: {link}"
            )
            count += 1
    assert count > 100


def test_pages_show_tables_pictures_and_no_marks(built: Path) -> None:
    parameters = (built / "parameters.html").read_text(encoding="utf-8")
    assert parameters.count("<tr>") > 400 and "<code>decision.horizon</code>" in parameters
    assert 'src="data:image/svg+xml;base64,' in (built / "validation.html").read_text(encoding="utf-8")
    for name in ("odd", "tutorial", "how-to/action"):
        text = (built / f"{name}.html").read_text(encoding="utf-8")
        assert "generated:" not in text and "&lt;!--" not in text and "<!--" not in text


def test_html_in_a_document_is_refused_or_comes_out_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "place_of", lambda source: Path(source.name).with_suffix(".html"))
    page = tmp_path / "page.md"
    page.write_text("# A\n\nfor <b onclick='x()'>you</b> and `<i>`\n", encoding="utf-8")
    assert "<b" not in site.read(page).body and "&lt;b onclick" in site.read(page).body
    page.write_text("# A\n\n<script>alert(1)</script>\n", encoding="utf-8")
    with pytest.raises(site.Broken, match="HTML other than a comment"):
        site.read(page)
    page.write_text("# A\n\n[there](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(site.Broken, match="nowhere.md leads nowhere"):
        site.read(page)


def test_a_folder_that_holds_something_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("years of work", encoding="utf-8")
    assert site.main([str(tmp_path)]) == 2
    assert kept.read_text(encoding="utf-8") == "years of work" and "holds no site" in capsys.readouterr().err


def test_it_is_built_by_one_command_and_again_over_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert site.main([str(tmp_path / "site")]) == 0
        assert "begin at" in capsys.readouterr().out
    assert (tmp_path / "site" / "files" / "docs" / "notebook.ipynb").is_file() == (
        FOLDER / "notebook.ipynb"
    ).is_file()
