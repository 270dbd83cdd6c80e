"""Build every layer and function for the current TARGET and RUNTIME."""

from infra.build import sam
from infra.stacks import current

if __name__ == "__main__":
    sam.build(current.stack().parameters())
