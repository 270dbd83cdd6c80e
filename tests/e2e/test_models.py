"""The life of a model on the embedded stack: trained by the function, promoted and rolled back under load."""

import threading
import time
from dataclasses import dataclass, field

import pytest

from data.generate import generate
from jobchange.scoring.model import CACHE_SECONDS
from tests.support.candidates import CANDIDATE
from tests.support.stack import Stack, patiently

CLIENTS = 6
PAUSE_SECONDS = 0.1
"""Between a client's requests: a promotion is short enough to be missed by nobody."""
MARGIN_SECONDS = 1.0
"""For an answer to be under way."""


def champion(stack: Stack) -> str:
    version: str = stack.get("/model")["version"]
    return version


@pytest.fixture(scope="module")
def second(stack: Stack) -> str:
    """A version that the train function made of a file under training/."""
    body = "".join(generate(4_000, seed=8)).encode()
    stack.aws("s3").put_object(Bucket=stack.outputs["lake_bucket"], Key="training/labelled.csv", Body=body)
    before = champion(stack)

    answer = stack.operate("POST", "/ops/train", {})

    assert answer.status == 202, answer
    run_id = answer.json["run_id"]
    for _ in patiently("the training to be over"):
        for run in stack.get("/runs", limit=3)["runs"]:
            if run["id"] == run_id:
                assert (run["kind"], run["status"]) == ("training", "SUCCEEDED"), run
                # The file's, without whom other tests have erased, and whatever outcomes they have reported.
                assert run["counts"]["rows"] > 3_900
                assert champion(stack) == before
                version, _, status = run["reason"].partition(" ")
                assert status == "PASSED", run
                return str(version)
    raise AssertionError


def test_the_train_function_makes_a_whole_version(stack: Stack, second: str) -> None:
    for file in ("model.onnx", "profile.json", "card.json", "card.html"):
        assert stack.object(f"models/{second}/{file}")
    assert second in stack.object(f"models/{second}/card.html").decode()


def test_a_challenger_comes_and_goes(stack: Stack, second: str) -> None:
    assert stack.operate("POST", f"/ops/models/{second}/challenge").json["challenger"] == second
    assert stack.operate("DELETE", "/ops/challenger").json["challenger"] is None
    assert stack.get("/runs", limit=1)["runs"][0]["kind"] == "operator"


@dataclass
class Client:
    """Predicts again and again, and remembers of each answer when it was asked for and which version made it."""

    stack: Stack
    stop: threading.Event
    answers: list[tuple[float, int, str]] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            asked = time.monotonic()
            answer = self.stack.call("POST", "/predictions/predict", [CANDIDATE])
            versions = {each["model_version"] for each in answer.json.get("predictions", [])}
            self.answers.append((asked, answer.status, " ".join(versions)))
            self.stop.wait(PAUSE_SECONDS)


def test_clients_predict_without_a_pause_while_models_are_promoted_and_rolled_back(stack: Stack, second: str) -> None:
    first = champion(stack)
    stop = threading.Event()
    clients = [Client(stack, stop) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    settled: list[tuple[str, list[tuple[float, int, str]]]] = []

    def settle(version: str, moved: float) -> None:
        """Wait until each client has got an answer that it asked for when a move was no longer news to anybody."""
        known = moved + CACHE_SECONDS + MARGIN_SECONDS
        for _ in patiently(f"all clients to be served by {version}"):
            late = [[answer for answer in list(client.answers) if answer[0] > known] for client in clients]
            if all(late):
                settled.append((version, [answer for each in late for answer in each]))
                return

    try:
        settle(first, time.monotonic())
        for path, version in ((f"/ops/models/{second}/promote", second), ("/ops/models/rollback", first)):
            answer = stack.operate("POST", path)
            assert answer.json["champion"] == version, answer
            settle(version, time.monotonic())
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)

    assert champion(stack) == first
    answers = [answer for client in clients for answer in client.answers]
    assert len(answers) > 10 * CLIENTS
    assert {status for _, status, _ in answers} == {200}
    assert {made_by for _, _, made_by in answers} == {first, second}
    for version, late in settled:
        assert {made_by for _, _, made_by in late} == {version}
