"""What a bench found: printed as a table, and kept as JSON under build/bench/."""

import json
import sys
from collections.abc import Sequence
from typing import TypedDict

from infra import ROOT

FOLDER = ROOT / "build" / "bench"


class Result(TypedDict):
    """One figure; `peer` and `peer_name` are None where there is nothing to compare with."""

    metric: str
    unit: str
    ours: float
    peer: float | None
    peer_name: str | None
    target: str
    met: bool


def publish(name: str, results: Sequence[Result]) -> None:
    """Print the results and write build/bench/<name>.json."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(results, indent=2))
    header = ("metric", "ours", "peer", "unit", "times better", "target", "met")
    rows = [header] + [
        (
            each["metric"],
            f"{each['ours']:,.3g}" if each["ours"] < 100 else f"{each['ours']:,.0f}",
            "" if each["peer"] is None else f"{each['peer']:,.3g}" if each["peer"] < 100 else f"{each['peer']:,.0f}",
            each["unit"],
            _factor(each),
            each["target"],
            "yes" if each["met"] else "NO",
        )
        for each in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _factor(result: Result) -> str:
    """How many times faster, or smaller, than the peer."""
    if result["peer"] is None:
        return ""
    factor = result["peer"] / result["ours"]
    return f"{1 / factor if result['unit'].endswith('/s') else factor:.1f} x"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
