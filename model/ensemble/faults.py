"""What can go wrong with a batch that is nobody's defect; light, so that any command can name it."""

from __future__ import annotations


class StoreError(Exception):
    """The folder holds no batch that this version can read, or a damaged one; the message says what."""


class FolderUnusable(Exception):
    """The folder cannot take this batch because of what it is or holds (the user's mistake)."""


class FolderTaken(Exception):
    """The folder belongs to another batch, or another process is writing into it."""


class EngineLost(Exception):
    """What was to make the runs is gone (a cluster, a pool); those that are stored are safe."""


class EngineUnusable(Exception):
    """The engine cannot make the runs of this batch; the message says what was expected."""
