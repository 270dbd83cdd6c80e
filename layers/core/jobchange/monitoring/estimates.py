"""How good the model will turn out to be on the candidates of dropped files, before any outcome is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jobchange import contract, times
from jobchange.monitoring import outcomes
from jobchange.monitoring.ingestion import uploaded
from jobchange.monitoring.population import of_newest_version
from jobchange.monitoring.window import DAY, Window
from jobchange.registry import loader
from jobchange.registry.threshold import threshold_at
from jobchange.statistics.performance_estimation import Estimator, Quality
from jobchange.store import prediction_keys, score_histograms, scoring_state
from jobchange.store.files import File
from jobchange.store.outcomes import Outcome

MOST_FILES = 300
"""Files that are estimated each for itself: two milliseconds each."""


@dataclass(frozen=True)
class FileEstimate:
    """The expected quality on the candidates of one file, and the measured one on those whose outcome is known by now
    (None as long as there are none)."""

    file_id: str
    name: str
    uploaded_at: str
    model_version: str
    expected: Quality
    measured: Quality | None


@dataclass(frozen=True)
class DayEstimate:
    """The same of the files uploaded on one day (UTC)."""

    day: str
    model_version: str
    expected: Quality
    measured: Quality | None


@dataclass(frozen=True)
class GroupEstimate:
    """The expected quality on the candidates in one of the contract's bins of a column, over all files of the newest
    version. What a score means is taken from all candidates, so it shows what a group's mix of scores makes of the
    quality, and not that scores mean something else in it: the card's groups show that."""

    column: str
    level: str
    expected: Quality


@dataclass(frozen=True)
class Estimates:
    """By day and by file (the newest 300), oldest first, and by group, in the contract's order. `cut` says that the
    oldest of more than 1,000 files were left out."""

    days: list[DayEstimate]
    files: list[FileEstimate]
    groups: list[GroupEstimate]
    cut: bool


def estimates(window: Window) -> Estimates:
    """The scored files of the whole days (UTC) that a window touches. Where a day's files belong to several versions,
    those of the newest file's count; files whose version has no usable profile are left out."""
    scored, cut = _scored(window)
    known = lru_cache(maxsize=None)(_by_file)
    days = [_of_day(of_day, known) for of_day in _by_day(scored)]
    files = [_of_file(file, known) for file in scored[-MOST_FILES:]]
    return Estimates([each for each in days if each], [each for each in files if each], _by_group(scored), cut)


def newest_day(window: Window) -> DayEstimate | None:
    """The last of a window's days with candidates, without what outcomes say of it."""
    scored, _ = _scored(window)
    return _of_day(_by_day(scored)[-1], lambda _: {}) if scored else None


_Known = Callable[[str], Mapping[str, list[Outcome]]]
"""A version's outcomes by file."""


def _scored(window: Window) -> tuple[list[File], bool]:
    found, cut = uploaded(window.widened(DAY))
    return [each for each in found if each.score_histogram and each.model_version], cut


def _by_day(files: list[File]) -> list[list[File]]:
    return [list(of_day) for _, of_day in groupby(files, key=lambda file: file.uploaded_at[:10])]


def _expected(version: str, histograms: Sequence[Sequence[int]]) -> Quality | None:
    if not loader.usable_profile(version):
        return None
    return _estimate(version, threshold_at(version, times.now()), tuple(score_histograms.total(histograms)))


@lru_cache(maxsize=1_000)
def _estimate(version: str, threshold: float, histogram: tuple[int, ...]) -> Quality | None:
    """Kept in this process: a board asks again and again, and neither a version nor a scored file changes."""
    return _estimator(version, threshold, len(histogram)).estimate(histogram)


@lru_cache(maxsize=8)
def _estimator(version: str, threshold: float, bins: int) -> Estimator:
    return Estimator(outcomes.calibration_of(loader.profile(version)), threshold, bins)


def _of_day(found: list[File], known: _Known) -> DayEstimate | None:
    files = of_newest_version(found)
    version = files[-1].model_version or ""
    expected = _expected(version, [file.score_histogram or [] for file in files])
    if expected is None:
        return None
    measured = [outcome for file in files for outcome in known(version).get(file.file_id, [])]
    return DayEstimate(files[-1].uploaded_at[:10], version, expected, _measured(version, measured))


def _of_file(file: File, known: _Known) -> FileEstimate | None:
    version = file.model_version or ""
    expected = _expected(version, [file.score_histogram or []])
    if expected is None:
        return None
    measured = _measured(version, known(version).get(file.file_id, []))
    return FileEstimate(file.file_id, file.name, file.uploaded_at, version, expected, measured)


def _by_group(scored: list[File]) -> list[GroupEstimate]:
    if not scored:
        return []
    files = of_newest_version(scored)
    groups = score_histograms.total_by_group(scoring_state.group_scores(file.file_id for file in files))
    found = (
        (name, level, _expected(files[-1].model_version or "", [groups[name][level]]))
        for name in contract.GROUPED
        for level in contract.BY_NAME[name].bins
        if level in groups.get(name, {})
    )
    return [GroupEstimate(name, level, expected) for name, level, expected in found if expected]


def _by_file(version: str) -> dict[str, list[Outcome]]:
    files: dict[str, list[Outcome]] = {}
    for outcome in outcomes.known_of(version).counted:
        key = prediction_keys.parse(outcome.prediction_id or "")
        if key.source == prediction_keys.SCHEDULED:
            files.setdefault(key.origin, []).append(outcome)
    return files


def _measured(version: str, known: list[Outcome]) -> Quality | None:
    return outcomes.quality_of(known, threshold_at(version, times.now())) if known else None
