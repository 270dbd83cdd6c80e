"""What both emulators of AWS on this machine have in common: one made-up account, addresses by path, demo tokens."""

import json
import os
from typing import Any, Final

from infra import CommandError
from infra.stacks.stack import REGION, Stack

_ACCOUNT = "000000000000"
"""The emulators' own."""
_ROOT_KEY = "test"
"""The account's root on the embedded emulator; LocalStack takes any key."""
_TOKEN_DAYS = 365


UNLIMITED: Final = {"FunctionsAtOnce": "1000"}
"""An emulator has no quota that the template would have to respect."""


def port() -> int:
    """The port on this machine that PORT names."""
    text = os.environ.get("PORT") or "4566"
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise CommandError(f"PORT={text} isn't possible: give a number from 1 to 65535.")
    return int(text)


class EmulatedStack(Stack):
    """A stack on an emulator."""

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url or "",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": _ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": _ROOT_KEY,
        }

    def session(self) -> Any:
        from localstack_client.session import Session

        # It takes the address from AWS_ENDPOINT_URL. Where permissions are checked, the key is the account's root.
        return Session(_ROOT_KEY, _ROOT_KEY, region_name=REGION)

    def addresses(self) -> dict[str, str]:
        resources = self.resources()
        return {
            "api_url": f"{self.endpoint_url}/restapis/{resources['Api']}/prod/_user_request_",
            "ops_url": f"{self.endpoint_url}/restapis/{resources['OpsApi']}/prod/_user_request_",
            "site_url": self.site_url,
        }

    @property
    def site_url(self) -> str:
        return f"{self.endpoint_url}/{self.name}-site-{_ACCOUNT}/index.html"

    def issue_tokens(self) -> None:
        """The three demo tokens, issued once; readable by this user only."""
        from jobchange.access import tokens

        path = self.home / "tokens.json"
        if path.exists() and all(map(_valid, self.tokens().values())):
            return
        issued = {
            "page_token": tokens.issue("demo page", role="user", source="webapp", days=_TOKEN_DAYS),
            "user_token": tokens.issue("demo client", role="user", source="api", days=_TOKEN_DAYS),
            "operator_token": tokens.issue("demo operator", role="operator", source="api", days=_TOKEN_DAYS),
        }
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        path.touch(mode=0o600)
        path.write_text(json.dumps(issued))

    def tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = json.loads((self.home / "tokens.json").read_text())
        return tokens


def _valid(token: str) -> bool:
    """Whether the stack knows a token; an emulator that keeps nothing has forgotten it after a restart."""
    from jobchange.access import tokens
    from jobchange.errors import Unauthorized

    try:
        tokens.verify(token)
    except Unauthorized:
        return False
    return True
