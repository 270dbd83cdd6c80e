"""What each text means in its column: every distinct cell is judged once, then known by its bytes.

A file of a million rows has some thousand distinct cells outside its identifiers. A dictionary numbers them, so that
the rest of the validation works on arrays of codes (dictionary encoding, as in Arrow and Parquet).
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobchange.contract import Column, DecimalMark, Issue, Reading, read
from jobchange.contract.bins import bin_of
from jobchange.reading.decode import text_of
from jobchange.reading.records import PADDING, Mask, Positions

Codes = NDArray[np.int64]
Words = NDArray[np.uint64]

ERROR, REPAIRED, REWRITTEN, TRIMMED = 1, 2, 4, 8
"""Bits of `ValueDictionary.flags`: the cell breaks the contract; it was repaired; its canonical text is another one;
its canonical text is only the beginning of it (`1` of `1.0`)."""
NOTED = ERROR | REPAIRED
"""What people are shown."""

ISSUES = tuple(Issue)
"""What the numbers in `ValueDictionary.issues` mean; -1 is no issue."""

MAX_WORDS = 3
"""Words of eight bytes by which a text is found; longer ones are looked up one by one."""

CAPACITY = 10_000
"""Texts that a dictionary remembers from one block to the next."""

_SLOT_BITS = 13
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
_LONGEST = 8 * MAX_WORDS
_KEEP = np.array(
    [[(1 << 8 * min(8, max(0, length - 8 * word))) - 1 for length in range(_LONGEST + 1)] for word in range(MAX_WORDS)],
    np.uint64,
)
"""By word and by the length of a text (at most `_LONGEST`): the bits of its little-endian words that belong to it."""


Judge = Callable[[Column, Sequence[str], DecimalMark], Sequence[Issue | None]]
"""Says of each of some texts of a column which issue it has by itself, if any."""


def reader_alone(column: Column, texts: Sequence[str], mark: DecimalMark) -> list[Issue | None]:
    """The judge that needs no pandas; `schema.judge` is the other one, and both say the same."""
    return [read(column, text, mark).issue for text in texts]


class ValueDictionary:
    """The texts met in one column. A text's code indexes `canonical` (its text in good files; empty if it is bad),
    `issues`, `flags`, `values` (a good number's value, otherwise NaN) and `bins` (of the column's histogram).

    Codes are valid until the next call of `codes`.
    """

    def __init__(self, column: Column, mark: DecimalMark, judge: Judge) -> None:
        self.column = column
        self._mark = mark
        self._judge = judge
        self._reset()

    def codes(self, data: bytes, starts: Positions, lengths: Positions) -> Codes:
        """The codes of some cells of the column, given by their places in `data` (see `Records`)."""
        if len(self.canonical) > CAPACITY:
            self._reset()
        words = _words(data, starts, lengths)
        slots = _slots(words, lengths)
        codes = self._slot_codes[slots]
        known = self._slot_lengths[slots] == lengths
        for word, column in zip(words, self._slot_words, strict=False):
            known &= column[slots] == word
        unknown = np.flatnonzero(~known)
        if len(unknown):
            texts = [
                data[start : start + length]
                for start, length in zip(starts[unknown].tolist(), lengths[unknown].tolist(), strict=True)
            ]
            self._learn([text for text in dict.fromkeys(texts) if text not in self._known])
            codes[unknown] = [self._known[text] for text in texts]
        return codes

    def _reset(self) -> None:
        self._known: dict[bytes, int] = {}
        self.canonical: list[bytes] = []
        self.issues = np.empty(0, np.int8)
        self.flags = np.empty(0, np.uint8)
        self.values = np.empty(0)
        self.bins = np.empty(0, np.int64)
        self._slot_codes = np.full(1 << _SLOT_BITS, -1)
        self._slot_lengths = np.full(1 << _SLOT_BITS, -1)
        self._slot_words = np.zeros((MAX_WORDS, 1 << _SLOT_BITS), np.uint64)
        self._add(_seeds(self.column, self._mark, self._judge))

    def _learn(self, texts: list[bytes]) -> None:
        if texts:
            self._add(_meanings(self.column, texts, self._mark, self._judge))

    def _add(self, meanings: "dict[bytes, _Meaning]") -> None:
        first = len(self.canonical)
        self._known.update(zip(meanings, range(first, first + len(meanings)), strict=True))
        canonical, issues, flags, values, bins = zip(*meanings.values(), strict=True)
        self.canonical += canonical
        self.issues = np.append(self.issues, np.array(issues, np.int8))
        self.flags = np.append(self.flags, np.array(flags, np.uint8))
        self.values = np.append(self.values, values)
        self.bins = np.append(self.bins, bins)
        self._place(list(meanings), first)

    def _place(self, texts: list[bytes], first: int) -> None:
        """Give new texts their slots, where they aren't taken."""
        data = b"".join(texts) + PADDING
        lengths = np.array([len(text) for text in texts])
        words = np.stack(_words(data, np.cumsum(lengths) - lengths, lengths))
        slots = _slots(list(words), lengths)
        free = (self._slot_codes[slots] < 0) & (lengths <= _LONGEST)
        index = np.flatnonzero(free)[::-1]  # of two texts for one slot the first stays, being written last
        self._slot_codes[slots[index]] = first + index
        self._slot_lengths[slots[index]] = lengths[index]
        self._slot_words[: len(words), slots[index]] = words[:, index]


class _Meaning(NamedTuple):
    """What a text means in its column; see `ValueDictionary`."""

    canonical: bytes
    issue: int
    flags: int
    value: float
    bin: int


@lru_cache(maxsize=100)
def _seeds(column: Column, mark: DecimalMark, judge: Judge) -> dict[bytes, _Meaning]:
    """The texts that the contract itself names for a column, and the empty one."""
    texts = {"", *column.levels, *column.repairs}
    return _meanings(column, [text.encode() for text in sorted(texts)], mark, judge)


def _meanings(column: Column, texts: Sequence[bytes], mark: DecimalMark, judge: Judge) -> dict[bytes, _Meaning]:
    cells = [text_of(text) for text in texts]
    readings = [read(column, cell, mark) for cell in cells]
    judged = zip(texts, readings, judge(column, cells, mark), strict=True)
    return {text: _meaning(column, text, reading, issue) for text, reading, issue in judged}


def _meaning(column: Column, text: bytes, reading: Reading, issue: Issue | None) -> _Meaning:
    if issue is not None:
        return _Meaning(b"", ISSUES.index(issue), ERROR, math.nan, 0)
    canonical = reading.text.encode()
    value = float(reading.value) if column.numeric and reading.value is not None else math.nan
    return _Meaning(
        canonical,
        ISSUES.index(Issue.REPAIRED_VALUE) if reading.repaired else -1,
        REPAIRED * reading.repaired | _rewriting(text, canonical),
        value,
        bin_of(column, reading.value),
    )


def _rewriting(text: bytes, canonical: bytes) -> int:
    if text == canonical:
        return 0
    return TRIMMED if canonical and text.startswith(canonical) else REWRITTEN


def _words(data: bytes, starts: Positions, lengths: Positions) -> list[Words]:
    """The first bytes of each cell as little-endian words, zeros after its end; as many words as the longest needs."""
    at = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
    capped = np.minimum(lengths, _LONGEST)
    words: list[Words] = [at[starts] & _KEEP[0][capped]]
    for word in range(1, MAX_WORDS):
        longer = np.flatnonzero(capped > 8 * word)
        if not len(longer):
            break
        if 2 * len(longer) > len(starts):
            words.append(at[starts + 8 * word] & _KEEP[word][capped])
        else:
            # Most cells are shorter: their words are zeros.
            rest = np.zeros(len(starts), np.uint64)
            rest[longer] = at[starts[longer] + 8 * word] & _KEEP[word][capped[longer]]
            words.append(rest)
    return words


def _slots(words: list[Words], lengths: Positions) -> Words:
    """Where in the table each cell belongs. Words of zeros make no difference, so that their number doesn't either."""
    mixed: Words = lengths.astype(np.uint64) * _MIX[-1]
    for word, factor in zip(words, _MIX, strict=False):
        mixed += word * factor
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX[0]
    return mixed >> np.uint64(64 - _SLOT_BITS)


def plain_numbers(column: Column, data: bytes, starts: Positions, lengths: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The numbers in some cells of an integer column that are written canonically and within its range, and which cells
    those are; the others' numbers are 0."""
    words = _words(data, starts, lengths)
    numbers, plain = _eight_digits(words[0], np.minimum(lengths, 8))
    if len(words) > 1:
        more = np.clip(lengths - 8, 0, 8)
        rest, digits = _eight_digits(words[1], more)
        numbers = numbers * _POWERS[more] + rest
        plain &= digits
    plain &= (lengths > 0) & (lengths <= 16) & ((words[0] & np.uint64(0xFF)) != ord("0"))
    minimum, maximum = column.interval
    plain &= (numbers >= minimum) & (numbers <= maximum)
    return np.where(plain, numbers, 0), plain


_POWERS = 10 ** np.arange(9)


def _eight_digits(word: Words, lengths: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The numbers that the first `lengths` (0 to 8) characters of words spell, and whether they are all digits: three
    multiplications add up neighbouring digits, pairs and fours (Lemire, Quickly parsing eight digits, 2018)."""
    spare = 8 - lengths
    text = (word << (8 * spare).astype(np.uint64)) | (_KEEP[0][spare] & np.uint64(0x3030303030303030))
    high, six = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x0606060606060606)
    digits = ((text & high) | (((text + six) & high) >> np.uint64(4))) == 0x3333333333333333
    text = (text & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561) >> np.uint64(8)
    text = (text & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601) >> np.uint64(16)
    text = (text & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001) >> np.uint64(32)
    return text.astype(np.int64), digits
