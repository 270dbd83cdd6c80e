"""A query over the scored files: what may be asked, and what is wrong with one that can't be answered."""

import re
from difflib import get_close_matches
from typing import Final

from infra import CommandError
from infra.build.scored_columns import ALL, VIEW

_COMMENTS: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_UNKNOWN_COLUMN: Final = re.compile(r"column [\"'](?:\w+\.)?(\w+)[\"'] (?:not found|cannot be resolved)", re.IGNORECASE)
_UNKNOWN_TABLE: Final = re.compile(r"table .*does not exist", re.IGNORECASE)


def question(text: str) -> str:
    """The query without its last semicolon. Raises CommandError if it isn't one, but a change."""
    query = text.strip().rstrip(";").rstrip()
    if not query:
        raise CommandError("give a query: make sql QUERY='select city, count(*) from scored group by city'")
    begin = query[_COMMENTS.match(query).end() :].lstrip("( \n")  # type: ignore[union-attr]
    if not re.match(r"(?:select|with|values)\b", begin, re.IGNORECASE):
        raise CommandError("SQL can only read here. Begin the query with select or with.")
    return query


def refused(message: str) -> CommandError:
    """What a database says of a query, and how to mend it."""
    said = re.sub(r"\n+(?:Candidate bindings|Did you mean)[^\n]*", "", message.strip())
    if unknown := _UNKNOWN_COLUMN.search(said):
        similar = get_close_matches(unknown[1].lower(), ALL, n=1)
        said += f"\n\nDid you mean {similar[0]}?" if similar else "\n"
        said += f"\nThe columns are {', '.join(ALL)}."
    elif _UNKNOWN_TABLE.search(said):
        said += f"\n\nThere is one table: {VIEW}."
    elif "bytes scanned limit" in said.lower():
        said += "\n\nAsk for fewer days, as in: where day >= '2026-11-01'. Or raise the parameter SqlScanBytes."
    return CommandError(f"the query can't be answered.\n{said}")
