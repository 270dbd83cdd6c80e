"""The columns of `scored`, by which SQL finds the scored files: the same on DuckDB and on Athena."""

from typing import Final

from jobchange.contract import COLUMNS, Kind

VIEW: Final = "scored"
_KINDS = {Kind.INTEGER: "integer", Kind.NUMBER: "double"}
STORED: Final = {
    "row": "integer",
    **{each.name: _KINDS.get(each.kind, "varchar") for each in COLUMNS},
    "probability": "double",
    "will_change": "boolean",
    "model_version": "varchar",
}
"""What is in a part, in its order, with the types that SQL knows; only the first is called otherwise there."""
ALL: Final = {"day": "varchar", "file_id": "varchar", **STORED}
"""With what the part's key says of its rows."""
FILE_OF_KEY: Final = "/scored/[^/]+/([^/]+)/part-"
"""A regular expression that finds a file's id in the address of one of its parts."""
