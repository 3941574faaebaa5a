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
    """The text with its parts by name. Raises KeyError for a place that is not known."""
    return PLACE.sub(lambda m: f"{m[1]}\n{found[m[2]]}\n\n{m[3]}", text)


def renew(page: Path, found: Mapping[str, str]) -> None:
    """Write the parts of a page anew."""
    page.write_text(renewed(page.read_text(encoding="utf-8"), found), encoding="utf-8")


def excerpt(lines: Sequence[str]) -> str:
    """Lines of an output as a block that no test runs."""
    return "\n".join(["<!-- excerpt -->", "", *("    " + line if line else "" for line in lines)])
