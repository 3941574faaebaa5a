"""The roles of a coercive crisis, one file each."""
