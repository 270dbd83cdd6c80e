"""Splits a CSV file into files of equal size, to be dropped one after another as arriving data would.

    python data/split.py --dataset data/hr_data_sample.csv --output-dir build/raw --num-files 5 --shuffle

Every file gets the header, every row goes to exactly one file with its bytes unchanged, and a record with line breaks
inside quotes stays whole. Blank lines aren't rows and are left out.
"""

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path


def split(dataset: Path, output_dir: Path, num_files: int, shuffle: random.Random | None = None) -> list[Path]:
    """Splits `dataset` into `<stem>_001.csv` and so on, of sizes that differ by one row at most; returns their paths.
    The rows keep their order unless there is a source of randomness to `shuffle` them with.

    Files of the same name are replaced. Raises ValueError with a sentence for the user where the input doesn't fit,
    before any file is written.
    """
    header, *rows = _read(dataset)
    if not 1 <= num_files <= len(rows):
        raise ValueError(f"{dataset} has {len(rows):,} rows: it can be split into 1 to {len(rows):,} files.")
    width = max(3, len(str(num_files)))
    paths = [output_dir / f"{dataset.stem}_{number:0{width}}.csv" for number in range(1, num_files + 1)]
    _make_room(output_dir, dataset.stem, paths)
    if shuffle:
        shuffle.shuffle(rows)
    for number, path in enumerate(paths):
        start, stop = (len(rows) * edge // num_files for edge in (number, number + 1))
        path.write_bytes(header + b"".join(rows[start:stop]))
    return paths


def _read(dataset: Path) -> list[bytes]:
    """The header and the rows, each with its line end."""
    if not dataset.is_file():
        raise ValueError(f"{dataset} isn't a file.")
    data = dataset.read_bytes()
    if b"\0" in data[:1000]:
        raise ValueError(f"{dataset} isn't plain text. Save it as CSV UTF-8, uncompressed.")
    records = [record for record in _records(data.splitlines(keepends=True)) if record.strip()]
    if len(records) < 2:
        raise ValueError(f"{dataset} has no rows to split.")
    line_end = records[0][len(records[0].rstrip(b"\r\n")) :]
    if not records[-1].endswith((b"\r", b"\n")):
        records[-1] += line_end
    return records


def _records(lines: list[bytes]) -> Iterator[bytes]:
    """Lines put together while a quotation mark is open. One that is never closed is taken for a damaged line."""
    pending: list[bytes] = []
    for line in lines:
        is_odd = line.count(b'"') % 2 == 1
        if is_odd == bool(pending):  # opens nothing, or closes what is open
            yield b"".join([*pending, line])
            pending = []
        else:
            pending.append(line)
    yield from pending


def _make_room(output_dir: Path, stem: str, paths: list[Path]) -> None:
    """Makes the directory; refuses one with files of a larger split of this data set, whose rows would stand twice."""
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{output_dir} can't be used as a directory: {error.strerror}.") from error
    ours = re.compile(re.escape(stem) + r"_\d{3,}\.csv")
    if other := sorted({path for path in output_dir.iterdir() if ours.fullmatch(path.name)} - set(paths)):
        raise ValueError(f"{output_dir} holds {other[0].name} of another split. Remove it or choose another directory.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Split a CSV file into files of equal size, each with the header.")
    parser.add_argument("--dataset", type=Path, required=True, metavar="F", help="the CSV file to split")
    parser.add_argument(
        "--output-dir", type=Path, required=True, metavar="D", help="where to write F_001.csv and so on"
    )
    parser.add_argument("--num-files", type=int, required=True, metavar="N", help="how many files to write")
    parser.add_argument("--shuffle", action="store_true", help="put the rows in random order first")
    parser.add_argument("--seed", type=int, metavar="S", help="makes the order of --shuffle repeatable")
    options = parser.parse_args()
    shuffle = random.Random(options.seed) if options.shuffle else None  # noqa: S311 (an order, not a secret)
    try:
        paths = split(options.dataset, options.output_dir, options.num_files, shuffle)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(f"{len(paths):,} files in {options.output_dir}, {paths[0].name} to {paths[-1].name}")


if __name__ == "__main__":
    main()
