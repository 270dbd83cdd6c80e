"""Files of candidates to drop, and what becomes of them, all in memory."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from jobchange import contract
from jobchange.contract import Issue
from jobchange.quality.findings import Findings
from jobchange.quality.identifiers import IsWanted
from jobchange.quality.validate import validate

HEADER = ",".join(contract.NAMES)

CANDIDATE = {
    "enrollee_id": "1",
    "city": "city_103",
    "city_development_index": "0.92",
    "gender": "Male",
    "relevent_experience": "Has relevent experience",
    "enrolled_university": "no_enrollment",
    "education_level": "Graduate",
    "major_discipline": "STEM",
    "experience": ">20",
    "company_size": "",
    "company_type": "",
    "last_new_job": "1",
    "training_hours": "36",
    "target": "1",
}


def row(number: int, **cells: str) -> str:
    """The line of a good candidate, but for the cells given."""
    return ",".join({**CANDIDATE, "enrollee_id": str(number), **cells}.values())


def file(*rows: str, header: str = HEADER, newline: str = "\n") -> bytes:
    """A file of a header and rows."""
    return "".join(line + newline for line in (header, *rows)).encode()


@dataclass
class Dropped:
    """What the validation of a file gave."""

    parts: list[bytes] = field(default_factory=list)
    bad_file: bytes = b""
    runs: list[bytes] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def part(self, index: int, body: bytes) -> None:
        assert index == len(self.parts)
        self.parts.append(body)

    def bad(self, body: bytes) -> None:
        assert body
        self.bad_file += body

    def index(self, number: int, body: bytes) -> None:
        assert number == len(self.runs)
        self.runs.append(body)

    @property
    def good_rows(self) -> list[dict[str, str]]:
        return [each for part in self.parts for each in _rows(part.decode())]

    @property
    def bad_rows(self) -> list[dict[str, str]]:
        return _rows(self.bad_file.decode("utf-8-sig"))

    @property
    def issues(self) -> dict[tuple[Issue, str | None], int]:
        """How many rows have each issue, by column."""
        return {(finding.type, finding.column): finding.rows for finding in self.findings.findings}

    @property
    def outputs(self) -> tuple[list[bytes], bytes, Findings]:
        return self.parts, self.bad_file, self.findings


def drop(
    data: bytes,
    *,
    name: str = "candidates.csv",
    chunk_bytes: int = 1 << 20,
    part_rows: int = 100_000,
    is_erased: IsWanted | None = None,
) -> Dropped:
    """Validate a file's bytes."""
    dropped = Dropped()
    dropped.findings = validate(
        io.BytesIO(data),
        name=name,
        file_id="f1",
        outputs=dropped,
        chunk_bytes=chunk_bytes,
        part_rows=part_rows,
        is_erased=is_erased,
    )
    return dropped


csv.field_size_limit(1 << 27)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def numbers(rows: Iterable[dict[str, str]]) -> list[int]:
    """The numbers of some rows in the file they were dropped in."""
    return [int(each["_row"]) for each in rows]
