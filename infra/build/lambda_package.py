"""Build one layer or function for Lambda. `sam build` calls it, through the Makefile, once for each.

python -m infra.build.lambda_package LOGICAL_ID ARTIFACTS_DIR

RUNTIME (python3.13, python3.12) says for what.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra import ROOT, CommandError
from infra.build.requirements import RUNTIMES
from infra.build.template import CODE, read_template
from infra.tools.install import UV, as_pip_is_configured

PLATFORM: Final = "x86_64-manylinux_2_28"
"""Lambda's Amazon Linux 2023 has glibc 2.34; nothing here needs more than 2.28. Not for arm64: there onnxruntime fails
at its import in many versions (its issue 10038), and nothing of ours ever ran."""

_NEVER_RUN: Final = (
    "bin",
    "**/tests",
    "**/*.pyi",
    "**/*.pyx",
    "**/*.pxd",
    "**/*.a",
    "**/*.c",
    "**/*.cc",
    "**/*.cpp",
    "**/*.h",
    "**/*.hpp",
    "**/*.lib",
    "**/*.proto",
    "chalice/cli",
    "chalice/deploy",
    "onnx/backend",
    "onnx/reference",
    "onnxruntime/capi/libonnxruntime.so.*",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    "sklearn/datasets/data",
    "sklearn/datasets/images",
    "sklearn/datasets/descr",
)
"""What the packages carry and no function runs; onnxruntime's library is for C++, Python's module holds it all again.
The compiled `*.libs` stay whole: stripping breaks them."""

_SERVICES_USED: Final = frozenset({"dynamodb", "lambda", "s3", "sns", "sqs", "ssm", "sts", "xray"})
"""Of the several hundred services that botocore describes. Traces need the last two."""


def build(logical_id: str, artifacts: Path, runtime: str) -> None:
    """Fill the folder with what Lambda is to unpack: our code, the packages, and the bytecode of both."""
    resource = read_template()["Resources"][logical_id]
    source = ROOT / resource["Properties"][CODE[resource["Type"]]]
    layer = resource["Type"] == "AWS::Serverless::LayerVersion"
    target, mounted = (artifacts / "python", "/opt/python") if layer else (artifacts, "/var/task")
    shutil.rmtree(artifacts, ignore_errors=True)
    target.mkdir(parents=True)
    _install(source / "requirements.txt", target, runtime)
    _prune(target)
    ours = shutil.ignore_patterns("__pycache__", "requirements.txt")
    shutil.copytree(source, target, ignore=ours, dirs_exist_ok=True)
    _compile(target, mounted, runtime)


def _install(requirements: Path, target: Path, runtime: str) -> None:
    """Put the pinned wheels, and nothing but wheels, into the folder; each has to have the hash that was locked."""
    if not requirements.exists():
        return
    subprocess.run(
        [
            UV,
            *("pip", "install", "--quiet", "--no-config", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
            *("--link-mode", "copy", "--python", sys.executable),
            *("--python-version", runtime.removeprefix("python"), "--python-platform", PLATFORM),
            *("--target", target, "--requirements", requirements),
        ],
        env=as_pip_is_configured(),
        check=True,
    )


def _prune(target: Path) -> None:
    for pattern in _NEVER_RUN:
        for path in target.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for path in target.glob("botocore/data/*/"):
        if path.is_dir() and path.name not in _SERVICES_USED:
            shutil.rmtree(path)
    (target / ".lock").unlink(missing_ok=True)


def _compile(target: Path, mounted: str, runtime: str) -> None:
    """Write the bytecode: without it, the first import of scikit-learn's packages takes 5.4 s instead of 1.2.

    Python must not compare it with the source, whose time changes on the way; tracebacks name Lambda's own paths.
    """
    subprocess.run(
        [
            *(interpreter(runtime), "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"),
            *("-s", target, "-p", mounted, target),
        ],
        check=True,
    )


def interpreter(runtime: str) -> str:
    """A Python of the runtime's version on this machine; only its compiler is needed."""
    name = os.environ.get("RUNTIME_PYTHON") or runtime
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [name, *map(str, pyenv.glob(f"{runtime.removeprefix('python')}.*/bin/{runtime}"))]
    for candidate in candidates:
        # pyenv's shims are on the PATH even for versions that aren't chosen, and fail.
        if (
            shutil.which(candidate)
            and not subprocess.run([candidate, "-V"], capture_output=True, check=False).returncode
        ):
            return candidate
    raise CommandError(
        f"there is no {runtime} to compile with. Install one, or build for another: RUNTIME={RUNTIMES[0]}"
    )


def main(arguments: list[str]) -> None:
    runtime = os.environ.get("RUNTIME") or RUNTIMES[-1]
    if runtime not in RUNTIMES:
        raise CommandError(f"RUNTIME={runtime} isn't possible: use {' or '.join(RUNTIMES)}.")
    logical_id, artifacts = arguments
    build(logical_id, Path(artifacts), runtime)


if __name__ == "__main__":
    main(sys.argv[1:])
