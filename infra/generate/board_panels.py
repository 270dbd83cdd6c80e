"""What Grafana shows and when it alerts: the same as the page, as its data are the API's own answers, fetched by the
Infinity data source, so that it works on every target.

A JSONata expression makes rows of an answer; Infinity evaluates it behind Grafana, so that alert rules can use it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from infra.build.template import read_template
from jobchange.contract.issues import CRITICAL_SHARE, MAJOR_SHARE
from jobchange.statistics.drift import DRIFTED
from jobchange.statistics.latency import LONGEST

SOURCE: Final = DataSourceRef(type_val="yesoreyeram-infinity-datasource", uid="jobchange-api")
_WINDOW: Final = {"start": "${__timeFrom:date:iso}", "end": "${__timeTo:date:iso}"}
_LAG: Final = float(read_template()["Parameters"]["WatchLagSeconds"]["Default"])
ORANGE, RED = "orange", "red"


@dataclass(frozen=True)
class Query(Dataquery):
    """A route of the API, and the JSONata expression by which its answer becomes rows: objects of numbers, texts and,
    under `at`, instants."""

    path: str
    rows: str
    names: Sequence[str]
    windowed: bool = True

    def to_json(self) -> dict[str, Any]:
        """As Infinity keeps it."""
        return {
            "refId": "A",
            "datasource": {"type": SOURCE.type_val, "uid": SOURCE.uid},
            "type": "json",
            "source": "url",
            "parser": "backend",
            "format": "timeseries" if "at" in self.names else "table",
            "url": self.path,
            "url_options": {
                "method": "GET",
                "params": [{"key": key, "value": value} for key, value in _WINDOW.items()] if self.windowed else [],
            },
            "root_selector": self.rows,
            "columns": [{"selector": name, "text": name, "type": _TYPES.get(name, "number")} for name in self.names],
        }

    def build(self) -> "Query":
        """Itself: the builders of panels take builders of queries."""
        return self


_TEXTS: Final = ("source", "issue", "criticality", "column", "week", "scores", "name", "uploaded", "status")
_TYPES: Final = {"at": "timestamp", **dict.fromkeys(_TEXTS, "string")}


@dataclass(frozen=True)
class Board:
    """A panel: what it shows of which query, and the limits (lines) with their colours."""

    title: str
    about: str
    query: Query
    kind: str = "lines"
    unit: str = "short"
    limits: Mapping[float, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """An alert: it fires while the query's only number is above 0."""

    uid: str
    title: str
    query: Query
    hours: int
    advice: str
    silence_fires: bool = False


QUALITY: Final = (
    Board(
        "Rows ingested",
        "Good rows and bad rows of the files dropped.",
        Query("/stats/quality", "points.{'at': at, 'good': good, 'bad': bad}", ("at", "good", "bad")),
        kind="bars",
    ),
    Board(
        "Share of bad rows",
        "From the first line on a file is major, from the second on critical.",
        Query("/stats/quality", "points[total > 0].{'at': at, 'share': bad / total}", ("at", "share")),
        unit="percentunit",
        limits={MAJOR_SHARE: ORANGE, CRITICAL_SHARE: RED},
    ),
    Board(
        "Rows by issue",
        "What was wrong with the rows, or was repaired.",
        Query("/stats/quality", "issues.{'at': at, 'issue': type, 'rows': rows}", ("at", "issue", "rows")),
        kind="bars",
    ),
    Board(
        "Files by criticality",
        "How bad the files were as a whole.",
        Query(
            "/stats/quality",
            "$each(criticality, function($files, $name) {{'criticality': $name, 'files': $files}})",
            ("criticality", "files"),
        ),
        kind="categories",
    ),
    Board(
        "Seconds until a file is scored",
        "From the drop to the last score; the line is where the watch alerts.",
        Query("/stats/quality", "latency.{'at': at, 'seconds': seconds}", ("at", "seconds")),
        unit="s",
        limits={_LAG: RED},
    ),
    Board(
        "Latest files",
        "Whatever their time.",
        Query(
            "/files",
            "files.{'uploaded': uploaded_at, 'name': name, 'status': status, 'criticality': criticality, "
            "'rows': rows.total, 'bad': rows.bad}",
            ("uploaded", "name", "status", "criticality", "rows", "bad"),
            windowed=False,
        ),
        kind="table",
    ),
)

MODEL: Final = (
    Board(
        "Predictions by source",
        "Asked for by the page, by programs and by dropped files.",
        Query(
            "/stats/predictions",
            "points.{'at': at, 'source': source, 'predictions': predictions}",
            ("at", "source", "predictions"),
        ),
        kind="bars",
    ),
    Board(
        "Share looking for a job",
        "Of the candidates scored, those who reach the threshold.",
        Query(
            "/stats/predictions",
            "points[predictions > 0].{'at': at, 'source': source, 'share': will_change / predictions}",
            ("at", "source", "share"),
        ),
        unit="percentunit",
    ),
    Board(
        "Drift by feature",
        "Population stability index of each day; from the line on a certain difference is a large one.",
        Query(
            "/stats/drift",
            "days.($day := day; columns.{'at': $day & 'T00:00:00Z', 'column': column, 'psi': $number(psi)})",
            ("at", "column", "psi"),
        ),
        limits={DRIFTED: RED},
    ),
    Board(
        "Scores, beside those in training",
        "Shares of candidates by probability.",
        Query(
            "/stats/scores",
            "($bins := bins; $training := training; $trained := $sum(training); $observed := $sum(observed); "
            "$map(observed, function($count, $i) {{'scores': $formatNumber($bins[$i] * 100, '0') & ' to ' & "
            "$formatNumber($bins[$i + 1] * 100, '0') & '%', 'observed': $observed > 0 ? $count / $observed : 0, "
            "'training': $trained > 0 ? $training[$i] / $trained : 0}}))",
            ("scores", "observed", "training"),
        ),
        kind="categories",
        unit="percentunit",
    ),
    Board(
        "ROC-AUC before outcomes are known",
        "What the calibrated scores let expect, with its interval, and what outcomes said since. It can't see that "
        "candidates with a given score behave in another way.",
        Query(
            "/stats/estimates",
            "days[expected.auc].{'at': day & 'T00:00:00Z', 'expected': expected.auc.value, 'low': expected.auc.low, "
            "'high': expected.auc.high, 'measured': measured.auc.value}",
            ("at", "expected", "low", "high", "measured"),
        ),
    ),
    Board(
        "ROC-AUC of the newest version, by week of the outcomes",
        "With its interval.",
        Query(
            "/stats/live",
            "versions[0].weeks[auc_interval].{'week': week, 'auc': auc, 'low': auc_interval.low, "
            "'high': auc_interval.high}",
            ("week", "auc", "low", "high"),
            windowed=False,
        ),
        kind="categories",
    ),
)

SYSTEM: Final = (
    Board(
        "API requests",
        "Answered, refused (4xx) and failed (5xx), as the API's function saw them.",
        Query(
            "/stats/requests",
            "points.{'at': at, 'answered': answered, 'refused': refused, 'failed': failed}",
            ("at", "answered", "refused", "failed"),
        ),
        kind="bars",
    ),
    Board(
        "API latency",
        "Of requests that weren't refused, estimated within a factor of two; the line is where the gateway ends one.",
        Query(
            "/stats/requests",
            "points[p50].{'at': at, 'p50': p50, 'p95': p95, 'p99': p99}",
            ("at", "p50", "p95", "p99"),
        ),
        unit="s",
        limits={LONGEST: RED},
    ),
)

RULES: Final = (
    Rule(
        "jobchange-all-bad",
        "All rows of a file are bad",
        Query("/stats/quality", "{'value': $count(points[total > 0 and bad = total])}", ("value",)),
        1,
        "Open the newest file on the page: its report says what is wrong with every row.",
    ),
    Rule(
        "jobchange-one-verdict",
        "Every candidate gets the same verdict",
        Query(
            "/stats/predictions",
            "($all := $sum(points.predictions); $looking := $sum(points.will_change); "
            "{'value': $all >= 100 and ($looking = 0 or $looking = $all) ? 1 : 0})",
            ("value",),
        ),
        24,
        "Look at the model's threshold and at drift; roll back if a new version says so.",
    ),
    Rule(
        "jobchange-drift",
        "Candidates are unlike those in training",
        Query("/stats/drift", "{'value': $count(days[verdict = 'drifted'])}", ("value",)),
        24,
        "See which columns on the page's model board; train again if it lasts.",
    ),
    Rule(
        "jobchange-silence",
        "Nothing arrives",
        Query("/stats/quality", "{'value': $sum(points.files) > 0 ? 0 : 1}", ("value",)),
        24,
        "Ask those who send the files; if they were sent, look at the ingest queue.",
        silence_fires=True,
    ),
    Rule(
        "jobchange-live-quality",
        "Live quality is low",
        Query(
            "/stats/live",
            "{'value': versions[0][auc_interval and expected_auc].(auc_interval.high < expected_auc ? 1 : 0)}",
            ("value",),
            windowed=False,
        ),
        24,
        "Outcomes rank worse than the same candidates' scores imply: train again on the outcomes.",
    ),
    Rule(
        "jobchange-api-failures",
        "The API fails",
        Query("/stats/requests", "{'value': total.failed > 5 ? 1 : 0}", ("value",)),
        1,
        "Read the API's log (make logs FN=api); a 503 means that there is no model, or it is refused.",
    ),
)
