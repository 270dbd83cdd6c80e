"""Whether the API is alive, and which version it is."""

from typing import Any, Literal

from pydantic import BaseModel

from jobchange import __version__


class Health(BaseModel):
    status: Literal["ok"]
    version: str
    """The version of the project that is deployed."""


EXAMPLES: dict[type, Any] = {Health: {"status": "ok", "version": __version__}}
