"""The identifiers of records."""

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.reading.dictionary import Codes, ValueDictionary, plain_numbers
from jobchange.reading.header import Layout
from jobchange.reading.records import Positions, Records

Identifiers = NDArray[np.int64]


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
