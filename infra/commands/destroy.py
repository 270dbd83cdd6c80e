"""Delete the stack with everything in it. Says first what will be deleted, and asks."""

from infra import CommandError
from infra.commands import parser
from infra.stacks import current


def describe_deletion() -> str:
    """What will be deleted, for people: the stack's tables and queues, and its buckets with all that is in them."""
    stack, resources = current.stack(), sorted(current.resources().items())
    where = stack.endpoint_url or f"AWS, account and region of {current.resources()['AlertsTopic']}"
    lines = [f"This deletes the stack {stack.name} at {where}:"]
    for name, bucket in resources:
        if name.endswith("Bucket"):
            pages = current.s3().get_paginator("list_object_versions").paginate(Bucket=bucket)
            versions = sum(len(page.get("Versions", [])) for page in pages)
            lines.append(f"  bucket {bucket} with {versions:,} versions of objects")
    tables = [table for name, table in resources if name.endswith("Table")]
    lines.append(f"  tables {', '.join(tables)} with every item")
    lines.append("  queues, functions, APIs, alarms and logs of the stack")
    return "\n".join(lines)


def _answer(question: str) -> str:
    try:
        return input(question)
    except (EOFError, KeyboardInterrupt):
        print()
        return ""


def main(arguments: list[str] | None = None) -> None:
    command = parser("destroy", __doc__)
    command.add_argument("--yes", action="store_true", help="don't ask")
    options = command.parse_args(arguments)
    stack = current.connect()
    stack.check_deletable()
    if not options.yes:
        print(describe_deletion())
        if _answer(f"Type {stack.name} to go on: ") != stack.name:
            raise CommandError(f"nothing was deleted, as the answer wasn't {stack.name}.")
    print(f"Deleting {stack.name} {stack.where} ...", flush=True)
    stack.destroy()
    print(f"{stack.name} is deleted.")


if __name__ == "__main__":
    main()
