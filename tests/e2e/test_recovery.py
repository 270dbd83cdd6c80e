"""When something goes wrong on a deployed stack: it is reported, its reason is shown, and it is put right."""

from pathlib import Path
from typing import Any

from data.generate import generate
from tests.support.receiver import Receiver, receiving
from tests.support.stack import Stack, before_and_train, deployed, embedded_only, patiently

pytestmark = embedded_only("its receiver of alerts is on loopback, where no container reaches it")
PARAMETERS: dict[str, int | str] = {
    "ScoreVisibilitySeconds": 2,
    "RetrySeconds": 0,
    "AlertsChannel": "webhook",
    "AlertsUrlName": "/test/alerts-url",
}
"""A part that failed is delivered again at once; alerts go to a receiver on this machine."""


def watch(stack: Stack) -> None:
    """Do at once what the schedule does every five minutes."""
    answer = stack.aws("lambda").invoke(FunctionName=stack.resources["WatchFunction"], Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def arrived(receiver: Receiver, titles: list[str]) -> None:
    """Wait for so many alerts; they are these, in this order."""
    for _ in patiently(f"{titles} to arrive"):
        if len(receiver.bodies) >= len(titles):
            break
    assert [body["title"] for body in receiver.bodies] == titles


def test_a_poisoned_message_is_reported_shown_with_its_reason_and_redriven_after_the_fix(shared: Path) -> None:
    with receiving() as receiver, deployed("recovery", **PARAMETERS) as (stack, environment):
        stack.aws("ssm").put_parameter(Name="/test/alerts-url", Value=receiver.url, Type="SecureString")
        before_and_train(stack, shared, environment)
        champion = stack.get("/model")["version"]
        place: dict[str, Any] = {"Bucket": stack.outputs["lake_bucket"], "Key": f"models/{champion}/model.onnx"}
        model = stack.aws("s3").get_object(**place)["Body"].read()

        stack.aws("s3").put_object(**place, Body=b"tampered")
        stack.drop("poisoned.csv", "".join(generate(200, seed=3)).encode())
        file = stack.file("poisoned.csv", "VALIDATED")
        stack.dispatch()
        for _ in patiently("the part to lie among the dead letters"):
            if stack.waiting("ScoreDeadLetters")[0]:
                break

        receiver.status = 503
        watch(stack)
        assert receiver.asked >= 1
        assert receiver.got == []
        receiver.status = 202
        watch(stack)
        arrived(receiver, ["Parts of files could not be scored"])

        (ingest, score, _) = stack.operate("GET", "/ops/dlq").json["queues"]
        assert (ingest["messages"], score["messages"]) == (0, 1)
        (sample,) = score["samples"]
        assert (sample["file_id"], sample["part"], sample["name"]) == (file["file_id"], 0, "poisoned.csv")
        assert sample["reason"].startswith("ModelRefused")
        assert sample["received"] > 5

        stack.aws("s3").put_object(**place, Body=model)
        assert stack.operate("POST", "/ops/dlq/redrive", {"queue": "score"}).json == {"queue": "score", "moved": 1}
        assert stack.file("poisoned.csv", "SCORED")["scored"] == file["rows"]["good"]
        assert stack.file("poisoned.csv", "SCORED")["failure"] is None
        watch(stack)
        watch(stack)
        arrived(receiver, ["Parts of files could not be scored", "Over: parts of files could not be scored"])

        (run, *_) = (run for run in stack.get("/runs", limit=20)["runs"] if run["kind"] == "operator")
        assert (run["status"], run["counts"]) == ("SUCCEEDED", {"moved": 1})
