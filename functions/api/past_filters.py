"""Which past predictions are asked for: those of a time, of a file, of a person, or of one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from fastapi import Depends, Query

from jobchange import contract
from jobchange.monitoring import traffic
from jobchange.monitoring.window import Window
from jobchange.store import files, prediction_keys, prediction_listings, predictions, scoring_state
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey, Source
from jobchange.store.predictions import Prediction
from params import End, Start
from problem import invalid

_NUMBER = contract.BY_NAME[contract.IDENTIFIER]


class Wanted(Protocol):
    """Some past predictions."""

    def page(self, limit: int, cursor: str | None) -> tuple[list[Prediction], str | None]:
        """At most `limit` of them, and the cursor of the next page. Raises NotFound, and BadRequest for a cursor of
        another query."""

    def count(self) -> int:
        """About how many there are."""


@dataclass(frozen=True)
class OfTime:
    start: str | None
    end: str | None
    sources: Sequence[Source]

    def page(self, limit: int, cursor: str | None) -> tuple[list[Prediction], str | None]:
        return prediction_listings.list_newest(
            start=self.start, end=self.end, sources=self.sources, limit=limit, cursor=cursor
        )

    def count(self) -> int:
        """By the counters, which follow the predictions."""
        return traffic.volume(Window(*prediction_listings.period(self.start, self.end)), self.sources)


@dataclass(frozen=True)
class OfFile:
    file_id: str

    def page(self, limit: int, cursor: str | None) -> tuple[list[Prediction], str | None]:
        claimed_at = scoring_state.get(self.file_id).claimed_at
        return prediction_listings.list_of_file(self.file_id, claimed_at, limit=limit, cursor=cursor)

    def count(self) -> int:
        return files.summary(self.file_id).scored


@dataclass(frozen=True)
class OfCandidate:
    enrollee_id: int

    def page(self, limit: int, cursor: str | None) -> tuple[list[Prediction], str | None]:
        return prediction_listings.list_of_candidate(self.enrollee_id, limit=limit, cursor=cursor)

    def count(self) -> int:
        return prediction_listings.count_of_candidate(self.enrollee_id)


@dataclass(frozen=True)
class OfRequest:
    key: PredictionKey
    """Of any of them."""

    def page(self, limit: int, cursor: str | None) -> tuple[list[Prediction], str | None]:
        return prediction_listings.list_of_request(self.key, limit=limit, cursor=cursor)

    def count(self) -> int:
        return prediction_listings.count_of_request(self.key)


async def _wanted(
    start: Start = None,
    end: End = None,
    source: Literal["all", Source] = "all",
    file_id: Annotated[
        str | None, Query(max_length=64, description="Of this file only, in the order of its rows.")
    ] = None,
    enrollee_id: Annotated[
        int | None,
        Query(ge=_NUMBER.minimum, le=_NUMBER.maximum, description="Of this candidate only, of all times."),
    ] = None,
    made_with: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Of the request, or of the file, that the prediction with this id was made for, in its order.",
        ),
    ] = None,
) -> Wanted:
    of: dict[str, Wanted] = {}
    if file_id is not None:
        of["file_id"] = OfFile(file_id)
    if enrollee_id is not None:
        of["enrollee_id"] = OfCandidate(enrollee_id)
    if made_with is not None:
        key = predictions.key_of(made_with)
        of["made_with"] = OfFile(key.origin) if key.source == SCHEDULED else OfRequest(key)
    if of:
        (name, wanted), *others = of.items()
        if others or start or end or source != "all":
            raise invalid(name, "It says by itself which predictions are meant: send no other filter with it.")
        return wanted
    if start and end and start >= end:
        raise invalid("start", "The start must be before the end.")
    return OfTime(start, end, prediction_keys.SOURCES if source == "all" else (source,))


Filtered = Annotated[Wanted, Depends(_wanted)]
