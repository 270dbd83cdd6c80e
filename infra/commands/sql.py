"""`make sql QUERY='select …'`: ask about every row of every scored file.

On this machine DuckDB answers, over a copy of the lake; for TARGET=aws it is Athena. The same SQL works on both, if it
keeps to what both know. There is one table, scored. Candidates who were scored by the API or on the page, and not by a
file, aren't in it.
"""

import argparse
import sys
from collections.abc import Sequence

from infra.build.scored_columns import ALL, VIEW
from infra.commands import athena, local_sql
from infra.commands.answer import as_table, write_csv
from infra.commands.query import question
from infra.stacks import current
from infra.stacks.aws import AwsStack


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    query = question(options.query)
    engine = athena if current.stack().target == AwsStack.target else local_sql
    with engine.asked(query) as answer:
        if options.format == "csv":
            write_csv(answer, sys.stdout)
        else:
            print(as_table(answer))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    columns = "\n".join(f"  {name:<24}{type_}" for name, type_ in ALL.items())
    parser = argparse.ArgumentParser(
        prog="make sql",
        description=__doc__,
        epilog=f"The columns of {VIEW}:\n{columns}\n\nQuestions that people ask are in docs/sql.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("query", nargs="?", default="", metavar="QUERY", help="begins with select, or with")
    parser.add_argument("--format", choices=("table", "csv"), default="table", help="csv prints all rows, for a file")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
