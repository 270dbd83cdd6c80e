"""MiniStack, the embedded emulator, as one background process: started on loopback, its state kept between runs."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from infra import CommandError
from infra.stacks.stack import REGION

_START_SECONDS = 60
_STOP_SECONDS = 60


@dataclass(frozen=True)
class MiniStack:
    """The emulator of one stack: what it keeps is in `home`, and it listens on `port` of 127.0.0.1."""

    home: Path
    port: int

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the emulator unless it runs already; returns when it answers."""
        if self._pid():
            return
        if _listening(self.port):
            raise CommandError(
                f"port {self.port} is taken by {_owner(self.port)}. Stop it, or choose another: PORT=4567 make …"
            )
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        (self.home / "tmp").mkdir(exist_ok=True)
        log = (self.home / "emulator.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=self._environment(),
            cwd=self.home,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        (self.home / "pid").write_text(str(process.pid))
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise CommandError(f"the emulator didn't start. Its log: {self.home / 'emulator.log'}")
            time.sleep(0.1)

    def stop(self) -> bool:
        """Stop the emulator and its workers, keeping its state; False when it didn't run."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the emulator and its workers at once: what they would still write isn't wanted any more."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> bool:
        pid = self._pid()
        if pid is None:
            (self.home / "pid").unlink(missing_ok=True)
            return False
        os.kill(pid, how)
        deadline = time.monotonic() + _STOP_SECONDS
        while _running(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        # Workers share the emulator's session; whatever is still there goes now.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        shutil.rmtree(self.home / "tmp", ignore_errors=True)
        (self.home / "pid").unlink(missing_ok=True)
        return True

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PYTHONPATH"))}
        return inherited | {
            # Functions act under their roles, gateways call the authorizer, policies of buckets count.
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "s3"),
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DEFAULT_REGION": REGION,
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(self.home / "tmp"),
        }

    def _pid(self) -> int | None:
        """The process id of this stack's emulator when it runs and answers on the stack's port."""
        try:
            pid = int((self.home / "pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if _running(pid) and _is_ours(pid) else None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint_url}/_ministack/health", timeout=2) as answer:  # noqa: S310  # nosec B310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _running(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _is_ours(pid: int) -> bool:
    """Whether the process is an emulator and not something else that got an old number."""
    try:
        command = Path("/proc", str(pid), "cmdline").read_bytes()
    except FileNotFoundError:  # not Linux
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False).stdout
    return b"ministack" in command


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _owner(port: int) -> str:
    """What listens on a port, as far as this user may know."""
    try:
        sockets = {
            line.split()[9]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
            if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
        }
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if target.removeprefix("socket:[").removesuffix("]") in sockets:
                process = link.parts[2]
                command = Path("/proc", process, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                return f"process {process} ({command.strip()[:80]})"
    except OSError:
        pass
    return "another program"
