"""Print the functions' latest log lines, oldest first.

python -m infra.logs [validate|plan|work|api|…]
"""

import sys
import time
from datetime import UTC, datetime
from operator import itemgetter

from infra import stack
from infra.stack import Stopped

_MINUTES, _LINES = 60, 200


def main(arguments: list[str]) -> None:
    stack.connect()
    names = {
        key.removesuffix("Function").lower(): value
        for key, value in stack.template_outputs().items()
        if key.endswith("Function")
    }
    wanted = [argument.replace("_", "") for argument in arguments] or list(names)
    if unknown := set(wanted) - set(names):
        raise Stopped(f"there is no function {', '.join(unknown)}. There are: {', '.join(names)}")
    client = stack.logs()
    lines: list[tuple[int, str, str]] = []
    since = int((time.time() - _MINUTES * 60) * 1000)
    for name in wanted:
        group = f"/aws/lambda/{names[name]}"
        try:
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
                lines += [(event["timestamp"], name, event["message"].rstrip()) for event in page["events"]]
        except client.exceptions.ResourceNotFoundException:
            continue
    for timestamp, name, line in sorted(lines, key=itemgetter(0))[-_LINES:]:
        print(f"{datetime.fromtimestamp(timestamp / 1000, UTC):%H:%M:%S} {name:<9} {line}")
    if not lines:
        print(f"No log line in the last {_MINUTES} minutes.")


if __name__ == "__main__":
    main(sys.argv[1:])
