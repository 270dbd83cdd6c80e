"""The data contract, as a form needs it."""

from typing import Any, Self

from pydantic import BaseModel, Field

from jobchange import contract
from jobchange.contract import Criticality, Kind
from jobchange.contract.candidate import MAX_BYTES, MAX_CANDIDATES, optional


class Column(BaseModel):
    """One column of the data contract."""

    name: str
    kind: Kind
    label: str
    help: str
    group: str
    levels: list[str] = Field(description="As data write them.")
    labels: dict[str, str] = Field(description="How people read a level, where data write it in another way.")
    minimum: int | float | None
    maximum: int | float | None
    nullable: bool
    feature: bool = Field(description="Whether the model sees it.")
    required: bool = Field(description="Whether a file must have it.")
    optional: bool = Field(description="Whether a request may leave it out.")

    @classmethod
    def of(cls, column: contract.Column) -> Self:
        return cls(**vars(column), optional=optional(column))


class Limits(BaseModel):
    candidates: int = Field(description="Candidates in one request.")
    bytes: int = Field(description="Bytes of one request's body.")


class Contract(BaseModel):
    """What the data must look like: all that a form needs."""

    version: str
    columns: list[Column]
    cities: dict[str, float] = Field(description="Each known city with its development index.")
    limits: Limits
    bad_shares: dict[Criticality, float] = Field(description="From this share of bad rows a file is so critical.")


EXAMPLES: dict[type, Any] = {
    Contract: {
        "version": contract.VERSION,
        "columns": [Column.of(contract.BY_NAME["last_new_job"]).model_dump()],
        "cities": dict([next(iter(contract.CITIES.items()))]),
        "limits": {"candidates": MAX_CANDIDATES, "bytes": MAX_BYTES},
        "bad_shares": {"major": contract.MAJOR_SHARE, "critical": contract.CRITICAL_SHARE},
    },
}
