"""How often each gate refuses a good model, and how often a bad one, by the number of rows.

Candidates are drawn again and again from many whose out-of-fold probabilities are known; a bad model is made of them by
what is done to outcomes or probabilities.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.training import gates, slices
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import cross_validate
from jobchange.training.export import export
from jobchange.training.fit import fit, probabilities
from jobchange.training.gates import EvaluatedModel
from jobchange.training.incumbent import Incumbent
from jobchange.training.slices import Groups

REFUSALS = 0.05
"""The most that a gate may refuse of good models."""
PLANTED = 5
STOPPED, STOPPED_FROM = 0.95, 19_000
"""How many of the bad ones it stops at least, and from how many rows on."""


@dataclass(frozen=True)
class Sample:
    """Candidates with their outcomes, what a model and an equally good champion say of them, and their groups."""

    target: NDArray[np.int8]
    ours: NDArray[np.float64]
    theirs: NDArray[np.float64]
    groups: Groups

    def drawn(self, rows: int, random: np.random.Generator) -> "Sample":
        """So many of these candidates, with replacement."""
        taken = random.integers(len(self.target), size=rows)
        groups = {name: members[taken] for name, members in self.groups.items()}
        return Sample(self.target[taken], self.ours[taken], self.theirs[taken], groups)


Change = Callable[[Sample, np.random.Generator], tuple[NDArray[np.int8], NDArray[np.float64]]]
"""The outcomes and probabilities of a bad model."""


def _log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(probability / (1 - probability))


def _probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-log_odds))


def _shuffled(sample: Sample, random: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    return random.permutation(sample.target), sample.ours


def _leaked(sample: Sample, _: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    return sample.target, _probability(_log_odds(sample.ours) + 0.9 * (sample.target - sample.ours))


def _overconfident(sample: Sample, _: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    return sample.target, _probability(1.5 * _log_odds(sample.ours))


def _noise_in_a_group(sample: Sample, random: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    members = sample.groups["education_level", contract.BY_NAME["education_level"].bins[1]]
    target = sample.target.copy()
    target[members] = random.permutation(target[members])
    return target, sample.ours


def _misjudged_group(sample: Sample, _: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    women = sample.groups["gender", contract.BY_NAME["gender"].bins[0]]
    return sample.target, np.where(women, _probability(_log_odds(sample.ours) - 1), sample.ours)


def _worse(sample: Sample, random: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """An AUC that is about 0.02 lower."""
    noise = random.normal(0, 0.7, len(sample.ours))
    return sample.target, _probability(_log_odds(sample.ours) + noise)


FAILURES: Mapping[str, tuple[str, Change]] = {
    "minimum_auc": ("outcomes shuffled", _shuffled),
    "leak_guard": ("outcome leaked", _leaked),
    "maximum_log_loss": ("outcomes shuffled", _shuffled),
    "maximum_calibration_error": ("log odds × 1.5", _overconfident),
    "no_group_ranked_worse": ("noise in High School", _noise_in_a_group),
    "no_group_miscalibrated": ("women's log odds − 1", _misjudged_group),
    "not_worse_than_champion": ("AUC 0.02 lower", _worse),
}
"""What each gate is there to stop. An altered ONNX file is stopped for certain, at any number of rows."""


@dataclass(frozen=True)
class Rates:
    """For one number of rows and each gate, the share of good models that it refuses and of bad ones that it stops."""

    rows: int
    refused: Mapping[str, float]
    stopped: Mapping[str, float]


@dataclass(frozen=True)
class Simulation:
    """Candidates that are good to draw from, and a model of them."""

    all: Sample
    model: EvaluatedModel

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """With a champion that differs by its seed only."""
        ours, theirs = (cross_validate(dataset.features, dataset.target, seed, lambda _: None) for seed in (1, 2))
        fitted, rows = fit(dataset.features, dataset.target, 1), dataset.features[:50]
        model = EvaluatedModel(export(fitted), rows, probabilities(fitted, rows), ours, [])
        return cls(Sample(dataset.target, ours.probabilities, theirs.probabilities, slices.groups(dataset)), model)

    def rates(self, rows: int, trials: int, seed: int = 1) -> Rates:
        """From so many models of so many rows; in each fifth one, every failure is planted."""
        random = np.random.default_rng(seed)
        refused, stopped = dict.fromkeys(FAILURES, 0), dict.fromkeys(FAILURES, 0)
        for trial in range(trials):
            sample = self.all.drawn(rows, random)
            for name in self.refusing(sample, sample.target, sample.ours):
                refused[name] += 1
            if trial % PLANTED:
                continue
            for change in dict.fromkeys(change for _, change in FAILURES.values()):
                found = self.refusing(sample, *change(sample, random))
                for name, (_, meant) in FAILURES.items():
                    stopped[name] += meant is change and name in found
        planted = len(range(0, trials, PLANTED))
        return Rates(
            rows,
            {name: count / trials for name, count in refused.items()},
            {name: count / planted for name, count in stopped.items()},
        )

    def refusing(self, sample: Sample, target: NDArray[np.int8], predicted: NDArray[np.float64]) -> set[str]:
        """The gates that refuse a model that says this of a sample."""
        evaluation = replace(self.model.evaluation, probabilities=predicted)
        groups = slices.measure(sample.groups, target, predicted, evaluation.threshold)
        model = replace(self.model, evaluation=evaluation, slices=groups)
        dataset = Dataset({contract.LABEL: list(map(str, target.tolist()))}, 0, {}, "")
        champion = _Champion("champion", b"", np.empty(0), sample.theirs)
        return {each["gate"] for each in gates.check(model, dataset, champion) if not each["passed"]}


@dataclass(frozen=True)
class _Champion(Incumbent):
    """One that is known to say this of all rows."""

    known: NDArray[np.float64]

    def probabilities(self, dataset: Dataset) -> NDArray[np.float64]:
        assert len(dataset) == len(self.known)
        return self.known


def broken(rates: Rates, trials: int) -> list[str]:
    """The gates that refuse more good models, or stop fewer bad ones, than promised, and more than chance explains."""
    margin = 2 * (REFUSALS * (1 - REFUSALS) / trials) ** 0.5
    return [
        name
        for name in FAILURES
        if rates.refused[name] > REFUSALS + margin
        or (rates.rows >= STOPPED_FROM and rates.stopped[name] < STOPPED - margin)
    ]


def table(found: Sequence[Rates]) -> str:
    """Each gate's refusals of good models, and of those that it is there to stop, by rows."""
    head = f"{'gate':<27}{'planted failure':<22}" + "".join(f"{each.rows:>16,}" for each in found)
    lines = [head, " " * 49 + "good / bad stopped".rjust(16 * len(found))]
    for name, (failure, _) in FAILURES.items():
        shares = (f"{each.refused[name]:.1%} / {each.stopped[name]:.0%}" for each in found)
        lines.append(f"{name:<27}{failure:<22}" + "".join(f"{each:>16}" for each in shares))
    return "\n".join(lines)


def refused_when_trained(dataset_of_rows: Callable[[int], Dataset], trials: int) -> Mapping[str, float]:
    """The share of models refused by each gate that were really trained on few rows: unlike those above, they are as
    good as so few rows allow."""
    counts: dict[str, int] = {}
    for seed in range(trials):
        dataset = dataset_of_rows(seed)
        evaluation = cross_validate(dataset.features, dataset.target, seed, lambda _: None)
        model = fit(dataset.features, dataset.target, seed)
        rows = dataset.features[:50]
        groups = slices.slices(dataset, evaluation)
        newcomer = EvaluatedModel(export(model), rows, probabilities(model, rows), evaluation, groups)
        for gate in gates.check(newcomer, dataset, None):
            counts[gate["gate"]] = counts.get(gate["gate"], 0) + (not gate["passed"])
    return {name: count / trials for name, count in counts.items()}
