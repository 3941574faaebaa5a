"""What the project says of itself is the same in pyproject.toml, CITATION.cff, codemeta.json and CHANGELOG.md."""

from __future__ import annotations

import json
import re
import tomllib

from docs.blocks import ROOT
from model.scenario_chain import shipped

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
#: the terms of CodeMeta 3.0 that are used here
TERMS = {
    "@context", "@type", "name", "description", "version", "license", "author", "programmingLanguage",
    "runtimePlatform", "softwareRequirements", "applicationCategory", "keywords", "developmentStatus",
    "isAccessibleForFree",
}  # fmt: skip


def test_codemeta_is_of_its_form() -> None:
    assert CODEMETA["@context"] == "https://w3id.org/codemeta/3.0"
    assert CODEMETA["@type"] == "SoftwareSourceCode"
    assert set(CODEMETA) == TERMS
    assert all(author["@type"] in ("Person", "Organization") for author in CODEMETA["author"])


def test_it_says_what_the_project_says() -> None:
    assert CODEMETA["name"] == PROJECT["name"]
    assert CODEMETA["version"] == PROJECT["version"]
    assert CODEMETA["license"].endswith(PROJECT["license"])
    assert CODEMETA["softwareRequirements"] == PROJECT["dependencies"]
    assert PROJECT["description"] in CODEMETA["description"]


def test_so_does_the_citation() -> None:
    assert f"version: {PROJECT['version']}" in CITATION
    assert f"license: {PROJECT['license']}" in CITATION
    assert re.findall(r"^  - (\w.*)$", CITATION.split("keywords:")[1], re.M) == CODEMETA["keywords"]


def test_the_changelog_has_the_version_and_what_is_to_come_first() -> None:
    heads = re.findall(r"^## (.*)$", CHANGELOG, re.M)
    assert heads[0] == "Unreleased"
    assert heads[1].startswith(PROJECT["version"])


def test_the_changelog_counts_scenarios_right() -> None:
    assert len(shipped()) >= int(re.findall(r"(\d+) scenarios", CHANGELOG)[0])
