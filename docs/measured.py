"""Numbers in a document that a command writes anew: what stands between two comments, sentences too.

<!-- measured: NAME -->
...
<!-- end -->
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

PLACE = re.compile(r"(<!-- measured: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)


def renewed(text: str, found: Mapping[str, str]) -> str:
    """The text with some of its parts by name; the others stay. Raises KeyError for a part that has no place."""
    missing = set(found) - {place[2] for place in PLACE.finditer(text)}
    if missing:
        raise KeyError(f"no place for {', '.join(sorted(missing))}")
    return PLACE.sub(lambda m: f"{m[1]}\n{found[m[2]]}\n\n{m[3]}" if m[2] in found else m[0], text)


def renew(page: Path, found: Mapping[str, str]) -> None:
    """Write the parts of a page anew."""
    page.write_text(renewed(page.read_text(encoding="utf-8"), found), encoding="utf-8")


def excerpt(lines: Sequence[str]) -> str:
    """Lines of an output as a block that no test runs."""
    return "\n".join(["<!-- excerpt -->", "", *("    " + line if line else "" for line in lines)])
