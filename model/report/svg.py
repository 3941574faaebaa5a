"""A figure as a piece of a page: inline SVG without script, style or foreign names, the same bytes each time."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from model.report.style import METADATA, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as an <svg> element that may stand in any page.

    name: goes before every id, so that the ids of two figures never meet. title, description: read out to who
    cannot see it. Styles become attributes, so that a page can forbid inline styles.
    """
    file = io.StringIO()
    with drawing():
        figure.savefig(file, format="svg", metadata=METADATA)
    root = ElementTree.fromstring(file.getvalue())
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    kept = _referenced(root)
    for element in root.iter():
        _plain(element, name, kept)
    for size in ("width", "height"):
        del root.attrib[size]
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-text")
    root.set("stroke-linejoin", "round")  # what the removed stylesheet said of everything
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(
            f"{{{SVG}}}{tag}", {"id": f"{name}-{'title' if tag == 'title' else 'text'}"}
        )
        element.text = text
        root.insert(place, element)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode")


def _referenced(root: ElementTree.Element) -> set[str]:
    """Ids that something in the figure points at."""
    found = set()
    for element in root.iter():
        for value in element.attrib.values():
            for match in _REFERENCE.finditer(value):
                found.add(match.group(1) or match.group(2))
    return found


def _plain(element: ElementTree.Element, name: str, kept: set[str]) -> None:
    """Turn an element's style into attributes, drop ids that nobody needs, and make the others the figure's own."""
    own = element.attrib.pop("style", "")
    for declaration in filter(None, (part.strip() for part in own.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            size, _, _ = value.partition(" ")
            element.set("font-size", size)
            element.set("font-family", "sans-serif")
        else:
            element.set(key, value)
    if element.attrib.get("id") not in kept:
        element.attrib.pop("id", None)
    for key, value in list(element.attrib.items()):
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key == _LINK or "url(#" in value:
            element.set(key, value.replace("#", f"#{name}-"))
