"""Labelled candidates, as training reads them."""

from collections.abc import Iterable
from io import BytesIO

from jobchange.training.dataset import Dataset, LabelledFile, read


def labelled_file(lines: Iterable[str], name: str = "training/x.csv") -> LabelledFile:
    """A file of these lines, whose line ends may be left out."""
    return LabelledFile(name, BytesIO("".join(line.rstrip("\n") + "\n" for line in lines).encode()))


def dataset_of(lines: Iterable[str]) -> Dataset:
    """What training reads from a file of these lines."""
    return read([labelled_file(lines)])
