"""What each direct dependency costs: megabytes as installed, and processor time of its import. In each table a row is
what the package adds to those above it, so that the rows of what is installed together sum up to the whole.

python -m tests.benchmarks.dependencies    (on Linux, x86_64)

Prints the tables of docs/dependencies.md with new figures; the reasons are read from there.
"""

import ast
import json
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions, packages_distributions
from pathlib import Path
from typing import Final

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from infra import ROOT
from infra.build import lambda_package
from infra.build.requirements import CODE_FOLDERS, RUNTIMES, CodeFolder, closure, direct
from infra.build.template import CODE, read_template
from tests.benchmarks.results import FOLDER, Result, publish, say
from tests.support.imports import imported

PAGE: Final = ROOT / "docs" / "dependencies.md"
FRONTEND: Final = ROOT / "frontend"
HEADER: Final = "| package | in | MB | ms | used by | why |\n|---|---|---|---|---|---|"
RUNS: Final = 5
_MEGABYTE: Final = 1_000_000
_DEPLOYED: Final = ("layers/core/jobchange", "functions")
_HERE: Final = ("infra", "tests", "data")
"""Where our code is that runs on Lambda, and that runs here."""
_BY_OTHERS: Final = {("aws", "aws_xray_sdk.core")}
"""(the room, the module) that a package imports for us: Powertools' tracer does, where tracing is on."""
_IMPORT: Final = """
import importlib, json, sys, time
path, steps = json.loads(sys.argv[1])
sys.path[:0] = path
taken = []
for modules in steps:
    begun = time.process_time()
    for module in modules:
        importlib.import_module(module)
    taken.append(time.process_time() - begun)
print()
print(json.dumps(taken))
"""


@dataclass(frozen=True)
class Cost:
    """What a package adds to those above it. `milliseconds` is None where none of our code imports it."""

    package: str
    where: str
    megabytes: float
    milliseconds: float | None
    users: tuple[str, ...]

    def row(self, why: str) -> str:
        took = "" if self.milliseconds is None else f"{self.milliseconds:.0f}"
        size = f"{self.megabytes:.1f}" if self.megabytes >= 1 else f"{self.megabytes:.2g}"
        return f"| `{self.package}` | {self.where} | {size} | {took} | {', '.join(self.users)} | {why} |"


def main() -> None:
    say("Building what Lambda gets ...")
    deployed = [cost for code in CODE_FOLDERS for cost in of_layer(code)]
    say("Importing what is installed here ...")
    here = [*of_environment(), *of_tools()]
    page = list(of_page())
    why = reasons()
    for title, costs in (("Deployed", deployed), ("Installed here", here), ("The page", page)):
        say(f"\n{title}\n\n{HEADER}")
        for cost in costs:
            say(cost.row(why.get(cost.package, "")))
    say("")
    publish("dependencies", list(_totals(deployed)))


def declared() -> set[str]:
    """The names of all direct dependencies, as pyproject.toml and package.json have them."""
    package = json.loads((FRONTEND / "package.json").read_text())
    groups = {*(code.group for code in CODE_FOLDERS), *("embedded", "uv", "dev", "sam", "checks")}
    python = {_name(each) for group in groups for each in direct(group)}
    return python | set(package["dependencies"]) | set(package["devDependencies"])


def reasons() -> dict[str, str]:
    """Why each package is there, as docs/dependencies.md says it."""
    return dict(re.findall(r"^\| `([^`]+)` \|.*\| ([^|]*) \|$", PAGE.read_text(), flags=re.MULTILINE))


def imported_packages() -> set[str]:
    """The installed packages that our code imports something of, its tests left out."""
    return {package for _, module in _imports((*_DEPLOYED, "infra", "data")) for package in _packages_of(module)}


def of_layer(code: CodeFolder) -> Iterator[Cost]:
    """The packages that a layer or a function brings, as they are built for Lambda."""
    below = [name for group in code.below for name, _ in _added(direct(group), set(), closure)]
    above: set[str] = set().union(*(closure(direct(group)) for group in code.below))
    rows = list(_added(direct(code.group), above, closure))
    steps = [_modules(package, _DEPLOYED) for package in (*below, *(package for package, _ in rows))]
    path = [str(_built(each)) for each in CODE_FOLDERS if each.group in (code.group, *code.below)]
    took = _import_times([lambda_package.interpreter(RUNTIMES[-1]), "-I", "-S"], path, steps)[len(below) :]
    sizes = _sizes(_built(code))
    for (package, adds), milliseconds in zip(rows, took, strict=True):
        megabytes = sum(sizes.get(name, 0) for name in adds) / _MEGABYTE
        yield Cost(package, code.group, megabytes, milliseconds, _users(package, _DEPLOYED))


def of_environment() -> Iterator[Cost]:
    """The packages that only develop, test and emulate: what they add to `.venv`."""
    (site,) = {Path(str(each.locate_file(""))) for each in distributions(name="pytest")}

    def needs(wanted: Iterable[str]) -> set[str]:
        return closure(wanted, _environment(), frozenset())

    deployed = [each for code in CODE_FOLDERS for each in direct(code.group)]
    groups = {_name(each): group for group in ("embedded", "uv", "dev") for each in direct(group)}
    rows = list(_added([each for group in ("embedded", "uv", "dev") for each in direct(group)], needs(deployed), needs))
    before = [module for each in deployed for module in _modules(_name(each), _HERE)]
    steps = [before, *(_modules(package, _HERE) for package, _ in rows)]
    took = _import_times([sys.executable], [str(ROOT)], steps)
    sizes = _sizes(site)
    for (package, adds), modules, milliseconds in zip(rows, steps[1:], took[1:], strict=True):
        megabytes = sum(sizes.get(name, 0) for name in adds) / _MEGABYTE
        yield Cost(package, groups[package], megabytes, milliseconds if modules else None, _users(package, _HERE))


def of_tools() -> Iterator[Cost]:
    """The tools with environments of their own, as far as `make tools` has installed them."""
    for group in ("sam", "checks"):
        for site in (ROOT / ".tools" / group).glob("lib/python*/site-packages"):
            known = {canonicalize_name(each.name): each for each in distributions(path=[str(site)])}

            def needs(wanted: Iterable[str], known: Mapping[NormalizedName, Distribution] = known) -> set[str]:
                return closure(wanted, _environment(), frozenset(), _in(known))

            sizes = _sizes(site)
            for package, adds in _added(direct(group), set(), needs):
                yield Cost(package, f".tools/{group}", sum(sizes.get(name, 0) for name in adds) / _MEGABYTE, None, ())


def of_page() -> Iterator[Cost]:
    """The page's packages: gzipped in the bundle those that are in it, installed the others."""
    package = json.loads((FRONTEND / "package.json").read_text())
    node = subprocess.run(
        ["bash", "-c", ". infra/node.sh && cd frontend && node --input-type=module"],
        input=(Path(__file__).with_name("bundle.mjs")).read_text(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for name, size in json.loads(node.stdout).items():
        if name != "ours":
            yield Cost(name, "bundle, gzipped", size / _MEGABYTE, None, ())
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]

    def needs(wanted: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for name in wanted:
            if name not in found and (FRONTEND / "node_modules" / name).exists():
                entry = locked[f"node_modules/{name}"]
                found |= {name} | needs([*entry.get("dependencies", ()), *entry.get("optionalDependencies", ())])
        return found

    for name, adds in _added(list(package["devDependencies"]), set(), needs, str):
        folders = (FRONTEND / "node_modules" / each for each in adds)
        size = sum(path.stat().st_size for each in folders for path in each.rglob("*") if path.is_file())
        yield Cost(name, "node_modules", size / _MEGABYTE, None, ())


def _in(known: Mapping[NormalizedName, Distribution]) -> Callable[[str], Distribution]:
    return lambda name: known[canonicalize_name(name)]


def _environment() -> list[Mapping[str, str]]:
    return [{name: str(value) for name, value in default_environment().items()}]


def _name(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def _added(
    requirements: Sequence[str],
    above: set[str],
    needs: Callable[[Iterable[str]], set[str]],
    name: Callable[[str], str] = _name,
) -> Iterator[tuple[str, set[str]]]:
    """Each package with those that it adds to the ones `above`, after those of the list that it needs itself."""
    above = set(above)
    wanted = {name(each): each for each in requirements}
    all_of = {package: needs([each]) for package, each in wanted.items()}
    for package in sorted(wanted, key=lambda each: sum(other in all_of[each] for other in wanted)):
        adds = all_of[package] - above
        above |= adds
        yield package, adds


@cache
def _built(code: CodeFolder) -> Path:
    """The folder of a layer's or a function's packages, built for Lambda."""
    # Several functions may have one folder.
    logical_id, *_ = (
        name
        for name, each in read_template()["Resources"].items()
        if each["Type"] in CODE and each["Properties"][CODE[each["Type"]]] == code.folder
    )
    artifacts: Path = FOLDER / "dependencies" / logical_id
    lambda_package.build(logical_id, artifacts, RUNTIMES[-1])
    return artifacts / "python" if (artifacts / "python").is_dir() else artifacts


def _sizes(site: Path) -> dict[str, int]:
    """The bytes of each package that is installed in a folder, its bytecode included."""
    found: dict[str, int] = defaultdict(int)
    for each in distributions(path=[str(site)]):
        for file in each.files or ():
            path = site / file
            compiled = path.parent.glob(f"__pycache__/{path.stem}.*.pyc") if path.suffix == ".py" else ()
            listed = path.suffix == ".pyc" and path.parent.name == "__pycache__"
            found[canonicalize_name(each.name)] += sum(
                one.stat().st_size for one in ([] if listed else [path, *compiled]) if one.is_file()
            )
    return found


def _import_times(python: Sequence[str], path: Sequence[str], steps: Sequence[Sequence[str]]) -> list[float]:
    """The processor time that each step takes that imports some modules, all in one fresh process, in milliseconds."""
    command = [*python, "-c", _IMPORT, json.dumps([path, steps])]
    runs = []
    for _ in range(RUNS):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return [1000 * statistics.median(taken) for taken in zip(*runs, strict=True)]


def _modules(package: str, folders: tuple[str, ...]) -> list[str]:
    """The modules of a package that our code in these folders names."""
    return sorted({module for _, module in _imports(folders) if package in _packages_of(module)})


def _users(package: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Which rooms and functions import something of a package, or which folders of infra and tests."""
    return tuple(sorted({user for user, module in _imports(folders) if package in _packages_of(module)}))


@cache
def _imports(folders: tuple[str, ...]) -> set[tuple[str, str]]:
    """(the room, function or folder of one of our files, a module that it imports), notebooks included."""
    found = set(_BY_OTHERS)
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")) + sorted((ROOT / folder).rglob("*.ipynb")):
            source = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":
                cells = [each for each in json.loads(source)["cells"] if each["cell_type"] == "code"]
                # What begins with a percent sign is IPython's own.
                source = "\n".join(
                    line for cell in cells for line in "".join(cell["source"]).split("\n") if not line.startswith("%")
                )
            user = path.relative_to(ROOT / folder).parts[0] if folder in _DEPLOYED else folder
            found |= {(user, module) for module in imported(ast.parse(source))}
    return found


@cache
def _packages_of(module: str) -> set[str]:
    return {canonicalize_name(each) for each in _roots().get(module.partition(".")[0], ())}


_roots = cache(packages_distributions)


def _totals(costs: Iterable[Cost]) -> Iterator[Result]:
    groups: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        groups[cost.where].append(cost)
    for group, its in groups.items():
        yield _result(f"packages of {group}", "MB", sum(each.megabytes for each in its))
        yield _result("  their import", "ms", sum(each.milliseconds or 0 for each in its))


def _result(metric: str, unit: str, ours: float) -> Result:
    return {"metric": metric, "unit": unit, "ours": ours, "peer": None, "peer_name": None, "target": "", "met": True}


if __name__ == "__main__":
    main()
