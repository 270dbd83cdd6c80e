"""The registry: immutable model versions in the lake, each with a record, and the aliases that say which one is used.

A version's files are under models/<version>/. Its record comes last and holds their checksums: without a record, or
with other files than those, there is no such version.
"""

from datetime import timedelta

from jobchange import times
from jobchange.errors import BadRequest, Conflict, ModelRefused
from jobchange.registry import loader
from jobchange.registry.artifact import (
    BACKGROUND_FILE,
    CARD_FILE,
    CARD_HTML_FILE,
    FOLDS_FILE,
    MODEL_FILE,
    PROFILE_FILE,
    TrainedModel,
)
from jobchange.registry.threshold import EFFECTIVE_SECONDS, ThresholdRule
from jobchange.store import lake, models
from jobchange.store.lake_layout import model_key
from jobchange.store.models import FAILED, Aliases, ModelRecord

_CONTENT_TYPES = {
    MODEL_FILE: "application/octet-stream",
    PROFILE_FILE: "application/json",
    CARD_FILE: "application/json",
    CARD_HTML_FILE: "text/html; charset=utf-8",
    BACKGROUND_FILE: "application/octet-stream",
    FOLDS_FILE: "application/octet-stream",
}


def register(trained: TrainedModel) -> str:
    """Store a trained model, whether it passed its gates or not; nobody uses it until it is promoted. Registering it
    again changes nothing. Returns its version."""
    version = trained.version
    for name, body in trained.files.items():
        lake.put(model_key(version, name), body, content_type=_CONTENT_TYPES[name])
    models.add(
        ModelRecord(
            version=version,
            created_at=trained.profile["trained_at"],
            metrics=trained.card["metrics"],
            decisions=[
                {
                    "at": trained.profile["trained_at"],
                    "by": "training",
                    "reason": None,
                    "threshold": trained.profile["threshold"],
                    "threshold_rule": trained.profile["threshold_rule"],
                }
            ],
            checksums=trained.checksums,
            status=trained.status,
            gates=trained.gates,
            reason=trained.reason,
        )
    )
    return version


def promote(version: str, *, by: str, force: bool = False, reason: str | None = None) -> None:
    """Make a version the champion; the champion until now becomes `previous`. Nothing happens to the champion itself.

    A version that failed a gate needs `force` and a written `reason`, which is kept. Raises NotFound for an unknown
    version, Conflict for one that failed or whose files aren't whole, or when somebody moved the aliases meanwhile.
    """
    known = models.get(version)
    reason = (reason or "").strip() or None
    if known.status == FAILED and not (force and reason):
        raise Conflict(
            f"Model {version} failed: {known.reason} Train a better one, or promote it with force and a written reason."
        )
    old = models.aliases()
    if old.champion == version:
        return
    _crown(version, old, by=by, reason=reason)


def roll_back(*, by: str) -> str:
    """Make the previous champion the champion again, and the other way round; returns its version.

    Raises Conflict when there is none, or as `promote` does. It has served before, so its gates aren't asked again.
    """
    old = models.aliases()
    if old.previous is None:
        raise Conflict("No model was the champion before this one. Promote the one you want.")
    _crown(old.previous, old, by=by, reason=f"rolled back from {old.champion}")
    return old.previous


def change_threshold(version: str, rule: ThresholdRule, *, by: str, reason: str) -> None:
    """Decide that a version follows another rule for its threshold, `EFFECTIVE_SECONDS` from now on. Predictions keep
    the verdict of their time, and so do files that were claimed before.

    Raises BadRequest without a reason, NotFound for an unknown version, Conflict for one whose files aren't whole.
    """
    if not (reason := reason.strip()):
        raise BadRequest("A decision on a threshold needs a reason.")
    models.get(version)
    _require_whole(version)
    at = times.text(times.parse(times.now()) + timedelta(seconds=EFFECTIVE_SECONDS))
    threshold = rule.threshold(loader.profile(version)["quantiles"])
    declared = rule.declared()
    models.decide(version, {"at": at, "by": by, "reason": reason, "threshold": threshold, "threshold_rule": declared})


def set_challenger(version: str, *, by: str) -> None:
    """Let a version score in the champion's shadow, for comparison; even one that failed, since nobody acts on it.

    Raises NotFound for an unknown version, Conflict for the champion itself or one whose files aren't whole.
    """
    models.get(version)
    old = models.aliases()
    if old.champion == version:
        raise Conflict(f"Model {version} is the champion. Choose another as its challenger.")
    _require_whole(version)
    models.move_aliases(old, Aliases(old.champion, version, old.previous), by=by)


def remove_challenger(*, by: str) -> None:
    """Remove the challenger; nothing happens when there is none."""
    old = models.aliases()
    models.move_aliases(old, Aliases(old.champion, None, old.previous), by=by)


def _crown(version: str, old: Aliases, *, by: str, reason: str | None) -> None:
    """Make a version the champion. A challenger that becomes it challenges nobody any more."""
    _require_whole(version)
    challenger = None if old.challenger == version else old.challenger
    models.move_aliases(old, Aliases(version, challenger, previous=old.champion), by=by, reason=reason)


def _require_whole(version: str) -> None:
    """Raises Conflict unless the files that scoring needs are those that were registered."""
    try:
        loader.read(version, MODEL_FILE, PROFILE_FILE, BACKGROUND_FILE)
    except ModelRefused as error:
        raise Conflict(str(error)) from None
