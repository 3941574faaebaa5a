"""What `run.py serve` was asked to open; set once before the first page is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.settings import Settings


@dataclass
class Opened:
    """The scenario that a new page shows, how its runs are made, and by how many processes replicates are made.

    titles: reference of every scenario that may be chosen (a shipped name, or the path of the user's) -> title.
    """

    reference: str = "arrest"
    settings: Settings = field(default_factory=Settings)
    workers: int = 1
    titles: dict[str, str] = field(default_factory=dict)


OPENED = Opened()


def titles_of(reference: str) -> dict[str, str]:
    """References of the shipped scenarios, and of the user's own before them, with titles. Raises InputError."""
    from model.scenario_chain import path_of, shipped
    from model.toml_source import read_toml

    references = dict.fromkeys([reference, *shipped()])
    return {name: str(read_toml(path_of(name)).values.get("title", name)) for name in references}
