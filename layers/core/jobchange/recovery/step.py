"""The steps that recovery works off, one message each, one at a time.

Each can be repeated and can be interrupted anywhere: its message is its retry. One that runs short of time leaves a
message about what is left.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jobchange import messages
from jobchange.recovery import erase, replay
from jobchange.settings import settings
from jobchange.store import suppressions
from jobchange.store.suppressions import Taken

BUSY_SECONDS = 10
"""After how long a step that finds another one at work tries again."""


def step(task: Mapping[str, Any], seconds_left: Callable[[], float]) -> None:
    """Work off one message: `{"erase": id, "cursor"?, "waiting"?}`, `{"finish": id, "waiting", "turn"}`,
    `{"strike": file_id}` or `{"replaced_by": file_id}`. Raises KeyError for one that is none of these.
    """
    try:
        with suppressions.alone(int(settings().data_request_seconds)):
            _step(task, seconds_left)
    except Taken:
        messages.send_recovery(task, delay_seconds=BUSY_SECONDS)


def _step(task: Mapping[str, Any], seconds_left: Callable[[], float]) -> None:
    if "erase" in task:
        erase.go_on(task["erase"], task.get("cursor"), seconds_left, task.get("waiting", ()))
    elif "finish" in task:
        erase.finish(task["finish"], task["waiting"], task["turn"])
    elif "strike" in task:
        erase.strike_dropped(task["strike"])
    else:
        replay.replace(task["replaced_by"], seconds_left)
