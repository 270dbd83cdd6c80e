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
from jobchange.contract.reader import visible
from jobchange.reading.decode import text_of
from jobchange.reading.dictionary import ValueDictionary, reader_alone
from jobchange.reading.header import SEPARATORS, Layout
from jobchange.reading.identifiers import read
from jobchange.reading.records import Mask, Positions, Records

Identifiers = NDArray[np.int64]
Words = NDArray[np.uint64]

IsWanted = Callable[[Identifiers], Mask]
"""Which of some identifiers are those of the candidates that are looked for."""

RUN_ROWS = 1 << 19
"""Rows after which a run of the index is complete."""
WORD_BYTES = 8
_WORD = np.dtype("<u8")
_ID_SHIFT, _BAD = np.uint64(32), np.uint64(1 << 31)
_ROW = np.uint64((1 << 31) - 1)
_READABLE = re.compile(r"\+?0*([1-9][0-9]{0,9})(?:\.0*)?")


def candidate_rows(records: Records, identifiers: Identifiers, layout: Layout) -> tuple[Identifiers, Positions]:
    """Pairs of an identifier and the index of a record that may be that candidate's.

    Nearly every record has one: `identifiers` are those, as `read` gives them. A record with a damaged identifier may
    belong to every candidate whose number can be seen in it. A malformed one belongs to the candidate whose number is
    in the identifier's place; without a number there, to every candidate whose number is one of its fields. Nobody else
    can claim these rows, so a row too many is better than a row too few. A record with line breaks also belongs to the
    candidate in whose place a number is in a further line, and a corrected one to whom it had before.
    """
    readable = np.flatnonzero(identifiers)
    found, at = identifiers[readable], records.whole[readable]
    loose = [*_of_damaged(records, identifiers, layout), *_of_further_lines(records, layout)]
    if layout.raw is not None:
        loose += _of_raw(records, identifiers, layout.raw)
    if not loose:
        return found, at
    more = np.array(loose, np.int64)
    return np.concatenate([found, more[:, 0]]), np.concatenate([at, more[:, 1]])


class CandidateFinder:
    """Finds the records of some candidates in the blocks of one file."""

    def __init__(self, layout: Layout, is_wanted: IsWanted) -> None:
        self._layout, self._is_wanted = layout, is_wanted
        self._dictionary = ValueDictionary(contract.BY_NAME[contract.IDENTIFIER], layout.mark, reader_alone)

    def find(self, records: Records) -> list[int]:
        """The indices of the records that may be theirs, ascending."""
        identifiers, _, _ = read(records, self._layout, self._dictionary)
        found, at = candidate_rows(records, identifiers, self._layout)
        indices: list[int] = np.unique(at[self._is_wanted(found)]).tolist()
        return indices


def _of_damaged(records: Records, identifiers: Identifiers, layout: Layout) -> Iterator[tuple[int, int]]:
    position = layout.positions[contract.IDENTIFIER]
    if len(records.whole) < len(records):
        malformed = np.ones(len(records), np.bool_)
        malformed[records.whole] = False
        for record in np.flatnonzero(malformed).tolist():
            text = _text(records, records.begins[record], records.ends[record])
            yield from ((number, record) for number in _of(text, layout.separator, position))
    for place in np.flatnonzero(identifiers == 0).tolist():
        start = records.starts[position, place]
        cell = _text(records, start, start + records.lengths[position, place])
        yield from ((number, int(records.whole[place])) for number in _seen(cell))


def _of_further_lines(records: Records, layout: Layout) -> Iterator[tuple[int, int]]:
    for record in records.longer.tolist():
        text = _text(records, records.begins[record], records.ends[record])
        for line in text.split(layout.newline)[1:]:
            if number := _in_place(_numbers(line, layout.separator), layout.positions[contract.IDENTIFIER]):
                yield number, record


def _of_raw(records: Records, identifiers: Identifiers, position: int) -> Iterator[tuple[int, int]]:
    """The candidates whose number the rows had before they were corrected, if that is another one."""
    starts, ends = records.starts[position], records.starts[position] + records.lengths[position]
    spans = zip(records.whole.tolist(), starts.tolist(), ends.tolist(), identifiers.tolist(), strict=True)
    for record, start, end, identifier in spans:
        text = _text(records, start, end)
        separator = max(SEPARATORS, key=text.count)
        number = _in_place(_numbers(text, separator), 0)
        if number not in (0, identifier):
            yield number, record


def _seen(cell: str) -> set[int]:
    """The numbers that can be seen in a damaged cell: of all its digits together, and of each run of digits."""
    runs = re.findall("[0-9]+", cell)
    numbers = {_number(run) for run in (*runs, "".join(runs))}
    return {number for number in numbers if number}


def _of(text: str, separator: str, position: int) -> set[int]:
    numbers = _numbers(text, separator)
    number = _in_place(numbers, position)
    return {number} if number else {number for number in numbers if number}


def _in_place(numbers: list[int], position: int) -> int:
    return numbers[position] if position < len(numbers) else 0


def _numbers(text: str, separator: str) -> list[int]:
    """The identifiers that the fields of a text could be, 0 where they can't."""
    fields = re.split(f"[{re.escape(separator)}\r\n]", text)
    return [_number(visible(field).strip(" \t\"'")) for field in fields]


def _text(records: Records, begin: int, end: int) -> str:
    return text_of(records.data[begin : min(end, begin + _MAX_TEXT)])


_MAX_TEXT = 1 << 16
"""Bytes of a line or cell in which identifiers are looked for."""


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
