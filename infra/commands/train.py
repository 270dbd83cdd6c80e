"""`make train`: train a model, register it, and make it the champion of the running stack if it passes its gates.

It learns from DATASET, or else from the files under training/ in the lake and the reported outcomes. If there are none,
it learns from generated candidates.
"""

import argparse
from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from data.generate import generate
from infra import CommandError
from infra.commands import parser, reading
from infra.stacks import current
from jobchange.errors import JobChangeError
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import CAPACITY, COST, RuleKind, ThresholdRule
from jobchange.scoring.model import load
from jobchange.store import models, runs
from jobchange.training.dataset import Dataset, LabelledFile, read
from jobchange.training.run import from_lake, run

GENERATED_ROWS, GENERATED_SEED = 19_000, 1


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    if options.first:
        first()
        return
    current.set_environment()
    try:
        dataset = _dataset(options.dataset)
        result = run(lambda: dataset, run_id=runs.new_id(), rule=options.rule, progress=_say)
        if result is None:
            raise CommandError(f"no row can be used for training: {_left_out(dataset)}")
        version, trained = result
        _say(_table(trained))
        _say(_gates(trained))
        # Scoring's own check, before anybody relies on what was registered.
        load(version)
        _say(f"registered {version}")
        if options.promote:
            lifecycle.promote(version, by="make train", force=options.force, reason=options.reason)
            _say(f"{version} is the champion from now on")
    except (JobChangeError, OSError) as error:
        raise CommandError(f"training failed: {error}") from None


def first() -> None:
    """Give a new stack its first champion; one that has a champion keeps it."""
    current.set_environment()
    if version := models.aliases().champion:
        _say(f"\nThe champion is {version}; make train trains another")
    else:
        _say(f"\nTraining the first model on {GENERATED_ROWS:,} generated candidates ...")
        main([])


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    command = parser("train", __doc__)
    command.add_argument("--first", action="store_true", help="only if there is no champion yet")
    command.add_argument("--dataset", type=Path, metavar="F", help="labelled candidates as CSV")
    command.add_argument(
        "--promote", action=argparse.BooleanOptionalAction, default=True, help="make it the champion (default) or not"
    )
    command.add_argument("--force", action="store_true", help="promote it even if it fails its gates; needs --reason")
    command.add_argument("--reason", metavar="TEXT", help="why it is promoted; kept with the model")
    rule = command.add_mutually_exclusive_group()
    rule.add_argument(
        "--missed",
        dest="rule",
        type=_by_cost,
        metavar="N",
        help="the threshold for which a missed candidate is as bad as N false alarms",
    )
    rule.add_argument(
        "--capacity",
        dest="rule",
        type=_by_capacity,
        metavar="SHARE",
        help="the threshold at which this share can be called, such as 0.05 or 50/1000 (default: the champion's rule)",
    )
    options = command.parse_args(argv)
    if options.force and not (options.reason or "").strip():
        command.error("--force needs a --reason")
    return options


def _by_cost(text: str) -> ThresholdRule:
    return _rule(COST, text)


def _by_capacity(text: str) -> ThresholdRule:
    return _rule(CAPACITY, text)


def _rule(kind: RuleKind, text: str) -> ThresholdRule:
    try:
        value = float(Fraction(text))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number, such as 3, 0.05 or 50/1000") from None
    try:
        return ThresholdRule(kind, value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _dataset(path: Path | None) -> Dataset:
    if path:
        if not path.is_file():
            raise CommandError(f"there is no file {path}. Give a labelled one: make train DATASET=labelled.csv")
        source = str(path)
        _say(reading(path))
        with path.open("rb") as file:
            dataset = read([LabelledFile(source, file)])
    else:
        source = "training/ and reported outcomes"
        _say(f"Reading {source} ...")
        dataset = from_lake()
        if not len(dataset) and not any(dataset.left_out.values()):
            source = "generated"
            text = "".join(generate(GENERATED_ROWS, GENERATED_SEED)).encode()
            dataset = read([LabelledFile("generated", BytesIO(text))])
    for each in dataset.files:
        _say(str(each))
    left_out = _left_out(dataset)
    _say(f"{source}: {len(dataset):,} labelled candidates" + (f" (left out: {left_out})" if left_out else ""))
    return dataset


def _left_out(dataset: Dataset) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in dataset.left_out.items() if count)


def _table(trained: TrainedModel) -> str:
    """The metrics over all folds with their 95% intervals, and the lowest and highest of a fold."""
    lines = [f"{'metric':<20}{'all':>9}{'95% interval':>19}{'lowest':>9}{'highest':>9}"]
    for name, interval in trained.card["intervals"].items():
        folds = [fold[name] for fold in trained.card["metrics_by_fold"]]
        between = f"{interval['low']:.4f} - {interval['high']:.4f}"
        lines.append(f"{name:<20}{interval['value']:>9.4f}{between:>19}{min(folds):>9.4f}{max(folds):>9.4f}")
    lines.append(f"{'threshold':<20}{trained.card['threshold']:>9.4f}  {trained.card['threshold_rule']['sentence']}")
    return "\n".join(lines)


def _gates(trained: TrainedModel) -> str:
    """Every gate with its sentence, and what the card warns of."""
    gates = [f"{'passed' if each['passed'] else 'FAILED'}  {each['sentence']}" for each in trained.gates]
    return "\n".join([*gates, *(f"warning {sentence}" for sentence in trained.card["warnings"])])


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
