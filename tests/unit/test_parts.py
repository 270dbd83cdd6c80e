"""What the layers and functions bring follows from pyproject.toml and requirements.lock."""

import re

import pytest

from infra.parts import PARTS, Part, direct, requirements
from infra.template import CODE, read_template
from tests.conftest import ROOT

RUNTIME_BRINGS = {"boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six"}


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.folder)
def test_requirements_are_in_step_with_the_lock(part: Part) -> None:
    if part.path.parent.is_dir():
        assert part.path.read_text() == requirements(part), "run: make parts"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.folder)
def test_everything_is_pinned_with_a_hash_and_nothing_names_an_index(part: Part) -> None:
    text = requirements(part)

    for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.folder)
def test_a_part_brings_neither_what_the_runtime_has_nor_what_stands_in_a_layer_below(part: Part) -> None:
    brought = names(requirements(part))

    assert brought.isdisjoint(RUNTIME_BRINGS)
    for below in part.below:
        assert brought.isdisjoint(requirement.split("==")[0] for requirement in direct(below))


def test_every_folder_of_code_in_the_template_is_a_part() -> None:
    folders = {
        resource["Properties"][CODE[resource["Type"]]]
        for resource in read_template()["Resources"].values()
        if resource["Type"] in CODE
    }

    assert folders <= {part.folder for part in PARTS}
    assert {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("layers/*/requirements.txt")} <= {
        part.folder for part in PARTS
    }


def test_training_brings_neither_pandas_nor_the_models_runtime() -> None:
    (training,) = [part for part in PARTS if part.folder == "layers/training"]

    assert names(requirements(training)).isdisjoint({"pandas", "onnxruntime"})
    assert {"scikit-learn", "onnx", "scipy"} <= names(requirements(training))
