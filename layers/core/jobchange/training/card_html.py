"""The model card as a page for people: one self-contained HTML file, with no script in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Template

from jobchange import contract
from jobchange.documents.templates import template
from jobchange.registry.artifact import SCORE_BINS, TrainedModel

METRICS: Mapping[str, tuple[str, str]] = {
    "roc_auc": ("ROC-AUC", "how often a candidate who is looking is ranked above one who isn't; 0.5 is chance"),
    "pr_auc": (
        "PR-AUC",
        "how many of the highest-ranked candidates are looking; chance is the share of those looking",
    ),
    "log_loss": ("Log loss", "the price of wrong probabilities, above all of confident ones; lower is better"),
    "brier": ("Brier score", "the mean squared error of the probabilities; lower is better"),
    "ece": (
        "Calibration error",
        "by how much probabilities differ from observed shares, on average, without what chance adds; lower is better",
    ),
    "f1": ("F1 at the threshold", "precision and recall in one"),
    "balanced_accuracy": ("Balanced accuracy at the threshold", "the mean of the two outcomes' hit rates"),
}
GATES: Mapping[str, str] = {
    "minimum_auc": "Ranks well enough",
    "leak_guard": "Isn't too good to be true",
    "maximum_log_loss": "Knows more than the overall rate",
    "maximum_calibration_error": "Calibrated",
    "no_group_ranked_worse": "Ranks every group",
    "no_group_miscalibrated": "Calibrated in every group",
    "onnx_parity": "Was exported unchanged",
    "not_worse_than_champion": "Isn't worse than the champion",
}
VERDICTS: Mapping[str | None, str] = {
    "below_four_fifths": "below four fifths",
    "at_least_four_fifths": "at least four fifths",
    "too_few_to_say": "too few to say",
    None: "compared with",
}

FEWEST_CALLED = 30
"""Of fewer candidates called, the precision is mostly chance, and isn't drawn."""

_SCORES = [f"{low / SCORE_BINS:.0%} to {(low + 1) / SCORE_BINS:.0%}" for low in range(SCORE_BINS)]


def with_page(trained: TrainedModel) -> TrainedModel:
    """The model with its card as a page, which names its version."""
    return replace(trained, page=render(trained).encode())


def render(trained: TrainedModel) -> str:
    """The page, under 200 KB."""
    card, profile = trained.card, trained.profile
    return _template().render(
        version=trained.version,
        trained_at=f"{datetime.fromisoformat(card['trained_at']):%d %B %Y, %H:%M} UTC".lstrip("0"),
        passed=trained.status == "PASSED",
        card=card,
        metrics=[
            (*labels, card["intervals"][name], [fold[name] for fold in card["metrics_by_fold"]])
            for name, labels in METRICS.items()
        ],
        gates=[(GATES[gate["gate"]], gate) for gate in trained.gates],
        points=(points := _points(card["operating_points"])),
        chosen=[each for each in points if each.called and round(100 * each.threshold) in range(10, 100, 10)],
        fewest=FEWEST_CALLED,
        importances=_importances(card["importances"]),
        slices=[
            (contract.BY_NAME[name], list(each)) for name, each in groupby(card["slices"], lambda each: each["column"])
        ],
        impacts=[
            (
                contract.BY_NAME[each["column"]],
                list(zip(each["called"], each["above_median"], strict=True)),
                each["unknown"],
            )
            for each in card["impact"]
        ],
        verdicts=VERDICTS,
        features=[column.label for column in contract.FEATURES],
        scores=_bars(_SCORES, profile["scores"]),
        baseline=[
            (contract.BY_NAME[name].label, _bars(contract.BY_NAME[name].bins, counts))
            for name, counts in profile["histograms"].items()
        ],
    )


@dataclass(frozen=True)
class _Bar:
    """A bin's name, its percentage of the rows, and that relative to the fullest bin (0 to 100)."""

    name: str
    percentage: float
    width: float


def _bars(names: Sequence[str], counts: list[int]) -> list[_Bar]:
    return [
        _Bar(name, 100 * count / sum(counts), 100 * count / max(counts))
        for name, count in zip(names, counts, strict=True)
    ]


@dataclass(frozen=True)
class _Point:
    """What a threshold would do: how many candidates are `called`, the share of them that is looking (None if nobody
    is called), and the shares of those looking and of the others that are called."""

    threshold: float
    called: int
    precision: float | None
    true_positive_rate: float
    false_positive_rate: float


def _points(found: dict[str, Any]) -> list[_Point]:
    looking, others = found["looking"], found["rows"] - found["looking"]
    return [
        _Point(threshold, called, right / called if called else None, right / looking, (called - right) / others)
        for threshold, called, right in zip(found["thresholds"], found["called"], found["right"], strict=True)
    ]


def _importances(found: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any], float]]:
    """Each feature's label, its importance, and that relative to the largest (0 to 100)."""
    largest = max(each["mean"] for each in found)
    return [
        (contract.BY_NAME[each["feature"]].label, each, 100 * max(each["mean"], 0) / largest if largest > 0 else 0)
        for each in found
    ]


@cache
def _template() -> Template:
    return template(
        Path(__file__).with_name("card.html.j2"),
        percent="{:.0%}".format,
        percent1="{:.1%}".format,
        figure="{:z.3f}".format,
        ratio="{:.2f}".format,
    )
