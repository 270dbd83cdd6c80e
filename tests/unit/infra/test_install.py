"""How make installs a lock: with hashes, completely or not at all, and saying what to do when it fails."""

import hashlib
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from infra import ROOT
from infra.tools import install as installing
from infra.tools.install import InstallError, advice, as_pip_is_configured, install, pip_options

LOCKS = [
    ROOT / "requirements.lock",
    *sorted((ROOT / "infra" / "tools").glob("*.lock")),
    ROOT / "frontend" / "node.lock",
]

# Most start processes that install something.
pytestmark = pytest.mark.large


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock of one small package; a folder of wheels is the index."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    lock = tmp_path / "tool.lock"
    lock.write_text(locked(tmp_path, "parcel"))
    return lock


def locked(folder: Path, name: str) -> str:
    """The lock's line for a package with nothing in it, whose wheel is put into the folder."""
    wheel, described = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{described}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{described}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def importable(environment: Path, *names: str) -> list[str]:
    """Which of the modules the environment's Python finds."""
    code = f"import importlib.util as u; print(*[n for n in {names!r} if u.find_spec(n)])"
    done = subprocess.run([environment / "bin" / "python", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_an_environment_holds_what_is_locked_and_nothing_else(tmp_path: Path, lock: Path) -> None:
    install(tmp_path / "tool", lock)
    assert importable(tmp_path / "tool", "parcel", "crate") == ["parcel"]

    lock.write_text(locked(tmp_path, "crate"))
    install(tmp_path / "tool", lock)
    assert importable(tmp_path / "tool", "parcel", "crate") == ["crate"]
    assert (tmp_path / "tool" / "installed").exists()


def test_an_environment_that_was_left_unfinished_is_made_from_the_start(tmp_path: Path, lock: Path) -> None:
    install(tmp_path / "tool", lock)
    (package,) = (tmp_path / "tool" / "lib").glob("python3.*/site-packages/parcel.py")
    # As after a kill between the links to two files: uv would take the package for installed.
    package.unlink()
    (tmp_path / "tool" / "installed").unlink()

    install(tmp_path / "tool", lock)

    assert importable(tmp_path / "tool", "parcel") == ["parcel"]


def test_a_package_with_another_hash_is_refused_and_the_environment_is_not_taken_for_installed(
    tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path / "tool", lock)
    lock.write_text(f"parcel==1.0 --hash=sha256:{'0' * 64}\n")
    (tmp_path / "tool" / "installed").unlink()

    with pytest.raises(InstallError, match="isn't the one that was locked"):
        install(tmp_path / "tool", lock)

    assert not (tmp_path / "tool" / "installed").exists()
    assert "Hash mismatch" in capsys.readouterr().err


def test_without_a_network_one_sentence_says_so(
    tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable, value in {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}.items():
        monkeypatch.setenv(variable, value)
    for variable in ("UV_NO_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(variable)

    with pytest.raises(SystemExit, match=r"^make: the package index wasn't reached\. Check the network"):
        installing.main([str(tmp_path / "tool"), str(lock)])

    assert "127.0.0.1:9" in capsys.readouterr().err
    assert not (tmp_path / "tool" / "installed").exists()


def test_an_interrupted_install_leaves_no_mark(tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "tool", lock)

    def interrupt() -> Mapping[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "as_pip_is_configured", interrupt)
    with pytest.raises(SystemExit, match="Call make again"):
        installing.main([str(tmp_path / "tool"), str(lock)])

    assert not (tmp_path / "tool" / "installed").exists()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("failed to write to file `a.py`: No space left on device (os error 28)", "the disk is full"),
        ("The virtual environment was not created because ensurepip is not\navailable", "virtual environments"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 111] Connection refused", "wasn't reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "isn't the one that was locked"),
        ("something else", "starts from the beginning"),
    ],
)
def test_what_a_step_printed_decides_the_advice(output: str, words: str) -> None:
    assert words in advice(output)


@pytest.fixture
def _pip_asked_again() -> Iterator[None]:
    pip_options.cache_clear()
    yield
    pip_options.cache_clear()


@pytest.mark.usefixtures("_pip_asked_again")
def test_pips_own_options_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = https://a.test/simple\n[install]\nfind-links = /one /two\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://b.test/simple")
    for variable in ("UV_DEFAULT_INDEX", "UV_FIND_LINKS", "UV_INDEX", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(variable, raising=False)

    variables = as_pip_is_configured()

    assert variables["UV_DEFAULT_INDEX"] == "https://a.test/simple"
    assert variables["UV_FIND_LINKS"] == "/one,/two"
    assert variables["UV_INDEX"] == "https://b.test/simple"
    assert variables["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://c.test/simple")
    assert as_pip_is_configured()["UV_DEFAULT_INDEX"] == "https://c.test/simple"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_a_hash_for_everything_and_names_no_index(path: Path) -> None:
    for entry in re.split(r"^(?=[A-Za-z])", path.read_text(), flags=re.MULTILINE)[1:]:
        assert re.match(r"[A-Za-z0-9._\[\]-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry
    assert "://" not in path.read_text()
    assert "--index" not in path.read_text()


def test_uv_is_the_same_in_its_own_lock_and_among_the_projects_packages() -> None:
    own = (ROOT / "infra" / "tools" / "uv.lock").read_text()

    assert own.startswith("uv==")
    assert own in (ROOT / "requirements.lock").read_text()
    assert own.split()[0] in (ROOT / "pyproject.toml").read_text()
