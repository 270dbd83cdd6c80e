"""The fault injector: damages a clean file of candidates in every way the contract knows, and says what it did.

    python data/corrupt.py --input data/hr_data_sample.csv --output build/bad.csv --all 0.10 --manifest build/bad.json
    python data/corrupt.py --input data/hr_data_sample.csv --output build/bad.csv --issue out_of_range=0.02

The rate of a row's issue is the share of rows that get it, and no row gets two; the rate of a file's issue is the
probability that the file gets it. A fatal issue comes alone, for nothing else could be found beside it. What is
injected is that issue and no other, and all other rows keep their bytes; blank lines are left out.
"""

import argparse
import codecs
import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from jobchange import contract
from jobchange.contract import Column, Issue, Kind, Severity


@dataclass(frozen=True)
class Injected:
    """An issue, the number of its row (from 1, without the header; None: it is the file's) and its column if any."""

    row: int | None
    issue: Issue
    column: str | None


@dataclass(frozen=True)
class Corrupted:
    """The damaged file and what is wrong with it: the rows' issues in order, then the file's."""

    data: bytes
    injected: tuple[Injected, ...]


@dataclass(frozen=True)
class Row:
    """A row to damage. `earlier` are the candidate numbers of the undamaged rows before it."""

    number: int
    cells: Mapping[str, str]
    earlier: Sequence[str]


Lines = list[bytes]
"""A file as its header and its records, each with its line end."""
RowInjector = Callable[[Random, Row], tuple[str, str | None]]
"""Gives the row's new line, without its end, and the column that was damaged."""
FileInjector = Callable[[Random, Lines], tuple[Lines, str | None]]
"""Gives the file's new content and the column that was damaged."""


def corrupt(data: bytes, rates: Mapping[Issue, float], seed: int) -> Corrupted:
    """A damaged copy of `data`, a clean file in UTF-8 with commas; the same arguments give the same bytes.

    Raises ValueError with a sentence for the user when `data` isn't such a file, a rate isn't from 0 to 1, or those of
    the rows' issues add up to more than 1.
    """
    if not all(0 <= rate <= 1 for rate in rates.values()):
        raise ValueError("A rate must be from 0 to 1.")
    if sum(rates.get(issue, 0) for issue in ROW_INJECTORS) > 1 + 1e-9:
        raise ValueError("The rates of the rows' issues add up to more than 1, but no row gets two.")
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    lines, records = _read(data)
    injected: list[Injected] = []
    drawn = [issue for issue in FILE_INJECTORS if random.random() < rates.get(issue, 0)]
    fatal = [issue for issue in drawn if issue.severity is Severity.FATAL]
    if fatal:
        drawn = [random.choice(fatal)]
    else:
        injected += _damage_rows(random, lines, records, _plan(random, rates, len(lines) - 1))
    for issue in drawn:
        lines, column = FILE_INJECTORS[issue](random, lines)
        injected.append(Injected(None, issue, column))
    return Corrupted(b"".join(lines), tuple(injected))


def _read(data: bytes) -> tuple[Lines, list[list[str]]]:
    """The lines of a clean file, and the cells in each of them."""
    try:
        source = list(io.StringIO(data.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError:
        raise ValueError("The input isn't UTF-8 text.") from None
    reader, start = csv.reader(source), 0
    lines, records = [], []
    for cells in reader:
        if cells:
            lines.append("".join(source[start : reader.line_num]).encode())
            records.append(cells)
        start = reader.line_num
    if not records or not {column.name for column in contract.COLUMNS if column.required} <= set(records[0]):
        raise ValueError("The input doesn't begin with a header that names the contract's columns.")
    for number, cells in enumerate(records):
        if len(cells) != len(records[0]):
            raise ValueError(f"The input isn't clean: row {number} doesn't have as many fields as the header.")
    return lines, records


def _plan(random: Random, rates: Mapping[Issue, float], rows: int) -> dict[int, Issue]:
    """Which rows get which issue. The first stays undamaged where ids are to be repeated, so that there is one."""
    issues = [issue for issue in ROW_INJECTORS for _ in range(round(rates.get(issue, 0) * rows))]
    candidates = range(2 if Issue.DUPLICATE_ID in issues else 1, rows + 1)
    count = min(len(issues), len(candidates))
    return dict(zip(random.sample(candidates, count), random.sample(issues, count), strict=True))


def _damage_rows(
    random: Random, lines: Lines, records: Sequence[Sequence[str]], plan: Mapping[int, Issue]
) -> Iterator[Injected]:
    header = records[0]
    earlier: list[str] = []
    for number, cells in enumerate(records[1:], 1):
        row = Row(number, dict(zip(header, cells, strict=True)), earlier)
        if issue := plan.get(number):
            text, column = ROW_INJECTORS[issue](random, row)
            lines[number] = text.encode() + _end(lines[number])
            yield Injected(number, issue, column)
        else:
            earlier.append(row.cells[contract.IDENTIFIER])


def _end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def _line(cells: Iterable[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\r\n') else cell for cell in cells)


def _with(row: Row, column: str, text: str) -> tuple[str, str]:
    return _line({**row.cells, column: text}.values()), column


def _one(random: Random, row: Row, suitable: Callable[[Column], object]) -> Column:
    return random.choice([column for column in contract.COLUMNS if column.name in row.cells and suitable(column)])


def _malformed_row(random: Random, row: Row) -> tuple[str, None]:
    cells = list(row.cells.values())
    match random.choice(("too few", "too many", "unclosed")):
        case "too few":
            # A row without its last, optional value is a short one.
            place = random.randrange(1, list(row.cells).index("training_hours") + 1)
            del cells[place : place + random.randint(1, 3)]
        case "too many":
            place = random.randrange(1, len(cells))
            cells[place:place] = random.choices(("x", "1", "see mail"), k=random.randint(1, 3))
        case _:
            # Opened here; what closes it, if anything, is rows away.
            place = random.randrange(len(cells))
            return ",".join([*cells[:place], '"' + cells[place], *cells[place + 1 :]]), None
    return _line(cells), None


def _not_a_candidate(random: Random, row: Row) -> tuple[str, None]:
    totals = {**dict.fromkeys(row.cells, ""), contract.IDENTIFIER: random.choice(("Total", "TOTAL", "Sum:", "Gesamt"))}
    texts = (_line(row.cells), _line(row.cells).upper(), _line({**totals, "training_hours": "4711"}.values()))
    return random.choice((*texts, f"Total: {row.number} rows")), None


def _short_row(random: Random, row: Row) -> tuple[str, None]:  # noqa: ARG001 - as all injectors
    """The last, optional value is left out; with hours of 1, another value could be the one that isn't there."""
    cells = {name: cell for name, cell in row.cells.items() if name != contract.LABEL}
    return _line({**cells, "training_hours": "36"}.values()), None


def _missing_value(random: Random, row: Row) -> tuple[str, str]:
    column = _one(random, row, lambda column: not column.nullable)
    return _with(row, column.name, random.choice(sorted(contract.MISSING_SPELLINGS)))


def _wrong_type(random: Random, row: Row) -> tuple[str, str]:
    column = _one(random, row, lambda column: column.numeric)
    cell = row.cells[column.name]
    return _with(row, column.name, random.choice(("unknown", "a lot", "?", "1.2.3", "4O", f"~{cell}", f"{cell} h")))


def _out_of_range(random: Random, row: Row) -> tuple[str, str]:
    column = _one(random, row, lambda column: column.numeric)
    step = row.number if column.name == contract.IDENTIFIER else random.randint(1, 9)  # ids stay unique
    sign, limit = random.choice([(-1, column.minimum), (1, column.maximum)])
    assert limit is not None, "numeric columns of the contract have both limits"  # noqa: S101
    value = limit + sign * step / 10 if column.kind is Kind.NUMBER else int(limit) + sign * step
    return _with(row, column.name, str(value))


def _unknown_category(random: Random, row: Row) -> tuple[str, str]:
    column = _one(random, row, lambda column: column.levels)
    level = random.choice(column.levels)
    texts = ("Unknown", "=1+1", f"{level}?", level[::-1], level.swapcase())
    unknown = [text for text in texts if contract.read(column, text).issue is Issue.UNKNOWN_CATEGORY]
    return _with(row, column.name, random.choice(unknown))


def _duplicate_id(random: Random, row: Row) -> tuple[str, str]:
    return _with(row, contract.IDENTIFIER, random.choice(row.earlier))


def _inconsistent(random: Random, row: Row) -> tuple[str, str]:
    known = contract.CITIES[row.cells["city"]]
    others = [index for index in contract.CITIES.values() if abs(index - known) > 2 * contract.CITY_INDEX_TOLERANCE]
    return _with(row, "city_development_index", str(random.choice(others)))


def _repaired_value(random: Random, row: Row) -> tuple[str, str]:
    column = _one(random, row, lambda column: column.levels and row.cells[column.name])
    level = row.cells[column.name]
    place = random.randrange(1, len(level) + 1)
    unseen = random.choice("\u200b\ufeff\u00ad\0")
    spellings = [f"{level[:place]}{unseen}{level[place:]}", f'="{level}"']
    spellings += [f"{level}.0", f"{level},0"] if level.isdigit() else []
    spellings += random.sample([text for text, meant in column.repairs.items() if meant == level] or spellings, 1)
    return _with(row, column.name, random.choice(spellings))


def _unreadable(random: Random, lines: Lines) -> tuple[Lines, None]:
    content = b"".join(lines)
    packed = gzip.compress(content, mtime=0)
    files = (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + content,
        # The header and the first bytes of an old Excel workbook.
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\x09\x08\x10\0\0\6\5\0",
        b"<!DOCTYPE html>\n<html><body><p>Please sign in.</p></body></html>\n",
        _zip({"candidates.csv": content}),
        _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"}),
        packed[: len(packed) // 2],
    )
    return [random.choice(files)], None


def _zip(members: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return archive.getvalue()


def _encoding(random: Random, lines: Lines) -> tuple[Lines, None]:
    text = b"".join(lines).decode()
    broken_off = codecs.BOM_UTF16_LE + text.encode("utf-16-le")[:-1]  # within a character
    return [random.choice((broken_off, codecs.BOM_UTF32_LE + text.encode("utf-32-le")))], None


def _empty(random: Random, lines: Lines) -> tuple[Lines, None]:
    return random.choice(([], lines[:1])), None


def _missing_column(random: Random, lines: Lines) -> tuple[Lines, str]:
    name = random.choice([column.name for column in contract.COLUMNS if column.required])
    records = list(csv.reader(io.StringIO(b"".join(lines).decode(), newline="")))
    place = records[0].index(name)
    remaining = [_line(cells[:place] + cells[place + 1 :]).encode() for cells in records]
    return [line + _end(old) for line, old in zip(remaining, lines, strict=True)], name


def _duplicate_file(random: Random, lines: Lines) -> tuple[Lines, None]:  # noqa: ARG001 - as all injectors
    """The same content: dropped under another name it is a duplicate."""
    return lines, None


def _unexpected_column(random: Random, lines: Lines) -> tuple[Lines, str]:
    name = random.choice(("favourite_colour", "notes", "Unnamed: 0"))
    cells = [name, *["x"] * (len(lines) - 1)]
    return [
        line.rstrip(b"\r\n") + f",{cell}".encode() + _end(line) for line, cell in zip(lines, cells, strict=True)
    ], name


def _empty_column(random: Random, lines: Lines) -> tuple[Lines, str]:
    return _rewritten(random, lines, lambda _: "")


def _constant_column(random: Random, lines: Lines) -> tuple[Lines, str]:
    return _rewritten(random, lines, lambda column: column.levels[0])


def _drifted_column(random: Random, lines: Lines) -> tuple[Lines, str]:
    """Only the last two levels are left."""
    return _rewritten(random, lines, lambda column: random.choice(column.levels[-2:]))


def _rewritten(random: Random, lines: Lines, value: Callable[[Column], str]) -> tuple[Lines, str]:
    """The lines with other values in one of the columns that may be empty. Found only beside a model's training."""
    column = random.choice([column for column in contract.FEATURES if column.nullable])
    records = list(csv.reader(io.StringIO(b"".join(lines).decode(), newline="")))
    place = records[0].index(column.name)
    for cells in records[1:]:
        cells[place] = value(column)
    rewritten = [_line(cells).encode() + _end(old) for cells, old in zip(records, lines, strict=True)]
    return rewritten, column.name


def _header_repaired(random: Random, lines: Lines) -> tuple[Lines, str | None]:
    if random.random() < 1 / 3:
        return [b"Candidates of the spring courses" + _end(lines[0]), _end(lines[0]), *lines], None
    column = random.choice([column for column in contract.COLUMNS if column.required])
    name = column.name
    written = random.choice((name.upper(), f" {name} ", name.title(), f"\ufeff{name}", *column.aliases))
    header = next(csv.reader([lines[0].decode()]))
    header[header.index(name)] = written
    return [_line(header).encode() + _end(lines[0]), *lines[1:]], name


ROW_INJECTORS: Mapping[Issue, RowInjector] = {
    Issue.MALFORMED_ROW: _malformed_row,
    Issue.NOT_A_CANDIDATE: _not_a_candidate,
    Issue.MISSING_VALUE: _missing_value,
    Issue.WRONG_TYPE: _wrong_type,
    Issue.OUT_OF_RANGE: _out_of_range,
    Issue.UNKNOWN_CATEGORY: _unknown_category,
    Issue.DUPLICATE_ID: _duplicate_id,
    Issue.INCONSISTENT: _inconsistent,
    Issue.SHORT_ROW: _short_row,
    Issue.REPAIRED_VALUE: _repaired_value,
}
FILE_INJECTORS: Mapping[Issue, FileInjector] = {
    Issue.UNREADABLE: _unreadable,
    Issue.ENCODING: _encoding,
    Issue.EMPTY: _empty,
    Issue.MISSING_COLUMN: _missing_column,
    Issue.DUPLICATE_FILE: _duplicate_file,
    Issue.UNEXPECTED_COLUMN: _unexpected_column,
    Issue.HEADER_REPAIRED: _header_repaired,
    Issue.EMPTY_COLUMN: _empty_column,
    Issue.CONSTANT_COLUMN: _constant_column,
    Issue.DRIFTED_COLUMN: _drifted_column,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Damage a clean file of candidates, and say what was done to it.")
    parser.add_argument("--input", type=Path, required=True, metavar="F", help="the clean file, UTF-8 with commas")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="G", help="the damaged file; replaced if it exists"
    )
    parser.add_argument(
        "--issue", action="append", default=[], metavar="NAME=RATE", help=f"any of: {', '.join(Issue)}; may be repeated"
    )
    parser.add_argument("--all", type=float, metavar="SHARE", help="this share of rows, spread over all row issues")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed does the same (default 0)")
    parser.add_argument("--manifest", type=Path, metavar="M", help="write what was injected to this file, as JSON")
    options = parser.parse_args()
    try:
        rates = dict.fromkeys(ROW_INJECTORS, options.all / len(ROW_INJECTORS)) if options.all is not None else {}
        rates |= dict(_rate(text) for text in options.issue)
        corrupted = corrupt(options.input.read_bytes(), rates, options.seed)
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_bytes(corrupted.data)
        if options.manifest:
            options.manifest.parent.mkdir(parents=True, exist_ok=True)
            options.manifest.write_text(json.dumps([asdict(each) for each in corrupted.injected]), encoding="utf-8")
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")
    counts = Counter(each.issue.value for each in corrupted.injected)
    print(
        f"{options.output}: " + (", ".join(f"{name} x {count}" for name, count in counts.items()) or "nothing injected")
    )


def _rate(text: str) -> tuple[Issue, float]:
    name, _, rate = text.partition("=")
    try:
        return Issue.of(name), float(rate)
    except ValueError:
        raise ValueError(f"--issue {text}: give a known issue and a rate, such as out_of_range=0.02.") from None


if __name__ == "__main__":
    main()
