"""What a training that began now would learn from."""

from dataclasses import dataclass

from jobchange.registry import threshold
from jobchange.registry.threshold import ThresholdRule
from jobchange.store import lake, outcomes
from jobchange.store.lake_layout import TRAINING

ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx")


@dataclass(frozen=True)
class Preview:
    """The labelled files, by name and bytes; how many candidates have an outcome that counts by now; and the rule for
    the threshold, unless another is declared."""

    files: list[tuple[str, int]]
    outcomes: int
    rule: ThresholdRule


def preview() -> Preview:
    """Reads no file; rows that can't be used are found by the training itself."""
    return Preview(labelled_files(), outcomes.count_labelled(), threshold.of_champion())


def labelled_files() -> list[tuple[str, int]]:
    """Key and size of each file that a training reads."""
    return [(key, size) for key, size in lake.listing(TRAINING) if key.endswith(ENDINGS)]
