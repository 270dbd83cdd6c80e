"""`make logs FN=validate`: print the latest log lines of one function, or of all, the oldest first."""

import contextlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple

from infra import CommandError
from infra.build.template import short_name
from infra.commands import parser
from infra.stacks import current

_MINUTES, _LINES = 60, 200
_POLL_SECONDS = 1.0
_LATE_SECONDS = 10
"""How late a line may arrive and still be shown."""
_OF_THE_LOGGER = ("level", "message", "timestamp", "service", "location", "xray_trace_id")
_OF_EVERY_LINE = ("cold_start", "function_name", "function_memory_size", "function_arn", "function_request_id")


class Line(NamedTuple):
    timestamp: int
    """Milliseconds since 1970."""
    id: str
    """The event's own, or its message where the emulator gives it none."""
    function: str
    message: str


def latest(groups: Mapping[str, str], since: int) -> list[Line]:
    """What the log groups (by the functions' names) got since an instant (milliseconds), in the order of time."""
    client = current.logs()
    lines = []
    for function, group in groups.items():
        with contextlib.suppress(client.exceptions.ResourceNotFoundException):  # it has not run yet
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
                lines += [
                    Line(event["timestamp"], event.get("eventId", event["message"]), function, event["message"])
                    for event in page["events"]
                ]
    return sorted(lines, key=attrgetter("timestamp"))


def readable(line: Line) -> str:
    """A line for people: what the functions log as JSON becomes its message and its own fields."""
    text = line.message.rstrip()
    with contextlib.suppress(ValueError, AttributeError):
        entry = json.loads(text)
        if "_aws" in entry:
            names = [metric["Name"] for metric in entry["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
            text = "metrics  " + _fields({name: entry[name][0] for name in names})
        elif "message" in entry:
            own = {key: value for key, value in entry.items() if key not in (*_OF_THE_LOGGER, *_OF_EVERY_LINE)}
            text = f"{entry.get('level', '')} {entry['message']}  {_fields(own)}".strip()
    return f"{datetime.fromtimestamp(line.timestamp / 1000, UTC):%H:%M:%S} {line.function:<13} {text}"


def _fields(values: Mapping[str, object]) -> str:
    return "  ".join(f"{name}={value}" for name, value in values.items())


def _groups(wanted: Sequence[str]) -> dict[str, str]:
    names = {short_name(key): current.stack().log_group(key) for key in current.resources() if key.endswith("Function")}
    chosen = wanted or list(names)
    if unknown := set(chosen) - set(names):
        raise CommandError(f"there is no function {', '.join(unknown)}. There are: {', '.join(names)}")
    return {name: names[name] for name in chosen}


def _follow(groups: Mapping[str, str], seen: set[str]) -> None:
    while True:
        time.sleep(_POLL_SECONDS)
        for line in latest(groups, int((time.time() - _LATE_SECONDS) * 1000)):
            if line.id not in seen:
                seen.add(line.id)
                print(readable(line), flush=True)


def main(arguments: list[str]) -> None:
    command = parser("logs", __doc__)
    command.add_argument("functions", nargs="*", metavar="FUNCTION", help="such as validate (default: all)")
    command.add_argument("--follow", action="store_true", help="go on with those to come, until Ctrl-C")
    options = command.parse_args(arguments)
    current.connect()
    groups = _groups(options.functions)
    lines = latest(groups, int((time.time() - _MINUTES * 60) * 1000))[-_LINES:]
    for line in lines:
        print(readable(line), flush=True)
    if options.follow:
        with contextlib.suppress(KeyboardInterrupt):
            _follow(groups, {line.id for line in lines})
    elif not lines:
        print(f"No log line in the last {_MINUTES} minutes.")


if __name__ == "__main__":
    main(sys.argv[1:])
