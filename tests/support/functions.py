"""A function's handler, and what Lambda gives it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from infra import ROOT


def load_handler(function: str) -> ModuleType:
    """The `app` module of one function, imported the way Lambda does: with its folder on the path."""
    folder = ROOT / "functions" / function
    name = f"{function}_app"
    if name in sys.modules:
        return sys.modules[name]
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, folder / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Context:
    """What Lambda tells a handler about its invocation."""

    function_name = "tested"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:tested"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000
