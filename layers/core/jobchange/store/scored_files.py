"""The scored file: every good row of a dropped file as people know it, with its probability, verdict and model version.

Workers write it in parts, one for each batch, whose bytes follow from the rows, the model and who was erased. When all
are there, three objects are made of them: the file ranked, the file in the order of its rows, and the numbers of its
rows in rank order, by which a page of the ranking is read without reading the ranking.
"""

import gzip
import struct
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from jobchange import contract
from jobchange.store import lake
from jobchange.store.lake_layout import ranking_key, scored_part_key, scored_prefix

ROW = "_row"
COLUMNS = (ROW, *contract.NAMES, "probability", "will_change", "model_version")
"""Those of the good file, then what the model says."""
RANK = "rank"
RANKED, IN_ORDER, NUMBERS = "ranked.csv", "rows.csv", "rows-by-rank.bin"
CSV = "text/csv; charset=utf-8"
_HEADER = ",".join(COLUMNS).encode()
_LEVEL = 6
"""Of gzip: its highest takes twice the time for 3% fewer bytes."""
NUMBER = "<u4"
"""How numpy calls what the rows' numbers are kept as."""
_NUMBER_BYTES = 4


def name(dropped: str) -> str:
    """What the scored file is called where people download it: `x.scored.csv` for `x.csv` or `x.csv.gz`."""
    return f"{stem(dropped)}.scored.csv"


def stem(dropped: str) -> str:
    """What the names of files made of a dropped one begin with: `x` for `x.csv` or `x.csv.gz`."""
    return dropped.removesuffix(".gz").removesuffix(".csv")


def write_part(file_id: str, day: str, first_row: int, lines: Iterable[bytes]) -> None:
    """Write one batch that begins with a row of the good file; `lines` are those of `line`."""
    _put(scored_part_key(day, file_id, first_row), lines)


def line(good: bytes, probability: float, will_change: bool, model_version: str) -> bytes:
    """A line of the good file with what the model says of it."""
    verdict = b"true" if will_change else b"false"
    return b"%s,%s,%s,%s\n" % (good, repr(probability).encode(), verdict, model_version.encode())


def purge_part(file_id: str, day: str, first_row: int) -> None:
    """Delete what earlier attempts wrote of a batch."""
    lake.purge(scored_part_key(day, file_id, first_row))


def parts(file_id: str, day: str) -> list[str]:
    """The keys of a file's parts, in the order of its rows."""
    return list(lake.keys(scored_prefix(day, file_id)))


def read_part(key: str) -> list[bytes]:
    """The lines of a part without their ends. Raises NotFound."""
    return gzip.decompress(lake.get(key)).split(b"\n")[1:-1]


def row_of(line: bytes) -> int:
    """The number of a line's row."""
    return int(line.partition(b",")[0])


def objects_with(file_id: str, day: str, rows: Sequence[int]) -> list[str]:
    """The keys of the objects that hold some rows of a file."""
    ranking = {ranking_key(file_id, RANKED), ranking_key(file_id, IN_ORDER)}
    return [*_holding(parts(file_id, day), rows), *ranking.intersection(lake.keys(ranking_key(file_id, "")))]


def remove_rows(file_id: str, day: str, rows: Sequence[int]) -> int:
    """Delete some rows of a file from its parts, in every version, and what was made of the parts; returns how many
    there were. What is made of them has to be made again."""
    removed = 0
    keys = parts(file_id, day)
    for key in _holding(keys, rows):
        removed += _without(key, set(rows))
    lake.purge(scored_prefix(day, file_id))
    remove_ranking(file_id)
    return removed


def remove(file_id: str, day: str) -> None:
    """Delete everything of a file's scores, in every version."""
    remove_ranking(file_id)
    lake.remove(scored_prefix(day, file_id))


def remove_ranking(file_id: str) -> None:
    """Delete what was made of a file's parts, in every version."""
    lake.abort_uploads(ranking_key(file_id, ""))
    lake.remove(ranking_key(file_id, ""))


def is_ranked(file_id: str) -> bool:
    """Whether all rows of a file can be downloaded and paged through by rank."""
    return lake.exists(ranking_key(file_id, NUMBERS))


def rows_by_rank(file_id: str, position: int, count: int) -> tuple[int, ...]:
    """The numbers of the rows at some positions (from 0) of the ranking. Raises NotFound while there is none."""
    found = lake.read(ranking_key(file_id, NUMBERS), position * _NUMBER_BYTES, count * _NUMBER_BYTES)
    return struct.unpack(f"<{len(found) // _NUMBER_BYTES}I", found)


def _holding(keys: Sequence[str], rows: Sequence[int]) -> Iterator[str]:
    """The parts in which some rows are: a part's key says with which row it begins."""
    firsts = [int(key.rpartition("part-")[2].partition(".")[0]) for key in keys]
    for key, (first, following) in zip(keys, pairwise([*firsts, 2**32]), strict=True):
        if any(first <= row < following for row in rows):
            yield key


def _without(key: str, rows: Container[int]) -> int:
    lines = read_part(key)
    kept = [each + b"\n" for each in lines if row_of(each) not in rows]
    if len(kept) < len(lines):
        _put(key, kept)
    return len(lines) - len(kept)


def _put(key: str, lines: Iterable[bytes]) -> None:
    """Write a part. Of all values only a number between 0 and 1 can begin with a sign, which a spreadsheet would take
    for the beginning of a formula."""
    body = b"".join((_HEADER, b"\n", *lines)).replace(b",+", b",").replace(b",-", b",")
    lake.put(key, gzip.compress(body, _LEVEL, mtime=0), content_type="application/gzip")
