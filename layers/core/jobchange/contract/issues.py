"""Every way in which a file or row can break the contract, and how bad a file is as a whole."""

from collections.abc import Collection
from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """What an issue does: `fatal` rejects the file, `error` sends the row to bad/, `warning` only says so."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"


class Issue(StrEnum):
    """One way to break the contract: its code, its severity, a heading, a sentence on what is wrong, and advice."""

    severity: Severity
    heading: str
    sentence: str
    advice: str

    def __new__(cls, code: str, severity: Severity, heading: str, sentence: str, advice: str) -> Self:
        issue = str.__new__(cls, code)
        issue._value_ = code
        issue.severity, issue.heading, issue.sentence, issue.advice = severity, heading, sentence, advice
        return issue

    @classmethod
    def of(cls, code: str) -> Self:
        """The issue with a code. Raises ValueError."""
        if code.upper() not in cls.__members__:
            raise ValueError(f"There is no issue {code!r}.")
        return cls[code.upper()]

    UNREADABLE = (
        "unreadable",
        Severity.FATAL,
        "Unreadable file",
        "The file isn't comma-separated text.",
        "Open the original in your spreadsheet, choose Save as, CSV UTF-8, and drop that file.",
    )
    ENCODING = (
        "encoding",
        Severity.FATAL,
        "Unknown encoding",
        "The file's text isn't in an encoding that can be read safely.",
        "Save the file again as CSV UTF-8 and drop it once more.",
    )
    EMPTY = (
        "empty",
        Severity.FATAL,
        "Empty file",
        "The file holds no rows.",
        "Check that the export finished, and drop the full file.",
    )
    MISSING_COLUMN = (
        "missing_column",
        Severity.FATAL,
        "Missing column",
        "A column that the contract requires isn't in the header.",
        "Add the column, under exactly this name, and drop the file again.",
    )
    DUPLICATE_FILE = (
        "duplicate_file",
        Severity.FATAL,
        "Duplicate file",
        "The same content has been ingested before under another name or upload.",
        "Nothing to do: its rows are in already.",
    )
    MALFORMED_ROW = (
        "malformed_row",
        Severity.ERROR,
        "Malformed row",
        "The line doesn't have as many fields as the header.",
        "Look for a missing or extra comma, or for an unclosed quotation mark.",
    )
    NOT_A_CANDIDATE = (
        "not_a_candidate",
        Severity.ERROR,
        "Not a candidate",
        "The line repeats the header, or is a line of totals.",
        "Nothing to correct: leave the line out next time.",
    )
    MISSING_VALUE = (
        "missing_value",
        Severity.ERROR,
        "Missing value",
        "A required value is empty.",
        "Enter it.",
    )
    WRONG_TYPE = (
        "wrong_type",
        Severity.ERROR,
        "Wrong type",
        "The value isn't a number of the required kind.",
        "Write a plain number, without units or thousands separators.",
    )
    OUT_OF_RANGE = (
        "out_of_range",
        Severity.ERROR,
        "Out of range",
        "The number is outside the range that is possible for this column.",
        "Check the number against its source.",
    )
    UNKNOWN_CATEGORY = (
        "unknown_category",
        Severity.ERROR,
        "Unknown category",
        "The value is not valid for this column.",
        "Choose one of the known levels, spelled exactly the same.",
    )
    DUPLICATE_ID = (
        "duplicate_id",
        Severity.ERROR,
        "Duplicate candidate",
        "The same candidate number appears in an earlier row of this file.",
        "Keep one row for each candidate; the first one counts.",
    )
    UNEXPECTED_COLUMN = (
        "unexpected_column",
        Severity.WARNING,
        "Unexpected column",
        "The file has a column that the contract doesn't know. It was ignored.",
        "Leave it out next time, or ask for it to be added to the contract.",
    )
    INCONSISTENT = (
        "inconsistent",
        Severity.WARNING,
        "Inconsistent values",
        "The development index isn't the one known for this city. It was used as given.",
        "Check which of the two is right.",
    )
    SHORT_ROW = (
        "short_row",
        Severity.WARNING,
        "Short row",
        "The line ends before the header does. Its last values were taken for empty.",
        "Nothing to do, if they are.",
    )
    REPAIRED_VALUE = (
        "repaired_value",
        Severity.WARNING,
        "Repaired value",
        "A misspelling, or an invisible character, was read as the value that was meant.",
        "Correct it at the source when you can.",
    )
    HEADER_REPAIRED = (
        "header_repaired",
        Severity.WARNING,
        "Repaired header",
        "The header was recognised, though its names are spelled differently or there are lines above it.",
        "Begin the file with the header, and write each name exactly as the contract does.",
    )
    EMPTY_COLUMN = (
        "empty_column",
        Severity.WARNING,
        "Empty column",
        "A column is nearly always empty, but wasn't in the model's training.",
        "Check that the export holds the column; if it does, ask where it is filled.",
    )
    CONSTANT_COLUMN = (
        "constant_column",
        Severity.WARNING,
        "Constant column",
        "A column nearly always has the same value, but didn't in the model's training.",
        "Check that the export took the column from the right place.",
    )
    DRIFTED_COLUMN = (
        "drifted_column",
        Severity.WARNING,
        "Drifted column",
        "A column's values are distributed differently than in the model's training: certainly, and by much.",
        "Check where the candidates come from. If they will stay like this, train the model again.",
    )


OF_COLUMNS = (Issue.EMPTY_COLUMN, Issue.CONSTANT_COLUMN, Issue.DRIFTED_COLUMN)
"""What a column can be as a whole, beside the model's training: each makes a file `minor` at least. No row is bad."""

OF_VALUES = (Issue.MISSING_VALUE, Issue.WRONG_TYPE, Issue.OUT_OF_RANGE, Issue.UNKNOWN_CATEGORY)
"""What a value can be wrong in by itself; corrected by what its column takes."""


class Criticality(StrEnum):
    """How bad a file is, as a whole."""

    OK = "ok"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


NEARLY = 0.95
"""From this share of rows a drifted column is nearly always empty, or says nearly always the same."""

MAJOR_SHARE = 0.05
"""From this share of bad rows a file is `major`; below it, with any bad row, `minor`."""
CRITICAL_SHARE = 0.25
"""From this share of bad rows a file is `critical`; so is every file that is rejected, except a mere duplicate."""


def criticality(*, total: int, bad: int, fatal: Issue | None, issues: Collection[Issue] = ()) -> Criticality:
    """The criticality of a file with `total` rows of which `bad` were refused, or that was rejected for `fatal`, and
    that has these issues. Rows of erased candidates are neither."""
    if fatal is not None:
        return Criticality.MINOR if fatal is Issue.DUPLICATE_FILE else Criticality.CRITICAL
    share = bad / total if total else 0.0
    if share >= CRITICAL_SHARE:
        return Criticality.CRITICAL
    if share >= MAJOR_SHARE:
        return Criticality.MAJOR
    return Criticality.MINOR if bad or {*issues} & {*OF_COLUMNS} else Criticality.OK
