"""`make impact FILE=x.scored.csv CATEGORIES=y.csv`: selection rates, scoring rates and impact ratios of a scored file.

They are what New York City's Local Law 144 asks for: by sex, by each category, and by sex and category together.

CATEGORIES is a CSV file with an enrollee_id and one column for each category, such as race_ethnicity. It is joined in
memory, and nothing of it is kept. Without it, there is the table by sex.
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from infra import CommandError
from infra.commands import parser, reading
from infra.commands.answer import aligned
from jobchange import contract
from jobchange.statistics.impact import Impact, Selected, impacts

Row = Mapping[str, str]

SEX = contract.PROTECTED
_NEEDED = (contract.IDENTIFIER, SEX, "probability", "will_change")
_HEADER = ("candidates", "selected", "rate", "impact ratio", "", "above median", "rate", "impact ratio", "")


def main(argv: Sequence[str] | None = None) -> None:
    command = parser("impact", __doc__)
    command.add_argument("file", type=Path, help="a scored file, as make drop writes it")
    command.add_argument("--categories", type=Path, help="a CSV file with an enrollee_id and each category")
    options = command.parse_args(argv)
    scored = _rows(options.file, _NEEDED)
    known = _rows(options.categories, (contract.IDENTIFIER,)) if options.categories else []
    print("\n\n".join(tables(scored, known)))
    print(
        "\nIn brackets: the range that holds the true ratio 19 times out of 20. This isn't a bias audit in the sense of"
        "\nthe law: somebody independent has to make that."
    )


def tables(scored: Sequence[Row], known: Sequence[Row]) -> Iterator[str]:
    """The tables of scored candidates whose categories may be known, each with a title. Raises CommandError where a
    candidate is in the categories twice."""
    if not scored:
        raise CommandError("there is no candidate in the scored file")
    categories = {_number(row): row for row in known}
    if len(categories) < len(known):
        raise CommandError("a candidate is in the categories twice: there has to be one row for each")
    names = [name for name in known[0] if name != contract.IDENTIFIER] if known else []
    yield _table("By sex", scored, lambda row: row[SEX])
    for name in names:

        def category(row: Row, name: str = name) -> str:
            return categories.get(_number(row), {}).get(name, "")

        def both(row: Row, category: Callable[[Row], str] = category) -> str:
            return f"{row[SEX]}, {category(row)}" if row[SEX] and category(row) else ""

        yield _table(f"By {name}", scored, category)
        yield _table(f"By sex and {name}", scored, both)


def _table(title: str, scored: Sequence[Row], group_of: Callable[[Row], str]) -> str:
    middle = median(float(row["probability"]) for row in scored)
    rows, called, above = Counter[str](), Counter[str](), Counter[str]()
    for row in scored:
        group = group_of(row)
        rows[group] += 1
        called[group] += row["will_change"] == "true"
        above[group] += float(row["probability"]) > middle
    unknown = rows.pop("", 0)
    selected, scoring = (
        impacts({group: Selected(rows[group], count[group]) for group in sorted(rows)}) for count in (called, above)
    )
    lines = [
        (one.group, f"{one.rows:,}", *_cells(one), *_cells(other)) for one, other in zip(selected, scoring, strict=True)
    ]
    left_out = f"\n{unknown:,} candidates for whom this isn't known are left out." if unknown else ""
    return f"{title}\n\n{aligned([('', *_HEADER), *lines])}{left_out}"


def _cells(impact: Impact) -> tuple[str, str, str, str]:
    ratio, verdict = impact.ratio, (impact.verdict or "compared with").replace("_", " ")
    shown = f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})" if ratio else "1"
    return f"{impact.selected:,}", f"{impact.rate.value:.1%}", shown, verdict


def _rows(path: Path, needed: Sequence[str]) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            print(reading(path), file=sys.stderr)
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(f"{path} has no column {', '.join(missing)}")
            return list(reader)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
        raise CommandError(
            f"{path} can't be read: {reason}. Give a scored file, as make drop writes it: make impact FILE=x.scored.csv"
        ) from None


def _number(row: Row) -> int:
    try:
        return int(row[contract.IDENTIFIER])
    except ValueError:
        raise CommandError(f"{row[contract.IDENTIFIER]!r} isn't a candidate's number") from None


if __name__ == "__main__":
    main()
