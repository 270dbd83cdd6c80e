"""What a validation found: the one object from which the record, the report and the alert are derived."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from jobchange import contract
from jobchange.contract import Criticality, Issue, Severity

MAX_EXAMPLES = 10
"""Examples kept for each issue and column: the first ones of the file."""
MAX_VALUE = 80
"""Characters of an example's value; a longer one is cut and ends with an ellipsis."""


@dataclass(frozen=True)
class Example:
    """One place where an issue was found: the row's number as dropped (None for the header or the whole file) and the
    value found there (None when it is missing). `meant` is what a repaired value was read as, or what an unknown one
    may have been meant to be."""

    row: int | None
    value: str | None
    meant: str | None = None

    @classmethod
    def of(cls, row: int | None, value: str | None, meant: str | None = None) -> Self:
        """An example with its value cut to `MAX_VALUE` characters."""
        if value is not None and len(value) > MAX_VALUE:
            value = value[: MAX_VALUE - 1] + "…"
        return cls(row, value, meant)


@dataclass(frozen=True)
class Finding:
    """One issue in one column (None: the whole row or file), how many rows have it, and the first of them. An issue of
    the header or of the file itself has 0 rows; the column is named as the contract does, an unexpected one as the file
    does."""

    type: Issue
    column: str | None
    rows: int
    examples: tuple[Example, ...] = ()
    detail: str | None = None
    """A sentence with the figures, where the number of rows isn't all of it."""

    @property
    def severity(self) -> Severity:
        return self.type.severity


@dataclass(frozen=True)
class Part:
    """One part of the good rows: `first_row` and `last_row` are numbers as dropped, `bytes` and `sha256` its body's."""

    index: int
    rows: int
    bytes: int
    sha256: str
    first_row: int
    last_row: int


@dataclass(frozen=True)
class Corrections:
    """The quarantined rows of one earlier file that this file holds, corrected, as good rows.

    `bitmap` holds their numbers there (a Roaring bitmap in base64, see `quarantine.union`), `rows` how many they are.
    """

    file_id: str
    rows: int
    bitmap: str


@dataclass(frozen=True)
class Findings:
    """Everything a validation found.

    `total` = `good` + `bad` + `redacted`. `repaired` counts the good rows with at least one repaired value. `fatal` and
    `reason` (a sentence with exact advice) are set for a rejected file, whose numbers are all 0. `content_sha256` is
    the hash of the unpacked content, so a file and its gzip have the same; empty for a rejected file, which needn't be
    read to its end. `histograms` counts the good rows in the bins of each column that has some (`Column.bins`).
    `redacted` counts the rows left out because their candidate was erased before. `empty_lines` are no rows.
    `duplicate_of` is the earlier file with the same content, if this one was rejected for it.
    """

    total: int = 0
    good: int = 0
    bad: int = 0
    repaired: int = 0
    findings: tuple[Finding, ...] = ()
    fatal: Issue | None = None
    reason: str | None = None
    parts: tuple[Part, ...] = ()
    content_sha256: str = ""
    histograms: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    corrections: tuple[Corrections, ...] = ()
    redacted: int = 0
    empty_lines: int = 0
    duplicate_of: str | None = None

    @property
    def criticality(self) -> Criticality:
        issues = {each.type for each in self.findings}
        return contract.criticality(total=self.good + self.bad, bad=self.bad, fatal=self.fatal, issues=issues)

    @property
    def verdict(self) -> str:
        """What became of the file, in one sentence."""
        if self.fatal is not None:
            return f"This file was rejected: {self.fatal.heading.lower()}."
        if not self.redacted:
            return self._acceptance
        left_out = f"{self.redacted:,} {'row was' if self.redacted == 1 else 'rows were'} left out: erased."
        return f"{self._acceptance} {left_out}" if self.good + self.bad else left_out

    @property
    def _acceptance(self) -> str:
        total = self.good + self.bad
        if not self.bad:
            return f"All {total:,} rows were accepted." if total > 1 else "The one row was accepted."
        if not self.good:
            return f"None of the {total:,} rows could be accepted." if total > 1 else "The one row was refused."
        return f"{self.good:,} of {total:,} rows were accepted; {self.bad:,} {_need(self.bad)} correction."

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: dicts, lists, strings, integers and None."""
        plain: dict[str, Any] = asdict(self)
        for name in ("findings", "parts", "corrections"):
            plain[name] = list(plain[name])
        for finding in plain["findings"]:
            finding["type"] = finding["type"].value
            finding["examples"] = list(finding["examples"])
        plain["fatal"] = self.fatal and self.fatal.value
        plain["histograms"] = {name: list(counts) for name, counts in self.histograms.items()}
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The findings that `to_dict` made `plain` of (whole numbers may be any type that `int` takes)."""
        return cls(
            **{name: int(plain[name]) for name in ("total", "good", "bad", "repaired")},
            findings=tuple(
                Finding(
                    type=Issue.of(finding["type"]),
                    column=finding["column"],
                    rows=int(finding["rows"]),
                    detail=finding.get("detail"),
                    examples=tuple(
                        Example(
                            None if example["row"] is None else int(example["row"]),
                            example["value"],
                            example.get("meant"),
                        )
                        for example in finding["examples"]
                    ),
                )
                for finding in plain["findings"]
            ),
            fatal=None if plain["fatal"] is None else Issue.of(plain["fatal"]),
            reason=plain["reason"],
            parts=tuple(
                Part(
                    index=int(part["index"]),
                    rows=int(part["rows"]),
                    bytes=int(part["bytes"]),
                    sha256=part["sha256"],
                    first_row=int(part["first_row"]),
                    last_row=int(part["last_row"]),
                )
                for part in plain["parts"]
            ),
            content_sha256=plain["content_sha256"],
            histograms={name: tuple(int(count) for count in counts) for name, counts in plain["histograms"].items()},
            corrections=tuple(
                Corrections(one["file_id"], int(one["rows"]), one["bitmap"]) for one in plain["corrections"]
            ),
            redacted=int(plain.get("redacted", 0)),
            empty_lines=int(plain.get("empty_lines", 0)),
            duplicate_of=plain.get("duplicate_of"),
        )


def _need(rows: int) -> str:
    return "needs" if rows == 1 else "need"
