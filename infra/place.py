"""Start or stop what the stack that is meant runs on.

python -m infra.place up|down
"""

import sys

from infra import stack
from infra.stack import Stopped


def main(arguments: list[str]) -> None:
    here = stack.current()
    match arguments:
        case ["up"]:
            here.up()
        case ["down"]:
            print(here.stop())
        case _:
            raise Stopped("python -m infra.place up|down")


if __name__ == "__main__":
    main(sys.argv[1:])
