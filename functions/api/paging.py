"""Parameters of every listing."""

from typing import Annotated

from fastapi import Query

Cursor = Annotated[str | None, Query(max_length=500, description="The `next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Entries on a page.")]
