"""The DynamoDB tables as pynamodb models: keys, attributes, indexes. The modules beside this one say what the rows
mean.

The tables themselves are made by the template; `tests/template` proves that keys and indexes agree.
"""

from functools import cache
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from jobchange.settings import settings


@cache
def connection() -> Connection:
    """The client that all tables share: one for each would read boto's description of the service again, for a tenth of
    a second."""
    return Connection()


class Table(Model):
    """A model whose table name is read from the settings when it is first used, never at import."""

    class Meta:
        table_name: str | None = None

    setting = ""
    """The name of the setting that holds the table's name."""

    @classmethod
    def _get_connection(cls) -> Any:
        cls.Meta.table_name = getattr(settings(), cls.setting)
        table = super()._get_connection()
        if table.connection is not connection():
            connection().add_meta_table(table.get_meta_table())
            table.connection = connection()
        return table


class FilesByYear(GlobalSecondaryIndex[Any]):
    """Summaries only: details have no `year`."""

    class Meta:
        index_name = "by_year"
        projection = AllProjection()

    year = UnicodeAttribute(hash_key=True)
    uploaded_at = UnicodeAttribute(range_key=True)


class FilesPending(GlobalSecondaryIndex[Any]):
    """Sparse: a file is in it from its validation until its last part is scored."""

    class Meta:
        index_name = "pending"
        projection = KeysOnlyProjection()

    pending = UnicodeAttribute(hash_key=True)
    validated_at = UnicodeAttribute(range_key=True)


class FilesValidating(GlobalSecondaryIndex[Any]):
    """Sparse: a file is in it from its first claim until it is validated or rejected."""

    class Meta:
        index_name = "validating"
        projection = KeysOnlyProjection()

    validating = UnicodeAttribute(hash_key=True)
    claimed_at = UnicodeAttribute(range_key=True)


class FileRow(Table):
    """One ingested file: `summary`, `detail` with the findings in full, `corrected#<file>` for each file that corrected
    quarantined rows of it, `erased#<hash>` for each candidate erased from it, `scored#<part>#<batch>` with the
    histograms of each batch's probabilities, and `groups` with those of the file by group."""

    class Meta:
        table_name = None

    setting = "files_table"
    by_year = FilesByYear()
    pending_index = FilesPending()
    validating_index = FilesValidating()

    file_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    # Where it is.
    bucket = UnicodeAttribute(null=True)
    key = UnicodeAttribute(null=True)
    version_id = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    year = UnicodeAttribute(null=True)
    uploaded_at = UnicodeAttribute(null=True)
    # Who works on it; claimed_at and the model's versions are pinned by the first claim.
    status = UnicodeAttribute(null=True)
    claim = UnicodeAttribute(null=True)
    validating = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute(null=True)
    model_version = UnicodeAttribute(null=True)
    challenger_version = UnicodeAttribute(null=True)
    contract_version = UnicodeAttribute(null=True)
    # Which file it replays, which one replays it, and when that one's predictions had replaced its own.
    replay_of = UnicodeAttribute(null=True)
    replayed_by = UnicodeAttribute(null=True)
    replaced_at = UnicodeAttribute(null=True)
    # What was erased from it since, and the version of what is left of the dropped file.
    redacted = NumberAttribute(null=True)
    erased: JSONAttribute = JSONAttribute(null=True)
    redacted_version = UnicodeAttribute(null=True)
    # What was found.
    validated_at = UnicodeAttribute(null=True)
    criticality = UnicodeAttribute(null=True)
    fatal = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    total = NumberAttribute(null=True)
    good = NumberAttribute(null=True)
    bad = NumberAttribute(null=True)
    repaired = NumberAttribute(null=True)
    issues: JSONAttribute = JSONAttribute(null=True)
    findings: JSONAttribute = JSONAttribute(null=True)
    expires = NumberAttribute(null=True)
    content = UnicodeAttribute(null=True)
    duplicate_of = UnicodeAttribute(null=True)
    drift: JSONAttribute = JSONAttribute(null=True)
    histograms: JSONAttribute = JSONAttribute(null=True)
    # Corrected rows: of which files this one holds some, and how many of its own were corrected.
    replaces: JSONAttribute = JSONAttribute(null=True)
    corrected = NumberAttribute(null=True)
    bitmap = UnicodeAttribute(null=True)
    # How far its scoring is.
    pending = UnicodeAttribute(null=True)
    parts = NumberAttribute(null=True)
    parts_done = NumberSetAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    scored = NumberAttribute(null=True)
    scores: JSONAttribute = JSONAttribute(null=True)
    group_scores: JSONAttribute = JSONAttribute(null=True)
    will_change = NumberAttribute(null=True)
    failure: JSONAttribute = JSONAttribute(null=True)
    predicted_at = UnicodeAttribute(null=True)


class ContentRow(Table):
    """Which file was the first with this content."""

    class Meta:
        table_name = None

    setting = "contents_table"
    content = UnicodeAttribute(hash_key=True)
    file_id = UnicodeAttribute()


class PredictionsByCandidate(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_candidate"
        projection = KeysOnlyProjection()

    enrollee_id = NumberAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)


class PredictionRow(Table):
    """One scored candidate; `partition` is its segment (see `prediction_keys`) and `sort` created_at#id."""

    class Meta:
        table_name = None

    setting = "predictions_table"
    by_candidate = PredictionsByCandidate()

    partition = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    enrollee_id = NumberAttribute(null=True)
    features: JSONAttribute = JSONAttribute()
    probability = NumberAttribute()
    will_change = BooleanAttribute()
    model_version = UnicodeAttribute()
    challenger_version = UnicodeAttribute(null=True)
    challenger_probability = NumberAttribute(null=True)
    challenger_will_change = BooleanAttribute(null=True)
    file_id = UnicodeAttribute(null=True)
    row = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class OutcomesByVersion(GlobalSecondaryIndex[Any]):
    """Sparse: outcomes that no prediction preceded have no version."""

    class Meta:
        index_name = "by_version"
        projection = AllProjection()

    model_version = UnicodeAttribute(hash_key=True)
    observed_at = UnicodeAttribute(range_key=True)


class OutcomeRow(Table):
    """What a candidate really did, with what was predicted before."""

    class Meta:
        table_name = None

    setting = "outcomes_table"
    by_version = OutcomesByVersion()

    enrollee_id = NumberAttribute(hash_key=True)
    observed_at = UnicodeAttribute(range_key=True)
    changed_job = BooleanAttribute()
    prediction_id = UnicodeAttribute(null=True)
    model_version = UnicodeAttribute(null=True)
    probability = NumberAttribute(null=True)
    challenger_version = UnicodeAttribute(null=True)
    challenger_probability = NumberAttribute(null=True)
    features: JSONAttribute = JSONAttribute(null=True)
    expires = NumberAttribute(null=True)


class RunRow(Table):
    """One scoring, training, watch or operator run; `sort` is started_at#id."""

    class Meta:
        table_name = None

    setting = "runs_table"
    day = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    counts: JSONAttribute = JSONAttribute()
    started_at = UnicodeAttribute()
    seconds = NumberAttribute()
    expires = NumberAttribute(null=True)


class StatRow(Table):
    """A shard of an exact counter (`partition` is day#number, `sort` bucket#metric; or by_day#number and metric#day),
    the receipt that it was counted, an entry of the directory of segments, the length of a queue, or the requests of an
    hour (`store.request_counts`)."""

    class Meta:
        table_name = None

    setting = "stats_table"
    partition = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    amount = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class AlertsWaiting(GlobalSecondaryIndex[Any]):
    """Sparse: an alert is in it, under what it waits for, until it has been forwarded."""

    class Meta:
        index_name = "waiting"
        projection = KeysOnlyProjection()

    waiting = UnicodeAttribute(hash_key=True)
    recorded_at = UnicodeAttribute(range_key=True)


class AlertsByState(GlobalSecondaryIndex[Any]):
    """Sparse: alerts that say that something is over are not in it."""

    class Meta:
        index_name = "by_state"
        projection = AllProjection()

    state = UnicodeAttribute(hash_key=True)
    recorded_at = UnicodeAttribute(range_key=True)


class AlertRow(Table):
    """One alert; or, under `state#<check>`, what a check of the watch found last; or, under `sent#<bucket>`,
    how many alerts were forwarded in five minutes; or, under `watch`, when the watch last ran."""

    class Meta:
        table_name = None

    setting = "alerts_table"
    waiting_index = AlertsWaiting()
    by_state = AlertsByState()

    alert_id = UnicodeAttribute(hash_key=True)
    alert: JSONAttribute = JSONAttribute(null=True)
    # What people did about it.
    state = UnicodeAttribute(null=True)
    acknowledged_at = UnicodeAttribute(null=True)
    acknowledged_by = UnicodeAttribute(null=True)
    resolved_at = UnicodeAttribute(null=True)
    resolved_by = UnicodeAttribute(null=True)
    # How far it is on its way.
    waiting = UnicodeAttribute(null=True)
    recorded_at = UnicodeAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    forwarded_at = UnicodeAttribute(null=True)
    failing = BooleanAttribute(null=True)
    sentence = UnicodeAttribute(null=True)
    since = UnicodeAttribute(null=True)
    amount = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class ModelRow(Table):
    """A model version; or, under `ALIASES`, the one item that says which version is what."""

    class Meta:
        table_name = None

    setting = "models_table"
    version = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(null=True)
    metrics: JSONAttribute = JSONAttribute(null=True)
    checksums: JSONAttribute = JSONAttribute(null=True)
    decisions: ListAttribute[Any] = ListAttribute(null=True)
    status = UnicodeAttribute(null=True)
    gates: JSONAttribute = JSONAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    promotions: ListAttribute[Any] = ListAttribute(null=True)
    promoted_at = UnicodeAttribute(null=True)
    promoted_by = UnicodeAttribute(null=True)
    champion = UnicodeAttribute(null=True)
    challenger = UnicodeAttribute(null=True)
    previous = UnicodeAttribute(null=True)


class AccessRow(Table):
    """A client that may call the API; only the token's hash is kept."""

    class Meta:
        table_name = None

    setting = "access_table"
    token_hash = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    source = UnicodeAttribute()
    created_at = UnicodeAttribute()
    expires = NumberAttribute(null=True)


class IdempotencyRow(Table):
    """A request that may be repeated; `id` is a hash of its client and key."""

    class Meta:
        table_name = None

    setting = "idempotency_table"
    id = UnicodeAttribute(hash_key=True)
    payload = UnicodeAttribute()
    created_at = UnicodeAttribute()
    model_version = UnicodeAttribute()
    done = BooleanAttribute()
    leased_until = NumberAttribute()
    expires = NumberAttribute()


class SuppressionRow(Table):
    """An erased candidate, under a keyed hash: since which generation, and the receipt of the erasure. Also the state
    of the list itself, and the lock that lets one step of an erasure or a replay work at a time."""

    class Meta:
        table_name = None

    setting = "suppressions_table"
    kind = UnicodeAttribute(hash_key=True)
    hash = UnicodeAttribute(range_key=True)
    generation = NumberAttribute(null=True)
    bucket = NumberAttribute(null=True)
    salt = UnicodeAttribute(null=True)
    suppressed_at = UnicodeAttribute(null=True)
    completed_at = UnicodeAttribute(null=True)
    waiting = NumberAttribute(null=True)
    erased: JSONAttribute = JSONAttribute(null=True)
    backups: JSONAttribute = JSONAttribute(null=True)
    holder = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)
