"""Print one JSON object that tells where the running stack is and how to get in."""

import json

from infra import stack

if __name__ == "__main__":
    print(json.dumps(stack.outputs(), indent=2))
