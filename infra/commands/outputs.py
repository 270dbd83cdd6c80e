"""Print the addresses and demo tokens of the running stack as one JSON object."""

import json
import os

from infra.commands import parser
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


def page_address() -> str:
    """The page's address; if there is a demo token, with it in the fragment, which never leaves the browser."""
    known = outputs()
    return known["site_url"] + (f"#token={known['page_token']}" if "page_token" in known else "")


if __name__ == "__main__":
    parser("outputs", __doc__).parse_args()
    print(json.dumps(outputs(), indent=2))
