"""The files of a registered version, each checked against the version's record."""

import hashlib
import json
from functools import lru_cache

from jobchange import contract
from jobchange.aws.telemetry import logger
from jobchange.errors import ModelRefused, NotFound
from jobchange.registry.artifact import PROFILE_FILE, Profile
from jobchange.store import lake, models
from jobchange.store.lake_layout import model_key


def read(version: str, *names: str) -> list[bytes]:
    """Some of a version's files, such as `profile.json`, each checked against the record.

    Raises ModelRefused when the version or a file isn't there, or a file isn't the one that was registered.
    """
    try:
        checksums = models.get(version).checksums
        files = [lake.get(model_key(version, name)) for name in names]
    except NotFound as error:
        raise ModelRefused(f"Model {version} is incomplete: {error} Promote another version.") from None
    for name, body in zip(names, files, strict=True):
        if hashlib.sha256(body).hexdigest() != checksums.get(name):
            raise ModelRefused(f"{name} of model {version} isn't what was registered. Promote another version.")
    return files


@lru_cache(maxsize=8)
def profile(version: str) -> Profile:
    """A version's profile; kept in this process, as versions never change. Raises ModelRefused as `read` does."""
    (body,) = read(version, PROFILE_FILE)
    loaded: Profile = json.loads(body)
    return loaded


def is_compatible(profile: Profile) -> bool:
    """Whether a version was trained under today's contract, for today's encoder."""
    return (profile["contract_version"], profile["encoder_hash"]) == (contract.VERSION, contract.fingerprint())


def usable_profile(version: str) -> Profile | None:
    """A version's profile; None when it can't be trusted, or when the version was trained under another contract."""
    try:
        found = profile(version)
    except ModelRefused:
        logger.warning("no profile to compare with", model_version=version)
        return None
    return found if is_compatible(found) else None
