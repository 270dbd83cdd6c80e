"""The records of model versions, and the one item that says which of them is champion, challenger and previous."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.errors import Conflict, NotFound
from jobchange.store import conditions
from jobchange.store.tables import ModelRow
from jobchange.store.transactions import Refused, transact

_ALIASES = "ALIASES"


PASSED: Literal["PASSED"] = "PASSED"
FAILED: Literal["FAILED"] = "FAILED"


class Gate(TypedDict):
    """One condition that a model must meet to be promoted, whether it did, and a sentence about it for anybody.

    `value` is what was measured (None where nothing could be) and `limit` what it was held against.
    """

    gate: str
    passed: bool
    value: float | None
    limit: float | None
    sentence: str


class DeclaredRule(TypedDict):
    """What a threshold follows from, as it was declared, with a sentence about it for anybody."""

    kind: Literal["cost", "capacity"]
    value: float
    sentence: str


class Decision(TypedDict):
    """From which probability on a version calls a candidate, since when, who decided it, and why."""

    at: str
    by: str
    reason: str | None
    threshold: float
    threshold_rule: DeclaredRule


class Promotion(TypedDict):
    """When a version became the champion, by whose hand, and why, where a reason was given."""

    at: str
    by: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """One registered version: when it was trained, how good it is, whether it passed its gates, the SHA-256 of its
    files by name, the decisions on its threshold (the first is that of its training; an older release's has none), and
    its promotions, the last one in `promoted_at` and `promoted_by` too.

    `reason` is the one given with its last promotion, or else why it failed.
    """

    version: str
    created_at: str
    metrics: Mapping[str, float]
    checksums: Mapping[str, str]
    decisions: list[Decision] = field(default_factory=list)
    status: Literal["PASSED", "FAILED"] = PASSED
    gates: list[Gate] = field(default_factory=list)
    reason: str | None = None
    promotions: list[Promotion] = field(default_factory=list)
    promoted_at: str | None = None
    promoted_by: str | None = None

    @property
    def threshold(self) -> float | None:
        """As it was decided last."""
        return self.decisions[-1]["threshold"] if self.decisions else None

    @property
    def threshold_rule(self) -> DeclaredRule | None:
        """As it was decided last."""
        return self.decisions[-1]["threshold_rule"] if self.decisions else None


@dataclass(frozen=True)
class Aliases:
    """The versions that have a part to play, each if there is one."""

    champion: str | None = None
    challenger: str | None = None
    previous: str | None = None


def add(record: ModelRecord) -> None:
    """Write the record of a new version. A version that is recorded already stays as it is."""
    row = ModelRow(
        record.version,
        created_at=record.created_at,
        metrics=dict(record.metrics),
        checksums=dict(record.checksums),
        decisions=record.decisions,
        status=record.status,
        gates=record.gates,
        reason=record.reason,
    )
    conditions.held(lambda: row.save(ModelRow.version.does_not_exist()))


def get(version: str) -> ModelRecord:
    """Raises NotFound."""
    try:
        row = ModelRow.get(version, consistent_read=True)
    except ModelRow.DoesNotExist:
        row = None
    if row is None or version == _ALIASES:
        raise NotFound(f"There is no model {version}.")
    return _record(row)


def list_newest() -> list[ModelRecord]:
    """All versions. The table holds little else, so it is scanned."""
    rows = [row for row in ModelRow.scan(consistent_read=True) if row.version != _ALIASES]
    return sorted(map(_record, rows), key=lambda record: record.version, reverse=True)


def aliases() -> Aliases:
    """A consistent read of one item."""
    try:
        row = ModelRow.get(_ALIASES, consistent_read=True)
    except ModelRow.DoesNotExist:
        return Aliases()
    return Aliases(row.champion, row.challenger, row.previous)


def move_aliases(old: Aliases, new: Aliases, *, by: str, reason: str | None = None) -> None:
    """Put `new` in place of `old`, and where that changes the champion note in its record who promoted it and why;
    both or neither.

    Raises Conflict when the aliases are no longer `old` or the new champion has no record.
    """
    names = ("champion", "challenger", "previous")
    moves: list[Action] = []
    unmoved: Any = None
    for name in names:
        attribute, before, after = getattr(ModelRow, name), getattr(old, name), getattr(new, name)
        moves.append(attribute.set(after) if after else attribute.remove())
        still = attribute == before if before else attribute.does_not_exist()
        unmoved = still if unmoved is None else unmoved & still

    def write(transaction: TransactWrite) -> None:
        transaction.update(ModelRow(_ALIASES), moves, condition=unmoved)
        if new.champion and new.champion != old.champion:
            promoted = ModelRow(new.champion)
            transaction.update(promoted, _promotion(by, reason), condition=ModelRow.version.exists())

    try:
        transact(write, ModelRow)
    except Refused:
        raise Conflict(
            "Somebody else changed the aliases at the same time. Look at the models, and try again."
        ) from None


def decide(version: str, decision: Decision) -> None:
    """Add a decision on a version's threshold. Raises NotFound."""
    added = (ModelRow.decisions | []).append([decision])
    if not conditions.update(ModelRow(version), [ModelRow.decisions.set(added)], ModelRow.created_at.exists()):
        raise NotFound(f"There is no model {version}.")


def _promotion(by: str, reason: str | None) -> list[Action]:
    promotion: Promotion = {"at": times.now(), "by": by, "reason": reason}
    return [
        ModelRow.promoted_at.set(promotion["at"]),
        ModelRow.promoted_by.set(by),
        ModelRow.promotions.set((ModelRow.promotions | []).append([promotion])),
    ]


def _record(row: ModelRow) -> ModelRecord:
    promotions: list[Promotion] = [
        {"at": each["at"], "by": each["by"], "reason": each["reason"]} for each in row.promotions or []
    ]
    return ModelRecord(
        version=row.version,
        created_at=row.created_at,
        metrics=row.metrics,
        checksums=row.checksums,
        decisions=[_decision(each) for each in row.decisions or []],
        status=FAILED if row.status == FAILED else PASSED,
        gates=row.gates or [],
        reason=(promotions[-1]["reason"] if promotions else None) or row.reason,
        promotions=promotions,
        promoted_at=row.promoted_at,
        promoted_by=row.promoted_by,
    )


def _decision(stored: Mapping[str, Any]) -> Decision:
    rule = stored["threshold_rule"]
    return {
        "at": stored["at"],
        "by": stored["by"],
        "reason": stored["reason"],
        "threshold": float(stored["threshold"]),
        "threshold_rule": {"kind": rule["kind"], "value": float(rule["value"]), "sentence": rule["sentence"]},
    }
