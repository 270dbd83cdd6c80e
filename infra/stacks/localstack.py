"""LocalStack: the emulator that runs functions in containers, deployed by `sam deploy` as AWS is."""

import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from infra import ROOT, CommandError
from infra.build import sam
from infra.stacks import emulator

COMPOSE = ROOT / "infra" / "localstack" / "compose.yaml"


@dataclass(frozen=True)
class LocalStackStack(emulator.EmulatedStack):
    """One LocalStack holds many stacks: the one that answers at AWS_ENDPOINT_URL, or else one of Docker's."""

    target = "localstack"
    address: str

    @classmethod
    def load(cls, name: str) -> Self:
        return cls(name, os.environ.get("AWS_ENDPOINT_URL") or f"http://127.0.0.1:{emulator.port()}")

    @property
    def endpoint_url(self) -> str:
        return self.address

    def start(self) -> None:
        if _answers(self.address):
            return
        if urlsplit(self.address).hostname not in ("127.0.0.1", "localhost"):
            raise CommandError(f"no LocalStack answers at {self.address} (AWS_ENDPOINT_URL)")
        print("Starting LocalStack with Docker Compose ...", flush=True)
        self._compose("up", "--detach", "--wait")

    def up(self) -> str:
        self.start()
        return f"LocalStack answers at {self.address}. Deploy to it with: make deploy TARGET=localstack"

    def stop(self) -> str:
        if self._ours:
            self._compose("down")
            return "LocalStack is down. Its community edition keeps nothing of what was deployed."
        return f"Nothing at {self.address} was started from here."

    def parameters(self) -> dict[str, str]:
        """Its community edition has neither Athena nor Glue."""
        return {"Tracing": "PassThrough", "SiteUrl": self.site_url, "SqlScanBytes": "0", **emulator.UNLIMITED}

    def deploy_template(self, parameters: dict[str, str]) -> None:
        """Its community edition takes layers and never applies them, so they are folded into the functions."""
        sam.build(parameters)
        template = sam.folded()
        print("Deploying them with sam ...", flush=True)
        sam.quietly(*sam.deployment(self.name, template, parameters, "localstack"))

    def log_group(self, function: str) -> str:
        """Its community edition writes each log where the function's own name says, whatever the template does."""
        return f"/aws/lambda/{self.resources()[function]}"

    def container_options(self) -> list[str]:
        return ["--docker-network", self._project] if self._ours else []

    def container_variables(self) -> dict[str, str]:
        """On Compose's network LocalStack has its service's name; another one is looked for on Docker's bridge."""
        elsewhere = f"http://{_bridge()}:{urlsplit(self.address).port}"
        return {"AWS_ENDPOINT_URL": "http://localstack:4566" if self._ours else elsewhere}

    @property
    def _project(self) -> str:
        """Compose's name for it, its container and its network: there may be one on each port."""
        return f"jobchange-localstack-{urlsplit(self.address).port or 80}"

    @property
    def _ours(self) -> bool:
        return bool(_docker("ps", "--quiet", "--filter", f"name=^{self._project}$"))

    def _compose(self, *arguments: str) -> str:
        environment = {**os.environ, "PORT": str(urlsplit(self.address).port or 80), "COMPOSE_NAME": self._project}
        try:
            done = subprocess.run(
                ["docker", "compose", "--file", COMPOSE, *arguments],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise CommandError(
                "LocalStack needs Docker, which isn't here. The embedded stack doesn't: make up"
            ) from None
        if done.returncode:
            raise CommandError(f"docker compose {arguments[0]} failed; its output is above.")
        return done.stdout


def _docker(*arguments: str) -> str:
    """What a command of Docker's prints; nothing where it fails, or there is no Docker."""
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def _bridge() -> str:
    """This machine's address as containers see it; not every Docker says, and nearly all use the same."""
    return _docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}") or "172.17.0.1"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_localstack/health", timeout=5) as answer:  # noqa: S310  # nosec B310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
