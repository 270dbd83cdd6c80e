"""Stop the stack. The embedded one keeps its data."""

from infra.commands import parser
from infra.stacks import current

if __name__ == "__main__":
    parser("down", __doc__).parse_args()
    print(current.stack().stop())
