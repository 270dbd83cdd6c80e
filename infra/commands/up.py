"""Start the stack that STACK, TARGET and PORT name. On the embedded stack, deploy template.yaml to it, too."""

from infra.commands import deploy, parser
from infra.stacks import current


def main() -> None:
    advice = current.stack().up()
    if advice:
        print(advice)
    else:
        deploy.main()


if __name__ == "__main__":
    parser("up", __doc__).parse_args()
    main()
