"""The registry: immutable model versions in the lake, each with a record, and the aliases that say which one is used.

A version's files lie under models/<version>/. Its record comes last and holds their checksums: without a record, or
with other files than those, there is no such version.
"""

import hashlib
import json

from jobchange import times
from jobchange.artifact import CARD_FILE, MODEL_FILE, PROFILE_FILE, Trained
from jobchange.errors import ModelRefused, NotFound
from jobchange.store import lake, models
from jobchange.store.models import Aliases, ModelRecord

__all__ = ["Aliases", "ModelRecord", "aliases", "champion", "list_versions", "promote", "read", "record", "register"]

_CONTENT_TYPES = {
    MODEL_FILE: "application/octet-stream",
    PROFILE_FILE: "application/json",
    CARD_FILE: "application/json",
}


def register(trained: Trained) -> str:
    """Store a trained model; nobody uses it until it is promoted. Registering it again changes nothing.

    Returns its version, such as `20261124T081500Z-1a2b3c4d`: when it was trained, and a hash of its files.
    """
    files = {
        MODEL_FILE: trained.onnx,
        PROFILE_FILE: json.dumps(trained.profile, allow_nan=False).encode(),
        CARD_FILE: json.dumps(trained.card, allow_nan=False).encode(),
    }
    checksums = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    trained_at = trained.profile["trained_at"]
    identity = hashlib.sha256("".join(checksums.values()).encode()).hexdigest()[:8]
    version = f"{times.parse(trained_at):%Y%m%dT%H%M%SZ}-{identity}"
    for name, body in files.items():
        lake.put(_key(version, name), body, content_type=_CONTENT_TYPES[name])
    models.add(
        ModelRecord(version=version, created_at=trained_at, metrics=trained.card["metrics"], checksums=checksums)
    )
    return version


def promote(version: str, *, by: str) -> None:
    """Make a version the champion; the champion until now becomes `previous`. Nothing happens to the champion itself.

    Raises NotFound for an unknown version, Conflict when the aliases were moved by somebody else meanwhile.
    """
    models.get(version)
    old = models.aliases()
    if old.champion == version:
        return
    challenger = None if old.challenger == version else old.challenger
    models.move_aliases(old, Aliases(champion=version, challenger=challenger, previous=old.champion), by=by)


def champion() -> str | None:
    """The version in use, if any was promoted; always read anew."""
    return models.aliases().champion


def aliases() -> Aliases:
    """Champion, challenger and previous; always read anew."""
    return models.aliases()


def record(version: str) -> ModelRecord:
    """What is known of a version. Raises NotFound."""
    return models.get(version)


def list_versions() -> list[ModelRecord]:
    """All versions, newest first."""
    return models.newest_first()


def read(version: str, *names: str) -> list[bytes]:
    """Some of a version's files, such as `profile.json`, each checked against the record.

    Raises ModelRefused when the version or a file isn't there, or a file isn't the one that was registered.
    """
    try:
        checksums = models.get(version).checksums
        files = [lake.get(_key(version, name)) for name in names]
    except NotFound as error:
        raise ModelRefused(f"Model {version} is incomplete: {error} Promote another version.") from None
    for name, body in zip(names, files, strict=True):
        if hashlib.sha256(body).hexdigest() != checksums.get(name):
            raise ModelRefused(f"{name} of model {version} isn't what was registered. Promote another version.")
    return files


def _key(version: str, file: str) -> str:
    return f"models/{version}/{file}"
