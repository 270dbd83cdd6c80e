"""How long a step of a recovery may take."""

MARGIN_SECONDS = 60.0
"""A step with less time left hands the rest over: a file of the greatest size is struck in less."""
