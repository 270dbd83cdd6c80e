"""What a file and a candidate may hold: columns, issues, how values are read and encoded.

May use no other room.

The declaration imports nothing but the standard library, so that every function can afford it.
"""

from jobchange.contract.column import MISSING_BIN, Column, Kind
from jobchange.contract.columns import (
    BY_NAME,
    CITIES,
    CITY_INDEX_TOLERANCE,
    COLUMNS,
    FEATURES,
    GROUPED,
    IDENTIFIER,
    LABEL,
    MISSING_SPELLINGS,
    NAMES,
    PROTECTED,
    STORED,
    VERSION,
    fingerprint,
)
from jobchange.contract.issues import CRITICAL_SHARE, MAJOR_SHARE, Criticality, Issue, Severity, criticality
from jobchange.contract.reader import DecimalMark, Reading, read

__all__ = [
    "BY_NAME",
    "CITIES",
    "CITY_INDEX_TOLERANCE",
    "COLUMNS",
    "CRITICAL_SHARE",
    "FEATURES",
    "GROUPED",
    "IDENTIFIER",
    "LABEL",
    "MAJOR_SHARE",
    "MISSING_BIN",
    "MISSING_SPELLINGS",
    "NAMES",
    "PROTECTED",
    "STORED",
    "VERSION",
    "Column",
    "Criticality",
    "DecimalMark",
    "Issue",
    "Kind",
    "Reading",
    "Severity",
    "criticality",
    "fingerprint",
    "read",
]
