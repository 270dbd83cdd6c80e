"""Start what the current stack runs on; where deploying takes seconds, do that too."""

from infra.commands import deploy
from infra.stacks import current


def main() -> None:
    advice = current.stack().up()
    if advice:
        print(advice)
    else:
        deploy.main()


if __name__ == "__main__":
    main()
