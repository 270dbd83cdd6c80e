"""What the system did."""

from typing import Any, Literal

from pydantic import BaseModel

from schemas.fields import EXAMPLE_INSTANT, Instant, NextCursor


class Run(BaseModel):
    """Something the system did on its own or for an operator."""

    id: str
    kind: str
    status: Literal["SUCCEEDED", "SKIPPED", "FAILED"]
    reason: str | None
    counts: dict[str, int]
    started_at: Instant
    seconds: float


class RunsPage(BaseModel):
    runs: list[Run]
    next_cursor: NextCursor


EXAMPLE_RUN_ID = f"{EXAMPLE_INSTANT}#1a2b3c4d"
EXAMPLES: dict[type, Any] = {
    RunsPage: {
        "runs": [
            {
                "id": EXAMPLE_RUN_ID,
                "kind": "scoring",
                "status": "SUCCEEDED",
                "reason": None,
                "counts": {"files": 1, "parts": 1},
                "started_at": EXAMPLE_INSTANT,
                "seconds": 0.4,
            }
        ],
        "next_cursor": None,
    },
}
