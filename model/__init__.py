"""An exploratory model of a coercive crisis: not a forecast."""
