"""Fields that several schemas have, and the values that these have in the examples."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Probability = Annotated[float, Field(ge=0, le=1)]
NextCursor = Annotated[str | None, Field(description="Asks for the next page; null on the last one.")]

EXAMPLE_INSTANT = "2026-01-31T09:30:00.125Z"
EXAMPLE_FILE_ID = "f2b1c4d5e6a7980f2b1c4d5e6a79801a"
EXAMPLE_UPLOAD_ID = "u19bce7d2a009f1c2b3a4d5e6f708"
EXAMPLE_VERSION = "20260131T081500Z-1a2b3c4d"
EXAMPLE_CHALLENGER = "20260207T081500Z-5e6f7a8b"
