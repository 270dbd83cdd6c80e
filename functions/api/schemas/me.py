"""Who is calling."""

from typing import Any

from pydantic import BaseModel, Field

from jobchange.access.tokens import Role
from jobchange.store.prediction_keys import Source


class Me(BaseModel):
    """Whom a token belongs to."""

    name: str
    role: Role = Field(description="What the token may do: an operator may do all that a user may.")
    source: Source = Field(description="Under which source its predictions are kept.")


EXAMPLES: dict[type, Any] = {Me: {"name": "recruiting", "role": "user", "source": "api"}}
