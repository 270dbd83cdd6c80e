"""`make train`: train a model on labelled candidates, register it, and make it the champion of the running stack."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from data.generate import generate
from infra import stack
from jobchange import registry
from jobchange.artifact import Trained
from jobchange.errors import JobChangeError
from jobchange.scoring import model as scoring
from jobchange.training.dataset import Dataset, read
from jobchange.training.train import train

GENERATED_ROWS, GENERATED_SEED = 19_000, 1


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.train", description=__doc__)
    parser.add_argument(
        "--dataset", type=Path, metavar="F", help=f"labelled candidates as CSV (default: {GENERATED_ROWS:,} generated)"
    )
    parser.add_argument(
        "--promote", action=argparse.BooleanOptionalAction, default=True, help="make it the champion (default: do)"
    )
    options = parser.parse_args(argv)
    stack.environment()
    try:
        dataset = _dataset(options.dataset)
        trained = train(dataset, progress=_say)
        _say(_table(trained))
        version = registry.register(trained)
        # Scoring's own check, before anybody relies on what was registered.
        scoring.load(version)
        if options.promote:
            registry.promote(version, by="make train")
    except (JobChangeError, OSError, UnicodeDecodeError) as error:
        raise stack.Stopped(f"training failed: {error}") from None
    _say(f"registered {version}" + (", the champion from now on" if options.promote else ""))


def _dataset(path: Path | None) -> Dataset:
    if path is None:
        dataset = read(["".join(generate(GENERATED_ROWS, GENERATED_SEED)).splitlines()])
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            dataset = read([file])
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in dataset.left_out.items() if count)
    source = path or "generated"
    _say(f"{source}: {len(dataset):,} labelled candidates" + (f" (left out: {left_out})" if left_out else ""))
    return dataset


def _table(trained: Trained) -> str:
    """The metrics over all folds, with the lowest and highest of a fold."""
    lines = [f"{'metric':<20}{'all':>9}{'lowest':>9}{'highest':>9}"]
    for name, value in trained.card["metrics"].items():
        folds = [fold[name] for fold in trained.card["metrics_by_fold"]]
        lines.append(f"{name:<20}{value:>9.4f}{min(folds):>9.4f}{max(folds):>9.4f}")
    lines.append(f"{'threshold':<20}{trained.card['threshold']:>9.3f}")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
