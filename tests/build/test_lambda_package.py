"""What `sam build` made, as Lambda would unpack it. `make build-test` builds and runs it, `make test` doesn't."""

import ast
import platform
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.generate import generate
from infra import ROOT
from infra.build import sam
from infra.build.lambda_package import interpreter
from infra.build.template import read_template
from jobchange.registry.artifact import INPUT, PROBABILITY
from jobchange.training.export import export
from jobchange.training.fit import fit
from tests.support.imports import imported
from tests.support.labelled import dataset_of

MEGABYTE = 1_000_000
MOST = {"ApiFunction": 140 * MEGABYTE}
"""Decimal, the stricter count; what Lambda takes is 262,144,000 bytes."""
MOST_OF_OTHERS = 240 * MEGABYTE
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")


@pytest.fixture(scope="module")
def resources() -> dict[str, dict[str, Any]]:
    """The resources of the built template."""
    resources: dict[str, dict[str, Any]] = read_template(sam.BUILT / "template.yaml")["Resources"]
    return resources


def functions() -> list[str]:
    return [name for name, each in read_template()["Resources"].items() if each["Type"] == "AWS::Serverless::Function"]


def folders(resources: dict[str, dict[str, Any]], function: str) -> list[Path]:
    """Where a function's code and its layers' are, in the order of Lambda's path."""
    each = resources[function]
    layers = [
        sam.BUILT / resources[layer]["Properties"]["ContentUri"] / "python" for layer in reversed(sam.layers_of(each))
    ]
    return [sam.BUILT / each["Properties"]["CodeUri"], *layers]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("function", functions())
def test_a_function_with_its_layers_is_small_enough(resources: dict[str, dict[str, Any]], function: str) -> None:
    size = sum(path.stat().st_size for folder in folders(resources, function) for path in files(folder))
    assert size <= MOST.get(function, MOST_OF_OTHERS), f"{size / MEGABYTE:.1f} MB"


def test_every_wheel_is_made_for_lambdas_linux_and_python(resources: dict[str, dict[str, Any]]) -> None:
    wheels = {path for name in resources for path in (sam.BUILT / name).rglob("*.dist-info/WHEEL")}
    runtime = built_for(resources)

    assert wheels
    for wheel in wheels:
        tags = re.findall(r"^Tag: (.+)$", wheel.read_text(), flags=re.MULTILINE)
        assert any(fits(tag, runtime) for tag in tags), (wheel, tags)


def fits(tag: str, runtime: str) -> bool:
    python, abi, platform = tag.split("-")
    if platform == "any":
        return python == "py3"
    ours = python in (runtime, "py3") or abi == "abi3"
    return ours and glibc(platform) <= (2, 28) and platform.endswith("x86_64")


def built_for(resources: dict[str, dict[str, Any]]) -> str:
    """Such as cp313, as the compiled modules' names tell."""
    (layer,) = [name for name in resources if name == "NumericLayer"]
    (version,) = {
        found[1] for path in (sam.BUILT / layer).rglob("*.so") if (found := re.search(r"\.cpython-(3\d+)-", path.name))
    }
    return f"cp{version}"


def glibc(platform: str) -> tuple[int, int]:
    """The newest glibc that one of a wheel's platform tags needs at least."""
    named = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    found = []
    for each in platform.split("."):
        legacy, versioned = re.match(r"(manylinux\d+)_(?!\d)", each), re.match(r"manylinux_(\d+)_(\d+)_", each)
        if legacy and legacy[1] in named:
            found.append(named[legacy[1]])
        elif versioned:
            found.append((int(versioned[1]), int(versioned[2])))
    return min(found, default=(99, 0))


def test_the_core_layer_alone_ships_the_sdk_and_nothing_is_shipped_that_nobody_runs(
    resources: dict[str, dict[str, Any]],
) -> None:
    for name in resources:
        root = sam.BUILT / name
        for folder in (root, root / "python"):
            for each in SDK:
                assert (folder / each).exists() == (folder == sam.BUILT / "CoreLayer" / "python"), (name, each)
        assert not list(root.rglob("tests")), name
        assert not (root / "requirements.txt").exists()


def test_every_module_is_compiled(resources: dict[str, dict[str, Any]]) -> None:
    version = built_for(resources).removeprefix("cp")
    for name in resources:
        for source in (sam.BUILT / name).rglob("*.py"):
            assert (source.parent / "__pycache__" / f"{source.stem}.cpython-{version}.pyc").exists(), source


ON_THE_PATH = """
import importlib, os, sys
sys.path[:] = os.environ["LAMBDA_PATH"].split(os.pathsep) + [each for each in sys.path if "site-packages" not in each]
"""
IMPORT = """
module, name = sys.argv[1].rsplit(".", 1)
assert callable(getattr(importlib.import_module(module), name))
for later in sys.argv[2:]:
    importlib.import_module(later)
"""
RUN = """
import numpy, onnxruntime
folder, rows, probabilities = sys.argv[1:]
session = onnxruntime.InferenceSession(folder + "/model.onnx")
(found,) = session.run([probabilities], {rows: numpy.load(folder + "/rows.npy")})
numpy.save(folder + "/probabilities.npy", found)
"""
ROOMS = {
    "ValidateFunction": ["quality"],
    "ScoreFunction": ["scoring"],
    "ApiFunction": ["scoring/online", "scoring/model", "scoring/explain"],
    "TrainFunction": ["training"],
    "DataRequestFunction": ["privacy", "quality", "operations/data_requests", "operations/replay"],
}
"""What handlers import only when they are called, and what that imports only when it is called."""


def later(function: str) -> list[str]:
    """Every module that the code of a function's rooms names in an import, wherever that stands."""
    package = ROOT / "layers" / "core" / "jobchange"
    found: set[str] = set()
    for room in ROOMS.get(function, []):
        for path in package.joinpath(room).glob("*.py") if (package / room).is_dir() else [package / f"{room}.py"]:
            found.add(".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"))
            found |= imported(ast.parse(path.read_text(encoding="utf-8")))
    return sorted(found)


FOREIGN = pytest.mark.skipif(platform.machine() != "x86_64", reason="built for another kind of machine")


def on_lambda(resources: dict[str, dict[str, Any]], function: str, code: str, *arguments: str) -> None:
    """Run some code with what a function has on Lambda, and nothing else on the path; it must not fail."""
    runtime = re.sub(r"cp(3)(\d+)", r"python\1.\2", built_for(resources))
    path = ":".join(map(str, folders(resources, function)))
    tables = {f"{name.removesuffix('Table').upper()}_TABLE": name for name in resources if name.endswith("Table")}

    done = subprocess.run(
        [interpreter(runtime), "-I", "-S", "-c", ON_THE_PATH + code, *arguments],
        env={"LAMBDA_PATH": path, "LAKE_BUCKET": "lake", "AWS_DEFAULT_REGION": "eu-west-1", **tables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@FOREIGN
@pytest.mark.parametrize("function", functions())
def test_a_handler_imports_with_nothing_else_on_the_path(resources: dict[str, dict[str, Any]], function: str) -> None:
    handler = resources[function]["Properties"].get("Handler", "app.handler")
    on_lambda(resources, function, IMPORT, handler, *later(function))


@FOREIGN
@pytest.mark.parametrize("function", ["ApiFunction", "ScoreFunction"])
def test_a_model_runs_with_nothing_else_on_the_path(
    resources: dict[str, dict[str, Any]], function: str, tmp_path: Path
) -> None:
    dataset = dataset_of(generate(300, seed=6))
    model = fit(dataset.features, dataset.target, seed=1)
    (tmp_path / "model.onnx").write_bytes(export(model))
    np.save(tmp_path / "rows.npy", dataset.features)

    on_lambda(resources, function, RUN, str(tmp_path), INPUT, PROBABILITY)

    found = np.load(tmp_path / "probabilities.npy")
    np.testing.assert_allclose(found[:, 0], model.predict_proba(dataset.features)[:, 1], atol=1e-6)
