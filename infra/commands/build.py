"""Build every layer and function for the current TARGET and RUNTIME."""

from infra.build import sam
from infra.commands import parser
from infra.stacks import current

if __name__ == "__main__":
    parser("build", __doc__).parse_args()
    sam.build(current.stack().parameters())
