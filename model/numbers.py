"""The sampled numbers of one run by dotted key, and those of one section by their bare names."""

from __future__ import annotations

from collections.abc import Mapping


class Numbers(dict[str, float]):
    """Numbers by dotted key, `section.name`; told apart by section once, since every part of a run asks for its own.

    Not to be changed after a section has been asked for.
    """

    _sections: dict[str, dict[str, float]]

    def section(self, name: str) -> dict[str, float]:
        """The numbers of a section by their bare names; empty for an unknown section."""
        try:
            sections = self._sections
        except AttributeError:
            sections = self._sections = {}
            for key, value in self.items():
                head, _, bare = key.partition(".")
                sections.setdefault(head, {})[bare] = value
        return sections.get(name, {})


def section(numbers: Mapping[str, float], name: str) -> dict[str, float]:
    """The numbers of a section by their bare names, of `Numbers` or of any other mapping by dotted key."""
    return (numbers if isinstance(numbers, Numbers) else Numbers(numbers)).section(name)
