"""`uv run python -m docs.notebook`: run the notebook from its first cell to its last, then keep it without outputs.

A notebook in git holds no outputs: they differ from machine to machine, and nobody reads a difference in them. What it
prints can be had by running it. `QUICK=1` in the environment gives it the small sizes that its first cell names.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docs.blocks import FOLDER

PATH = FOLDER / "notebook.ipynb"
TIMEOUT = 600


def load(path: Path = PATH) -> Any:
    """The notebook, checked against its format. Raises nbformat's ValidationError."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def run(notebook: Any, folder: Path = FOLDER) -> Any:
    """The notebook with its outputs. Raises nbclient's CellExecutionError for a cell that fails."""
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    return client.execute()


def stripped(notebook: Any) -> Any:
    """The notebook without outputs, counts and what an editor leaves behind."""
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return notebook


def main() -> int:
    """Run it and write it back without outputs; 0."""
    import nbformat

    notebook = run(load())
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            print(output.get("text") or output.get("data", {}).get("text/plain", ""))
    nbformat.write(stripped(notebook), PATH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
