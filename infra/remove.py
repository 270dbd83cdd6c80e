"""Delete a stack that CloudFormation holds, its buckets' objects first.

python -m infra.remove [--yes]    says what will be gone, and asks
"""

import argparse
import shutil

from infra import stack
from infra.stack import Stack, Stopped


def everything(here: Stack) -> None:
    """Empty the stack's buckets, delete the stack, and forget what is kept of it on this machine."""
    for bucket in _buckets(here):
        _empty(bucket)
    stack.cloudformation().delete_stack(StackName=here.name)
    stack.cloudformation().get_waiter("stack_delete_complete").wait(StackName=here.name, WaiterConfig={"Delay": 2})
    shutil.rmtree(here.home, ignore_errors=True)


def _buckets(here: Stack) -> list[str]:
    from botocore.exceptions import ClientError

    pages = stack.cloudformation().get_paginator("list_stack_resources").paginate(StackName=here.name)
    try:
        resources = [each for page in pages for each in page["StackResourceSummaries"]]
    except ClientError:  # there is no such stack
        return []
    return [
        each["PhysicalResourceId"]
        for each in resources
        if each["ResourceType"] == "AWS::S3::Bucket" and each["ResourceStatus"] != "DELETE_COMPLETE"
    ]


def _empty(bucket: str) -> None:
    """Delete every version of every object."""
    for page in stack.s3().get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if found:
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            stack.s3().delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})  # type: ignore[typeddict-item]


def told(here: Stack) -> str:
    """What will be gone, for people: the stack's tables and queues, and its buckets with all that is in them."""
    outputs = stack.template_outputs()
    where = here.endpoint_url or f"AWS, account and region of {outputs['AlertsTopic']}"
    lines = [f"This deletes the stack {here.name} at {where}:"]
    for name, value in sorted(outputs.items()):
        if name.endswith("Bucket"):
            pages = stack.s3().get_paginator("list_object_versions").paginate(Bucket=value)
            versions = sum(len(page.get("Versions", [])) for page in pages)
            lines.append(f"  bucket {value} with {versions:,} versions of objects")
    tables = [value for name, value in sorted(outputs.items()) if name.endswith("Table")]
    lines.append(f"  tables {', '.join(tables)} with every item")
    lines.append("  queues, functions, APIs, alarms and logs of the stack")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make destroy", description="Delete the stack with everything in it.")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    options = parser.parse_args(arguments)
    here = stack.connect()
    if not options.yes:
        print(told(here))
        if input(f"Type {here.name} to go on: ") != here.name:
            raise Stopped("nothing was deleted.")
    here.destroy()
    print(f"{here.name} is gone.")


if __name__ == "__main__":
    main()
