"""Whether the candidates of a day, and their probabilities, are still like those the model was trained on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from jobchange import contract
from jobchange.monitoring.ingestion import uploaded
from jobchange.monitoring.window import DAY, Window
from jobchange.registry import loader
from jobchange.registry.artifact import SCORE_BINS, Profile
from jobchange.statistics.drift import ColumnDrift, Verdict, compare
from jobchange.store.files import File

SCORE = "score"
"""What the probabilities are called among the compared columns."""


@dataclass(frozen=True)
class MissingShare:
    """The share of rows in which a column is empty, that day and in training."""

    column: str
    share: float
    training: float


@dataclass(frozen=True)
class DayDrift:
    """The good rows of one day's files against what their model was trained on; `score` is None until one is scored,
    and `missing` has the columns that may be empty."""

    day: str
    rows: int
    model_version: str
    verdict: Verdict
    columns: list[ColumnDrift]
    score: ColumnDrift | None
    missing: list[MissingShare]


@dataclass(frozen=True)
class DriftByDay:
    """The days with candidates to compare, oldest first. `cut` says that the oldest of more than 1,000 files were left
    out."""

    days: list[DayDrift]
    cut: bool


@dataclass(frozen=True)
class Scores:
    """How the probabilities of a window's files are spread over bins of equal width with these edges, beside those of
    the model's training (out of fold); by the version of the newest scored file."""

    bins: list[float]
    training: list[int] | None
    observed: list[int]
    model_version: str | None
    cut: bool


def drift_by_day(window: Window) -> DriftByDay:
    """The drift of each whole day (UTC) that the window touches, over the files uploaded in it.

    Where a day's files belong to several versions, those of the newest file's count. Days whose version has no usable
    profile are left out.
    """
    found, cut = uploaded(window.widened(DAY))
    compared = [file for file in found if file.histograms and file.model_version]
    days = (_drift_of(day, list(of_day)) for day, of_day in groupby(compared, key=lambda file: file.uploaded_at[:10]))
    return DriftByDay([day for day in days if day is not None], cut)


def scores(window: Window) -> Scores:
    """The histogram of the probabilities of the files uploaded in a window, and the one of training."""
    found, cut = uploaded(window)
    scored = of_newest_version([file for file in found if file.scores])
    version = scored[-1].model_version if scored else None
    profile = loader.usable_profile(version) if version else None
    return Scores(
        bins=[edge / SCORE_BINS for edge in range(SCORE_BINS + 1)],
        training=profile and profile["scores"],
        observed=total(file.scores for file in scored if file.scores) or [0] * SCORE_BINS,
        model_version=version,
        cut=cut,
    )


def of_newest_version(found: list[File]) -> list[File]:
    """Of some files, oldest first, those that the newest one's version scores."""
    return [file for file in found if file.model_version == found[-1].model_version]


def total(histograms: Iterable[Sequence[int]]) -> list[int]:
    """The sum of histograms over the same bins; empty without any."""
    return [sum(counts) for counts in zip(*histograms, strict=True)]


def _drift_of(day: str, found: list[File]) -> DayDrift | None:
    files = of_newest_version(found)
    version = files[-1].model_version
    profile = loader.usable_profile(version) if version else None
    if version is None or profile is None:
        return None
    actual = {name: total(file.histograms[name] for file in files) for name in files[-1].histograms}
    actual[SCORE] = total(file.scores for file in files if file.scores)
    drift = compare(actual, _expected(profile))
    if drift is None:
        return None
    columns = {one.column: one for one in drift.columns}
    score = columns.pop(SCORE, None)
    rows = sum(file.rows.good for file in files)
    missing = [
        MissingShare(name, actual[name][-1] / sum(actual[name]), drift.expected[name][-1] / sum(drift.expected[name]))
        for name in columns
        if contract.BY_NAME[name].nullable
    ]
    return DayDrift(day, rows, version, drift.verdict, list(columns.values()), score, missing)


def _expected(profile: Profile) -> Mapping[str, Sequence[int]]:
    return {**profile["histograms"], SCORE: profile["scores"]}
