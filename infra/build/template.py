"""template.yaml as plain data."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from infra import ROOT

CODE: Final = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
"""The property of each kind of resource that names its folder of code."""


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short forms (!Ref, !Sub, !GetAtt, …) into their long ones."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def short_name(function: str) -> str:
    """What a function is called outside the template: forward_alert for ForwardAlertFunction."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", function.removesuffix("Function")).lower()


def read_template(path: Path = ROOT / "template.yaml") -> dict[str, Any]:
    """The template, or one that was made from it; intrinsic functions in their long form."""
    template: dict[str, Any] = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a safe loader # nosec B506
    return template
