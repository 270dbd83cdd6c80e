"""Stop what the current stack runs on."""

from infra.stacks import current

if __name__ == "__main__":
    print(current.stack().stop())
