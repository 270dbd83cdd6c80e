"""make sql says the same as the API: volumes, means and the ranking of a file."""

import csv
import io
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from data.generate import generate
from infra import ROOT
from infra.commands import athena
from jobchange.store.lake_layout import QUERIES
from tests.support.stack import Stack, before_and_train, deployed, embedded_only, meant, request

pytestmark = pytest.mark.usefixtures("api")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Api:
    """What the API says after some files have been scored, and how to run make on the same stack."""

    stack: Stack
    environment: dict[str, str]
    files: list[dict[str, Any]]
    """The largest first."""
    ranked: dict[str, list[dict[str, Any]]]
    """The predictions of each file by rank."""

    @property
    def all(self) -> list[dict[str, Any]]:
        return [each for predictions in self.ranked.values() for each in predictions]

    @property
    def first(self) -> list[dict[str, Any]]:
        """The predictions of the largest file by rank."""
        return self.ranked[self.files[0]["file_id"]]

    def sql(self, query: str) -> list[list[str]]:
        """What make prints as CSV, without the header. What it needs is installed, as this test runs."""
        query = query.replace("FIRST", f"file_id = '{self.files[0]['file_id']}'")
        done = subprocess.run(
            ["make", "-s", "-o", ".venv/installed", f"PY={sys.executable}", "sql", f"QUERY={query}", "FORMAT=csv"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return list(csv.reader(io.StringIO(done.stdout)))[1:]


@pytest.fixture(scope="module")
def api(shared: Path) -> Iterator[Api]:
    """A stack of its own, so that nothing is there but what is dropped here."""
    with deployed("sql", PartRows=100) as (stack, environment):
        before_and_train(stack, shared, environment)
        files = [stack.scored(f"{rows}.csv", "".join(generate(rows, seed=rows)).encode()) for rows in (330, 150, 90)]
        # One that is in no file, and so not in SQL.
        stack.call("POST", "/predictions/predict", [_candidate(stack, files[0]["file_id"])])
        yield Api(stack, environment, files, {each["file_id"]: list(ranked(stack, each["file_id"])) for each in files})


def ranked(stack: Stack, file_id: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = stack.get(f"/files/{file_id}/predictions", order="rank", limit=200, **cursor)
        yield from page["predictions"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def _candidate(stack: Stack, file_id: str) -> dict[str, Any]:
    features: dict[str, Any] = stack.get(f"/files/{file_id}/predictions", limit=1)["predictions"][0]["features"]
    return features


def day(prediction: dict[str, Any]) -> str:
    return str(prediction["created_at"][:10])


def scheduled(api: Api, what: str) -> list[Row]:
    """The chart's points of the dropped files, by day."""
    sums: Counter[str] = Counter()
    for each in api.stack.get("/stats/predictions", **window(api))["points"]:
        if each["source"] == "scheduled":
            sums[each["at"][:10]] += each[what]
    return sorted(sums.items())


def by(api: Api, key: Callable[[dict[str, Any]], Any], value: Callable[[dict[str, Any]], float]) -> list[Row]:
    """The mean of a value for each key."""
    groups: dict[Any, list[float]] = {}
    for each in api.all:
        groups.setdefault(key(each), []).append(value(each))
    return sorted((name, fmean(values)) for name, values in groups.items())


def observed(api: Api) -> list[Row]:
    scores = api.stack.get("/stats/scores", **window(api))
    assert not scores["cut"]
    return [(place, count) for place, count in enumerate(scores["observed"]) if count]


def window(api: Api) -> dict[str, str]:
    days = sorted(map(day, api.all))
    return {"start": f"{days[0]}T00:00:00Z", "end": f"{days[-1]}T23:59:59Z"}


def downloaded(api: Api) -> list[Row]:
    """The download of the largest file, in the order of its rows, without the ranks."""
    url = api.stack.get(f"/files/{api.files[0]['file_id']}/scored", order="row")["url"]
    lines = list(csv.DictReader(io.StringIO(request(url, "GET", None, {}).body.decode())))
    return [tuple(value for name, value in each.items() if name != "rank") for each in lines]


def past(api: Api) -> list[Row]:
    return sorted((each["file_id"], each["row"]) for each in api.stack.predictions(source="scheduled"))


def of_candidate(api: Api) -> list[Row]:
    identifier = api.first[0]["enrollee_id"]
    found = api.stack.get(f"/candidates/{identifier}/predictions")["predictions"]
    return sorted((each["file_id"], each["row"], each["probability"]) for each in found if each["file_id"])


REFERENCE: dict[str, tuple[str, Callable[[Api], list[Row]]]] = {
    "volume": ("select count(*) from scored", lambda api: [(sum(each["scored"] for each in api.files),)]),
    "volume by day": (
        "select day, count(*) from scored group by day order by day",
        lambda a: scheduled(a, "predictions"),
    ),
    "called by day": (
        "select day, sum(case when will_change then 1 else 0 end) from scored group by day order by day",
        lambda api: scheduled(api, "will_change"),
    ),
    "volume by file": (
        "select file_id, count(*) from scored group by file_id order by file_id",
        lambda api: sorted((each["file_id"], each["scored"]) for each in api.files),
    ),
    "good rows by file": (
        "select file_id, count(distinct row) from scored group by file_id order by file_id",
        lambda api: sorted((each["file_id"], each["rows"]["good"]) for each in api.files),
    ),
    "called by file": (
        "select file_id, sum(case when will_change then 1 else 0 end) from scored group by file_id order by file_id",
        lambda api: sorted((each["file_id"], each["will_change"]) for each in api.files),
    ),
    "number of files": (
        "select count(distinct file_id) from scored",
        lambda api: [(len(api.stack.get("/files")["files"]),)],
    ),
    "every row of every file": ("select file_id, row from scored order by file_id, row", past),
    "mean": ("select avg(probability) from scored", lambda api: [(fmean(each["probability"] for each in api.all),)]),
    "mean by day": (
        "select day, avg(probability) from scored group by day order by day",
        lambda api: by(api, day, lambda each: each["probability"]),
    ),
    "mean by file": (
        "select file_id, avg(probability) from scored group by file_id order by file_id",
        lambda api: by(api, lambda each: each["file_id"], lambda each: each["probability"]),
    ),
    "mean by city": (
        "select city, avg(probability) from scored group by city order by city",
        lambda api: by(api, lambda each: each["features"]["city"], lambda each: each["probability"]),
    ),
    "mean of a column by day": (
        "select day, avg(training_hours) from scored group by day order by day",
        lambda api: by(api, day, lambda each: each["features"]["training_hours"]),
    ),
    "share of a missing value by day": (
        "select day, avg(case when company_size is null then 1e0 else 0e0 end) from scored group by day order by day",
        lambda api: by(api, day, lambda each: each["features"]["company_size"] is None),
    ),
    "distribution": (
        "select cast(floor(probability * 10) as integer) as bin, count(*) from scored group by 1 order by 1",
        observed,
    ),
    "model versions": (
        "select model_version, count(*) from scored group by model_version",
        lambda api: list(Counter(each["model_version"] for each in api.all).items()),
    ),
    "ranking": (
        "select row, probability from scored where FIRST order by probability desc, row",
        lambda api: [(each["row"], each["probability"]) for each in api.first],
    ),
    "ranks above the threshold": (
        "select rank() over (order by probability desc, row), row, enrollee_id from scored "
        "where FIRST and will_change order by 1",
        lambda api: [(each["rank"], each["row"], each["enrollee_id"]) for each in api.first if each["will_change"]],
    ),
    "download": ("select * from scored where FIRST order by row", downloaded),
    "one candidate": (
        "select file_id, row, probability from scored where enrollee_id = CANDIDATE order by 1, 2",
        of_candidate,
    ),
}


@embedded_only("LocalStack's community edition has no Athena, and on AWS the reference queries ask it")
def test_the_templates_workgroup_answers_and_keeps_the_result_where_an_erasure_finds_it(api: Api) -> None:
    with meant(api.environment), athena.asked("select 6 * 7 as n, null as nothing") as answer:
        assert answer.columns == ("n", "nothing")
        assert list(answer.rows) == [("42", "")]

    found = api.stack.aws("s3").list_objects_v2(Bucket=api.stack.outputs["lake_bucket"], Prefix=QUERIES)
    assert found["KeyCount"] > 0


def test_there_are_twenty_reference_queries() -> None:
    assert len(REFERENCE) == 20


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_query_gives_the_figures_of_the_api(api: Api, name: str) -> None:
    query, expected = REFERENCE[name]
    rows = api.sql(query.replace("CANDIDATE", str(api.first[0]["enrollee_id"])))

    if name == "download":
        # Day and file are no columns of it.
        rows = [row[2:] for row in rows]
    figures = expected(api)

    assert figures
    assert len(rows) == len(figures)
    for row, figure in zip(rows, figures, strict=True):
        assert all(map(same, row, figure)), (row, figure)


def same(cell: str, figure: Any) -> bool:
    """Whether a cell says what the API says; sums of the same numbers may differ by their order."""
    if isinstance(figure, float):
        return math.isclose(float(cell), figure, rel_tol=1e-12)
    return cell == str(figure)
