"""Print one JSON object: where the current stack answers, and how to get in."""

import json
import os

from infra.stacks import current


def outputs() -> dict[str, str]:
    """The addresses, the lake's bucket and the demo tokens of the stack that is up."""
    stack, resources = current.connect(), current.resources()
    return {
        "endpoint_url": stack.endpoint_url or "",
        "region": os.environ["AWS_DEFAULT_REGION"],
        "stack": stack.name,
        **stack.addresses(),
        "lake_bucket": resources["LakeBucket"],
        **stack.tokens(),
    }


def signed_in_page() -> str:
    """The page's address with the demo token in its fragment, which never leaves the browser."""
    known = outputs()
    return f"{known['site_url']}#token={known['page_token']}"


if __name__ == "__main__":
    print(json.dumps(outputs(), indent=2))
