"""Scoring side by side with the usual scikit-learn pipeline, and the store of predictions beside a plain batch loop.

python -m tests.benchmarks.scoring [--rows N] [--times N]

Both sides start from the same rows as pandas holds them after reading and end with probabilities; both models have the
same settings and training data. Each is measured on all processors and on one, and compared with the other on as many.
The store is measured against an embedded stack of its own. Read units are what the table says that a page of 100
predictions consumed.
"""

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from data.generate import generate
from infra.commands.train import GENERATED_ROWS, GENERATED_SEED
from jobchange import contract, times
from jobchange.contract import Kind
from jobchange.contract.encoder import encode, encode_columns
from jobchange.scoring import explain, part_reader
from jobchange.scoring.model import Model, load
from jobchange.scoring.part_reader import Batch
from jobchange.store import models, prediction_listings, predictions
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey
from jobchange.store.predictions import Prediction
from tests.benchmarks.results import Result, publish, say
from tests.support.stack import deployed, infra, meant

PIPELINE, LOOP = "scikit-learn pipeline", "boto3 batch loop"
STORED = 20_000
FEW, MANY = 1_000, 200_000
PAGE = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-scoring", description="Time scoring and the store.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to score (default: a million)")
    parser.add_argument("--times", type=int, default=3, help="measurements of each, of which the median counts")
    options = parser.parse_args()
    with deployed("bench") as (_, environment), meant(environment), tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "training.csv"
        dataset.write_text("".join(generate(GENERATED_ROWS, GENERATED_SEED)), encoding="utf-8")
        infra("train", "--dataset", str(dataset), environment=environment)
        model = load(models.aliases().champion or "")
        results = [
            *_scored(model, dataset, options.rows, options.times),
            *_single(model),
            _saved(model.version, options.times),
            _read_units(model.version),
        ]
    publish("scoring", results)


def _scored(model: Model, dataset: Path, rows: int, repeats: int) -> Iterator[Result]:
    say(f"scoring {rows:,} rows, {repeats} times each ...")
    pipeline = _pipeline(dataset)
    body = "".join(generate(rows, seed=3)).encode()
    # As a part of a file is: with the row's number in front, and whole numbers for the target.
    lines = body.replace(b".0\n", b"\n").splitlines()
    numbered = [b"_row," + lines[0], *(b"%d,%s" % (number, line) for number, line in enumerate(lines[1:], 1))]
    good = b"\n".join(numbered) + b"\n"
    frame = pd.read_csv(io.BytesIO(body))
    share: dict[str, tuple[list[float], list[float]]] = {"all processors": ([], []), "one processor": ([], [])}
    for turn in range(repeats):
        for processors, (ours, theirs) in share.items():
            one = processors == "one processor"
            with threadpool_limits(1 if one else None, user_api="openmp"):
                theirs.append(_seconds(lambda: pipeline.predict_proba(frame)))
            score = model._block if one else model.probabilities
            ours.append(_encode_and_predict(score, good))
            say(
                f"{turn + 1} of {repeats}, {processors}: ours {rows / ours[-1]:,.0f} rows/s, "
                f"peer {rows / theirs[-1]:,.0f} rows/s"
            )
    for processors, (ours, theirs) in share.items():
        mine, peer = rows / statistics.median(ours), rows / statistics.median(theirs)
        yield {
            "metric": f"encode and predict, {rows:,} rows, {processors}",
            "unit": "rows/s",
            "ours": mine,
            "peer": peer,
            "peer_name": f"{PIPELINE}, {processors}",
            "target": ">= 300,000 rows/s and >= 2.5 x peer",
            "met": mine >= 300_000 and mine >= 2.5 * peer,
        }


def _encode_and_predict(score: Callable[[NDArray[np.float32]], object], good: bytes) -> float:
    """Seconds, without reading the CSV."""

    def scored(batch: Batch) -> None:
        score(encode_columns({column.name: part_reader._column(column, batch._frame) for column in contract.FEATURES}))

    return sum(_seconds(partial(scored, batch)) for batch in part_reader.read(good))


def _pipeline(dataset: Path) -> Any:
    """What is usually written: a DataFrame, a ColumnTransformer, a classifier."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    from jobchange.training.fit import SETTINGS

    ordered = [column for column in contract.FEATURES if not column.numeric]
    encoder = OrdinalEncoder(
        categories=[list(column.levels) for column in ordered], handle_unknown="use_encoded_value", unknown_value=np.nan
    )
    transformer = ColumnTransformer(
        [
            ("levels", encoder, [column.name for column in ordered]),
            ("numbers", "passthrough", [column.name for column in contract.FEATURES if column.numeric]),
        ]
    )
    frame = pd.read_csv(dataset)
    classifier = HistGradientBoostingClassifier(**SETTINGS, random_state=0)
    return make_pipeline(transformer, classifier).fit(frame, frame[contract.LABEL])


def _single(model: Model) -> Iterator[Result]:
    (candidate,) = _candidates(1)
    encoded = encode([candidate])
    call = statistics.median(_seconds(lambda: model.probabilities(encoded)) for _ in range(2_000)) * 1000
    background = explain.background(model.version)
    explained = statistics.median(_seconds(lambda: explain.explain(candidate, background)) for _ in range(200)) * 1000
    for metric, found, most in (("one candidate, model call", call, 0.1), ("one explanation", explained, 5.0)):
        yield {
            "metric": metric,
            "unit": "ms",
            "ours": found,
            "peer": None,
            "peer_name": None,
            "target": f"<= {most:g} ms",
            "met": found <= most,
        }


def _saved(version: str, repeats: int) -> Result:
    say(f"storing {STORED:,} predictions, {repeats} times each ...")
    ours, theirs = [], []
    for turn in range(repeats):
        made = _predictions(STORED, version, f"{turn:02}")
        theirs.append(STORED / _seconds(partial(_plain_loop, made)))
        ours.append(STORED / _seconds(partial(predictions.save, made)))
        say(f"{turn + 1} of {repeats}: ours {ours[-1]:,.0f} rows/s, peer {theirs[-1]:,.0f} rows/s")
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return {
        "metric": f"store {STORED:,} predictions",
        "unit": "rows/s",
        "ours": mine,
        "peer": peer,
        "peer_name": LOOP,
        "target": ">= 0.8 x peer",
        "met": mine >= 0.8 * peer,
    }


def _plain_loop(made: list[Prediction]) -> None:
    """The same items, 25 a batch, one batch after another."""
    import boto3

    from jobchange.settings import settings

    client, table = boto3.client("dynamodb"), settings().predictions_table
    items = [predictions._item(each) for each in made]
    for start in range(0, len(items), 25):
        batch = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        client.batch_write_item(RequestItems={table: batch})


def _read_units(version: str) -> Result:
    """Read units of a page on a day with few predictions, and on one with many."""
    units = {}
    for rows, day in ((FEW, "2026-01-10"), (MANY, "2026-01-20")):
        say(f"storing {rows:,} predictions on one day, and reading a page of them ...")
        for start in range(0, rows, STORED):
            predictions.save(_predictions(min(STORED, rows - start), version, f"{start:08}", day))
        begin, end = f"{day}T00:00:00.000Z", f"{day}T23:59:59.999Z"
        with _metered() as consumed:
            found, _ = prediction_listings.list_newest(start=begin, end=end, sources=[SCHEDULED], limit=PAGE)
        assert len(found) == PAGE
        units[rows] = sum(consumed)
    return {
        "metric": f"read units of a page of {PAGE}, {MANY:,} rows stored",
        "unit": "RCU",
        "ours": units[MANY],
        "peer": units[FEW],
        "peer_name": f"the same with {FEW:,} rows stored",
        "target": "equal",
        "met": units[MANY] == units[FEW],
    }


@contextmanager
def _metered() -> Iterator[list[float]]:
    """The read units that queries consume."""
    from jobchange.store.tables import PredictionRow, StatRow

    consumed: list[float] = []
    clients = {table._get_connection().connection.client for table in (PredictionRow, StatRow)}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], **_: Any) -> None:
        consumed.append(parsed["ConsumedCapacity"]["CapacityUnits"])

    for client in clients:
        client.meta.events.register("provide-client-params.dynamodb.Query", ask)
        client.meta.events.register("after-call.dynamodb.Query", note)
    try:
        yield consumed
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params.dynamodb.Query", ask)
            client.meta.events.unregister("after-call.dynamodb.Query", note)


def _candidates(count: int) -> list[dict[str, Any]]:
    rows = pd.read_csv(io.StringIO("".join(generate(count, seed=5))), dtype=str, keep_default_na=False)
    numeric = {column.name: column.kind for column in contract.STORED if column.numeric}
    return [
        {
            name: (int(row[name]) if numeric[name] is Kind.INTEGER else float(row[name]))
            if name in numeric
            else row[name] or None
            for name in (column.name for column in contract.STORED)
        }
        for row in rows.to_dict("records")
    ]


def _predictions(count: int, version: str, origin: str, day: str = "2026-01-01") -> list[Prediction]:
    """Predictions of one file."""
    features = _candidates(200)
    created_at = times.text(times.parse(f"{day}T12:00:00Z"))
    return [
        Prediction(
            key=PredictionKey(
                source=SCHEDULED,
                created_at=created_at,
                origin=origin.zfill(32),
                row=number + 1,
            ),
            enrollee_id=number + 1,
            features=features[number % len(features)],
            probability=number / count,
            will_change=False,
            model_version=version,
        )
        for number in range(count)
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
