"""Addresses of stored documents."""

from typing import Any

from pydantic import BaseModel

from schemas.fields import EXAMPLE_FILE_ID


class Link(BaseModel):
    """An address that needs no token, for five minutes."""

    url: str


EXAMPLES: dict[type, Any] = {
    Link: {
        "url": f"https://s3.eu-west-1.amazonaws.com/jobchange-lake/reports/{EXAMPLE_FILE_ID}.html?X-Amz-Signature=1a2b"
    },
}
