"""The usual way to ingest a file: pandas reads it, Great Expectations checks it, pandas writes good and bad rows.

Runs in an environment of its own; of this project it needs the contract only. Prints one JSON object.

python great_expectations_ingest.py FILE OUTPUT_DIR
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from jobchange import contract


def expectations() -> list[Any]:
    """The contract's checks on values, as Great Expectations says them."""
    found: list[Any] = [gxe.ExpectColumnValuesToBeUnique(column=contract.IDENTIFIER)]
    for column in contract.COLUMNS:
        if not column.nullable:
            found.append(gxe.ExpectColumnValuesToNotBeNull(column=column.name))
        if column.numeric:
            found.append(gxe.ExpectColumnValuesToBeInTypeList(column=column.name, type_list=["int64", "float64"]))
            low, high = column.interval
            found.append(gxe.ExpectColumnValuesToBeBetween(column=column.name, min_value=low, max_value=high))
        else:
            levels = [*column.levels, *column.repairs]
            found.append(gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=levels))
    return found


def ingest(path: Path, folder: Path) -> tuple[int, int]:
    """Write good.csv and bad.csv; returns how many rows each has."""
    spellings = sorted(contract.MISSING_SPELLINGS)
    texts = {column.name: "str" for column in contract.COLUMNS if not column.numeric}
    frame = pd.read_csv(path, dtype=texts, na_values=spellings)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("candidates")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="contract", expectations=expectations())
    results = batch.validate(suite, result_format="COMPLETE")
    reasons: dict[int, list[str]] = {}
    for result in results.results:
        config = result.expectation_config
        if not result.success and "unexpected_index_list" not in result.result:
            raise RuntimeError(f"{config.type}({config.kwargs['column']}) gave no rows: {result.exception_info}")
        for row in result.result.get("unexpected_index_list") or []:
            reasons.setdefault(row, []).append(f"{config.type}({config.kwargs['column']})")
    bad = frame.index.isin(list(reasons))
    frame[~bad].to_csv(folder / "good.csv", index=False)
    refused = frame[bad]
    refused.assign(reasons=["; ".join(reasons[row]) for row in refused.index]).to_csv(folder / "bad.csv", index=False)
    (folder / "record.json").write_text(json.dumps(results.describe_dict(), default=str))
    return int((~bad).sum()), int(bad.sum())


if __name__ == "__main__":
    started = time.perf_counter()
    good, bad = ingest(Path(sys.argv[1]), Path(sys.argv[2]))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak, "good": good, "bad": bad}) + "\n")
