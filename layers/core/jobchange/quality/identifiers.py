"""Whose rows these are: identifiers read from records, and the index by which a candidate's rows are found again.

The index of a file is a few runs, each an array of little-endian unsigned 64-bit words in ascending order: the
identifier in the upper 32 bits, then one bit that is set for a row in the bad file, then the row's number as dropped in
the lower 31. A run is made of some half a million rows as they come, so that no more of them need be in memory; a
candidate is found in each by bisection.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.quality.decode import text_of
from jobchange.quality.dictionary import Codes, ValueDictionary, plain_numbers
from jobchange.quality.header import Layout
from jobchange.quality.records import Mask, Positions, Records

Identifiers = NDArray[np.int64]
Words = NDArray[np.uint64]

RUN_ROWS = 1 << 19
"""Rows after which a run of the index is complete."""
WORD_BYTES = 8
_WORD = np.dtype("<u8")
_ID_SHIFT, _BAD = np.uint64(32), np.uint64(1 << 31)
_ROW = np.uint64((1 << 31) - 1)
_READABLE = re.compile(r"\+?0*([1-9][0-9]{0,9})(?:\.0*)?")


def read(records: Records, layout: Layout, dictionary: ValueDictionary) -> tuple[Identifiers, Positions, Codes]:
    """The identifiers of the records that could be split (k), 0 where unreadable; which of them aren't written plainly,
    and the codes that the identifiers' `dictionary` has for those."""
    position = layout.positions[contract.IDENTIFIER]
    starts, lengths = records.starts[position], records.lengths[position]
    identifiers, plain = plain_numbers(dictionary.column, records.data, starts, lengths)
    rest = np.flatnonzero(~plain)
    codes = dictionary.codes(records.data, starts[rest], lengths[rest]) if len(rest) else np.empty(0, np.int64)
    if len(rest):
        identifiers[rest] = np.nan_to_num(dictionary.values[codes]).astype(np.int64)
    return identifiers, rest, codes


def candidate_rows(records: Records, identifiers: Identifiers, layout: Layout) -> tuple[Identifiers, Positions]:
    """Pairs of an identifier and the index of a record that may be that candidate's.

    Nearly every record has one: `identifiers` are those, as `read` gives them. A record with a damaged identifier may
    belong to every candidate whose number can be seen in it. A malformed one belongs to the candidate whose number is
    in the identifier's place; without a number there, to every candidate whose number is one of its fields. Nobody else
    can claim these rows, so a row too many is better than a row too few.
    """
    readable = np.flatnonzero(identifiers)
    found, at = identifiers[readable], records.whole[readable]
    if len(readable) == len(records):
        return found, at
    loose: list[tuple[int, int]] = []
    position = layout.positions[contract.IDENTIFIER]
    for place in np.flatnonzero(identifiers == 0).tolist():
        start = records.starts[position, place]
        cell = text_of(records.data[start : start + records.lengths[position, place]][:_MAX_TEXT])
        loose += [(number, int(records.whole[place])) for number in _seen(cell)]
    malformed = np.ones(len(records), np.bool_)
    malformed[records.whole] = False
    for record in np.flatnonzero(malformed).tolist():
        loose += [(number, record) for number in _of(record, records, layout)]
    if not loose:
        return found, at
    more = np.array(loose, np.int64)
    return np.concatenate([found, more[:, 0]]), np.concatenate([at, more[:, 1]])


def _seen(cell: str) -> set[int]:
    """The numbers that can be seen in a damaged cell: of all its digits together, and of each run of digits."""
    runs = re.findall("[0-9]+", cell)
    numbers = {_number(run) for run in (*runs, "".join(runs))}
    return {number for number in numbers if number}


def _of(record: int, records: Records, layout: Layout) -> set[int]:
    text = text_of(records.data[records.begins[record] : records.ends[record]][:_MAX_TEXT])
    fields = [field.strip(" \t\"'") for field in re.split(f"[{re.escape(layout.separator)}\r\n]", text)]
    numbers = [_number(field) for field in fields]
    position = layout.positions[contract.IDENTIFIER]
    if position < len(numbers) and numbers[position]:
        return {numbers[position]}
    return {number for number in numbers if number}


_MAX_TEXT = 1 << 16
"""Bytes of a malformed line in which identifiers are looked for."""


def _number(field: str) -> int:
    match = _READABLE.fullmatch(field)
    number = int(match[1]) if match else 0
    return number if number <= contract.BY_NAME[contract.IDENTIFIER].interval[1] else 0


class Index:
    """Collects the rows of one file and hands over each run, by its number and body, when it is complete."""

    def __init__(self, hand_over: Callable[[int, bytes], None]) -> None:
        self._hand_over = hand_over
        self._words: list[Words] = []
        self._rows = self._runs = 0

    def add(self, identifiers: Identifiers, records: Positions, bad: Mask, first_row: int) -> None:
        """Note pairs as `candidate_rows` returns them; `bad` marks the bad records. The first record is row
        `first_row`."""
        words = identifiers.astype(np.uint64) << _ID_SHIFT
        words |= (records + first_row).astype(np.uint64)
        words[bad[records]] |= _BAD
        self._words.append(words)
        self._rows += len(words)
        if self._rows >= RUN_ROWS:
            self._complete()

    def close(self) -> None:
        """Hand over what is left."""
        if self._rows:
            self._complete()

    def _complete(self) -> None:
        words = np.concatenate(self._words)
        self._words, self._rows = [], 0
        words.sort()
        self._hand_over(self._runs, words.astype(_WORD, copy=False).tobytes())
        self._runs += 1


@dataclass(frozen=True)
class Rows:
    """Rows of one file, by their numbers as dropped."""

    good: tuple[int, ...]
    bad: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.good or self.bad)


BLOCK_WORDS = 4096
"""Words of a run that are read at once."""


def lookup(identifier: int, size: int, fetch: Callable[[int, int], bytes]) -> Rows:
    """The rows of one candidate in a run of `size` bytes; `fetch` gives so many bytes from an offset on."""
    total = size // WORD_BYTES
    words = np.concatenate([np.empty(0, np.uint64), *_words(identifier, total, fetch)])
    mine = words[(words >> _ID_SHIFT) == identifier]
    numbers, bad = (mine & _ROW).tolist(), (mine & _BAD) > 0
    return Rows(
        tuple(row for row, is_bad in zip(numbers, bad, strict=True) if not is_bad),
        tuple(row for row, is_bad in zip(numbers, bad, strict=True) if is_bad),
    )


def remove(identifier: int, run: bytes) -> bytes:
    """A run without one candidate."""
    words = np.frombuffer(run, _WORD)
    others: Words = words[(words >> _ID_SHIFT) != identifier]
    return others.tobytes()


def _words(identifier: int, total: int, fetch: Callable[[int, int], bytes]) -> Iterator[Words]:
    """Blocks of words among which are all of one candidate."""
    low, high = 0, -(-total // BLOCK_WORDS)
    blocks: dict[int, Words] = {}

    def block(number: int) -> Words:
        if number not in blocks:
            words = min(BLOCK_WORDS, total - number * BLOCK_WORDS)
            body = fetch(number * BLOCK_WORDS * WORD_BYTES, words * WORD_BYTES)
            blocks[number] = np.frombuffer(body, _WORD).astype(np.uint64)
        return blocks[number]

    while low < high:
        middle = (low + high) // 2
        if int(block(middle)[-1] >> _ID_SHIFT) < identifier:
            low = middle + 1
        else:
            high = middle
    while low * BLOCK_WORDS < total and int(block(low)[0] >> _ID_SHIFT) <= identifier:
        yield block(low)
        low += 1
