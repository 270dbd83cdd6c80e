"""How a row that was refused before says where it came from, when it comes back corrected."""

ROW, ISSUES, FILE, RAW = "_row", "_issues", "_file", "_raw"
ORIGIN = (ROW, ISSUES, FILE, RAW)
"""The columns that a bad file has beside the contract's."""
