"""A challenger in the shadow and the outcomes of candidates, through the embedded stack."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from data.generate import generate
from jobchange import times
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.store import predictions
from tests.support.stack import Stack, meant


@pytest.fixture
def challenger(stack: Stack, rival: TrainedModel) -> Iterator[str]:
    """A second version that scores in the shadow while the test runs."""
    port = urlsplit(stack.outputs["endpoint_url"]).port
    with meant({"STACK": stack.outputs["stack"], "PORT": str(port)}):
        version = lifecycle.register(rival)
        lifecycle.set_challenger(version, by="test")
        yield version
        lifecycle.remove_challenger(by="test")


def test_a_challenger_is_compared_and_both_are_measured_by_outcomes(stack: Stack, challenger: str) -> None:
    file = stack.scored("shadowed.csv", "".join(generate(300, seed=31)).encode())
    champion = file["model_version"]

    found = list(stack.predictions(file_id=file["file_id"]))
    stored = [predictions.get(each["id"]) for each in found]
    assert {(each.model_version, each.challenger_version) for each in stored} == {(champion, challenger)}
    assert any(each.challenger_probability != each.probability for each in stored)
    comparison = stack.get("/model")["comparison"]
    agreed = sum(each.challenger_will_change == each.will_change for each in stored)
    assert (comparison["challenger"], comparison["predictions"]) == (challenger, 300)
    assert comparison["agreement"] == pytest.approx(agreed / 300)
    assert (comparison["outcomes"], comparison["champion_auc"], comparison["challenger_auc"]) == (0, None, None)

    reports = [
        {"enrollee_id": each["enrollee_id"], "changed_job": each["row"] % 3 == 0, "observed_at": times.now()}
        for each in found
    ]
    for _ in range(2):
        answer = stack.call("POST", "/outcomes", reports)
        assert answer.status == 200, answer.body
    assert {each["model_version"] for each in answer.json["outcomes"]} == {champion}

    shown = stack.get("/model")
    assert shown["comparison"]["outcomes"] == 300
    assert shown["live"]["outcomes"] >= 300
    for auc in (shown["comparison"]["champion_auc"], shown["comparison"]["challenger_auc"], shown["live"]["auc"]):
        assert 0 < auc < 1
    live = {each["version"]: each["outcomes"] for each in stack.get("/stats/live")["versions"]}
    assert live[champion] == shown["live"]["outcomes"]
    assert stack.get("/models")["models"][0]["role"] in ("champion", "challenger")

    # Not since midnight, which may be too near.
    recently = times.text(datetime.now(UTC) - timedelta(hours=1))
    assert sum(each["predictions"] for each in stack.get("/stats/predictions", start=recently)["points"]) >= 300
    assert sum(each["good"] for each in stack.get("/stats/quality", start=recently)["points"]) >= 300
    assert sum(stack.get("/stats/scores", start=recently)["observed"]) >= 300
    assert stack.get("/stats/drift", start=recently)["days"][-1]["score"] is not None
