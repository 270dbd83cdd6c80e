"""One training from the data to the registry, recorded as a run however it ends."""

from collections.abc import Callable

from jobchange.errors import JobChangeError
from jobchange.registry import lifecycle, threshold
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import ThresholdRule
from jobchange.settings import settings
from jobchange.store import lake, outcomes, runs, suppression_list
from jobchange.training import dataset, incumbent
from jobchange.training.dataset import Dataset, LabelledFile
from jobchange.training.preview import labelled_files
from jobchange.training.train import train

KIND = "training"


def run(
    read: Callable[[], Dataset],
    *,
    run_id: str,
    rule: ThresholdRule | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[str, TrainedModel] | None:
    """Train on what `read` gives, compare with the champion, and register what comes out, whether it passed its gates
    or not; returns its version and the model. It isn't promoted. Without a `rule` for its threshold it inherits the
    champion's.

    The run is SKIPPED, and None returned, when there is no labelled row. Raises what `train` and `read` raise.
    """
    try:
        data = read()
        if not len(data):
            runs.record_as(run_id, KIND, runs.SKIPPED, counts=dict(data.left_out), reason="no_labelled_rows")
            return None
        trained = train(data, rule=rule or threshold.of_champion(), champion=incumbent.champion(), progress=progress)
        version = lifecycle.register(trained)
    except Exception as error:
        reason = str(error) if isinstance(error, JobChangeError) else "error"
        runs.record_as(run_id, KIND, runs.FAILED, counts={}, reason=reason)
        raise
    gates = [gate["passed"] for gate in trained.gates]
    counts = {"rows": len(data), "outcomes": data.outcomes, "gates": len(gates), "gates_failed": gates.count(False)}
    outcome = f"{version} {trained.status}" + (f": {trained.reason}" if trained.reason else "")
    runs.record_as(run_id, KIND, runs.SUCCEEDED, counts=counts, reason=outcome)
    return version, trained


def from_lake() -> Dataset:
    """The labelled candidates in the files under training/, and those whose outcome users have reported, without erased
    ones. Raises Unprocessable for a file that can't be used."""
    files = (LabelledFile(key, lake.stream(settings().lake_bucket, key, None)) for key, _ in labelled_files())
    return dataset.read(files, outcomes.labelled(), suppression_list.load())
