"""`make person ID=7`: print everything that is held about a candidate as one JSON document, to be handed to them."""

import argparse
import json
import sys
from collections.abc import Sequence

from infra import CommandError
from infra.commands import parser
from infra.stacks import current
from jobchange import contract
from jobchange.errors import JobChangeError
from jobchange.privacy import subject_access

_NUMBER = contract.BY_NAME[contract.IDENTIFIER]


def main(argv: Sequence[str] | None = None) -> None:
    command = parser("person", __doc__)
    command.add_argument("number", type=_number, metavar="ID", help="the candidate's number")
    number = command.parse_args(argv).number
    current.set_environment()
    try:
        print("Looking through every table and file ...", file=sys.stderr)
        print(json.dumps(subject_access.everything(number), indent=2))
    except JobChangeError as error:
        raise CommandError(str(error)) from None


def _number(text: str) -> int:
    number = contract.read(_NUMBER, text).value
    if not isinstance(number, int):
        raise argparse.ArgumentTypeError(f"{text!r} isn't a candidate's number: make person ID=7")
    return number


if __name__ == "__main__":
    main()
