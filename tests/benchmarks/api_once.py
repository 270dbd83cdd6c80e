"""One server in one fresh process, ours or the peer's, its store stubbed: what its first answer costs, and the next.

python -m tests.benchmarks.api_once ours|peer FOLDER first|all

Prints one JSON object: `cpu` is the seconds of processor time from the start of the process to the first answered
prediction, `first_rss` and `rss` the peak memory in MB then and at the end; with `all`, also the milliseconds of each
call, by kind. Imports nothing that the server itself doesn't.
"""

import dataclasses
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

TOKEN = "bench"
CALLS = {"one": 500, "explained": 200, "thousand": 20, "file": 20}
CANDIDATE: dict[str, Any] = {
    "enrollee_id": 4711,
    "city": "city_103",
    "city_development_index": 0.92,
    "relevent_experience": "Has relevent experience",
    "education_level": "Masters",
    "experience": "5",
    "company_size": "50-99",
    "training_hours": 36,
}


def main(side: str, folder: Path, extent: str) -> None:
    real, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115 - log lines go where a Lambda's would not slow it
    handler = ours(folder) if side == "ours" else peer(folder)
    context = Context()
    answer = handler(event([CANDIDATE]), context)
    found: dict[str, Any] = {"cpu": time.process_time(), "first_rss": _peak()}
    assert answer["statusCode"] == 200, answer
    if extent == "all":
        thousand = [{**CANDIDATE, "enrollee_id": number + 1} for number in range(1000)]
        found["one"] = _milliseconds(handler, event([CANDIDATE]), context, CALLS["one"])
        found["thousand"] = _milliseconds(handler, event(thousand), context, CALLS["thousand"])
        if side == "ours":
            explained = event([CANDIDATE], explain="true")
            found["explained"] = _milliseconds(handler, explained, context, CALLS["explained"])
            found["file"] = _milliseconds(handler, file_event(thousand), context, CALLS["file"])
    found["rss"] = _peak()
    real.write(json.dumps(found))


def ours(folder: Path) -> Any:
    """The function's own handler, with everything of AWS replaced by a folder, or by nothing."""
    from jobchange.settings import Settings

    must = [each.name.upper() for each in dataclasses.fields(Settings) if each.metadata["default"] is None]
    os.environ.update({name: name.lower() for name in must})
    sys.path[:0] = [str(Path(__file__).parents[2] / "functions" / "api")]
    from jobchange.store import api_clients, lake, models, prediction_counts, predictions, request_counts

    client = api_clients.Client(token_hash="", name="bench", role="user", source="api", created_at="", expires=None)
    record = json.loads((folder / "record.json").read_text())
    stubs: list[tuple[Any, str, Any]] = [
        (api_clients, "get", lambda _: client),
        (models, "aliases", lambda: models.Aliases(champion=record["version"])),
        (models, "get", lambda _: models.ModelRecord(**record)),
        (lake, "get", lambda key: (folder / key.rsplit("/", 1)[1]).read_bytes()),
        (predictions, "save", lambda _: None),
        (prediction_counts, "count", lambda *_: True),
        (request_counts, "add", lambda *_: None),
    ]
    for place, name, stub in stubs:
        setattr(place, name, stub)
    return importlib.import_module("app").handler


def peer(folder: Path) -> Any:
    from tests.benchmarks.peers.fastapi_pipeline import application

    return application(folder / "pipeline.joblib")


class Context:
    function_name = "api"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:api"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


def event(candidates: list[dict[str, Any]], **query: str) -> dict[str, Any]:
    """API Gateway's event (payload 1.0) for a prediction."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Host": "example.com"}
    path = "/predictions/predict"
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": {"proxy": path[1:]},
        "stageVariables": None,
        "requestContext": {"stage": "prod", "path": f"/prod{path}", "identity": {"sourceIp": "192.0.2.1"}},
        "body": json.dumps(candidates),
        "isBase64Encoded": False,
    }


def file_event(candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """The same with the candidates as a CSV file."""
    from jobchange import contract

    names = [name for name in contract.NAMES if name != contract.LABEL]
    rows = (",".join(str(candidate.get(name, "")) for name in names) for candidate in candidates)
    sent = {**event([]), "body": "\n".join([",".join(names), *rows, ""])}
    sent["headers"] = {**sent["headers"], "Content-Type": "text/csv"}
    sent["multiValueHeaders"] = {name: [value] for name, value in sent["headers"].items()}
    return sent


def _milliseconds(handler: Any, event: dict[str, Any], context: Context, calls: int) -> list[float]:
    taken = []
    for _ in range(calls):
        start = time.perf_counter()
        answer = handler(event, context)
        taken.append((time.perf_counter() - start) * 1000)
        assert answer["statusCode"] == 200, answer
    return taken


def _peak() -> float:
    """This process's own; ru_maxrss would count that of the process that started it too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
