"""`make sql QUERY='select …'`: ask about every row of every scored file.

DuckDB answers on this machine, from a copy of the scored files; with TARGET=aws, Athena answers. There is one table,
scored. Candidates who were scored only by the API or on the page aren't in it.
"""

import argparse
import sys
from collections.abc import Sequence

from infra.build.scored_columns import ALL, VIEW
from infra.commands import athena, local_sql, parser
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
    command = parser("sql", __doc__)
    command.epilog = f"The columns of {VIEW}:\n{columns}\n\nExamples are in docs/sql.md."
    command.add_argument("query", nargs="?", default="", metavar="QUERY", help="begins with select or with")
    command.add_argument("--format", choices=("table", "csv"), default="table", help="csv prints all rows, for a file")
    return command.parse_args(argv)


if __name__ == "__main__":
    main()
