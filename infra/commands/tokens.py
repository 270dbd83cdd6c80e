"""Issue, list and revoke the tokens of the API's clients. A token is printed once; only its hash is kept."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from infra import CommandError
from infra.commands import parser
from infra.stacks import current
from jobchange.access import tokens
from jobchange.access.tokens import MAX_DAYS, SOURCES, Role
from jobchange.errors import JobChangeError

DAYS = 90
_HEADER = ("client", "role", "source", "issued", "expires")


def main(argv: Sequence[str] | None = None) -> None:
    options = _arguments().parse_args(argv)
    current.set_environment()
    try:
        match options.command:
            case "issue":
                print(tokens.issue(options.name, options.role, options.source, options.days))
            case "list":
                print(_table())
            case "revoke":
                count = tokens.revoke(options.name)
                print(f"{count} token{'s' if count > 1 else ''} of {options.name} revoked. Within a minute none works.")
    except JobChangeError as error:
        raise CommandError(str(error)) from None


def _arguments() -> argparse.ArgumentParser:
    command = parser("tokens", __doc__)
    commands = command.add_subparsers(dest="command", required=True)
    issue = commands.add_parser("issue", help="print a new token, once")
    issue.add_argument("name", help="the client's name; its tokens are revoked together")
    roles = [str(role) for role in Role]
    issue.add_argument("--role", choices=roles, default="user", help="what it may do (default: user)")
    issue.add_argument("--source", choices=SOURCES, default="api", help="source of its predictions (default: api)")
    issue.add_argument("--days", type=int, default=DAYS, help=f"good for 1 to {MAX_DAYS} days (default: {DAYS})")
    commands.add_parser("list", help="show every client that has a token")
    revoke = commands.add_parser("revoke", help="revoke every token of a client")
    revoke.add_argument("name", help="the client's name")
    return command


def _table() -> str:
    rows = [_HEADER]
    for client in tokens.listing():
        expires = "never" if client.expires is None else f"{datetime.fromtimestamp(client.expires, UTC):%Y-%m-%d}"
        rows.append((client.name, client.role, client.source, client.created_at[:10], expires))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


if __name__ == "__main__":
    main()
