"""The ranking of a file: made of the scored parts that the workers wrote, in bounded memory, and safe to repeat."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from jobchange.aws import retries
from jobchange.aws.telemetry import logger
from jobchange.errors import NotFound
from jobchange.store import lake, scored_files, scoring_state, suppression_list
from jobchange.store.lake_layout import ranking_key
from jobchange.store.scored_files import CSV, IN_ORDER, NUMBERS, RANKED
from jobchange.store.scoring_state import ScoringJob
from jobchange.store.suppression_list import Suppressed

CHUNK_ROWS = 3_000_000
"""Rows put in order at once, some 600 MB; a larger file is read once for each chunk."""
ROWS_A_SECOND = 50_000
"""With a margin: what one function ranks."""
_PIECE_ROWS = 50_000
_AHEAD = 4
"""Parts fetched before they are needed."""
_HEADER = ",".join((scored_files.RANK, *scored_files.COLUMNS)).encode() + b"\n"


class Changed(Exception):
    """A part was written again while it was being read."""


def rank(work: ScoringJob) -> None:
    """Write the scored file as a whole: by probability, the greatest first and then by row; and in the order of its
    rows. All rows have their rank.

    Nobody is in it who was erased before it was written: if the list of erased candidates changes meanwhile, it is
    written again, and what was there before is deleted.
    """
    for _ in retries.attempts():
        suppressed = suppression_list.load()
        try:
            will_change = _rank(work, suppressed)
        except (Changed, NotFound):
            continue
        if suppression_list.load().generation == suppressed.generation:
            lake.purge(ranking_key(work.file_id, ""))
            if will_change is not None:
                scoring_state.record_calls(work.file_id, will_change)
            logger.info("ranked", file_id=work.file_id, will_change=will_change)
            return
    raise TimeoutError("The parts of the file keep changing.")


def _rank(work: ScoringJob, suppressed: Suppressed) -> int | None:
    """Write the ranking; returns how many of its candidates are predicted to change job. None, and nothing written,
    where the parts were withdrawn."""
    keys = scored_files.parts(work.file_id, work.day)
    if not keys:
        return None
    places, numbers, sizes, will_change = _places(keys, suppressed)
    with (
        lake.uploading(ranking_key(work.file_id, IN_ORDER), content_type=CSV) as in_order,
        lake.uploading(ranking_key(work.file_id, RANKED), content_type=CSV) as ranked,
    ):
        in_order.write(_HEADER)
        ranked.write(_HEADER)
        # Once more than nothing, so that a file of nobody has its header.
        for low in range(0, max(len(places), 1), CHUNK_ROWS):
            chunk = [b""] * min(CHUNK_ROWS, len(places) - low)
            for start, lines in _parts(keys, sizes, suppressed):
                here = places[start : start + len(lines)]
                if low == 0:
                    in_order.write(_ranked(here.tolist(), lines))
                inside = np.flatnonzero((here >= low) & (here < low + len(chunk)))
                for index, place in zip(inside.tolist(), (here[inside] - low).tolist(), strict=True):
                    chunk[place] = lines[index]
            for begin in range(0, len(chunk), _PIECE_ROWS):
                piece = chunk[begin : begin + _PIECE_ROWS]
                ranked.write(_ranked(range(low + begin, low + begin + len(piece)), piece))
    # Last: who finds it finds the others.
    lake.put(ranking_key(work.file_id, NUMBERS), numbers, content_type="application/octet-stream")
    return will_change


def _places(keys: Sequence[str], suppressed: Suppressed) -> tuple[NDArray[np.int32], bytes, list[int], int]:
    """The place of each row in the ranking, the rows' numbers in its order, how many rows each part has, and how many
    of all reach the threshold."""
    rows: list[NDArray[np.uint32]] = []
    probabilities: list[NDArray[np.float64]] = []
    will_change = 0
    for lines in _kept(keys, suppressed):
        rows.append(np.array([scored_files.row_of(line) for line in lines], np.uint32))
        verdicts = [line.rsplit(b",", 3)[1:3] for line in lines]
        probabilities.append(np.array([float(probability) for probability, _ in verdicts]))
        will_change += sum(verdict == b"true" for _, verdict in verdicts)
    # Stable, so that equals stay in the order of their rows.
    order = np.argsort(-np.concatenate(probabilities), kind="stable").astype(np.int32)
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    numbers = np.concatenate(rows)[order].astype(scored_files.NUMBER).tobytes()
    return places, numbers, [len(each) for each in rows], will_change


def _parts(keys: Sequence[str], sizes: Sequence[int], suppressed: Suppressed) -> Iterator[tuple[int, list[bytes]]]:
    """The lines of each part, and where in the file they begin. Raises Changed."""
    start = 0
    for lines, size in zip(_kept(keys, suppressed), sizes, strict=True):
        if len(lines) != size:
            raise Changed
        yield start, lines
        start += size


def _kept(keys: Sequence[str], suppressed: Suppressed) -> Iterator[list[bytes]]:
    """The lines of each part but those of erased candidates. Some parts are fetched ahead."""
    with ThreadPoolExecutor(_AHEAD) as readers:
        fetched: deque[Future[list[bytes]]] = deque()
        waiting = iter(keys)
        while True:
            fetched.extend(
                readers.submit(scored_files.read_part, key) for key in islice(waiting, _AHEAD - len(fetched))
            )
            if not fetched:
                return
            yield _without_erased(fetched.popleft().result(), suppressed)


def _without_erased(lines: list[bytes], suppressed: Suppressed) -> list[bytes]:
    if not suppressed or not lines:
        return lines
    erased = suppressed.among(np.array([int(line.split(b",", 2)[1]) for line in lines], np.int64))
    return [line for line, is_erased in zip(lines, erased.tolist(), strict=True) if not is_erased]


def _ranked(places: Sequence[int], lines: Sequence[bytes]) -> bytes:
    return b"".join([b"%d,%s\n" % (place + 1, line) for place, line in zip(places, lines, strict=True)])
