"""Whether the API is alive."""

from typing import Any, Literal

from pydantic import BaseModel


class Health(BaseModel):
    status: Literal["ok"]


EXAMPLES: dict[type, Any] = {Health: {"status": "ok"}}
