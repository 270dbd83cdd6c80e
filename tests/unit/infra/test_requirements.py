"""What the layers and functions bring follows from pyproject.toml and requirements.lock."""

import re

import pytest

from infra import ROOT
from infra.build.requirements import CODE_FOLDERS, CodeFolder, direct, requirements
from infra.build.template import CODE, read_template

SDK = {"boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six"}


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))


@pytest.mark.parametrize("code", CODE_FOLDERS, ids=lambda code: code.folder)
def test_requirements_are_in_step_with_the_lock(code: CodeFolder) -> None:
    if code.path.parent.is_dir():
        assert code.path.read_text() == requirements(code), "run: make generate"


@pytest.mark.parametrize("code", CODE_FOLDERS, ids=lambda code: code.folder)
def test_everything_is_pinned_with_a_hash_and_nothing_names_an_index(code: CodeFolder) -> None:
    text = requirements(code)

    for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("code", CODE_FOLDERS, ids=lambda code: code.folder)
def test_a_part_brings_nothing_that_stands_in_a_layer_below_and_the_core_layer_pins_the_sdk(code: CodeFolder) -> None:
    brought = names(requirements(code))

    assert brought & SDK == (SDK if code.folder == "layers/core" else set())
    for below in code.below:
        assert brought.isdisjoint(requirement.split("==")[0] for requirement in direct(below))


def test_every_folder_of_code_that_brings_packages_is_declared() -> None:
    folders = {
        resource["Properties"][CODE[resource["Type"]]]
        for resource in read_template()["Resources"].values()
        if resource["Type"] in CODE
    }

    assert {folder for folder in folders if (ROOT / folder / "requirements.txt").exists()} == {
        code.folder for code in CODE_FOLDERS
    }


def test_training_brings_neither_pandas_nor_the_models_runtime() -> None:
    (training,) = [code for code in CODE_FOLDERS if code.folder == "layers/training"]

    assert names(requirements(training)).isdisjoint({"pandas", "onnxruntime"})
    assert {"scikit-learn", "onnx", "scipy"} <= names(requirements(training))
